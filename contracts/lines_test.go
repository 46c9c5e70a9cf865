package contracts_test

import (
	"sync"
	"testing"

	"gorm.io/gorm"

	"recourse/contracts"
	"recourse/contracts/contractstest"
	"recourse/database"
	"recourse/database/databasetest"
	"recourse/models"
)

// inputs are a contract's lines as an input that changes nothing.
func inputs(c *models.Contract) []contracts.LineInput {
	var in []contracts.LineInput
	for _, l := range c.Lines {
		in = append(in, contracts.LineInput{
			ID: &l.ID, LineNo: l.LineNo, ProductID: l.ProductID, Specification: l.Specification, Attributes: l.Attributes, Quantity: l.Quantity, Unit: l.Unit,
			TolerancePercent: l.TolerancePercent, ToleranceOption: l.ToleranceOption, TolerancePrice: l.TolerancePrice, UnitPrice: l.UnitPrice,
			StandardID: l.StandardID, FedBy: l.FedBy,
		})
	}
	return in
}

func replace(t *testing.T, db *database.DB, c *models.Contract, lines []contracts.LineInput) (*contracts.Entered, error) {
	t.Helper()
	return try(t, db, func(tx *gorm.DB) (*contracts.Entered, error) {
		return contracts.ReplaceLines(t.Context(), tx, system, c.ID, c.Version, contracts.LinesInput{Lines: lines})
	})
}

func TestReplaceLines(t *testing.T) {
	db := databasetest.Open(t)
	c := contractstest.MustPurchase(t, db)
	standard := c.Lines[0].StandardID
	must(t, db, func(tx *gorm.DB) (*models.Standard, error) {
		return contracts.RetireStandard(t.Context(), tx, system, *standard, 2)
	})
	in := inputs(c)
	in[0].Quantity, in[0].UnitPrice = models.Pieces(11000), models.Decimal{}
	added := in[0]
	added.ID, added.LineNo, added.StandardID, added.Attributes = nil, 2, &contractstest.MustStandard(t, db).ID, map[string]string{"thickness": "9.5"}
	got, err := replace(t, db, c, append(in, added))
	if err != nil {
		t.Fatalf("a line keeps its retired standard: %v", err)
	}
	if len(got.Lines) != 2 || got.Lines[0].ID != c.Lines[0].ID || got.Lines[0].Quantity != models.Pieces(11000) || got.Lines[0].UnitPrice.IsSet() ||
		got.Lines[1].Attributes["thickness"] != "9.5" || got.Lines[1].Unit != "sheet" || got.Version != 2 {
		t.Errorf("lines = %+v at version %d", got.Lines, got.Version)
	}
	again := inputs(&got.Contract)
	again[1].StandardID = standard
	_, err = replace(t, db, &got.Contract, again)
	refused(t, "retired standard pinned anew", err, models.CodeConflict, "lines[1].standard_id")
	swapped := inputs(&got.Contract)
	swapped[0].LineNo, swapped[1].LineNo = 2, 1
	_, err = replace(t, db, &got.Contract, swapped)
	refused(t, "lines that change numbers", err, models.CodeConflict, "lines[0].id")
	moved := inputs(&got.Contract)
	moved[1].LineNo = 3
	_, err = replace(t, db, &got.Contract, moved)
	refused(t, "line with a new number", err, models.CodeConflict, "lines[1].line")
	less, err := replace(t, db, &got.Contract, inputs(&got.Contract)[1:])
	if err != nil || len(less.Lines) != 1 || less.Lines[0].LineNo != 2 {
		t.Errorf("after removing line 1: %+v, %v", less, err)
	}
	_, err = replace(t, db, &got.Contract, inputs(&got.Contract))
	refused(t, "stale", err, models.CodeStale, "")
}

