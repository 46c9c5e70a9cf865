package independence_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"recourse/contracts/contractstest"
	"recourse/database/databasetest"
	"recourse/inspections"
	"recourse/models"
)

// TestPrintsAreWhatTheReadingsGive takes a visit through its verbs: before the
// decision there is no print, after it the stored ones are those recomputed from the raw readings.
func TestPrintsAreWhatTheReadingsGive(t *testing.T) {
	db, by, ctx := databasetest.Open(t), contractstest.System(), context.Background()
	purchase := contractstest.MustPurchase(t, db)
	lot := contractstest.MustLot(t, db, purchase.Lines[0].ID)
	var i *models.Inspection
	step := func(do func(tx *gorm.DB) (*models.Inspection, error)) {
		t.Helper()
		if err := db.Tx(ctx, func(tx *gorm.DB) (err error) { i, err = do(tx); return err }); err != nil {
			t.Fatal(err)
		}
	}
	step(func(tx *gorm.DB) (*models.Inspection, error) {
		return inspections.Plan(ctx, tx, by, inspections.PlanInput{Kind: models.PreShipment, ContractID: purchase.ID, PlannedOn: "2026-04-20", Lots: []models.ID{lot.ID}}, models.SHA256{1})
	})
	presented, cartons, examined := models.Pieces(12000), 1000, 315
	readings := func(values ...string) (out []models.Decimal) {
		for _, v := range values {
			out = append(out, models.MustDecimal(v))
		}
		return out
	}
	step(func(tx *gorm.DB) (*models.Inspection, error) {
		return inspections.Record(ctx, tx, by, i.ID, i.Version, inspections.RecordInput{InspectedOn: "2026-04-20", Lots: []inspections.LotRecord{{
			LotID: lot.ID, QuantityPresented: &presented, CartonsPresented: &cartons, UnitsExamined: &examined,
			Measurements: []models.Measurement{
				{Characteristic: "LEN", Readings: readings("594", "594.5", "593.5", "594.0", "595.0")},
				{Characteristic: "THK", Readings: readings("7.5", "7.5", "7.5", "7.5", "7.5")}, // all equal: no print
				{Characteristic: "SQR", Readings: readings("0.5", "1.0", "0.5", "1.5", "1.0", "0.5", "2.0", "1.0", "2.5", "0.5", "1.0", "1.5", "0.5")},
				{Characteristic: "BRK", Readings: readings("151", "149", "158", "146", "143")},
				{Characteristic: "MOI", Readings: readings("2.1", "2.4", "2.2")}, // too few
			},
		}}}, models.SHA256{1})
	})
	step(func(tx *gorm.DB) (*models.Inspection, error) {
		return inspections.Submit(ctx, tx, by, i.ID, i.Version, inspections.SubmitInput{Inspector: inspections.SignatureInput{Name: "李明"}, Factory: inspections.SignatureInput{Name: "王强"}})
	})
	stored := func() (out []models.ReadingPrint) {
		t.Helper()
		if err := db.Read.Order("characteristic").Find(&out).Error; err != nil {
			t.Fatal(err)
		}
		return out
	}
	if got := stored(); len(got) > 0 {
		t.Errorf("before the decision there are %d prints, want none", len(got))
	}
	step(func(tx *gorm.DB) (*models.Inspection, error) {
		return inspections.Decide(ctx, tx, by, i.ID, i.Version, inspections.DecideInput{Decision: models.Reject, Reason: "as a test"})
	})
	var want []models.ReadingPrint
	var raw []models.Reading
	if err := db.Read.Order("characteristic, no").Find(&raw).Error; err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		code     string
		decimals int
	}{{"BRK", 0}, {"LEN", 1}, {"SQR", 1}, {"THK", 1}, {"MOI", 1}} {
		var values []int64
		for _, r := range raw {
			if r.Characteristic == c.code {
				values = append(values, r.Value)
			}
		}
		if p, ok := models.PrintReadings(i.Lots[0].StandardCode, c.code, c.decimals, values); ok {
			p.InspectionLotID, p.InspectionID, p.SupplierID = i.Lots[0].ID, i.ID, i.SupplierID
			want = append(want, p)
		}
	}
	if diff := cmp.Diff(want, stored()); diff != "" || len(want) != 3 {
		t.Errorf("%d prints (-recomputed +stored):\n%s", len(want), diff)
	}
}
