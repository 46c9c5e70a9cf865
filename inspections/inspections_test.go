package inspections_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"recourse/contracts"
	"recourse/contracts/contractstest"
	"recourse/database"
	"recourse/database/databasetest"
	"recourse/inspections"
	"recourse/models"
)

var seed = models.SHA256{1, 2, 3}

// visit is a database with one contract and its lot.
type visit struct {
	t        testing.TB
	db       *database.DB
	by       models.Actor
	purchase *models.Contract
	lot      *models.Lot
}

func newVisit(t testing.TB) visit {
	t.Helper()
	db := databasetest.Open(t)
	purchase := contractstest.MustPurchase(t, db)
	return visit{t, db, contractstest.System(), purchase, contractstest.MustLot(t, db, purchase.Lines[0].ID)}
}

func (v visit) tx(do func(ctx context.Context, tx *gorm.DB) (*models.Inspection, error)) (i *models.Inspection, err error) {
	v.t.Helper()
	err = v.db.Tx(v.t.Context(), func(tx *gorm.DB) error {
		i, err = do(v.t.Context(), tx)
		return err
	})
	return i, err
}

func (v visit) must(do func(ctx context.Context, tx *gorm.DB) (*models.Inspection, error)) *models.Inspection {
	v.t.Helper()
	i, err := v.tx(do)
	if err != nil {
		v.t.Fatal(err)
	}
	return i
}

// growLine makes room for more lots on the contract line.
func (v visit) growLine() {
	v.t.Helper()
	v.must(func(_ context.Context, tx *gorm.DB) (*models.Inspection, error) {
		return nil, tx.Model(&models.ContractLine{}).Where("id = ?", v.purchase.Lines[0].ID).UpdateColumn("quantity", models.Pieces(48000)).Error
	})
}

func (v visit) planInput(lots ...models.ID) inspections.PlanInput {
	if len(lots) == 0 {
		lots = []models.ID{v.lot.ID}
	}
	return inspections.PlanInput{Kind: models.PreShipment, ContractID: v.purchase.ID, PlannedOn: "2026-04-20", Place: "warehouse 2", Lots: lots}
}

func (v visit) plan(in inspections.PlanInput) *models.Inspection {
	v.t.Helper()
	return v.must(func(ctx context.Context, tx *gorm.DB) (*models.Inspection, error) {
		return inspections.Plan(ctx, tx, v.by, in, seed)
	})
}

func decimals(values ...string) []models.Decimal {
	out := make([]models.Decimal, len(values))
	for n, s := range values {
		out[n] = models.MustDecimal(s)
	}
	return out
}

// record is a whole record of the fixture's lot that is accepted in every part.
func (v visit) record() inspections.RecordInput {
	presented, cartons, examined := models.Pieces(12000), 1000, 315
	return inspections.RecordInput{
		InspectedOn: "2026-04-20", FactoryRemark: "同意", Deviations: []string{"could not open row 3"},
		Lots: []inspections.LotRecord{{
			LotID: v.lot.ID, QuantityPresented: &presented, CartonsPresented: &cartons, UnitsExamined: &examined,
			Findings:    []inspections.FindingInput{{Defect: "COR", Units: 6, Remark: "角部 🧱 压损"}, {Defect: "BUB", Units: 9}},
			UnitOverlap: []models.UnitOverlap{{Unit: 118, Defects: []string{"COR", "BUB"}}},
			Measurements: []models.Measurement{
				{Characteristic: "LEN", Readings: decimals("594.0", "594.5", "593.5", "594.0", "595.0")},
				{Characteristic: "THK", Readings: decimals("7.5", "7.6", "7.4", "7.5", "7.7")},
				{Characteristic: "SQR", Readings: decimals("0.5", "1.0", "0.5", "1.5", "1.0", "0.5", "2.0", "1.0", "2.5", "0.5", "1.0", "1.5", "0.5")},
				{Characteristic: "BRK", Readings: decimals("151", "149", "158", "146", "143")},
				{Characteristic: "MOI", Readings: decimals("2.1", "2.4", "2.2")},
			},
		}},
	}
}

func (v visit) recorded(i *models.Inspection, in inspections.RecordInput) *models.Inspection {
	v.t.Helper()
	return v.must(func(ctx context.Context, tx *gorm.DB) (*models.Inspection, error) {
		return inspections.Record(ctx, tx, v.by, i.ID, i.Version, in, seed)
	})
}

var signed = inspections.SubmitInput{
	Inspector: inspections.SignatureInput{Name: "李明", Title: "inspector"}, Factory: inspections.SignatureInput{Name: "王强", Title: "QC manager"},
}

func (v visit) submitted(i *models.Inspection) *models.Inspection {
	v.t.Helper()
	return v.must(func(ctx context.Context, tx *gorm.DB) (*models.Inspection, error) {
		return inspections.Submit(ctx, tx, v.by, i.ID, i.Version, signed)
	})
}

