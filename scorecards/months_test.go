package scorecards_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"recourse/claims"
	"recourse/contracts"
	"recourse/models"
	"recourse/recovery"
	"recourse/scorecards"
)

// story is a company whose figures were worked out by hand: supplier A with two
// products, B with one, one shipment each, and a claim on both.
type story struct {
	*firm
	a, b, sale *models.Contract
	p1, p2     models.ID
	a1, a2, a3 *models.Lot
	first      *models.Inspection // of a1
	claim      *models.Claim
	notes      []*recovery.Note
}

func (s *story) names() map[models.ID]string {
	return map[models.ID]string{s.a.PartyID: "A", s.b.PartyID: "B", s.p1: "P1", s.p2: "P2"}
}

// ok ends the test on an error.
func ok[T any](f *firm, out T, err error) T {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
	return out
}

func newStory(t testing.TB) *story {
	t.Helper()
	f := newFirm(t)
	s := &story{firm: f, p1: f.product(), p2: f.product()}
	s.a, s.b = f.purchase("2026-03-31", s.p1, s.p2), f.purchase("", s.p1)
	s.sale = f.sale(s.a.Lines[:1], s.a.Lines[1:], s.b.Lines)
	s.a1, s.a2, s.a3 = f.lot(s.a, 0), f.lot(s.a, 0), f.lot(s.a, 1)
	s.inspect()
	s.shipAndClaim()
	s.recover()
	return s
}

func (s *story) inspect() {
	s.t.Helper()
	s.first = s.inspected(s.a, "2026-01-10", found{"COR": 2, "BUB": 1}, s.a1)
	both, err := s.visit(s.a, "2026-01-20", nil, s.a2.ID, s.a3.ID)
	both, err = s.decided(ok(s.firm, both, err), "2026-01-20", found{"COR": 40, "MLD": 1}, good)
	again, err := s.visit(s.a, "2026-02-05", &ok(s.firm, both, err).ID, s.a2.ID)
	again, err = s.decided(ok(s.firm, again, err), "2026-02-05", good)
	ok(s.firm, again, err)
	for _, blame := range []models.PartyKind{models.PartySupplier, models.PartyOwn} {
		vain, err := s.visit(s.a, "2026-02-10", nil, s.lot(s.a, 0).ID)
		vain, err = s.aborted(ok(s.firm, vain, err), blame)
		ok(s.firm, vain, err)
	}
}

func (s *story) shipAndClaim() {
	s.t.Helper()
	shipped, err := s.ship(s.sale, "2026-03-30", "2026-04-02", carried(s.a1, s.sale, 0), carried(s.a2, s.sale, 0), carried(s.a3, s.sale, 1))
	ok(s.firm, shipped, err)
	shipped, err = s.ship(s.sale, "", "2026-05-03", carried(s.lot(s.b, 0), s.sale, 2))
	ok(s.firm, shipped, err)
	for month, rate := range map[models.Month]string{"2026-04": "7.1234", "2026-06": "7.0"} {
		set, err := s.rate("USD", month, rate, 0)
		ok(s.firm, set, err)
	}
	s.claim, err = s.firm.claim(s.sale, "2026-06-15", complaint(s.sale, 0, s.a1, models.ReasonQuality, 10000),
		complaint(s.sale, 1, s.a3, models.ReasonPacking, 5001), complaint(s.sale, 2, nil, models.ReasonBillOfLading, 3000))
	ok(s.firm, s.claim, err)
	for no, minor := range map[int]int64{1: 4000, 2: 0, 3: 3000} {
		answered, err := s.granted(s.claim, no, minor)
		ok(s.firm, answered, err)
	}
	other, err := s.firm.claim(s.sale, "2026-06-20", complaint(s.sale, 0, s.a2, models.ReasonQuality, 700))
	ok(s.firm, other, err)
	must(s.firm, func(ctx context.Context, tx *gorm.DB) (*models.Claim, error) {
		return claims.Withdraw(ctx, tx, s.by, other.ID, other.Version, claims.ReasonInput{Reason: "sorted out"})
	})
}

