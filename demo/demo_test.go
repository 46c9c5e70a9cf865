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
	return demo.Options{Now: now, Zone: time.FixedZone("CST", 8*3600), PasswordHash: "!", PhotoWidth: small, Currency: "CNY"}
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
	for _, test := range wrongMoney {
		if n := count(t, db, test.sql); n > 0 {
			t.Errorf("%s: %d, want none", test.what, n)
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

// delivered is when the goods of each shipment came, and by when they had to.
const delivered = `SELECT DISTINCT s.id, s.delivered_on, c.latest_shipment AS latest FROM shipments s JOIN shipment_lots sl ON sl.shipment_id = s.id
	JOIN lots ON lots.id = sl.lot_id JOIN contract_lines l ON l.id = lots.line_id JOIN contracts c ON c.id = l.contract_id`

// wrongMoney finds what doesn't add up.
var wrongMoney = []struct{ what, sql string }{
	{"claims whose shares aren't their loss", `SELECT COUNT(*) FROM (SELECT claim_id, SUM(share_minor) AS shared, SUM(percent) AS parts FROM liabilities GROUP BY claim_id) s
		JOIN (SELECT claim_id, SUM(base_minor) AS lost FROM loss_lines GROUP BY claim_id) l ON l.claim_id = s.claim_id WHERE s.shared <> l.lost OR s.parts <> 10000`},
	{"settlements of more or less than was granted", `SELECT COUNT(*) FROM (SELECT claim_id, SUM(amount_minor) AS paid FROM loss_lines WHERE what = 'settlement' GROUP BY claim_id) l
		JOIN (SELECT claim_id, SUM(granted_minor) AS granted FROM claim_items GROUP BY claim_id) i ON i.claim_id = l.claim_id WHERE l.paid <> i.granted`},
	{"notes that settled something else than their movements", `SELECT COUNT(*) FROM debit_notes n WHERE n.settled <> (SELECT COALESCE(SUM(s.amount_minor), 0) FROM settlements s WHERE s.note_id = n.id)`},
	{"closed notes that are not discharged", "SELECT COUNT(*) FROM debit_notes WHERE state IN ('settled', 'written_off') AND settled <> amount_minor"},
	{"cases that recovered something else than came", `SELECT COUNT(*) FROM recovery_cases r WHERE r.recovered <> (SELECT COALESCE(SUM(s.amount_minor), 0)
		FROM settlements s JOIN debit_notes n ON n.id = s.note_id WHERE n.case_id = r.id AND s.kind <> 'write_off') OR r.recovered > r.debited OR r.debited > r.share_minor`},
	{"grants above the claim", "SELECT COUNT(*) FROM claim_items WHERE granted_minor > claimed_minor"},
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
	{"claims", "SELECT COUNT(*) FROM claims", 28, 28}, // the example's, and each of claims.json
	{"open claims", "SELECT COUNT(*) FROM claims WHERE state IN ('received', 'acknowledged', 'investigating', 'assessed', 'negotiating')", 6, 9},
	{"claims that nobody acknowledged yet", "SELECT COUNT(*) FROM claims WHERE state = 'received'", 1, 1},
	{"claims under enquiry for more than a month", "SELECT COUNT(*) FROM claims WHERE state = 'investigating' AND received_on < '2026-10-20'", 1, 1},
	{"settled claims", "SELECT COUNT(*) FROM claims WHERE state = 'settled'", 7, 9},
	{"rejected claims", "SELECT COUNT(*) FROM claims WHERE state = 'rejected'", 1, 2},
	{"withdrawn claims", "SELECT COUNT(*) FROM claims WHERE state = 'withdrawn'", 1, 2},
	{"claims of former years, put aside", "SELECT COUNT(*) FROM claims WHERE state = 'closed' AND closed_at IS NOT NULL", 9, 12},
	{"suppliers with claims in the last year", "SELECT COUNT(DISTINCT l.supplier_id) FROM claims c JOIN shipment_lots s ON s.shipment_id = c.shipment_id JOIN inspection_lots l ON l.lot_id = s.lot_id WHERE c.received_on > '2025-11-23'", 7, 9},
	{"claims answered before they came", "SELECT COUNT(*) FROM claims WHERE acknowledged_at < received_on OR answered_at < acknowledged_at OR settled_at < answered_at OR closed_at < settled_at", 0, 0},
	{"settled debit notes", "SELECT COUNT(*) FROM debit_notes WHERE state = 'settled'", 6, 9},
	{"debit notes that were never answered", "SELECT COUNT(*) FROM debit_notes WHERE state = 'issued' AND objection_until >= '2026-11-23'", 1, 1},
	{"overdue debit notes", "SELECT COUNT(*) FROM debit_notes WHERE state = 'acknowledged' AND settled = 0 AND issued_on < '2026-10-01'", 1, 1},
	{"disputed debit notes", "SELECT COUNT(*) FROM debit_notes WHERE state = 'disputed'", 1, 1},
	{"cancelled debit notes", "SELECT COUNT(*) FROM debit_notes n JOIN debit_notes o ON n.replaces_id = o.id WHERE o.state = 'cancelled'", 1, 1},
	{"debit notes written off in part", "SELECT COUNT(*) FROM debit_notes n JOIN recovery_cases r ON r.id = n.case_id WHERE n.state = 'written_off' AND r.recovered > 0", 2, 3},
	{"kinds of settlement", "SELECT COUNT(DISTINCT kind) FROM settlements", 5, 5},
	{"open corrective actions", "SELECT COUNT(*) FROM corrective_actions WHERE state = 'open'", 3, 6},
	{"overdue corrective actions", "SELECT COUNT(*) FROM corrective_actions WHERE closed_at IS NULL AND next_due_on < '2026-11-23'", 2, 5},
	{"effective corrective actions", "SELECT COUNT(*) FROM corrective_actions WHERE state = 'effective' AND verified_by IS NOT NULL", 5, 15},
	{"corrective actions without effect", "SELECT COUNT(*) FROM corrective_actions WHERE state = 'not_effective'", 1, 6},
	{"corrective actions from visits and from claims", "SELECT COUNT(DISTINCT claim_id IS NULL) FROM corrective_actions", 2, 2},
	{"discontinued sampling that a corrective action resumed", "SELECT COUNT(*) FROM severity_rulings r JOIN corrective_actions a ON a.id = r.corrective_action_id WHERE r.kind = 'resume'", 1, 3},
	{"late deliveries", "SELECT COUNT(*) FROM (" + delivered + ") d WHERE d.delivered_on > d.latest", 10, 35},
	{"deliveries in time", "SELECT COUNT(*) FROM (" + delivered + ") d WHERE d.delivered_on <= d.latest", 120, 170},
	{"goods that were not ready", "SELECT COUNT(*) FROM inspections WHERE state = 'aborted' AND abort_blame = 'supplier'", 4, 15},
	{"messages to anybody", "SELECT COUNT(*) FROM outbox_messages", 0, 0},
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
