package inspections_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"recourse/contracts"
	"recourse/contracts/contractstest"
	"recourse/database"
	"recourse/inspections"
	"recourse/models"
)

func TestFromPlanToFinal(t *testing.T) {
	v := newVisit(t)
	i := v.plan(v.planInput())
	if i.State != models.Planned || i.Number != "INS-2026-000001" || len(i.Lots[0].Plan.CartonNumbers) != 32 {
		t.Fatalf("Plan = %s %s with %d cartons, want planned INS-2026-000001 with 32", i.State, i.Number, len(i.Lots[0].Plan.CartonNumbers))
	}
	if i.Verdict != models.Pending {
		t.Errorf("verdict before anything was checked = %s, want pending", i.Verdict)
	}
	i = v.recorded(i, v.record())
	if i.State != models.InProgress || i.Verdict != models.Accepted || i.Lots[0].NcMajor != 6 || i.Lots[0].NcMinor != 8 {
		t.Fatalf("Record = %s, %s, major %d, minor %d, want in_progress, accepted, 6, 8: %+v", i.State, i.Verdict, i.Lots[0].NcMajor, i.Lots[0].NcMinor, i.Lots[0].Judgement)
	}
	i = v.submitted(i)
	i, err := v.decide(i, inspections.DecideInput{Decision: models.Release, Reason: "accepted on all classes"})
	if err != nil || i.State != models.Final || i.Fingerprint.IsZero() {
		t.Fatalf("Decide = %+v, %v, want final with a fingerprint", i, err)
	}
	stored := v.get(i.ID)
	if diff := cmp.Diff(i, stored, cmp.AllowUnexported(models.Decimal{})); diff != "" {
		t.Errorf("what was answered differs from what is stored (-answered +stored):\n%s", diff)
	}
	_, err = v.tx(func(ctx context.Context, tx *gorm.DB) (*models.Inspection, error) {
		return inspections.Record(ctx, tx, v.by, i.ID, stored.Version, inspections.RecordInput{}, seed)
	})
	refused(t, "recording a final inspection", err, models.CodeConflict, "state")
}

func TestDecisionsFollowTheVerdict(t *testing.T) {
	price, below := models.Money{Minor: 50000, Currency: "CNY"}, models.Money{Minor: -1, Currency: "CNY"}
	tests := []struct {
		name     string
		accepted bool
		in       inspections.DecideInput
		code     models.Code
		field    string
	}{
		{"release of accepted goods", true, inspections.DecideInput{Decision: models.Release, Reason: "ok"}, "", ""},
		{"release without a reason", true, inspections.DecideInput{Decision: models.Release, Reason: "  "}, models.CodeInvalid, "reason"},
		{"release of goods not accepted", false, inspections.DecideInput{Decision: models.Release, Reason: "ok"}, models.CodeConflict, "decision"},
		{"waiver of accepted goods", true, inspections.DecideInput{Decision: models.ReleaseWaived, Reason: "ok", Price: &price, BearsClaims: models.PartyOwn}, models.CodeConflict, "decision"},
		{"waiver without a price", false, inspections.DecideInput{Decision: models.ReleaseWaived, Reason: "ok", BearsClaims: models.PartyOwn}, models.CodeInvalid, "price"},
		{"waiver without a bearer", false, inspections.DecideInput{Decision: models.ReleaseWaived, Reason: "ok", Price: &price}, models.CodeInvalid, "bears_claims"},
		{"waiver at a negative price", false, inspections.DecideInput{Decision: models.ReleaseWaived, Reason: "ok", Price: &below, BearsClaims: models.PartyOwn}, models.CodeInvalid, "price.amount"},
		{"waiver", false, inspections.DecideInput{Decision: models.ReleaseWaived, Reason: "ok", Price: &price, BearsClaims: models.PartyOwn}, "", ""},
		{"price of a rejection", false, inspections.DecideInput{Decision: models.Reject, Reason: "ok", Price: &price}, models.CodeInvalid, "price"},
		{"rework", false, inspections.DecideInput{Decision: models.ReworkAndRetry, Reason: "ok"}, "", ""},
	}
	for _, test := range tests {
		v := newVisit(t)
		in := v.record()
		if !test.accepted {
			in.Lots[0].Findings[0].Units = 40
		}
		i := v.submitted(v.recorded(v.plan(v.planInput()), in))
		got, err := v.decide(i, test.in)
		if test.code != "" {
			refused(t, test.name, err, test.code, test.field)
		} else if err != nil || got.State != models.Final {
			t.Errorf("%s: Decide = %v, %v, want final", test.name, got, err)
		}
	}
}

