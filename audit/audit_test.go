package audit_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/database"
	"recourse/database/databasetest"
	"recourse/models"
)

var at = time.Date(2026, 4, 20, 8, 0, 0, 123456789, time.UTC)

func record(t *testing.T, db *database.DB, n int) {
	t.Helper()
	ctx := context.Background()
	for k := range n {
		err := db.Tx(ctx, func(tx *gorm.DB) error {
			return audit.Record(ctx, tx, models.System("test", at.Add(time.Duration(k)*time.Second)), "create", "thing", models.NewID(), map[string]any{"n": k, "名": "晋州"})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func seal(t *testing.T, db *database.DB, limit int) (n int) {
	t.Helper()
	err := db.Tx(context.Background(), func(tx *gorm.DB) (err error) {
		n, err = audit.Seal(context.Background(), tx, limit)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func verify(t *testing.T, db *database.DB, since time.Time, heads ...models.SHA256) (r audit.Report) {
	t.Helper()
	err := db.View(context.Background(), func(tx *gorm.DB) (err error) {
		r, err = audit.Verify(context.Background(), tx, since, heads...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestChain(t *testing.T) {
	db := databasetest.Open(t)
	record(t, db, 7)
	if n := seal(t, db, 5); n != 5 {
		t.Errorf("Seal(5) = %d, want 5", n)
	}
	r := verify(t, db, at)
	if len(r.Problems) > 0 || r.Sealed != 5 || r.Unsealed != 2 {
		t.Errorf("Verify = %+v, want 5 sealed, 2 waiting, no problem", r)
	}
	if n := seal(t, db, 5); n != 2 {
		t.Errorf("Seal(5) = %d, want 2", n)
	}
	if n := seal(t, db, 5); n != 0 {
		t.Errorf("Seal(5) of nothing = %d, want 0", n)
	}
	if r := verify(t, db, at.Add(time.Hour)); len(r.Problems) > 0 || r.Sealed != 7 || r.Head.IsZero() {
		t.Errorf("Verify = %+v, want 7 sealed and no problem", r)
	}
}

func TestUnsealedForLongIsAProblem(t *testing.T) {
	db := databasetest.Open(t)
	record(t, db, 1)
	if r := verify(t, db, at.Add(time.Hour)); len(r.Problems) != 1 || !strings.Contains(r.Problems[0], "unsealed") {
		t.Errorf("Verify = %v, want one problem about unsealed entries", r.Problems)
	}
}

func TestEntriesAndSealsAreNeverChanged(t *testing.T) {
	db := databasetest.Open(t)
	record(t, db, 2)
	seal(t, db, 5)
	for _, statement := range []string{
		"UPDATE audit_entries SET actor = 'nobody'", "DELETE FROM audit_entries", "UPDATE audit_seals SET seq = seq + 10", "DELETE FROM audit_seals",
	} {
		err := db.Tx(context.Background(), func(tx *gorm.DB) error { return tx.Exec(statement).Error })
		if err == nil {
			t.Errorf("%s: done, want it refused by the engine", statement)
		}
	}
	if r := verify(t, db, at); len(r.Problems) > 0 {
		t.Errorf("Verify = %v, want no problem", r.Problems)
	}
}

// TestVerifyFindsTampering changes rows as an owner of the database could, with
// the guards removed.
func TestVerifyFindsTampering(t *testing.T) {
	const second = "(SELECT entry_id FROM (SELECT entry_id FROM audit_seals WHERE seq = 2) s)"
	tests := map[string][]string{
		"changed":         {"UPDATE audit_entries SET detail = '{}' WHERE id = " + second},
		"end cut off":     {"DELETE FROM audit_seals WHERE seq = 3", "DELETE FROM audit_entries WHERE id NOT IN (SELECT entry_id FROM audit_seals)"},
		"missing seal":    {"DELETE FROM audit_seals WHERE seq = 2"},
		"swapped details": {"UPDATE audit_entries SET actor = CASE WHEN id = " + second + " THEN 'b' ELSE 'a' END"},
		"added":           {"INSERT INTO audit_entries (id, at, actor, via, request_id, action, entity, entity_id, detail) SELECT entity_id, at, actor, via, request_id, action, entity, entity_id, detail FROM audit_entries WHERE id = " + second},
	}
	for name, statements := range tests {
		t.Run(name, func(t *testing.T) {
			db := databasetest.Open(t)
			record(t, db, 3)
			seal(t, db, 5)
			head := verify(t, db, at).Head
			err := db.Tx(context.Background(), func(tx *gorm.DB) error {
				for _, table := range []string{"audit_entries", "audit_seals"} {
					for _, act := range []string{"update", "delete"} {
						if err := tx.Exec(fmt.Sprintf("DROP TRIGGER %s_no_%s", table, act)).Error; err != nil {
							return err
						}
					}
				}
				for _, s := range statements {
					if err := tx.Exec(s).Error; err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if r := verify(t, db, at, head); len(r.Problems) == 0 {
				t.Errorf("Verify found nothing: %+v", r)
			}
		})
	}
}
