package server

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"recourse/contracts"
	"recourse/contracts/contractstest"
	"recourse/models"
	"recourse/sheets"
)

// rowsOf are the rows of a CSV as it was sent.
func rowsOf(t *testing.T, r reply) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(r.body), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// cell is what stands in a column of the first row below the titles.
func cell(rows [][]string, name string) string {
	for i, text := range rows[0] {
		if text == name {
			return rows[1][i]
		}
	}
	return "no column " + name
}

func TestExportsOverHTTP(t *testing.T) {
	s := newSite(t)
	buyer, inspector, viewer := s.as(t, models.Purchasing), s.as(t, models.Inspector), s.as(t, models.Viewer)
	purchase := contractstest.MustPurchase(t, s.DB)
	lot := contractstest.MustLot(t, s.DB, purchase.Lines[0].ID)
	sales := contractstest.MustSales(t, s.DB, purchase)
	contractstest.MustShipment(t, s.DB, sales, lot)
	evil := contractstest.MustSupplier(t, s.DB, func(in *contracts.PartyInput) { in.Name.ZH = "=cmd|'/c calc'!A1" })
	for _, route := range sheetRoutes() {
		if !strings.HasPrefix(route.Path, "/api/v1/exports/") {
			continue
		}
		for _, format := range []string{"csv", "xlsx"} {
			r := buyer.want(200, "GET", route.Path+"?lang=zh&format="+format, nil, nil)
			if how := r.header.Get("Content-Disposition"); !strings.HasPrefix(how, "attachment") || !strings.Contains(how, "2026-04-20."+format) {
				t.Errorf("GET %s sends %q, want an attachment named after the day", route.Path, how)
			}
		}
	}
	const parties, contractsPath = "/api/v1/exports/parties?format=csv&lang=zh", "/api/v1/exports/contracts?format=csv&lang=en"
	if rows := rowsOf(t, viewer.want(200, "GET", parties+"&code="+evil.Code, nil, nil)); len(rows) != 2 || rows[1][2] != "'=cmd|'/c calc'!A1" || rows[0][1] != "代码" {
		t.Errorf("exported party = %q, want one, made safe", rows)
	}
	rows := rowsOf(t, buyer.want(200, "GET", contractsPath+"&kind=sales", nil, nil))
	for name, want := range map[string]string{"Contract number": sales.Number, "Kind": "Sales contract", "Fed by": purchase.Number + "/1", "Quantity": "12000", "Unit price": "1.45", "Incoterm": "CIF Hamburg", "Survey report": "yes"} {
		if got := cell(rows, name); len(rows) != 2 || got != want {
			t.Errorf("exported %s = %q of %d rows, want %q of one", name, got, len(rows)-1, want)
		}
	}
	if got := cell(rowsOf(t, inspector.want(200, "GET", contractsPath+"&kind=sales", nil, nil)), "Unit price"); got != "" {
		t.Errorf("an inspector exports the price %q, want none", got)
	}
	stranger := s.salesOf(t, contractstest.MustCustomer(t, s.DB).ID)
	for _, list := range []string{"contracts", "lots", "shipments", "inspections", "claims", "debit-notes", "recovery-cases", "corrective-actions"} {
		if rows := rowsOf(t, stranger.want(200, "GET", "/api/v1/exports/"+list+"?format=csv", nil, nil)); len(rows) != 1 {
			t.Errorf("who sees other customers only exports %d rows of %s, want none", len(rows)-1, list)
		}
	}
	for _, b := range []bad{
		{"debit notes by an inspector", inspector, "GET", "/api/v1/exports/debit-notes", nil, nil, 403, ""},
		{"unknown format", buyer, "GET", "/api/v1/exports/parties?format=pdf", nil, nil, 400, "format"},
		{"unknown language", buyer, "GET", "/api/v1/exports/parties?lang=de", nil, nil, 400, "lang"},
		{"unknown filter", buyer, "GET", "/api/v1/exports/parties?name=x", nil, nil, 400, "name"},
		{"a page", buyer, "GET", "/api/v1/exports/parties?limit=5", nil, nil, 400, "limit"},
	} {
		b.check(t, s)
	}
}

