package database_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/database/databasetest"
)

func TestRemember(t *testing.T) {
	db := databasetest.Open(t)
	made := 0
	ask := func(key, state string) (got int) {
		t.Helper()
		err := db.View(t.Context(), func(tx *gorm.DB) (err error) {
			got, err = database.Remember(tx.WithContext(context.Background()), key, state, func() (int, error) { made++; return made, nil })
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if a, b, c, d := ask("k", "1"), ask("k", "1"), ask("k", "2"), ask("l", "2"); a != 1 || b != 1 || c != 2 || d != 3 {
		t.Errorf("asked: %d %d, after a change %d, another key %d, want 1 1 2 3", a, b, c, d)
	}
	if again := ask("k", "1"); again != 4 {
		t.Errorf("a state that is over is remembered: %d", again)
	}
	for n := range 200 {
		ask(fmt.Sprint("many ", n), "1")
		ask("l", "2") // in use all the time
	}
	before := made
	if ask("l", "2"); made != before {
		t.Error("what is used all the time was forgotten")
	}
	if ask("many 1", "1"); made == before {
		t.Error("what was not used for long is remembered")
	}
	broken := errors.New("broken")
	for range 2 {
		if _, err := database.Remember(db.Read, "x", "1", func() (int, error) { made++; return 0, broken }); !errors.Is(err, broken) {
			t.Errorf("Remember = %v, want the error", err)
		}
	}
	err := db.Tx(t.Context(), func(tx *gorm.DB) error {
		v, err := database.Remember(tx, "l", "2", func() (int, error) { return -1, nil })
		if v == -1 {
			t.Error("a writing transaction has another memory")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
