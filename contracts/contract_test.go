package contracts_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"recourse/contracts"
	"recourse/contracts/contractstest"
	"recourse/database"
	"recourse/database/databasetest"
	"recourse/models"
)

// purchaseInput is a purchase contract that can be created.
func purchaseInput(t testing.TB, db *database.DB) contracts.ContractInput {
	t.Helper()
	return contracts.ContractInput{
		Kind: models.PurchaseContract, Number: models.NewID().String(), Currency: "CNY", PartyID: contractstest.MustSupplier(t, db).ID,
		Lines: []contracts.LineInput{{LineNo: 1, ProductID: contractstest.MustProduct(t, db).ID, Quantity: models.Pieces(100), StandardID: &contractstest.MustStandard(t, db).ID}},
	}
}

func TestContractsRefused(t *testing.T) {
	db := databasetest.Open(t)
	base := purchaseInput(t, db)
	other := contractstest.MustPurchase(t, db)
	customer := contractstest.MustCustomer(t, db)
	unready, err := draft(t, db, contractstest.CeilingStandard())
	if err != nil {
		t.Fatal(err)
	}
	d := models.MustDecimal
	type input = contracts.ContractInput
	tests := []struct {
		name   string
		code   models.Code
		field  string
		change func(*input)
	}{
		{"number in use", models.CodeConflict, "number", func(in *input) { in.Number = other.Number }},
		{"no party", models.CodeInvalid, "party_id", func(in *input) { in.PartyID = models.NewID() }},
		{"purchase from a customer", models.CodeInvalid, "party_id", func(in *input) { in.PartyID = customer.ID }},
		{"sale to a supplier", models.CodeInvalid, "party_id", func(in *input) { in.Kind = models.SalesContract }},
		{"currency", models.CodeInvalid, "currency", func(in *input) { in.Currency = "RMB" }},
		{"days from nothing", models.CodeInvalid, "claim_clause.from", func(in *input) { in.ClaimClause.QualityDays = new(30) }},
		{"document in words", models.CodeInvalid, "required_documents[0]", func(in *input) { in.RequiredDocuments = []string{"Bill of lading"} }},
		{"document twice", models.CodeInvalid, "required_documents[1]", func(in *input) { in.RequiredDocuments = []string{"invoice", "invoice"} }},
		{"line twice", models.CodeInvalid, "lines[1].line", func(in *input) { in.Lines = append(in.Lines, in.Lines[0]) }},
		{"no product", models.CodeInvalid, "lines[0].product_id", func(in *input) { in.Lines[0].ProductID = models.NewID() }},
		{"no standard", models.CodeInvalid, "lines[0].standard_id", func(in *input) { in.Lines[0].StandardID = nil }},
		{"unknown standard", models.CodeInvalid, "lines[0].standard_id", func(in *input) { in.Lines[0].StandardID = new(models.NewID()) }},
		{"draft standard", models.CodeConflict, "lines[0].standard_id", func(in *input) { in.Lines[0].StandardID = &unready.ID }},
		{"no quantity", models.CodeInvalid, "lines[0].quantity", func(in *input) { in.Lines[0].Quantity = 0 }},
		{"negative tolerance", models.CodeInvalid, "lines[0].tolerance_percent", func(in *input) { in.Lines[0].TolerancePercent = d("-1") }},
		{"huge tolerance", models.CodeInvalid, "lines[0].tolerance_percent", func(in *input) { in.Lines[0].TolerancePercent = d("50.1") }},
		{"negative price", models.CodeInvalid, "lines[0].unit_price", func(in *input) { in.Lines[0].UnitPrice = d("-0.01") }},
		{"fed purchase", models.CodeInvalid, "lines[0].fed_by", func(in *input) { in.Lines[0].FedBy = []models.LineLink{{PurchaseLineID: other.Lines[0].ID}} }},
		{"fed by nothing", models.CodeInvalid, "lines[0].fed_by[0].purchase_line_id", func(in *input) {
			in.Kind, in.PartyID = models.SalesContract, customer.ID
			in.Lines[0].FedBy = []models.LineLink{{PurchaseLineID: models.NewID()}}
		}},
		{"line of another contract", models.CodeConflict, "", func(in *input) { in.Lines[0].ID = &other.Lines[0].ID }},
	}
	for _, test := range tests {
		in := base
		in.Lines = []contracts.LineInput{base.Lines[0]}
		test.change(&in)
		_, err := try(t, db, func(tx *gorm.DB) (*contracts.Entered, error) {
			return contracts.CreateContract(t.Context(), tx, system, in)
		})
		refused(t, test.name, err, test.code, test.field)
	}
	_, err = try(t, db, func(tx *gorm.DB) (*contracts.Entered, error) {
		return contracts.CreateContract(t.Context(), tx, act(models.Sales), base)
	})
	refused(t, "purchase by sales", err, models.CodeForbidden, "")
}