func TestImportOverHTTP(t *testing.T) {
	s := newSite(t)
	buyer, seller := s.as(t, models.Purchasing), s.as(t, models.Sales)
	supplier, product, standard := contractstest.MustSupplier(t, s.DB), contractstest.MustProduct(t, s.DB), contractstest.MustStandard(t, s.DB)
	const path = "/api/v1/imports/purchase_contracts"
	sheet := func(quantity string) []byte {
		return fmt.Appendf(nil, "\ufeff合同号,对方代码,币种,行号,商品代码,数量,质量标准\r\nPC-1,%s,CNY,1,%s,１２００,%s\r\nPC-2,%[1]s,CNY,1,%[2]s,%[4]s,%[3]s\r\n", supplier.Code, product.Code, standard.Code, quantity)
	}
	if r := buyer.want(200, "GET", path+"/template", nil, nil); !strings.HasPrefix(string(r.body), "PK") {
		t.Errorf("the template begins with %q, want a workbook", r.body[:4])
	}
	var p sheets.Preview
	buyer.want(200, "POST", path+"?dry_run=1", sheet("1 200"), &p)
	if p.Stored || len(p.Errors) != 1 || p.Errors[0].Row != 3 || p.Errors[0].Column != "数量" {
		t.Errorf("preview = %+v, want row 3, column 数量 refused", p)
	}
	for _, b := range []bad{
		{"a sheet with an error", buyer, "POST", path, sheet("1 200"), nil, 422, ""},
		{"by sales", seller, "POST", path, sheet("5"), nil, 403, ""},
		{"unknown parameter", buyer, "POST", path + "?dry=1", sheet("5"), nil, 400, "dry"},
		{"parameter of another form", buyer, "POST", path + "?dry_run=maybe", sheet("5"), nil, 400, "dry_run"},
		{"no sheet", buyer, "POST", path, []byte("PK nothing"), nil, 422, ""},
		{"too large", buyer, "POST", path, make([]byte, sheets.MaxFile+1), nil, 413, ""},
	} {
		b.check(t, s)
	}
	var refused Problem
	buyer.want(422, "POST", path, sheet("1 200"), &refused)
	if text, _ := json.Marshal(refused.Current["errors"]); !strings.Contains(string(text), `"row":3`) {
		t.Errorf("the refusal holds %s, want the errors by row", text)
	}
	p = sheets.Preview{}
	buyer.want(200, "POST", path, sheet("5"), &p)
	if !p.Stored || len(p.Contracts) != 2 || p.Contracts[0].ID == nil {
		t.Errorf("import = %+v, want two contracts stored", p)
	}
	buyer.want(200, "GET", "/api/v1/contracts/"+p.Contracts[0].ID.String(), nil, nil)
}

// TestImportClaimsOverHTTP: sales enters a customer's list of claims; the same
// file under the same key has one effect.
func TestImportClaimsOverHTTP(t *testing.T) {
	s, sales, _ := claimSite(t)
	seller, buyer := s.as(t, models.Sales), s.as(t, models.Purchasing)
	const path = "/api/v1/imports/claims"
	sheet := func(quantity string) []byte {
		return fmt.Appendf(nil, "\ufeff客户索赔编号,销售合同号,收到日期,理由,合同行号,索赔数量,索赔金额,币种,验货时可见\r\nR-1,%s,2026年6月30日,品质不符,1,１２００,1740,USD,是\r\nR-2,%[1]s,2026/6/30,quantity,1,%s,72.50,USD,no\r\n", sales.Number, quantity)
	}
	if r := seller.want(200, "GET", path+"/template", nil, nil); !strings.HasPrefix(string(r.body), "PK") {
		t.Errorf("the template begins with %q, want a workbook", r.body[:4])
	}
	var p sheets.ClaimsPreview
	seller.want(200, "POST", path+"?dry_run=true", sheet("11000"), &p)
	if p.Stored || len(p.Errors) != 1 || p.Errors[0].Row != 3 || p.Errors[0].Column != "索赔数量" {
		t.Errorf("preview = %+v, want row 3, column 索赔数量 refused: 12200 of 12000", p)
	}
	bad{"a sheet with an error", seller, "POST", path, sheet("11000"), []string{"Idempotency-Key", "list-1"}, 422, ""}.check(t, s)
	bad{"by purchasing", buyer, "POST", path, sheet("5"), nil, 403, ""}.check(t, s)
	var first, again sheets.ClaimsPreview
	seller.want(200, "POST", path, sheet("50"), &first, "Idempotency-Key", "list-1")
	seller.want(200, "POST", path, sheet("50"), &again, "Idempotency-Key", "list-1")
	if !first.Stored || len(first.Claims) != 2 || again.Claims[1].Number != first.Claims[1].Number {
		t.Errorf("import = %+v, again = %+v, want two claims and the same answer", first, again)
	}
	bad{"another sheet under the key", seller, "POST", path, sheet("51"), []string{"Idempotency-Key", "list-1"}, 422, "Idempotency-Key"}.check(t, s)
	bad{"the sheet again", seller, "POST", path, sheet("50"), []string{"Idempotency-Key", "list-2"}, 422, ""}.check(t, s)
	rows := rowsOf(t, seller.want(200, "GET", "/api/v1/exports/claims?format=csv&lang=zh", nil, nil))
	if len(rows) != 3 {
		t.Fatalf("%d claims are stored, want the two of the sheet", len(rows)-1)
	}
	for name, want := range map[string]string{"状态": "已收到", "理由": "数量", "数量": "50", "答复": "", "索赔金额": "72.50"} {
		if got := cell(rows, name); got != want {
			t.Errorf("exported %s = %q, want %q", name, got, want)
		}
	}
}
