// Package databasetest gives each test a database of its own, on the engine that RECOURSE_TEST_ENGINE names: sqlite (the default) or mysql.
// It answers for starting the engine, copying the migrated schema and removing what a test made. It knows nothing of what is stored.
// A missing engine fails the test; nothing is ever skipped.
package databasetest

import (
	"context"
	"os"
	"testing"

	"recourse/database"
)

// Engine returns the engine under test: "sqlite" or "mysql". Any other value of RECOURSE_TEST_ENGINE fails the test.
func Engine(t testing.TB) string {
	t.Helper()
	switch engine := os.Getenv("RECOURSE_TEST_ENGINE"); engine {
	case "":
		return "sqlite"
	case "sqlite", "mysql":
		return engine
	default:
		t.Fatalf("RECOURSE_TEST_ENGINE is %q, want sqlite or mysql", engine)
		return ""
	}
}

// Open returns a fresh migrated database that closes with the test.
func Open(t testing.TB) *database.DB {
	t.Helper()
	return open(t, URL(t))
}

// URL returns the address of a fresh migrated database, for tests that open it themselves or hand it to a program.
func URL(t testing.TB) string {
	t.Helper()
	if Engine(t) == "mysql" {
		return mysqlURL(t)
	}
	return sqliteURL(t)
}

// EmptyURL returns the address of a fresh database without any table, for tests of the migrations.
func EmptyURL(t testing.TB) string {
	t.Helper()
	if Engine(t) == "mysql" {
		return emptyMySQL(t)
	}
	return emptySQLite(t)
}

func open(t testing.TB, url string) *database.DB {
	t.Helper()
	db, err := database.Open(context.Background(), database.Config{URL: url})
	if err != nil {
		t.Fatalf("database.Open: %v", err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("database.Close: %v", err)
		}
	})
	return db
}

// migrate brings the empty database at url to the latest schema.
func migrate(url string) error {
	ctx := context.Background()
	db, err := database.Open(ctx, database.Config{URL: url})
	if err != nil {
		return err
	}
	if err := db.Migrate(ctx); err != nil {
		_ = db.Close()
		return err
	}
	return db.Close()
}