func TestContractHead(t *testing.T) {
	db := databasetest.Open(t)
	c := contractstest.MustPurchase(t, db)
	patch := contracts.ContractPatch{
		Number: new("pc ９"), Remark: new("x"), LatestShipment: new(models.Date("2026-05-01")),
		RequiredDocuments: &[]string{"packing_list"}, ClaimClause: &models.ClaimClause{OtherDays: new(5), From: "loading"},
	}
	got := must(t, db, func(tx *gorm.DB) (*contracts.Entered, error) {
		return contracts.UpdateContract(t.Context(), tx, act(models.Purchasing), c.ID, 1, patch)
	})
	stored := view(t, db, func(tx *gorm.DB) (*models.Contract, error) {
		return contracts.ContractByNumber(t.Context(), tx, system, models.PurchaseContract, "PC 9")
	})
	if diff := cmp.Diff(&got.Contract, stored, exact); diff != "" || stored.Version != 2 || stored.RequiredDocuments[0] != "packing_list" || *stored.ClaimClause.OtherDays != 5 {
		t.Errorf("stored %+v; differs from the reply by %s", stored, diff)
	}
	closed := must(t, db, func(tx *gorm.DB) (*contracts.Entered, error) {
		return contracts.CloseContract(t.Context(), tx, system, c.ID, 2)
	})
	if closed.ClosedAt == nil {
		t.Error("ClosedAt isn't set")
	}
	_, err := try(t, db, func(tx *gorm.DB) (*contracts.Entered, error) {
		return contracts.UpdateContract(t.Context(), tx, system, c.ID, 3, patch)
	})
	refused(t, "change of a closed contract", err, models.CodeConflict, "")
	_, err = try(t, db, func(tx *gorm.DB) (*models.Lot, error) {
		return contracts.CreateLot(t.Context(), tx, system, c.Lines[0].ID, contracts.LotInput{Batch: "1", Quantity: 1})
	})
	refused(t, "lot of a closed contract", err, models.CodeConflict, "line_id")
	must(t, db, func(tx *gorm.DB) (*contracts.Entered, error) {
		return contracts.ReopenContract(t.Context(), tx, system, c.ID, 3)
	})
	_, err = try(t, db, func(tx *gorm.DB) (*contracts.Entered, error) {
		return contracts.ReopenContract(t.Context(), tx, system, c.ID, 4)
	})
	refused(t, "reopening an open one", err, models.CodeConflict, "closed_at")
}

func TestPricesAreForThoseWhoNeedThem(t *testing.T) {
	db := databasetest.Open(t)
	c := contractstest.MustPurchase(t, db)
	for _, test := range []struct {
		role models.Role
		want string
	}{{models.Inspector, ""}, {models.Viewer, ""}, {models.Purchasing, "6.80"}, {models.Sales, "6.80"}, {models.Finance, "6.80"}, {models.Admin, "6.80"}} {
		by := act(test.role)
		got := view(t, db, func(tx *gorm.DB) (*models.Contract, error) { return contracts.GetContract(t.Context(), tx, by, c.ID) })
		page := view(t, db, func(tx *gorm.DB) (database.Page[models.Contract], error) {
			return contracts.ListContracts(t.Context(), tx, by, database.Query{})
		})
		line := view(t, db, func(tx *gorm.DB) (*models.ContractLine, error) {
			l, _, err := contracts.LineByNumber(t.Context(), tx, by, c.Kind, c.Number, 1)
			return l, err
		})
		for _, l := range []models.ContractLine{got.Lines[0], page.Items[0].Lines[0], *line} {
			if l.UnitPrice.String() != test.want {
				t.Errorf("%s sees the price %q, want %q", test.role, l.UnitPrice, test.want)
			}
		}
	}
}