func TestReinspectionChain(t *testing.T) {
	v := newVisit(t)
	in := v.record()
	in.Lots[0].Findings[0].Units = 40
	first := v.submitted(v.recorded(v.plan(v.planInput()), in))
	again := v.planInput()
	again.Kind, again.PreviousID = models.ReInspection, &first.ID
	plan := func(in inspections.PlanInput) (*models.Inspection, error) {
		return v.tx(func(ctx context.Context, tx *gorm.DB) (*models.Inspection, error) {
			return inspections.Plan(ctx, tx, v.by, in, seed)
		})
	}
	_, err := plan(again)
	refused(t, "re-inspection before the decision", err, models.CodeConflict, "previous_id")
	if first, err = v.decide(first, inspections.DecideInput{Decision: models.ReworkAndRetry, Reason: "corners"}); err != nil {
		t.Fatal(err)
	}
	second, err := plan(again)
	if err != nil || second.ChainID != first.ID || second.ChainNo != 1 || second.Original() {
		t.Errorf("re-inspection = %+v, %v, want number 1 of the chain", second, err)
	}
	without := v.planInput()
	without.Kind = models.ReInspection
	_, err = plan(without)
	refused(t, "re-inspection of nothing", err, models.CodeInvalid, "previous_id")
}

func TestRevisionTakesTheFinalOnesPlace(t *testing.T) {
	v := newVisit(t)
	old := v.submitted(v.recorded(v.plan(v.planInput()), v.record()))
	old, err := v.decide(old, inspections.DecideInput{Decision: models.Release, Reason: "ok"})
	if err != nil {
		t.Fatal(err)
	}
	revise := func() (*models.Inspection, error) {
		return v.tx(func(ctx context.Context, tx *gorm.DB) (*models.Inspection, error) {
			return inspections.Revise(ctx, tx, v.by, old.ID, old.Version, inspections.ReviseInput{Reason: "a photo showed another lot"})
		})
	}
	r, err := revise()
	if err != nil {
		t.Fatal(err)
	}
	if r.Number != old.Number || r.Revision != 1 || r.Lots[0].Seed != old.Lots[0].Seed || len(r.Lots[0].Measurements) != 5 || len(r.Signatures) != 0 {
		t.Errorf("revision = %s R%d with %d measurements and %d signatures", r.Number, r.Revision, len(r.Lots[0].Measurements), len(r.Signatures))
	}
	if _, err = revise(); !models.IsCode(err, models.CodeConflict) {
		t.Errorf("a second revision at once = %v, want conflict", err)
	}
	if r, err = v.decide(v.submitted(r), inspections.DecideInput{Decision: models.Release, Reason: "ok"}); err != nil {
		t.Fatal(err)
	}
	if kept := v.get(old.ID); kept.SupersededByID == nil || *kept.SupersededByID != r.ID || kept.Fingerprint != old.Fingerprint || len(kept.Lots[0].Findings) != 2 {
		t.Errorf("the revised one = %+v, want it readable and superseded", kept)
	}
}

func TestAbort(t *testing.T) {
	v := newVisit(t)
	i := v.plan(v.planInput())
	got := v.must(func(ctx context.Context, tx *gorm.DB) (*models.Inspection, error) {
		return inspections.Abort(ctx, tx, v.by, i.ID, i.Version, inspections.AbortInput{Reason: "goods not ready"})
	})
	if got.State != models.Aborted || got.AbortBlame != models.PartySupplier {
		t.Errorf("Abort = %s against %s, want aborted against the supplier", got.State, got.AbortBlame)
	}
	_, err := v.tx(func(ctx context.Context, tx *gorm.DB) (*models.Inspection, error) {
		return inspections.Record(ctx, tx, v.by, i.ID, got.Version, v.record(), seed)
	})
	refused(t, "recording an aborted inspection", err, models.CodeConflict, "state")
}

func TestDecisionWaitsForPhotos(t *testing.T) {
	v := newVisit(t)
	in := v.record()
	hash := models.SHA256{9}
	in.Lots[0].Findings[0].Photos = []inspections.PhotoInput{{SHA256: hash, Caption: "corner"}}
	i := v.submitted(v.recorded(v.plan(v.planInput()), in))
	_, err := v.decide(i, inspections.DecideInput{Decision: models.Release, Reason: "ok"})
	refused(t, "decision without the photo", err, models.CodeConflict, "photos")
	err = v.db.Tx(t.Context(), func(tx *gorm.DB) error {
		file := models.File{SHA256: hash, Kind: models.FilePhoto, Size: 1, MediaType: "image/jpeg", ReceivedAt: models.Now(v.by.At)}
		if err := gorm.G[models.File](tx).Create(t.Context(), &file); err != nil {
			return err
		}
		return inspections.PhotoArrived(t.Context(), tx, v.by, hash)
	})
	if err != nil {
		t.Fatal(err)
	}
	i = v.get(i.ID)
	if i.PhotosPresent != 1 {
		t.Errorf("photos present = %d, want 1", i.PhotosPresent)
	}
	if _, err = v.decide(i, inspections.DecideInput{Decision: models.Release, Reason: "ok"}); err != nil {
		t.Errorf("decision with the photo: %v", err)
	}
}