func (s *story) recover() {
	s.t.Helper()
	r, err := s.shared(s.claim, s.a.PartyID, 100000)
	n, err := s.debited(ok(s.firm, r, err), 60000, "2026-07-01")
	n, err = s.settled(ok(s.firm, n, err), "payment", 20000, "2026-07-11")
	n, err = s.settled(ok(s.firm, n, err), "write_off", 10000, "2026-07-20")
	n, err = s.settled(ok(s.firm, n, err), "set_off", 30000, "2026-07-31")
	s.notes = append(s.notes, ok(s.firm, n, err))
	n, err = s.debited(r, 40000, "2026-07-05")
	s.notes = append(s.notes, ok(s.firm, n, err))
	must(s.firm, func(ctx context.Context, tx *gorm.DB) (*models.CorrectiveAction, error) {
		by := s.by
		by.At = time.Date(2026, 8, 1, 8, 0, 0, 0, time.UTC)
		a, err := recovery.OpenAction(ctx, tx, by, recovery.ActionInput{InspectionID: &s.first.ID, Problem: "corners crushed"})
		for step, on := range map[string]models.Date{"containment": "2026-08-02", "root_cause": "2026-08-10"} {
			if err != nil {
				return nil, err
			}
			a, err = recovery.AnswerStep(ctx, tx, s.by, a.ID, step, a.Version, recovery.AnswerInput{Answer: "done", AnsweredOn: on})
		}
		return a, err
	})
}

// figures is what the story comes to. 1200 × 1.455 USD × 7.1234 = 12437.46 CNY a
// lot; 1000.00 CNY of loss over 100.00, 50.01 and 30.00 USD claimed is 555.52,
// 277.82 and 166.66; the notes of 600.00 and 400.00, of which 500.00 came back,
// over the first two are 666.62 and 333.38, and 333.31 and 166.69.
var figures = map[string]models.SupplierCounts{
	"A 2026-01 P1":  {Lots: 2, LotsAccepted: 1, LotsCritical: 1, Units: 160, DefectsCritical: 1, DefectsMajor: 42, DefectsMinor: 1, Visits: 2, Released: 1, EscapedLots: 1},
	"A 2026-01 P2":  {Lots: 1, LotsAccepted: 1, Units: 80, Released: 1},
	"A 2026-01 all": {Lots: 3, LotsAccepted: 2, LotsCritical: 1, Units: 240, DefectsCritical: 1, DefectsMajor: 42, DefectsMinor: 1, Visits: 2, Released: 2, EscapedLots: 1},
	"A 2026-02 P1":  {Visits: 1, NotReady: 1, Released: 1},
	"A 2026-02 all": {Visits: 1, NotReady: 1, Released: 1},
	"A 2026-04 P1":  {Shipped: 2, ShippedDated: 2, ShippedOnTime: 2, ShippedMinor: 2487492},
	"A 2026-04 P2":  {Shipped: 1, ShippedDated: 1, ShippedOnTime: 1, ShippedMinor: 1243746},
	"A 2026-04 all": {Shipped: 3, ShippedDated: 3, ShippedOnTime: 3, ShippedMinor: 3731238},
	"A 2026-06 P1":  {Claims: 1, ClaimedMinor: 70000, GrantedMinor: 28000, LossMinor: 55552},
	"A 2026-06 P2":  {Claims: 1, ClaimedMinor: 35007, LossMinor: 27782},
	"A 2026-06 all": {Claims: 1, ClaimedMinor: 105007, GrantedMinor: 28000, LossMinor: 83334},
	"A 2026-07 P1":  {DebitedMinor: 66662, RecoveredMinor: 33331, Notes: 2, NotesSettled: 1, SettlementDays: 30},
	"A 2026-07 P2":  {DebitedMinor: 33338, RecoveredMinor: 16669, Notes: 2, NotesSettled: 1, SettlementDays: 30},
	"A 2026-07 all": {DebitedMinor: 100000, RecoveredMinor: 50000, Notes: 2, NotesSettled: 1, SettlementDays: 30},
	"A 2026-08 P1":  {Steps: 4, StepsOnTime: 1},
	"A 2026-08 all": {Steps: 4, StepsOnTime: 1},
	"B 2026-05 P1":  {Shipped: 1},
	"B 2026-05 all": {Shipped: 1},
	"B 2026-06 P1":  {Claims: 1, DocumentClaims: 1, ClaimedMinor: 21000, GrantedMinor: 21000, LossMinor: 16666},
	"B 2026-06 all": {Claims: 1, DocumentClaims: 1, ClaimedMinor: 21000, GrantedMinor: 21000, LossMinor: 16666},
}