func TestOwnCustomersOnly(t *testing.T) {
	db := databasetest.Open(t)
	user := contractstest.MustUser(t, db, []models.Role{models.Sales}, func(u *models.User) { u.OwnOnly = true })
	own := contractstest.Actor(user)
	mine := contractstest.MustCustomer(t, db, func(in *contracts.PartyInput) { in.OwnerID = &user.ID })
	type chain struct {
		purchase, sales *models.Contract
		lot             *models.Lot
		shipment        *models.Shipment
	}
	make := func(change ...func(*contracts.ContractInput)) chain {
		c := chain{purchase: contractstest.MustPurchase(t, db)}
		c.sales = contractstest.MustSales(t, db, c.purchase, change...)
		c.lot = contractstest.MustLot(t, db, c.purchase.Lines[0].ID)
		c.shipment = contractstest.MustShipment(t, db, c.sales, c.lot)
		return c
	}
	seen := make(func(in *contracts.ContractInput) { in.PartyID = mine.ID })
	hidden := make()
	ask := func(f func(tx *gorm.DB) error) error {
		return db.View(t.Context(), f)
	}
	for _, c := range []struct {
		chain
		want models.Code
	}{{seen, ""}, {hidden, models.CodeNotFound}} {
		for name, get := range map[string]func(tx *gorm.DB) error{
			"customer": func(tx *gorm.DB) error {
				_, err := contracts.GetParty(t.Context(), tx, own, c.sales.PartyID)
				return err
			},
			"sales": func(tx *gorm.DB) error { _, err := contracts.GetContract(t.Context(), tx, own, c.sales.ID); return err },
			"purchase": func(tx *gorm.DB) error {
				_, err := contracts.GetContract(t.Context(), tx, own, c.purchase.ID)
				return err
			},
			"line": func(tx *gorm.DB) error {
				_, _, err := contracts.Line(t.Context(), tx, own, c.purchase.Lines[0].ID)
				return err
			},
			"lot": func(tx *gorm.DB) error { _, err := contracts.GetLot(t.Context(), tx, own, c.lot.ID); return err },
			"shipment": func(tx *gorm.DB) error {
				_, err := contracts.GetShipment(t.Context(), tx, own, c.shipment.ID)
				return err
			},
			"warnings": func(tx *gorm.DB) error { _, err := contracts.Warnings(t.Context(), tx, own, c.sales.ID); return err },
			"by number": func(tx *gorm.DB) error {
				_, err := contracts.ContractByNumber(t.Context(), tx, own, models.SalesContract, c.sales.Number)
				return err
			},
			"document": func(tx *gorm.DB) error {
				_, err := contracts.DocumentOf(t.Context(), tx, own, c.shipment.ID, "bill_of_lading")
				return err
			},
		} {
			err := ask(get)
			if c.want == "" && err != nil || c.want != "" && !models.IsCode(err, c.want) {
				t.Errorf("%s of a customer: %v, want code %q", name, err, c.want)
			}
		}
	}
	counts := map[string]int{}
	err := ask(func(tx *gorm.DB) error {
		parties, err := contracts.ListParties(t.Context(), tx, own, database.Query{Filters: map[string]string{"kind": "customer"}})
		if err != nil {
			return err
		}
		all, err := contracts.ListContracts(t.Context(), tx, own, database.Query{})
		if err != nil {
			return err
		}
		lots, err := contracts.ListLots(t.Context(), tx, own, database.Query{})
		if err != nil {
			return err
		}
		shipments, err := contracts.ListShipments(t.Context(), tx, own, database.Query{})
		counts["customers"], counts["contracts"], counts["lots"], counts["shipments"] = len(parties.Items), len(all.Items), len(lots.Items), len(shipments.Items)
		return err
	})
	if want := map[string]int{"customers": 1, "contracts": 2, "lots": 1, "shipments": 1}; err != nil || !cmp.Equal(counts, want) {
		t.Errorf("lists hold %v, %v, want %v", counts, err, want)
	}
	in := contracts.ContractPatch{Remark: new("x")}
	_, err = try(t, db, func(tx *gorm.DB) (*contracts.Entered, error) {
		return contracts.UpdateContract(t.Context(), tx, own, hidden.sales.ID, 1, in)
	})
	refused(t, "change of a foreign contract", err, models.CodeNotFound, "")
	_, err = try(t, db, func(tx *gorm.DB) (*contracts.Entered, error) {
		return contracts.FeedLine(t.Context(), tx, own, seen.sales.ID, seen.sales.Lines[0].ID, 1, contracts.FeedInput{FedBy: []models.LineLink{{PurchaseLineID: hidden.purchase.Lines[0].ID}}})
	})
	refused(t, "link to a foreign purchase", err, models.CodeInvalid, "fed_by[0].purchase_line_id")
	created := must(t, db, func(tx *gorm.DB) (*models.Party, error) {
		return contracts.CreateParty(t.Context(), tx, own, contracts.PartyInput{Kind: models.PartyCustomer, Code: "NEW", Name: models.Text{EN: "n"}})
	})
	if created.OwnerID == nil || *created.OwnerID != user.ID {
		t.Errorf("owner = %v, want who entered it", created.OwnerID)
	}
}

