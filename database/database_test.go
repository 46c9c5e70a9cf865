package database_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/database/databasetest"
	"recourse/models"
)

var day = time.Date(2026, 4, 20, 8, 0, 0, 0, time.UTC)

func mustProduct(t testing.TB, db *database.DB, code string) models.Product {
	t.Helper()
	p := models.Product{ID: models.NewID(), Code: code, CodeKey: models.Key(code), Name: models.Text{ZH: "板", EN: "Board"}, Unit: "sheet", Version: 1, CreatedAt: day, UpdatedAt: day}
	err := db.Tx(context.Background(), func(tx *gorm.DB) error { return gorm.G[models.Product](tx).Create(context.Background(), &p) })
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestUpdateGuardsTheVersion(t *testing.T) {
	db, ctx := databasetest.Open(t), context.Background()
	p := mustProduct(t, db, "P1")
	update := func(version int) error {
		return db.Tx(ctx, func(tx *gorm.DB) error {
			return database.Update[models.Product](ctx, tx, p.ID, version, map[string]any{"unit": "box"})
		})
	}
	if err := update(1); err != nil {
		t.Fatalf("Update at version 1: %v", err)
	}
	var e *models.Error
	if err := update(1); !errors.As(err, &e) || e.Code != models.CodeStale || e.Current["version"] != 2 {
		t.Errorf("Update at version 1 again = %v, want stale with the current version 2", err)
	}
	p.ID = models.NewID()
	if err := update(1); !models.IsCode(err, models.CodeNotFound) {
		t.Errorf("Update of an unknown id = %v, want not_found", err)
	}
}

func TestTxLosesNoUpdate(t *testing.T) {
	db, ctx := databasetest.Open(t), context.Background()
	p := mustProduct(t, db, "P1")
	const writers, each = 8, 10
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for done := 0; done < each; {
				err := db.Tx(ctx, func(tx *gorm.DB) error {
					now, err := database.Take[models.Product](ctx, tx, "product", "商品", "id = ?", p.ID)
					if err != nil {
						return err
					}
					return database.Update[models.Product](ctx, tx, p.ID, now.Version, map[string]any{"updated_at": day})
				})
				switch {
				case err == nil:
					done++
				case !models.IsCode(err, models.CodeStale) && !models.IsCode(err, models.CodeUnavailable):
					t.Errorf("Tx: %v", err)
					return
				}
			}
		})
	}
	wg.Wait()
	err := db.View(ctx, func(tx *gorm.DB) error {
		now, err := database.Take[models.Product](ctx, tx, "product", "商品", "id = ?", p.ID)
		if err == nil && now.Version != 1+writers*each {
			t.Errorf("version = %d after %d updates, want %d", now.Version, writers*each, 1+writers*each)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTxRollsBack(t *testing.T) {
	db, ctx := databasetest.Open(t), context.Background()
	fail := errors.New("no")
	err := db.Tx(ctx, func(tx *gorm.DB) error {
		p := models.Product{ID: models.NewID(), Code: "X", CodeKey: "x", Version: 1, CreatedAt: day, UpdatedAt: day}
		if err := gorm.G[models.Product](tx).Create(ctx, &p); err != nil {
			return err
		}
		return fail
	})
	if !errors.Is(err, fail) {
		t.Fatalf("Tx = %v, want the body's error", err)
	}
	if n := count(t, db); n != 0 {
		t.Errorf("%d products after a rollback, want 0", n)
	}
}

func count(t *testing.T, db *database.DB) (n int64) {
	t.Helper()
	err := db.View(context.Background(), func(tx *gorm.DB) error { return tx.Model(&models.Product{}).Count(&n).Error })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestViewRefusesToWrite(t *testing.T) {
	db, ctx := databasetest.Open(t), context.Background()
	err := db.View(ctx, func(tx *gorm.DB) error {
		p := models.Product{ID: models.NewID(), Code: "X", CodeKey: "x", Version: 1, CreatedAt: day, UpdatedAt: day}
		return gorm.G[models.Product](tx).Create(ctx, &p)
	})
	if err == nil || count(t, db) != 0 {
		t.Errorf("a write inside View: error %v, want a refusal and no row", err)
	}
}

func TestErrTranslates(t *testing.T) {
	db, ctx := databasetest.Open(t), context.Background()
	mustProduct(t, db, "P1")
	insert := func(p models.Product) error {
		return db.Tx(ctx, func(tx *gorm.DB) error { return gorm.G[models.Product](tx).Create(ctx, &p) })
	}
	twice := insert(models.Product{ID: models.NewID(), Code: "p1", CodeKey: "p1", Version: 1, CreatedAt: day, UpdatedAt: day})
	if !models.IsCode(twice, models.CodeConflict) {
		t.Errorf("a second product p1 = %v, want conflict", twice)
	}
	orphan := db.Tx(ctx, func(tx *gorm.DB) error {
		return gorm.G[models.Lot](tx).Create(ctx, &models.Lot{ID: models.NewID(), LineID: models.NewID(), Batch: "B", BatchKey: "b", Quantity: 1, Version: 1, CreatedAt: day, UpdatedAt: day})
	})
	if !models.IsCode(orphan, models.CodeConflict) {
		t.Errorf("a lot of no line = %v, want conflict", orphan)
	}
}

func TestNextNumberGivesEachOnce(t *testing.T) {
	db, ctx := databasetest.Open(t), context.Background()
	const writers, each = 6, 9
	var mu sync.Mutex
	seen := map[string]bool{}
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for range each {
				var number string
				err := db.Tx(ctx, func(tx *gorm.DB) (err error) {
					number, err = database.NextNumber(ctx, tx, "INS", 2026)
					return err
				})
				mu.Lock()
				if err != nil || seen[number] {
					t.Errorf("NextNumber = %s, %v: given twice or refused", number, err)
				}
				seen[number] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if len(seen) != writers*each || !seen["INS-2026-000001"] {
		t.Errorf("%d numbers, want %d beginning with INS-2026-000001", len(seen), writers*each)
	}
}

func TestLease(t *testing.T) {
	db, ctx := databasetest.Open(t), context.Background()
	steps := []struct {
		holder string
		at     time.Duration
		want   bool
	}{
		{"a", 0, true}, {"b", time.Second, false}, {"a", 5 * time.Second, true}, {"b", 14 * time.Second, false}, {"b", 15 * time.Second, true}, {"a", 16 * time.Second, false},
	}
	for _, s := range steps {
		got, err := db.Lease(ctx, "job", s.holder, day.Add(s.at), 10*time.Second)
		if err != nil || got != s.want {
			t.Errorf("Lease(%s) after %v = %v, %v, want %v", s.holder, s.at, got, err, s.want)
		}
	}
	if err := db.EndLease(ctx, "job", "b"); err != nil {
		t.Fatal(err)
	}
	if got, err := db.Lease(ctx, "job", "a", day.Add(17*time.Second), time.Second); err != nil || !got {
		t.Errorf("Lease after EndLease = %v, %v, want true", got, err)
	}
}

var products = database.List{
	Filters: map[string]database.Filter{"unit": {SQL: "products.unit = ?", Values: []string{"sheet", "box"}}, "code": {SQL: "products.code_key = ?", Kind: database.FilterKey}},
	Sorts:   []string{"id", "category", "created_at"}, Default: "-id",
}

func find(t *testing.T, db *database.DB, q database.Query) (page database.Page[models.Product], err error) {
	t.Helper()
	err = db.View(context.Background(), func(tx *gorm.DB) (err error) {
		page, err = database.Find[models.Product](context.Background(), tx, products, q)
		return err
	})
	return page, err
}

func TestFindPagesThroughEveryRowOnce(t *testing.T) {
	db := databasetest.Open(t)
	err := db.Tx(context.Background(), func(tx *gorm.DB) error {
		for n := range 23 {
			p := models.Product{ID: models.NewID(), Code: fmt.Sprint("P", n), CodeKey: fmt.Sprint("p", n), Category: fmt.Sprint("c", n%3), Unit: "sheet", Version: 1,
				CreatedAt: day.Add(time.Duration(n%5) * time.Millisecond), UpdatedAt: day}
			if err := gorm.G[models.Product](tx).Create(context.Background(), &p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, sort := range []string{"", "id", "-id", "category", "-category", "created_at", "-created_at"} {
		seen := map[string]bool{}
		q := database.Query{Limit: "4", Sort: sort}
		for pages := 0; pages < 10; pages++ {
			page, err := find(t, db, q)
			if err != nil {
				t.Fatalf("Find(%+v): %v", q, err)
			}
			for _, p := range page.Items {
				if seen[p.Code] {
					t.Errorf("sort %q: %s twice", sort, p.Code)
				}
				seen[p.Code] = true
			}
			if q.Cursor = page.NextCursor; q.Cursor == "" {
				break
			}
		}
		if len(seen) != 23 {
			t.Errorf("sort %q: %d rows over all pages, want 23", sort, len(seen))
		}
	}
}

func TestFindRefusesWhatItDoesNotKnow(t *testing.T) {
	db := databasetest.Open(t)
	mustProduct(t, db, "P1")
	mustProduct(t, db, "P2")
	page, err := find(t, db, database.Query{Limit: "1"})
	if err != nil {
		t.Fatal(err)
	}
	for name, q := range map[string]database.Query{
		"limit":       {Limit: "0"},
		"limit text":  {Limit: "many"},
		"limit over":  {Limit: "201"},
		"sort":        {Sort: "unit; DROP TABLE products"},
		"filter":      {Filters: map[string]string{"password": "x"}},
		"value":       {Filters: map[string]string{"unit": "ton"}},
		"cursor":      {Cursor: "bm90IGpzb24"},
		"cursor sort": {Cursor: page.NextCursor, Sort: "category"},
	} {
		if _, err := find(t, db, q); !models.IsCode(err, models.CodeMalformed) {
			t.Errorf("%s: Find(%+v) = %v, want malformed", name, q, err)
		}
	}
	got, err := find(t, db, database.Query{Filters: map[string]string{"code": "Ｐ１"}})
	if err != nil || len(got.Items) != 1 || got.Items[0].Code != "P1" {
		t.Errorf("Find(code=Ｐ１) = %v, %v, want P1", got.Items, err)
	}
}

func FuzzCursor(f *testing.F) {
	db := databasetest.Open(f)
	mustProduct(f, db, "P1")
	f.Add("eyJzIjoiLWlkIiwidiI6IiIsImkiOiIifQ")
	f.Fuzz(func(t *testing.T, cursor string) {
		if _, err := find(t, db, database.Query{Cursor: cursor, Sort: "-created_at"}); err != nil && !models.IsCode(err, models.CodeMalformed) {
			t.Errorf("Find(cursor %q) = %v, want malformed or a page", cursor, err)
		}
	})
}
