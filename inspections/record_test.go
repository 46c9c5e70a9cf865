package inspections_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"recourse/contracts/contractstest"
	"recourse/inspections"
	"recourse/models"
)

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
