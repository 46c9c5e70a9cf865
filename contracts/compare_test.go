package contracts_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"recourse/contracts"
	"recourse/contracts/contractstest"
	"recourse/database/databasetest"
	"recourse/models"
)

// deal is a sale with a purchase that feeds it, as records alone.
type deal struct {
	sales, purchases []models.Contract
	sold, bought     *models.StandardContent
}

// newDeal is one line each, of the same product and terms, each with a standard of its own.
func newDeal() deal {
	product := models.NewID()
	sold, bought := models.Standard{ID: models.NewID(), Content: contractstest.CeilingStandard()}, models.Standard{ID: models.NewID(), Content: contractstest.CeilingStandard()}
	line := func(standard *models.ID) models.ContractLine {
		return models.ContractLine{ID: models.NewID(), LineNo: 1, ProductID: product, Quantity: models.Pieces(12000), Unit: "sheet",
			TolerancePercent: models.MustDecimal("5"), StandardID: standard, Attributes: map[string]string{}}
	}
	purchase := models.Contract{ID: models.NewID(), Kind: models.PurchaseContract, Number: "PC", Lines: []models.ContractLine{line(&bought.ID)}}
	sale := models.Contract{ID: models.NewID(), Kind: models.SalesContract, Number: "SC", Lines: []models.ContractLine{line(&sold.ID)}}
	sale.Lines[0].FedBy = []models.LineLink{{SalesLineID: sale.Lines[0].ID, PurchaseLineID: purchase.Lines[0].ID}}
	return deal{[]models.Contract{sale}, []models.Contract{purchase}, &sold.Content, &bought.Content}
}

func (d deal) compare() []contracts.Warning {
	standards := map[models.ID]models.Standard{}
	for _, side := range []struct {
		contract models.Contract
		content  *models.StandardContent
	}{{d.sales[0], d.sold}, {d.purchases[0], d.bought}} {
		if id := side.contract.Lines[0].StandardID; id != nil {
			standards[*id] = models.Standard{ID: *id, Content: *side.content}
		}
	}
	return contracts.Compare(d.sales, d.purchases, standards)
}