func TestUsedLinesStay(t *testing.T) {
	db := databasetest.Open(t)
	purchase := contractstest.MustPurchase(t, db)
	sales := contractstest.MustSales(t, db, purchase)
	lot := contractstest.MustLot(t, db, purchase.Lines[0].ID)
	contractstest.MustShipment(t, db, sales, lot)
	other := contractstest.MustProduct(t, db)
	for _, test := range []struct {
		name, field string
		contract    *models.Contract
		change      func(*contracts.LineInput)
	}{
		{"shrunk below its lots", "lines[0].quantity", purchase, func(in *contracts.LineInput) { in.Quantity = models.Pieces(11428) }},
		{"other product under its lots", "lines[0].product_id", purchase, func(in *contracts.LineInput) { in.ProductID = other.ID }},
		{"other unit under its lots", "lines[0].unit", purchase, func(in *contracts.LineInput) { in.Unit = "m2" }},
		{"removed with lots", "lines", purchase, func(in *contracts.LineInput) { in.ID, in.LineNo = nil, 9 }},
		{"shrunk below what was shipped", "lines[0].quantity", sales, func(in *contracts.LineInput) { in.Quantity = models.Pieces(11000) }},
		{"removed after shipping", "lines", sales, func(in *contracts.LineInput) { in.ID, in.LineNo = nil, 9 }},
	} {
		in := inputs(test.contract)
		test.change(&in[0])
		_, err := replace(t, db, test.contract, in)
		refused(t, test.name, err, models.CodeConflict, test.field)
	}
	in := inputs(purchase)
	in[0].Quantity = models.Pieces(11429) // × 1.05 = 12000.45
	if _, err := replace(t, db, purchase, in); err != nil {
		t.Errorf("a line just large enough: %v", err)
	}

	fed := contractstest.MustPurchase(t, db)
	contractstest.MustSales(t, db, fed)
	in = inputs(fed)
	in[0].ID, in[0].LineNo = nil, 2
	_, err := replace(t, db, fed, in)
	refused(t, "removed while it feeds a sale", err, models.CodeConflict, "lines")
}

func TestFeedLine(t *testing.T) {
	db := databasetest.Open(t)
	purchase := contractstest.MustPurchase(t, db)
	sales := contractstest.MustSales(t, db, nil, func(in *contracts.ContractInput) { in.Lines[0].ProductID = purchase.Lines[0].ProductID })
	feed := func(contract, line models.ID, version int, by ...models.ID) (*contracts.Entered, error) {
		var in contracts.FeedInput
		for _, id := range by {
			in.FedBy = append(in.FedBy, models.LineLink{PurchaseLineID: id})
		}
		return try(t, db, func(tx *gorm.DB) (*contracts.Entered, error) {
			return contracts.FeedLine(t.Context(), tx, act(models.Purchasing), contract, line, version, in)
		})
	}
	got, err := feed(sales.ID, sales.Lines[0].ID, 1, purchase.Lines[0].ID)
	if err != nil || len(got.Lines[0].FedBy) != 1 || len(got.Warnings) != 2 {
		t.Fatalf("FeedLine = %+v, %v, want one link and two warnings", got, err)
	}
	_, err = feed(sales.ID, sales.Lines[0].ID, 1)
	refused(t, "stale", err, models.CodeStale, "")
	_, err = feed(sales.ID, purchase.Lines[0].ID, 2)
	refused(t, "line of another contract", err, models.CodeNotFound, "")
	_, err = feed(sales.ID, sales.Lines[0].ID, 2, sales.Lines[0].ID)
	refused(t, "sale that feeds a sale", err, models.CodeInvalid, "fed_by[0].purchase_line_id")
	_, err = feed(purchase.ID, purchase.Lines[0].ID, 1, purchase.Lines[0].ID)
	refused(t, "fed purchase", err, models.CodeInvalid, "fed_by")
	_, err = feed(sales.ID, sales.Lines[0].ID, 2, purchase.Lines[0].ID, purchase.Lines[0].ID)
	refused(t, "fed twice by one line", err, models.CodeInvalid, "fed_by[1].purchase_line_id")
	got, err = feed(sales.ID, sales.Lines[0].ID, 2)
	if err != nil || len(got.Lines[0].FedBy) != 0 || len(got.Warnings) != 0 {
		t.Errorf("after the link's end: %+v, %v", got, err)
	}
}