func (v visit) decide(i *models.Inspection, in inspections.DecideInput) (*models.Inspection, error) {
	v.t.Helper()
	return v.tx(func(ctx context.Context, tx *gorm.DB) (*models.Inspection, error) {
		return inspections.Decide(ctx, tx, v.by, i.ID, i.Version, in)
	})
}

func (v visit) get(id models.ID) *models.Inspection {
	v.t.Helper()
	var i *models.Inspection
	err := v.db.View(v.t.Context(), func(tx *gorm.DB) (err error) {
		i, err = inspections.Get(v.t.Context(), tx, v.by, id)
		return err
	})
	if err != nil {
		v.t.Fatal(err)
	}
	return i
}

// refused fails the test unless err has the code and names the field, in both languages.
func refused(t testing.TB, what string, err error, code models.Code, field string) {
	t.Helper()
	e, ok := err.(*models.Error)
	if !ok || e.Code != code || e.Field != field || e.Message.ZH == "" || strings.Contains(e.Message.ZH+e.Message.EN, "%!") {
		t.Errorf("%s: error %#v, want %s on %q in both languages", what, err, code, field)
	}
}

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

func TestRecordIsIdempotent(t *testing.T) {
	v := newVisit(t)
	id := models.NewID()
	in := v.record()
	plan := v.planInput()
	in.Plan = &plan
	send := func(version int) (*models.Inspection, error) {
		return v.tx(func(ctx context.Context, tx *gorm.DB) (*models.Inspection, error) {
			return inspections.Record(ctx, tx, v.by, id, version, in, seed)
		})
	}
	first, err := send(0)
	if err != nil {
		t.Fatal(err)
	}
	for _, version := range []int{0, 1, first.Version} {
		again, err := send(version)
		if err != nil || again.Version != first.Version || again.Number != first.Number {
			t.Errorf("the same record again at version %d = %+v, %v, want the first answer", version, again, err)
		}
	}
	in.FactoryRemark = "changed"
	_, err = send(0)
	refused(t, "another record without a version", err, models.CodePrecondition, "")
	if _, err = send(first.Version - 1); !models.IsCode(err, models.CodeStale) {
		t.Errorf("another record at an old version = %v, want stale", err)
	}
	if changed, err := send(first.Version); err != nil || changed.FactoryRemark != "changed" || len(changed.Lots[0].Findings) != 2 {
		t.Errorf("another record at the version = %+v, %v, want it stored", changed, err)
	}
}

func TestRecordRefusals(t *testing.T) {
	lot := func(in *inspections.RecordInput) *inspections.LotRecord { return &in.Lots[0] }
	tests := []struct {
		name   string
		change func(*inspections.RecordInput)
		field  string
	}{
		{"defect outside the pinned catalogue", func(in *inspections.RecordInput) { lot(in).Findings[1].Defect = "XXX" }, "lots[0].findings[1].defect"},
		{"more nonconforming units than sample", func(in *inspections.RecordInput) { lot(in).Findings[0].Units = 316 }, "lots[0].findings[0].units"},
		{"together more than sample", func(in *inspections.RecordInput) {
			lot(in).Findings = append(lot(in).Findings, inspections.FindingInput{Defect: "CRK", Units: 312})
		}, "lots[0].findings"},
		{"more units examined than drawn", func(in *inspections.RecordInput) { n := 316; lot(in).UnitsExamined = &n }, "lots[0].units_examined"},
		{"fewer defects than units", func(in *inspections.RecordInput) { n := 5; lot(in).Findings[0].Defects = &n }, "lots[0].findings[0].defects"},
		{"reading beyond its decimals", func(in *inspections.RecordInput) {
			lot(in).Measurements[0].Readings[2] = models.MustDecimal("593.55")
		}, "lots[0].measurements[0].readings[2]"},
		{"unknown characteristic", func(in *inspections.RecordInput) { lot(in).Measurements[0].Characteristic = "WID" }, "lots[0].measurements[0].characteristic"},
		{"characteristic twice", func(in *inspections.RecordInput) { lot(in).Measurements[1].Characteristic = "LEN" }, "lots[0].measurements[1].characteristic"},
		{"more readings than the plan takes", func(in *inspections.RecordInput) {
			lot(in).Measurements[0].Readings = append(lot(in).Measurements[0].Readings, models.MustDecimal("594"))
		}, "lots[0].measurements[0].readings"},
		{"lot larger than the line allows", func(in *inspections.RecordInput) { q := models.Pieces(12601); lot(in).QuantityPresented = &q }, "lots[0].quantity_presented"},
		{"nothing presented", func(in *inspections.RecordInput) { q := models.Quantity(0); lot(in).QuantityPresented = &q }, "lots[0].quantity_presented"},
		{"foreign lot", func(in *inspections.RecordInput) { lot(in).LotID = models.NewID() }, "lots[0].lot_id"},
		{"lot twice", func(in *inspections.RecordInput) { in.Lots = append(in.Lots, in.Lots[0]) }, "lots[1].lot_id"},
		{"overlap beyond the sample", func(in *inspections.RecordInput) { lot(in).UnitOverlap[0].Unit = 316 }, "lots[0].unit_overlap[0].unit"},
		{"overlap of what was not found", func(in *inspections.RecordInput) { lot(in).UnitOverlap[0].Defects[1] = "STN" }, "lots[0].unit_overlap[0].defects[1]"},
		{"carton twice", func(in *inspections.RecordInput) { lot(in).CartonsOpened = []int{4, 4} }, "lots[0].cartons_opened[1]"},
		{"unknown check", func(in *inspections.RecordInput) {
			lot(in).Checks = []inspections.CheckInput{{Code: "smell", Result: models.CheckOK}}
		}, "lots[0].checks[0].code"},
		{"not possible without a reason", func(in *inspections.RecordInput) {
			lot(in).Checks = []inspections.CheckInput{{Code: "marks", Result: models.NotPossible}}
		}, "lots[0].checks[0].remark"},
		{"photo without a hash", func(in *inspections.RecordInput) { lot(in).Findings[0].Photos = []inspections.PhotoInput{{}} }, "lots[0].findings[0].photos[0].sha256"},
	}
	v := newVisit(t)
	i := v.plan(v.planInput())
	for _, test := range tests {
		in := v.record()
		test.change(&in)
		_, err := v.tx(func(ctx context.Context, tx *gorm.DB) (*models.Inspection, error) {
			return inspections.Record(ctx, tx, v.by, i.ID, i.Version, in, seed)
		})
		refused(t, test.name, err, models.CodeInvalid, test.field)
	}
	if after := v.get(i.ID); after.Version != i.Version || after.State != models.Planned || len(after.Lots[0].Findings) > 0 {
		t.Errorf("after refusals the inspection is %+v, want it untouched", after)
	}
}