func TestCompare(t *testing.T) {
	num := models.MustDecimal
	tests := []struct {
		name   string
		change func(d *deal)
		want   []string // code, then what the warning names
	}{
		{"equal", func(*deal) {}, nil},
		{"bought tighter", func(d *deal) {
			d.bought.Characteristics[0].Lower, d.bought.Characteristics[1].MeanUpper = num("594"), num("7.6")
			d.bought.Sampling.Classes[1].AQL, d.bought.Sampling.Level = "1.0", "III"
			d.bought.Defects[4].Class = models.Major
			d.purchases[0].Lines[0].TolerancePercent, d.purchases[0].Lines[0].Quantity = num("3"), models.Pieces(13000)
			d.purchases[0].ClaimClause = models.ClaimClause{QualityDays: new(30), From: "arrival"}
			d.sales[0].ClaimClause = models.ClaimClause{QualityDays: new(30), From: "arrival"}
		}, nil},
		{"no link", func(d *deal) {
			d.sales[0].Lines[0].FedBy = nil
			d.purchases[0].Lines[0].TolerancePercent = num("10")
		}, nil},
		{"one standard for both", func(d *deal) {
			d.sales[0].Lines[0].StandardID = d.purchases[0].Lines[0].StandardID
			d.bought.Characteristics = nil
		}, nil},
		{"lower limit", func(d *deal) { d.bought.Characteristics[0].Lower = num("592") }, []string{"limit_wider LEN lower"}},
		{"equal limit in other digits", func(d *deal) { d.bought.Characteristics[0].Lower = num("593.0") }, nil},
		{"upper limit missing", func(d *deal) { d.bought.Characteristics[1].Upper = models.Decimal{} }, []string{"limit_wider THK upper"}},
		{"mean limits", func(d *deal) {
			d.bought.Characteristics[3].MeanLower, d.bought.Characteristics[4].MeanUpper = num("146.9"), models.Decimal{}
		}, []string{"limit_wider BRK mean_lower", "limit_wider MOI mean_upper"}},
		{"other unit", func(d *deal) { d.bought.Characteristics[0].Unit = "cm" }, []string{"unit_differs LEN"}},
		{"characteristic missing", func(d *deal) { d.bought.Characteristics = d.bought.Characteristics[1:] }, []string{"characteristic_missing LEN"}},
		{"code in another case", func(d *deal) { d.bought.Characteristics[0].Code = "len" }, nil},
		{"characteristic only optional", func(d *deal) { d.bought.Characteristics[2].Optional = true }, []string{"characteristic_missing SQR"}},
		{"missing but optional in the sale", func(d *deal) {
			d.sold.Characteristics[0].Optional = true
			d.bought.Characteristics = d.bought.Characteristics[1:]
		}, nil},
		{"applies to other goods only", func(d *deal) { d.bought.Characteristics[0].Applies = map[string]string{"thickness": "9.5"} }, []string{"characteristic_missing LEN"}},
		{"class of a characteristic", func(d *deal) { d.bought.Characteristics[1].Class = models.Minor }, []string{"class_milder THK major", "aql_looser THK major"}},
		{"class of a defect", func(d *deal) { d.bought.Defects[6].Class = models.Major }, []string{"class_milder MLD critical"}},
		{"defect missing", func(d *deal) { d.bought.Defects = d.bought.Defects[1:] }, []string{"defect_missing COR"}},
		{"check missing", func(d *deal) {
			d.sold.Checks = []models.CheckItem{{Code: "marks", Section: "marks"}, {Code: "pallets", Section: "packing", Optional: true}}
		}, []string{"check_missing marks"}},
		{"AQL of a class", func(d *deal) { d.bought.Sampling.Classes[2].AQL = "6.5" }, []string{"aql_looser minor", "aql_looser SQR minor"}},
		{"not allowed against an AQL", func(d *deal) {
			d.bought.Sampling.Classes[0] = models.ClassRule{Class: models.Critical, Rule: models.RuleAQL, AQL: "0.010"}
		}, []string{"aql_looser critical"}},
		{"AQL against not allowed", func(d *deal) {
			d.sold.Sampling.Classes[0] = models.ClassRule{Class: models.Critical, Rule: models.RuleAQL, AQL: "0.010"}
		}, nil},
		{"level", func(d *deal) { d.bought.Sampling.Level = "I" }, []string{"aql_looser major", "aql_looser minor"}},
		{"level of one class", func(d *deal) { d.bought.Sampling.Classes[1].Level = "S-4" }, []string{"aql_looser major"}},
		{"class without a rule", func(d *deal) { d.bought.Sampling.Classes = d.bought.Sampling.Classes[:2] }, []string{"aql_looser minor", "sampling_differs SQR minor"}},
		{"own sample of a characteristic", func(d *deal) { d.bought.Characteristics[3].SampleSize = 4 }, []string{"aql_looser BRK major"}},
		{"own level of a characteristic", func(d *deal) { d.bought.Characteristics[0].Level = "S-1" }, []string{"aql_looser LEN major"}},
		{"every unit against a sample", func(d *deal) { d.sold.Characteristics[4].SampleSize, d.sold.Characteristics[4].All = 0, true }, []string{"aql_looser MOI major"}},
		{"fixed against AQL", func(d *deal) {
			d.bought.Characteristics[0].Level, d.bought.Characteristics[0].SampleSize = "", 5
		}, []string{"sampling_differs LEN major"}},
		{"other scheme", func(d *deal) { d.bought.Sampling.Scheme = "z1.4" }, []string{"sampling_differs"}},
		{"tolerance", func(d *deal) { d.purchases[0].Lines[0].TolerancePercent = num("5.5") }, []string{"tolerance_wider"}},
		{"tolerance against none", func(d *deal) { d.sales[0].Lines[0].TolerancePercent = models.Decimal{} }, []string{"tolerance_wider"}},
		{"too little bought", func(d *deal) { d.purchases[0].Lines[0].Quantity = models.Pieces(11999) }, []string{"quantity_short"}},
		{"bought by another unit", func(d *deal) {
			d.purchases[0].Lines[0].Quantity, d.purchases[0].Lines[0].Unit = models.Pieces(10), "pallet"
		}, []string{"unit_differs"}},
		{"other product", func(d *deal) { d.purchases[0].Lines[0].ProductID = models.NewID() }, []string{"product_differs"}},
		{"other thickness", func(d *deal) {
			d.sales[0].Lines[0].Attributes["thickness"], d.purchases[0].Lines[0].Attributes["thickness"] = "9.5", "7.5"
		}, []string{"attribute_differs thickness"}},
	}
	for _, test := range tests {
		d := newDeal()
		test.change(&d)
		var got []string
		for _, w := range d.compare() {
			got = append(got, strings.Join(strings.Fields(w.Code+" "+w.Characteristic+" "+string(w.Class)+" "+w.Field), " "))
			for _, text := range []string{w.Text.EN, w.Text.ZH} {
				if text == "" || strings.Contains(text, "%!") {
					t.Errorf("%s: text %+v isn't well formed", test.name, w.Text)
				}
			}
			if w.SalesContract != "SC" || w.PurchaseContract != "PC" || w.SalesLine != 1 || w.PurchaseLine != 1 {
				t.Errorf("%s: %+v doesn't name both lines", test.name, w)
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: Compare: %s", test.name, diff)
		}
	}
}

func TestCompareWindows(t *testing.T) {
	none := models.ClaimClause{}
	days := func(n int, from string) models.ClaimClause { return models.ClaimClause{QualityDays: &n, From: from} }
	for _, test := range []struct {
		name           string
		sale, purchase models.ClaimClause
		want           string
	}{
		{"the sale is silent", none, days(1, "delivery"), ""},
		{"both are silent", none, none, ""},
		{"the purchase is silent", days(30, "arrival"), none, contracts.WindowMissing},
		{"same start, same days", days(30, "arrival"), days(30, "arrival"), ""},
		{"same start, fewer days", days(30, "arrival"), days(29, "arrival"), contracts.WindowClosesFirst},
		{"earlier start, same days", days(30, "arrival"), days(30, "delivery"), contracts.WindowClosesFirst},
		{"earlier start, way covered", days(30, "arrival"), days(75, "delivery"), ""},
		{"earlier start, way not covered", days(30, "arrival"), days(74, "delivery"), contracts.WindowClosesFirst},
		{"from delivery to loading", days(30, "loading"), days(35, "delivery"), ""},
		{"from loading to receipt", days(10, "receipt"), days(56, "loading"), contracts.WindowClosesFirst},
		{"later start, same days", days(30, "delivery"), days(30, "arrival"), ""},
		{"later start, fewer days", days(30, "delivery"), days(29, "arrival"), contracts.WindowClosesFirst},
		{"no days at all", days(0, "arrival"), days(0, "arrival"), ""},
	} {
		d := newDeal()
		d.sales[0].ClaimClause, d.purchases[0].ClaimClause = test.sale, test.purchase
		got := ""
		for _, w := range d.compare() {
			got += w.Code
			if w.Reason != "quality" || strings.Contains(w.Text.EN+w.Text.ZH, "%!") || w.Text.ZH == "" {
				t.Errorf("%s: %+v, want the reason quality and texts", test.name, w)
			}
		}
		if got != test.want {
			t.Errorf("%s: Compare = %q, want %q", test.name, got, test.want)
		}
	}
}

// TestShortAcrossSales: two sales that share one purchase line are summed.
func TestShortAcrossSales(t *testing.T) {
	db := databasetest.Open(t)
	purchase := contractstest.MustPurchase(t, db)
	half := func(in *contracts.ContractInput) { in.Lines[0].Quantity = models.Pieces(6000) }
	first, second := contractstest.MustSales(t, db, purchase, half), contractstest.MustSales(t, db, purchase, half)
	codes := func(id models.ID) (codes []string) {
		warnings := view(t, db, func(tx *gorm.DB) ([]contracts.Warning, error) { return contracts.Warnings(t.Context(), tx, system, id) })
		for _, w := range warnings {
			codes = append(codes, strings.TrimSpace(w.Code+" "+w.Reason+" "+w.SalesContract))
		}
		return codes
	}
	window := func(c *models.Contract, reason string) string {
		return contracts.WindowClosesFirst + " " + reason + " " + c.Number
	}
	if diff := cmp.Diff([]string{window(first, "quality"), window(first, "quantity")}, codes(first.ID)); diff != "" {
		t.Errorf("12000 sold of 12000: %s", diff)
	}
	third := contractstest.MustSales(t, db, purchase, half)
	want := []string{window(second, "quality"), window(second, "quantity"), contracts.QuantityShort + "  " + second.Number}
	if diff := cmp.Diff(want, codes(second.ID)); diff != "" {
		t.Errorf("18000 sold of 12000: %s", diff)
	}
	if got := codes(purchase.ID); len(got) != 9 {
		t.Errorf("the purchase has the warnings %q, want those of %s, %s and %s", got, first.Number, second.Number, third.Number)
	}
}

func TestExampleCaseWarnings(t *testing.T) {
	db := databasetest.Open(t)
	purchase := contractstest.MustPurchase(t, db)
	sales := contractstest.MustSales(t, db, purchase)
	for _, c := range []*models.Contract{purchase, sales} {
		got := view(t, db, func(tx *gorm.DB) ([]contracts.Warning, error) {
			return contracts.Warnings(t.Context(), tx, system, c.ID)
		})
		if len(got) != 2 || got[0].Code != contracts.WindowClosesFirst || got[0].Reason != "quality" || got[1].Code != contracts.WindowClosesFirst || got[1].Reason != "quantity" {
			t.Errorf("Warnings(%s) = %+v, want the supplier's quality and quantity windows closing first", c.Kind, got)
		}
		if !strings.Contains(got[0].Text.EN, "45 days") || !strings.Contains(got[0].Text.ZH, "45 天") {
			t.Errorf("text %+v doesn't say what was assumed", got[0].Text)
		}
	}
}