func TestListsCostConstantStatements(t *testing.T) {
	db := databasetest.Open(t)
	purchase := contractstest.MustPurchase(t, db)
	sales := contractstest.MustSales(t, db, purchase)
	contractstest.MustShipment(t, db, sales)
	lists := map[string]func(tx *gorm.DB) error{
		"contracts": func(tx *gorm.DB) error {
			_, err := contracts.ListContracts(t.Context(), tx, system, database.Query{})
			return err
		},
		"shipments": func(tx *gorm.DB) error {
			_, err := contracts.ListShipments(t.Context(), tx, system, database.Query{})
			return err
		},
		"parties": func(tx *gorm.DB) error {
			_, err := contracts.ListParties(t.Context(), tx, system, database.Query{})
			return err
		},
		"products": func(tx *gorm.DB) error {
			_, err := contracts.ListProducts(t.Context(), tx, system, database.Query{})
			return err
		},
		"standards": func(tx *gorm.DB) error {
			_, err := contracts.ListStandards(t.Context(), tx, system, database.Query{})
			return err
		},
		"lots": func(tx *gorm.DB) error {
			_, err := contracts.ListLots(t.Context(), tx, system, database.Query{})
			return err
		},
	}
	few := map[string]int{}
	for name, list := range lists {
		few[name] = statements(t, db, list)
	}
	for range 8 {
		contractstest.MustShipment(t, db, contractstest.MustSales(t, db, contractstest.MustPurchase(t, db)))
	}
	for name, list := range lists {
		if many := statements(t, db, list); many != few[name] || many > 4 {
			t.Errorf("a list of %s costs %d statements, with few rows %d", name, many, few[name])
		}
	}
	if want := map[string]int{"contracts": 3, "shipments": 4, "parties": 1, "products": 1, "standards": 1, "lots": 1}; !cmp.Equal(few, want) {
		t.Errorf("statements = %v, want %v", few, want)
	}
}

func TestContractFilters(t *testing.T) {
	db := databasetest.Open(t)
	purchase := contractstest.MustPurchase(t, db)
	sales := contractstest.MustSales(t, db, purchase)
	for _, test := range []struct {
		filter, text string
		want         int
	}{
		{"kind", "sales", 1}, {"party_id", purchase.PartyID.String(), 1}, {"number", sales.Number, 1}, {"closed", "false", 2}, {"closed", "true", 0},
		{"product_id", purchase.Lines[0].ProductID.String(), 2}, {"standard_id", purchase.Lines[0].StandardID.String(), 1},
		{"q", "jinzhou", 1}, {"q", sales.Number[:8], 1}, {"q", "汉堡", 1},
	} {
		page := view(t, db, func(tx *gorm.DB) (database.Page[models.Contract], error) {
			return contracts.ListContracts(t.Context(), tx, system, database.Query{Filters: map[string]string{test.filter: test.text}})
		})
		if len(page.Items) != test.want {
			t.Errorf("ListContracts(%s=%s) finds %d, want %d", test.filter, test.text, len(page.Items), test.want)
		}
	}
}
