package database_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/database/databasetest"
	"recourse/models"
)

// TestGaplessNumbersHaveNoGaps takes numbers at the same time, every third in a
// transaction that fails: what was committed is 1, 2, 3 … without a hole.
func TestGaplessNumbersHaveNoGaps(t *testing.T) {
	db, ctx := databasetest.Open(t), context.Background()
	const takers, each = 6, 15
	fail := errors.New("rolled back")
	var mu sync.Mutex
	var taken []string
	var wg sync.WaitGroup
	for range takers {
		wg.Go(func() {
			for n := 0; n < each; {
				var number string
				err := db.Tx(ctx, func(tx *gorm.DB) (err error) {
					if number, err = database.NextGaplessNumber(ctx, tx, "DN", 2026); err == nil && n%3 == 2 {
						err = fail
					}
					return err
				})
				switch {
				case models.IsCode(err, models.CodeUnavailable):
					continue
				case err == nil:
					mu.Lock()
					taken = append(taken, number)
					mu.Unlock()
				case !errors.Is(err, fail):
					t.Errorf("NextGaplessNumber: %v", err)
					return
				}
				n++
			}
		})
	}
	wg.Wait()
	slices.Sort(taken)
	if len(taken) != takers*each*2/3 {
		t.Fatalf("%d numbers were taken, want %d", len(taken), takers*each*2/3)
	}
	for n, number := range taken {
		if want := fmt.Sprintf("DN-2026-%04d", n+1); number != want {
			t.Fatalf("number %d is %s, want %s", n+1, number, want)
		}
	}
}

// TestNumbersOfBothKindsInOneTransaction: a series without gaps, taken first, doesn't
// hold up the other kind, whose numbers come from a transaction of their own.
func TestNumbersOfBothKindsInOneTransaction(t *testing.T) {
	db := databasetest.Open(t)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	err := db.Tx(ctx, func(tx *gorm.DB) error {
		for _, prefix := range []string{"DN", "BB", "ZZ"} {
			if _, err := database.NextGaplessNumber(ctx, tx, prefix, 2026); err != nil {
				return err
			}
		}
		for _, prefix := range []string{"AA", "CLM", "INS", "ZZZ"} {
			if n, err := database.NextNumber(ctx, tx, prefix, 2026); err != nil || n != prefix+"-2026-000001" {
				return fmt.Errorf("NextNumber(%s) = %q, %w", prefix, n, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
