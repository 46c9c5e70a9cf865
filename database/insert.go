package database

import (
	"context"
	"strings"

	"gorm.io/gorm"
)

// insertBatch bounds the placeholders of one statement (SQLite allows 32766).
const insertBatch = 8000

// Insert stores rows by multi-row statements. into is a constant of the program,
// "table (column, column)"; every row has a value per column.
func Insert(ctx context.Context, tx *gorm.DB, into string, rows [][]any) error {
	for len(rows) > 0 {
		n := min(len(rows), insertBatch/len(rows[0]))
		one := "(" + strings.Repeat("?,", len(rows[0])-1) + "?)"
		args := make([]any, 0, n*len(rows[0]))
		for _, r := range rows[:n] {
			args = append(args, r...)
		}
		// The statement holds placeholders only; gorm's own parsing of thousands of them is skipped.
		statement := "INSERT INTO " + into + " VALUES " + strings.Repeat(one+",", n-1) + one
		if _, err := tx.Statement.ConnPool.ExecContext(ctx, statement, args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}