// counts is the figures of rows alone.
func counts(rows map[string]models.SupplierMonth) map[string]models.SupplierCounts {
	out := map[string]models.SupplierCounts{}
	for k, r := range rows {
		out[k] = r.SupplierCounts
	}
	return out
}

func TestFiguresByHand(t *testing.T) {
	s := newStory(t)
	s.rebuild(today)
	got := s.table(s.names())
	if diff := cmp.Diff(figures, counts(got)); diff != "" {
		t.Errorf("Rebuild: figures (-want +got):\n%s", diff)
	}
	for k, row := range got {
		want := map[string]string{"B 2026-05 P1": "USD", "B 2026-05 all": "USD"}[k]
		if row.Missing != want {
			t.Errorf("missing rates of %s = %q, want %q", k, row.Missing, want)
		}
	}
}

func TestComputeReplacesItsMonthsAlone(t *testing.T) {
	s := newStory(t)
	compute := func(from, to models.Month) {
		t.Helper()
		must(s.firm, func(ctx context.Context, tx *gorm.DB) (any, error) {
			return nil, scorecards.Compute(ctx, tx, "CNY", today, s.a.PartyID, from, to)
		})
	}
	compute("2026-04", "2026-06")
	want := map[string]models.SupplierCounts{}
	for _, k := range []string{"A 2026-04 P1", "A 2026-04 P2", "A 2026-04 all", "A 2026-06 P1", "A 2026-06 P2", "A 2026-06 all"} {
		want[k] = figures[k]
	}
	if diff := cmp.Diff(want, counts(s.table(s.names()))); diff != "" {
		t.Errorf("Compute of 2026-04 to 2026-06 (-want +got):\n%s", diff)
	}
	if err := s.db.Write.Exec("UPDATE supplier_months SET lots = 99").Error; err != nil {
		t.Fatal(err)
	}
	compute("2026-05", "2026-06")
	for k, c := range counts(s.table(s.names())) {
		if repaired := c.Lots != 99; repaired != (k[:9] == "A 2026-06") {
			t.Errorf("after Compute of 2026-05 to 2026-06 the row %s holds %d lots", k, c.Lots)
		}
	}
}

func TestBeforeTheDayAStepIsNotCounted(t *testing.T) {
	s := newStory(t)
	for _, c := range []struct {
		today models.Date
		steps int64
	}{{"2026-08-15", 2}, {"2026-08-16", 3}, {"2026-08-26", 3}, {"2026-08-27", 4}} {
		s.rebuild(c.today)
		if got := s.table(s.names())["A 2026-08 all"]; got.Steps != c.steps || got.StepsOnTime != 1 {
			t.Errorf("on %s: %d steps, %d on time; want %d, 1", c.today, got.Steps, got.StepsOnTime, c.steps)
		}
	}
}

// TestStatements: what is computed costs the same number of statements whatever
// the range and the number of records.
func TestStatements(t *testing.T) {
	s := newStory(t)
	count := func(from, to models.Month) (n int) {
		t.Helper()
		must(s.firm, func(ctx context.Context, tx *gorm.DB) (any, error) {
			counting := tx.Session(&gorm.Session{NewDB: true})
			done := func(*gorm.DB) { n++ }
			for _, on := range []func() error{
				func() error { return counting.Callback().Query().After("*").Register("count", done) },
				func() error { return counting.Callback().Row().After("*").Register("count", done) },
				func() error { return counting.Callback().Raw().After("*").Register("count", done) },
				func() error { return counting.Callback().Create().After("*").Register("count", done) },
				func() error { return counting.Callback().Delete().After("*").Register("count", done) },
			} {
				if err := on(); err != nil {
					return nil, err
				}
			}
			defer func() {
				_ = counting.Callback().Query().Remove("count")
				_ = counting.Callback().Row().Remove("count")
				_ = counting.Callback().Raw().Remove("count")
				_ = counting.Callback().Create().Remove("count")
				_ = counting.Callback().Delete().Remove("count")
			}()
			return nil, scorecards.Compute(ctx, counting, "CNY", today, s.a.PartyID, from, to)
		})
		return n
	}
	few, many := count("2026-06", "2026-06"), count("1900-01", "2200-12")
	if few == 0 || few != many {
		t.Errorf("a month takes %d statements, all of them %d; want the same", few, many)
	}
}

