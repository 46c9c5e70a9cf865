package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/models"
)

// kind tells apart the rows that a fill numbers.
type kind int

const (
	kindVisit kind = iota
	kindContract
	kindLine
	kindLot
	kindFinding
	kindPhoto
	kindClaim
	kindCase
	kindNote
)

// numbered is the key of the nth row of a kind: in the order of time, as real ones are.
func numbered(k kind, n int) (id models.ID) {
	if err := id.UnmarshalText(fmt.Appendf(nil, "01700000-0000-7%03x-8000-0000%08x", int(k), n+1)); err != nil {
		panic(err) // a form of ours
	}
	return id
}

// numberedSQL is numbered of an SQL number.
func numberedSQL(d string, k kind, n string) string {
	return unhex(d, fmt.Sprintf("'0170000000007%03x80000000'", int(k)), digits(d, "("+n+") + 1", 8))
}

// childSQL is the key of a row at a place in what belongs to a numbered lot or visit.
func childSQL(d string, k kind, place, of string) []string {
	return []string{fmt.Sprintf("'0170000000007%03x80'", int(k)), digits(d, place, 6), "substr(hex(" + of + "), 25, 8)"}
}

func digits(d string, n string, count int) string {
	if d == database.SQLite {
		return fmt.Sprintf("printf('%%0%dx', %s)", count, n)
	}
	return fmt.Sprintf("LPAD(HEX(%s), %d, '0')", n, count)
}

func unhex(d string, parts ...string) string {
	return "unhex(" + joined(d, parts...) + ")"
}

// joined is SQL texts as one.
func joined(d string, parts ...string) string {
	if d == database.SQLite {
		return strings.Join(parts, " || ")
	}
	return "CONCAT(" + strings.Join(parts, ", ") + ")"
}

// copyRows writes rows of a table once more, as often as from says: it names the
// rows s to copy, and what they are joined with. set has the columns that differ.
func copyRows(ctx context.Context, tx *gorm.DB, table string, set map[string]string, from string, args ...any) error {
	found, err := tx.Statement.ConnPool.QueryContext(ctx, "SELECT * FROM "+table+" WHERE 1 = 0")
	if err != nil {
		return err
	}
	columns, err := found.Columns()
	if err != nil {
		return err
	}
	if err := found.Close(); err != nil {
		return err
	}
	for name := range set {
		if !slices.Contains(columns, name) {
			return fmt.Errorf("table %s has no column %s", table, name)
		}
	}
	values := make([]string, len(columns))
	for n, name := range columns {
		values[n] = "s." + name
		if other, ok := set[name]; ok {
			values[n] = other
		}
	}
	_, err = tx.Statement.ConnPool.ExecContext(ctx, "INSERT INTO "+table+" ("+strings.Join(columns, ", ")+") SELECT "+strings.Join(values, ", ")+" FROM "+from, args...)
	if err != nil {
		err = fmt.Errorf("copying %s: %w", table, err)
	}
	return err
}

// numbers makes the table that copies are counted by: the numbers of a batch, of
// each its line in the batch and its supplier.
func (f *filling) numbers(ctx context.Context) error {
	db := f.company.db
	if err := db.Write.WithContext(ctx).Exec("CREATE TABLE bench_numbers (n INTEGER NOT NULL PRIMARY KEY, line INTEGER NOT NULL, supplier VARBINARY(16) NOT NULL)").Error; err != nil {
		return err
	}
	var rows [][]any
	for n := range fillBatch {
		rows = append(rows, []any{n, lineOf(n), f.suppliers[n%suppliers]})
	}
	return db.Tx(ctx, func(tx *gorm.DB) error { return database.Insert(ctx, tx, "bench_numbers (n, line, supplier)", rows) })
}
