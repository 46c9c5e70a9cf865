package inspections_test

import (
	"context"
	"strings"
	"testing"

	"gorm.io/gorm"

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

// fit gives every measured characteristic as many good readings as its plan takes.
// TestListCostsTheSame counts statements: a page of 20 costs what a page of 2 does.
