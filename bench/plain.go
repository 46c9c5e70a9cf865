package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	"recourse/models"
)

// rows are what the API wrote for one inspection, to be written again under new
// keys by plain database/sql.
type rows struct {
	pool   *sql.DB
	tables []table
	count  int
	keys   int // how many keys of its own an inspection has
	next   atomic.Int64
}

// table is the rows of one table.
type table struct {
	insert string // one multi-row statement
	values []any  // of all rows, in order
	keys   map[int]int
	number int // where the number that people quote stands, or the place in the chain; -1: neither
	seq    []int
}

// sources are the tables in the order of their references, each with the rows of
// the inspection whose id is the parameter.
var sources = []struct{ name, where string }{
	{"inspections", "id = ?"},
	{"inspection_inspectors", "inspection_id = ?"},
	{"inspection_lots", "inspection_id = ?"},
	{"findings", "inspection_lot_id IN (SELECT id FROM inspection_lots WHERE inspection_id = ?)"},
	{"readings", "inspection_lot_id IN (SELECT id FROM inspection_lots WHERE inspection_id = ?)"},
	{"inspection_checks", "inspection_lot_id IN (SELECT id FROM inspection_lots WHERE inspection_id = ?)"},
	{"audit_entries", "entity_id = ?"},
	{"audit_seals", "entry_id IN (SELECT id FROM audit_entries WHERE entity_id = ?)"},
}

// take reads the rows of an inspection.
func take(ctx context.Context, pool *sql.DB, id models.ID) (*rows, error) {
	out := &rows{pool: pool}
	known := map[string]int{} // the inspection's own keys
	for _, s := range sources {
		found, err := pool.QueryContext(ctx, "SELECT * FROM "+s.name+" WHERE "+s.where, id)
		if err != nil {
			return nil, err
		}
		t, n, err := readTable(found, s.name, known)
		if err = errors.Join(err, found.Close()); err != nil {
			return nil, err
		}
		if n > 0 {
			out.tables, out.count = append(out.tables, t), out.count+n
		}
	}
	out.keys = len(known)
	return out, nil
}

func readTable(found *sql.Rows, name string, known map[string]int) (table, int, error) {
	t := table{keys: map[int]int{}, number: -1}
	columns, err := found.ColumnTypes()
	if err != nil {
		return t, 0, err
	}
	var names []string
	for _, c := range columns {
		names = append(names, c.Name())
	}
	n := 0
	for ; found.Next(); n++ {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := found.Scan(into...); err != nil {
			return t, n, err
		}
		for i, v := range values {
			raw, bytes := v.([]byte)
			at := len(t.values)
			switch text := columns[i].DatabaseTypeName(); {
			case names[i] == "number":
				t.number = at
			case names[i] == "seq":
				t.seq = append(t.seq, at)
			case bytes && (strings.Contains(text, "TEXT") || strings.Contains(text, "CHAR")):
				v = string(raw)
			case bytes && len(raw) == 16:
				if _, ok := known[string(raw)]; !ok && names[i] == "id" {
					known[string(raw)] = len(known)
				}
				if key, ok := known[string(raw)]; ok {
					t.keys[at] = key
				}
			}
			t.values = append(t.values, v)
		}
	}
	row := "(" + strings.Repeat("?,", len(names)-1) + "?)"
	t.insert = "INSERT INTO " + name + " (" + strings.Join(names, ", ") + ") VALUES " + strings.TrimSuffix(strings.Repeat(row+",", n), ",")
	return t, n, found.Err()
}

// write writes all rows once more under new keys: a statement a table, one transaction.
func (r *rows) write(ctx context.Context) error {
	no := r.next.Add(1)
	keys := make([][]byte, r.keys)
	for i := range keys {
		id := models.NewID()
		keys[i] = id[:]
	}
	tx, err := r.pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	for _, t := range r.tables {
		values := append([]any(nil), t.values...)
		for at, key := range t.keys {
			values[at] = keys[key]
		}
		if t.number >= 0 {
			values[t.number] = fmt.Sprintf("PLAIN-%09d", no)
		}
		for i, at := range t.seq {
			values[at] = 1_000_000 + no*int64(len(t.seq)) + int64(i)
		}
		if _, err := tx.ExecContext(ctx, t.insert, values...); err != nil {
			return errors.Join(fmt.Errorf("%.40s…: %w", t.insert, err), tx.Rollback())
		}
	}
	return tx.Commit()
}
