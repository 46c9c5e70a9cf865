package demo_test

import (
	"testing"
	"time"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/cases"
	"recourse/database"
	"recourse/database/databasetest"
	"recourse/demo"
	"recourse/files"
	"recourse/models"
)

// now is late enough for the example case to lie in the past.
var now = time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)

// small pictures are drawn quickly.
const small = 120

func options() demo.Options {
	return demo.Options{Now: now, Zone: time.FixedZone("CST", 8*3600), PasswordHash: "!", PhotoWidth: small}
}

func archive(t *testing.T) *files.Archive {
	t.Helper()
	store, err := files.OpenStore(t.Context(), "file://"+t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return files.NewArchive(store, files.Options{})
}

func TestExampleCaseAgrees(t *testing.T) {
	f, err := demo.Case()
	if err != nil {
		t.Fatal(err)
	}
	_, found, err := cases.Check(t.Context(), models.System("test", now), f, demo.Photos(small))
	if err != nil {
		t.Fatal(err)
	}
	if found.Failed > 0 || found.Passed < 30 {
		t.Errorf("%d passed, %d failed: %v", found.Passed, found.Failed, found.Differences)
	}
}

func TestLoad(t *testing.T) {
	db, store := databasetest.Open(t), archive(t)
	start := time.Now()
	loaded, err := demo.Load(t.Context(), db, store, options())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d contracts, %d inspections, %d shipments in %v", loaded.Contracts, loaded.Inspections, loaded.Shipments, time.Since(start))
	if loaded.Inspections < 150 || loaded.Inspections > 260 || loaded.Contracts < 280 || loaded.Shipments < 120 {
		t.Errorf("Load = %+v, want 150 to 260 inspections with their contracts and shipments", loaded)
	}
	if v := loaded.Case.Inspection.Expected.Verdict; v != models.Accepted {
		t.Errorf("the example case is %s, want accepted", v)
	}
	chainHolds(t, db)
	for _, test := range wanted {
		if n := count(t, db, test.sql); n < test.least || n > test.most {
			t.Errorf("%s: %d, want %d to %d", test.what, n, test.least, test.most)
		}
	}
	if _, err := demo.Load(t.Context(), db, store, options()); !models.IsCode(err, models.CodeConflict) {
		t.Errorf("Load again = %v, want conflict", err)
	}
}

func TestPhotosAreDrawn(t *testing.T) {
	src, err := demo.Photos(0)("corner.jpg")
	if err != nil {
		t.Fatal(err)
	}
	file, err := archive(t).Take(t.Context(), models.FilePhoto, src)
	if err != nil || file.Width != 1200 || file.Height != 900 || file.Size < 60_000 {
		t.Errorf("Take(corner.jpg) = %+v, %v, want a picture of 1200 × 900", file, err)
	}
	if _, err := demo.Photos(0)("other.jpg"); !models.IsCode(err, models.CodeInvalid) {
		t.Errorf("Photos(other.jpg) = %v, want a refusal", err)
	}
}

func chainHolds(t *testing.T, db *database.DB) {
	t.Helper()
	err := db.View(t.Context(), func(tx *gorm.DB) error {
		report, err := audit.Verify(t.Context(), tx, now)
		if len(report.Problems) > 0 || report.Unsealed > 0 || report.Sealed < 1000 {
			t.Errorf("audit.Verify = %+v, want a whole chain and nothing unsealed", report)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// wanted is what makes the company look like one that works.
var wanted = []struct {
	what, sql   string
	least, most int64
}{
	{"users", "SELECT COUNT(*) FROM users", 9, 9},
	{"suppliers", "SELECT COUNT(*) FROM parties WHERE kind = 'supplier'", 10, 10},
	{"customers", "SELECT COUNT(*) FROM parties WHERE kind = 'customer'", 6, 6},
	{"standards", "SELECT COUNT(*) FROM quality_standards WHERE state = 'active'", 10, 10},
	{"planned", "SELECT COUNT(*) FROM inspections WHERE state = 'planned'", 3, 8},
	{"in progress", "SELECT COUNT(*) FROM inspections WHERE state = 'in_progress'", 1, 2},
	{"waits for photos", "SELECT COUNT(*) FROM inspections WHERE state = 'submitted' AND photos_present < photos_wanted", 1, 1},
	{"waits for the decision", "SELECT COUNT(*) FROM inspections WHERE state = 'submitted' AND photos_present = photos_wanted", 1, 3},
	{"aborted", "SELECT COUNT(*) FROM inspections WHERE state = 'aborted'", 2, 20},
	{"revisions", "SELECT COUNT(*) FROM inspections WHERE revision > 0", 1, 12},
	{"re-inspections", "SELECT COUNT(*) FROM inspections WHERE kind = 're_inspection'", 8, 45},
	{"during production", "SELECT COUNT(*) FROM inspections WHERE kind = 'during_production'", 3, 25},
	{"not accepted originals", "SELECT COUNT(*) FROM inspections WHERE chain_no = 0 AND verdict = 'not_accepted'", 15, 60},
	{"waivers", "SELECT COUNT(*) FROM inspection_decisions WHERE decision = 'waiver' AND price_minor IS NOT NULL", 4, 40},
	{"rejects", "SELECT COUNT(*) FROM inspection_decisions WHERE decision = 'reject'", 1, 15},
	{"several lots in a visit", "SELECT COUNT(*) FROM inspection_lots WHERE position = 2", 20, 90},
	{"tightened", `SELECT COUNT(*) FROM inspection_lots WHERE plan LIKE '%"severity":"tightened"%'`, 3, 90},
	{"photos", "SELECT COUNT(*) FROM inspection_photos WHERE present = 1", 12, 40},
	{"history of three years", "SELECT COUNT(*) FROM inspections WHERE inspected_on < '2024-03-01'", 3, 40},
	{"nothing in the future", "SELECT COUNT(*) FROM audit_entries WHERE at > '2026-11-23 03:00:01'", 0, 0},
	{"acts of nobody", "SELECT COUNT(*) FROM audit_entries WHERE actor = ''", 0, 0},
}

func count(t *testing.T, db *database.DB, query string) (n int64) {
	t.Helper()
	err := db.View(t.Context(), func(tx *gorm.DB) error { return tx.Raw(query).Scan(&n).Error })
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}