func TestPresentedQuantityChangesThePlan(t *testing.T) {
	v := newVisit(t)
	i := v.plan(v.planInput())
	in := v.record()
	q, n := models.Pieces(9000), 200
	in.Lots[0].QuantityPresented, in.Lots[0].UnitsExamined = &q, &n
	in.Lots[0].UnitOverlap = nil
	i = v.recorded(i, in)
	if p := i.Lots[0].Plan; p.LotSize != 9000 || p.CodeLetter != "L" || p.Units != 200 {
		t.Errorf("plan for 9000 presented = %d %s %d, want 9000 L 200", p.LotSize, p.CodeLetter, p.Units)
	}
}

func TestUncheckedBlocksSubmission(t *testing.T) {
	tests := []struct {
		name    string
		change  func(*inspections.LotRecord)
		blocked bool
		verdict models.Verdict
	}{
		{"units not counted", func(l *inspections.LotRecord) { l.UnitsExamined = nil }, true, ""},
		{"a characteristic missing", func(l *inspections.LotRecord) { l.Measurements = l.Measurements[:4] }, true, ""},
		{"goods not counted", func(l *inspections.LotRecord) { l.QuantityPresented = nil }, true, ""},
		{"a characteristic not possible", func(l *inspections.LotRecord) {
			l.Measurements = l.Measurements[:4]
			l.Checks = []inspections.CheckInput{{Code: "MOI", Result: models.NotPossible, Remark: "no meter"}}
		}, false, models.Pending},
	}
	for _, test := range tests {
		v := newVisit(t)
		in := v.record()
		test.change(&in.Lots[0])
		i := v.recorded(v.plan(v.planInput()), in)
		got, err := v.tx(func(ctx context.Context, tx *gorm.DB) (*models.Inspection, error) {
			return inspections.Submit(ctx, tx, v.by, i.ID, i.Version, signed)
		})
		if test.blocked {
			refused(t, test.name, err, models.CodeInvalid, "lots[0]")
		} else if err != nil || got.Verdict != test.verdict {
			t.Errorf("%s: Submit = %v, %v, want verdict %s", test.name, got, err, test.verdict)
		}
	}
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

// fit gives every measured characteristic as many good readings as its plan takes.
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

func TestSeveralLotsInOneVisit(t *testing.T) {
	v := newVisit(t)
	line := v.purchase.Lines[0].ID
	v.growLine()
	second := contractstest.MustLot(t, v.db, line)
	i := v.plan(v.planInput(v.lot.ID, second.ID))
	if cmp.Equal(i.Lots[0].Plan.CartonNumbers, i.Lots[1].Plan.CartonNumbers) {
		t.Error("both lots have the same cartons drawn")
	}
	in := v.record()
	more := v.record().Lots[0]
	more.LotID = second.ID
	more.Findings = []inspections.FindingInput{{Defect: "MLD", Units: 1}}
	more.UnitOverlap = nil
	in.Lots = append(in.Lots, more)
	i = v.submitted(v.recorded(i, in))
	if i.Lots[0].Verdict != models.Accepted || i.Lots[1].Verdict != models.NotAccepted || i.Verdict != models.NotAccepted {
		t.Fatalf("verdicts = %s, %s, %s, want accepted, not accepted, not accepted", i.Lots[0].Verdict, i.Lots[1].Verdict, i.Verdict)
	}
	i, err := v.decide(i, inspections.DecideInput{LotID: &v.lot.ID, Decision: models.Release, Reason: "ok"})
	if err != nil || i.State != models.Submitted {
		t.Fatalf("first decision = %s, %v, want still submitted", i.State, err)
	}
	if i, err = v.decide(i, inspections.DecideInput{Decision: models.Reject, Reason: "mould"}); err != nil || i.State != models.Final {
		t.Fatalf("second decision = %+v, %v, want final", i, err)
	}
}

func TestPartsOfTheRecord(t *testing.T) {
	v := newVisit(t)
	i := v.plan(v.planInput())
	lot := v.lot.ID
	n := 315
	q := models.Pieces(12000)
	steps := []func(ctx context.Context, tx *gorm.DB) (*models.Inspection, error){
		func(ctx context.Context, tx *gorm.DB) (*models.Inspection, error) {
			return inspections.RecordLot(ctx, tx, v.by, i.ID, lot, i.Version, inspections.LotRecord{LotID: lot, UnitsExamined: &n, QuantityPresented: &q})
		},
		func(ctx context.Context, tx *gorm.DB) (*models.Inspection, error) {
			return inspections.AddFinding(ctx, tx, v.by, i.ID, lot, i.Version, inspections.FindingInput{Defect: "COR", Units: 2, Photos: []inspections.PhotoInput{{SHA256: models.SHA256{7}}}})
		},
		func(ctx context.Context, tx *gorm.DB) (*models.Inspection, error) {
			return inspections.RecordReadings(ctx, tx, v.by, i.ID, lot, "MOI", i.Version, inspections.ReadingsInput{Readings: decimals("2.1", "2.4", "2.2")})
		},
		func(ctx context.Context, tx *gorm.DB) (*models.Inspection, error) {
			return inspections.RecordCheck(ctx, tx, v.by, i.ID, lot, i.Version, inspections.CheckInput{Code: "marks", Result: models.CheckOK, Seen: "HBM / HAMBURG"})
		},
		func(ctx context.Context, tx *gorm.DB) (*models.Inspection, error) {
			remark := "cold"
			day := models.Date("2026-04-20")
			return inspections.RecordHead(ctx, tx, v.by, i.ID, i.Version, inspections.HeadInput{InspectorRemark: &remark, InspectedOn: &day})
		},
	}
	for _, step := range steps {
		i = v.must(step)
	}
	stored := v.get(i.ID)
	l := stored.Lots[0]
	if len(l.Findings) != 1 || len(stored.Photos) != 1 || len(l.Measurements) != 1 || len(l.Checks) != 1 || stored.InspectorRemark != "cold" || l.NcMajor != 2 || *l.UnitsExamined != 315 {
		t.Errorf("after five parts: %d findings, %d photos, %d measurements, %d checks, remark %q, major %d", len(l.Findings), len(stored.Photos), len(l.Measurements), len(l.Checks), stored.InspectorRemark, l.NcMajor)
	}
	i = v.must(func(ctx context.Context, tx *gorm.DB) (*models.Inspection, error) {
		return inspections.RemoveFinding(ctx, tx, v.by, i.ID, lot, l.Findings[0].ID, i.Version)
	})
	if len(i.Lots[0].Findings) != 0 || len(i.Photos) != 0 || len(i.Lots[0].Measurements) != 1 {
		t.Errorf("after removing the finding: %+v", i.Lots[0])
	}
}

func TestDeviceClockIsKeptAndFlagged(t *testing.T) {
	v := newVisit(t)
	in := v.record()
	phone := v.by.At.Add(6 * time.Minute).In(time.FixedZone("", 8*3600))
	in.DeviceTime = &phone
	i := v.recorded(v.plan(v.planInput()), in)
	if !i.DeviceSkewed || *i.DeviceOffset != 8*3600 || !i.DeviceTime.Equal(phone) {
		t.Errorf("device time = %v offset %v skewed %v, want kept and flagged", i.DeviceTime, *i.DeviceOffset, i.DeviceSkewed)
	}
}

// TestListCostsTheSame counts statements: a page of 20 costs what a page of 2 does.
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
