package database

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"

	"recourse/migrations"
)

// MigrationStatus is one migration and whether the database has it.
type MigrationStatus struct {
	Version int64  `json:"version"`
	Name    string `json:"name"`
	Applied bool   `json:"applied"`
}

func (db *DB) provider() (*goose.Provider, error) {
	dir, err := fs.Sub(migrations.FS, db.Dialect)
	if err != nil {
		return nil, err
	}
	pool, err := db.Write.DB()
	if err != nil {
		return nil, err
	}
	dialect := goose.DialectSQLite3
	if db.Dialect == MySQL {
		dialect = goose.DialectMySQL
	}
	return goose.NewProvider(dialect, pool, dir, goose.WithDisableGlobalRegistry(true))
}

// Migrate brings the schema to the newest version, or refuses a newer database.
// One process at a time does it: the others wait for its lease.
func (db *DB) Migrate(ctx context.Context) error {
	if err := db.CheckSchema(ctx); err == nil || errors.As(err, new(*AheadError)) {
		return err
	}
	p, err := db.provider()
	if err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// Migrations lists every migration of this program with its state.
func (db *DB) Migrations(ctx context.Context) ([]MigrationStatus, error) {
	p, err := db.provider()
	if err != nil {
		return nil, err
	}
	rows, err := p.Status(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]MigrationStatus, len(rows))
	for i, r := range rows {
		out[i] = MigrationStatus{r.Source.Version, r.Source.Path, r.State == goose.StateApplied}
	}
	return out, nil
}

// BehindError says that the database lacks migrations of this program.
type BehindError struct{ Have, Want int64 }

func (e *BehindError) Error() string {
	return fmt.Sprintf("the database is at schema %d, this program needs %d: run «recourse migrate up» first", e.Have, e.Want)
}

// AheadError says that the database was migrated by a newer program.
type AheadError struct{ Have, Want int64 }

func (e *AheadError) Error() string {
	return fmt.Sprintf("the database is at schema %d, this program knows only %d: run the newer program, or restore a backup made before its «recourse migrate up»", e.Have, e.Want)
}

// CheckSchema reports a database that is behind (BehindError) or ahead (AheadError).
func (db *DB) CheckSchema(ctx context.Context) error {
	p, err := db.provider()
	if err != nil {
		return err
	}
	have, want, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read the schema's version: %w", err)
	}
	switch {
	case have < want:
		return &BehindError{have, want}
	case have > want:
		return &AheadError{have, want}
	}
	return nil
}