func TestScope(t *testing.T) {
	v := newVisit(t)
	mine := contractstest.MustUser(t, v.db, []models.Role{models.Inspector})
	other := contractstest.MustUser(t, v.db, []models.Role{models.Inspector})
	in := v.planInput()
	in.Inspectors = []models.ID{mine.ID}
	i := v.plan(in)
	see := func(u *models.User) error {
		return v.db.View(t.Context(), func(tx *gorm.DB) error {
			_, err := inspections.Get(t.Context(), tx, contractstest.Actor(u), i.ID)
			return err
		})
	}
	if err := see(mine); err != nil {
		t.Errorf("the assigned inspector: %v", err)
	}
	if err := see(other); !models.IsCode(err, models.CodeNotFound) {
		t.Errorf("another inspector: %v, want not_found", err)
	}
	err := v.db.View(t.Context(), func(tx *gorm.DB) error {
		page, err := inspections.List(t.Context(), tx, contractstest.Actor(other), database.Query{})
		if len(page.Items) != 0 {
			t.Errorf("another inspector's list has %d rows, want 0", len(page.Items))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	sales := contractstest.MustUser(t, v.db, []models.Role{models.Sales}, func(u *models.User) { u.OwnOnly = true })
	if err := see(sales); !models.IsCode(err, models.CodeNotFound) {
		t.Errorf("sales without the customer: %v, want not_found", err)
	}
	customer := contractstest.MustCustomer(t, v.db, func(p *contracts.PartyInput) { p.OwnerID = &sales.ID })
	contractstest.MustSales(t, v.db, v.purchase, func(c *contracts.ContractInput) { c.PartyID = customer.ID })
	if err := see(sales); err != nil {
		t.Errorf("sales with the customer: %v", err)
	}
}

func TestSeverityFollowsHistory(t *testing.T) {
	v := newVisit(t)
	v.growLine()
	severity := func(i *models.Inspection) string { return i.Lots[0].Plan.Classes[1].Severity }
	line := v.purchase.Lines[0].ID
	day := models.Date("2026-04-01")
	visit := func(bad bool) *models.Inspection {
		lot := contractstest.MustLot(t, v.db, line, func(in *contracts.LotInput) {
			in.Quantity, in.Cartons, in.PerCarton, in.CartonFrom, in.CartonTo = models.Pieces(1200), 100, 12, 0, 0
		})
		i := v.plan(v.planInput(lot.ID))
		in := v.record()
		q, n := models.Pieces(1200), i.Lots[0].Plan.Units
		in.InspectedOn, day = day, day.AddDays(1)
		in.Lots[0].LotID, in.Lots[0].QuantityPresented, in.Lots[0].CartonsPresented, in.Lots[0].UnitsExamined = lot.ID, &q, nil, &n
		in.Lots[0].Findings, in.Lots[0].UnitOverlap = nil, nil
		in.Lots[0].Measurements = fit(i.Lots[0])
		if bad {
			in.Lots[0].Findings = []inspections.FindingInput{{Defect: "COR", Units: 20}}
		}
		return v.submitted(v.recorded(i, in))
	}
	if i := visit(true); severity(i) != "normal" {
		t.Errorf("first lot: %s, want normal", severity(i))
	}
	if i := visit(true); severity(i) != "normal" {
		t.Errorf("second lot: %s, want normal", severity(i))
	}
	third := visit(false)
	if severity(third) != "tightened" || third.Lots[0].Plan.Classes[1].Why.ZH == "" {
		t.Errorf("third lot after two not accepted: %s (%+v), want tightened with its reason", severity(third), third.Lots[0].Plan.Classes[1].Why)
	}
	if minor := third.Lots[0].Plan.Classes[2].Severity; minor != "normal" {
		t.Errorf("minor class: %s, want normal", minor)
	}
}

func fit(l models.InspectionLot) []models.Measurement {
	good := map[string]string{"LEN": "594.0", "THK": "7.5", "SQR": "1.0", "BRK": "150", "MOI": "2.0"}
	var out []models.Measurement
	for _, c := range l.Plan.Characteristics {
		m := models.Measurement{Characteristic: c.Code}
		for range c.SampleSize {
			m.Readings = append(m.Readings, models.MustDecimal(good[c.Code]))
		}
		out = append(out, m)
	}
	return out
}

func TestListCostsTheSame(t *testing.T) {
	v := newVisit(t)
	count := func(limit string) (statements int) {
		err := v.db.View(t.Context(), func(tx *gorm.DB) error {
			name := fmt.Sprint("count", limit)
			if err := tx.Callback().Query().Before("*").Register(name, func(*gorm.DB) { statements++ }); err != nil {
				return err
			}
			defer func() { _ = tx.Callback().Query().Remove(name) }()
			_, err := inspections.List(t.Context(), tx, v.by, database.Query{Limit: limit})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return statements
	}
	for range 4 {
		v.plan(v.planInput())
	}
	few, many := count("2"), count("20")
	if few != many || few == 0 || few > 4 {
		t.Errorf("List costs %d statements for 2 rows and %d for 20, want the same and at most 4", few, many)
	}
}