func TestAmountsByRate(t *testing.T) {
	s := newStory(t)
	s.follow(today, 100)
	r, err := s.rate("USD", "2026-05", "0.005", 0) // 1746.00 × 0.005 = 8.73
	ok(s.firm, r, err)
	s.follow(today, 100)
	row := s.table(s.names())["B 2026-05 all"]
	if row.ShippedMinor != 873 || row.Missing != "" {
		t.Errorf("with a rate of 0.005: shipped %d, missing %q; want 873, nothing", row.ShippedMinor, row.Missing)
	}
	r, err = s.rate("USD", "2026-05", "0.0000286", 1) // 0.0499356 → 5 fen
	ok(s.firm, r, err)
	s.follow(today, 100)
	if row := s.table(s.names())["B 2026-05 all"]; row.ShippedMinor != 5 {
		t.Errorf("with a rate of 0.0000286: shipped %d, want 5", row.ShippedMinor)
	}
}

func TestSetRateRefuses(t *testing.T) {
	f := newFirm(t)
	for _, c := range []struct {
		currency string
		month    models.Month
		rate     string
		version  int
		code     models.Code
		field    string
	}{
		{"XXX", "2026-05", "7", 0, models.CodeInvalid, "currency"},
		{"CNY", "2026-05", "1", 0, models.CodeInvalid, "currency"},
		{"USD", "2026-13", "7", 0, models.CodeInvalid, "month"},
		{"USD", "2026-12", "7", 0, models.CodeInvalid, "month"},
		{"USD", "2026-05", "0", 0, models.CodeInvalid, "rate"},
		{"USD", "2026-05", "-7", 0, models.CodeInvalid, "rate"},
		{"USD", "2026-05", "1000001", 0, models.CodeInvalid, "rate"},
		{"USD", "2026-05", "7", 3, models.CodeNotFound, ""},
	} {
		_, err := f.rate(c.currency, c.month, c.rate, c.version)
		refused(t, c.currency+" "+string(c.month)+" "+c.rate, err, c.code, c.field)
	}
	if _, err := f.rate("USD", "2026-11", "7.1", 0); err != nil {
		t.Errorf("the month that is not over: %v, want it stored", err)
	}
	_, err := f.rate("USD", "2026-11", "7.2", 0)
	refused(t, "a rate that is there", err, models.CodeStale, "")
	f.by.Roles = []models.Role{models.Purchasing}
	_, err = f.rate("USD", "2026-11", "7.2", 1)
	refused(t, "purchasing", err, models.CodeForbidden, "")
}

// TestShipmentWithoutADate counts nowhere until it has one.
func TestShipmentWithoutADate(t *testing.T) {
	f := newFirm(t)
	p := f.product()
	purchase := f.purchase("2026-03-31", p)
	sale := f.sale(purchase.Lines)
	made, err := f.ship(sale, "", "", carried(f.lot(purchase, 0), sale, 0))
	ok(f, made, err)
	f.follow(today, 100)
	if got := f.table(nil); len(got) != 0 {
		t.Errorf("without a date: %v, want no row", got)
	}
	for _, on := range []models.Date{"2026-03-31", "2026-04-01"} {
		made = must(f, func(ctx context.Context, tx *gorm.DB) (*contracts.Shipped, error) {
			return contracts.UpdateShipment(ctx, tx, f.by, made.ID, made.Version, contracts.ShipmentPatch{DeliveredOn: &on})
		})
		f.follow(today, 100)
		onTime := map[models.Date]int64{"2026-03-31": 1}[on]
		want := map[string]models.SupplierCounts{}
		for _, product := range []string{"P", "all"} {
			want["S "+string(models.MonthOf(on))+" "+product] = models.SupplierCounts{Shipped: 1, ShippedDated: 1, ShippedOnTime: onTime}
		}
		got := counts(f.table(map[models.ID]string{purchase.PartyID: "S", p: "P"}))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("delivered on %s (-want +got):\n%s", on, diff)
		}
	}
}