func TestLotsRefused(t *testing.T) {
	db := databasetest.Open(t)
	purchase := contractstest.MustPurchase(t, db)
	sales := contractstest.MustSales(t, db, purchase)
	line := purchase.Lines[0].ID
	contractstest.MustLot(t, db, line, func(in *contracts.LotInput) {
		in.Batch, in.Quantity, in.Cartons, in.PerCarton, in.CartonFrom, in.CartonTo = "2604-A", models.Pieces(600), 50, 12, 0, 0
	})
	good := contracts.LotInput{Batch: "2604-B", Quantity: models.Pieces(12000)}
	for _, test := range []struct {
		name   string
		code   models.Code
		field  string
		line   models.ID
		by     models.Actor
		change func(*contracts.LotInput)
	}{
		{"larger than the line allows", models.CodeInvalid, "quantity", line, system, func(in *contracts.LotInput) { in.Quantity = models.Pieces(12000) + 1 }},
		{"batch in use", models.CodeConflict, "batch", line, system, func(in *contracts.LotInput) { in.Batch = "2604-a" }},
		{"no quantity", models.CodeInvalid, "quantity", line, system, func(in *contracts.LotInput) { in.Quantity = 0 }},
		{"cartons too many", models.CodeInvalid, "cartons", line, system, func(in *contracts.LotInput) { in.Cartons, in.PerCarton = 1001, 12 }},
		{"cartons too few", models.CodeInvalid, "cartons", line, system, func(in *contracts.LotInput) { in.Cartons, in.PerCarton = 999, 12 }},
		{"carton numbers that don't count", models.CodeInvalid, "carton_to", line, system, func(in *contracts.LotInput) { in.Cartons, in.PerCarton, in.CartonFrom, in.CartonTo = 1000, 12, 1, 999 }},
		{"carton numbers backwards", models.CodeInvalid, "carton_to", line, system, func(in *contracts.LotInput) { in.CartonFrom, in.CartonTo = 9, 1 }},
		{"half a range", models.CodeInvalid, "carton_to", line, system, func(in *contracts.LotInput) { in.CartonFrom = 9 }},
		{"dates backwards", models.CodeInvalid, "produced_to", line, system, func(in *contracts.LotInput) { in.ProducedFrom, in.ProducedTo = "2026-04-02", "2026-04-01" }},
		{"sales line", models.CodeInvalid, "line_id", sales.Lines[0].ID, system, func(*contracts.LotInput) {}},
		{"no line", models.CodeNotFound, "", models.NewID(), system, func(*contracts.LotInput) {}},
		{"by sales", models.CodeForbidden, "", line, act(models.Sales), func(*contracts.LotInput) {}},
	} {
		in := good
		test.change(&in)
		_, err := try(t, db, func(tx *gorm.DB) (*models.Lot, error) {
			return contracts.CreateLot(t.Context(), tx, test.by, test.line, in)
		})
		refused(t, test.name, err, test.code, test.field)
	}
	good.ID, good.Cartons, good.PerCarton = new(models.NewID()), 1001, 12
	good.Quantity = models.Pieces(12000)
	good.Cartons = 1000
	create := func(tx *gorm.DB) (*models.Lot, error) {
		return contracts.CreateLot(t.Context(), tx, act(models.Inspector), line, good)
	}
	lot := must(t, db, create) // 600 + 12000 = 12000 × 1.05
	if again := must(t, db, create); again.ID != lot.ID {
		t.Error("the same lot again is another record")
	}
	changed := must(t, db, func(tx *gorm.DB) (*models.Lot, error) {
		return contracts.UpdateLot(t.Context(), tx, system, lot.ID, 1, contracts.LotPatch{Quantity: new(models.Pieces(11989)), Batch: new("2604-C")})
	})
	if changed.Quantity != models.Pieces(11989) || changed.Version != 2 {
		t.Errorf("changed lot = %+v", changed)
	}
	_, err := try(t, db, func(tx *gorm.DB) (*models.Lot, error) {
		return contracts.UpdateLot(t.Context(), tx, system, lot.ID, 2, contracts.LotPatch{Quantity: new(models.Pieces(13000)), Cartons: new(0)})
	})
	refused(t, "raised above the line", err, models.CodeInvalid, "quantity")
	found := view(t, db, func(tx *gorm.DB) (*models.Lot, error) {
		return contracts.LotByBatch(t.Context(), tx, system, line, "2604-c")
	})
	if found.ID != lot.ID {
		t.Errorf("LotByBatch = %v, want %v", found.ID, lot.ID)
	}
}

// TestLotsAtOneMoment enters ten lots of which the line lets four through.
func TestLotsAtOneMoment(t *testing.T) {
	db := databasetest.Open(t)
	line := contractstest.MustPurchase(t, db).Lines[0].ID
	var wait sync.WaitGroup
	for range 10 {
		wait.Go(func() {
			_ = db.Tx(t.Context(), func(tx *gorm.DB) error {
				_, err := contracts.CreateLot(t.Context(), tx, system, line, contracts.LotInput{Batch: models.NewID().String(), Quantity: models.Pieces(3000)})
				return err
			})
		})
	}
	wait.Wait()
	var sum models.Quantity
	if err := db.Read.Raw("SELECT COALESCE(SUM(quantity), 0) FROM lots").Scan(&sum).Error; err != nil {
		t.Fatal(err)
	}
	if sum > models.Pieces(12600) || sum < models.Pieces(3000) {
		t.Errorf("the lots hold %s, want at most 12600 and something", sum)
	}
}
