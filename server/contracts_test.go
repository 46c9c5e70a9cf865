package server

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"recourse/contracts"
	"recourse/contracts/contractstest"
	"recourse/database"
	"recourse/models"
)

// at is the version of any record, as If-Match.
func at(version int) []string { return []string{"If-Match", fmt.Sprintf(`"%d"`, version)} }

func TestPartiesOverHTTP(t *testing.T) {
	s := newSite(t)
	buyer, seller, inspector := s.as(t, models.Purchasing), s.as(t, models.Sales), s.as(t, models.Inspector)
	const path = "/api/v1/parties"
	supplier := `{"kind":"supplier","code":"JZ01","name":{"zh":"晋州装饰建材厂","en":""},"country":"CN"}`
	var p models.Party
	if r := buyer.want(201, "POST", path, supplier, &p); r.header.Get("ETag") != `"1"` {
		t.Errorf("ETag = %s, want version 1", r.header.Get("ETag"))
	}
	seller.want(201, "POST", path, `{"kind":"customer","code":"HH02","name":{"zh":"","en":"Hamburg"}}`, nil)
	one := path + "/" + p.ID.String()
	for _, b := range []bad{
		{"supplier by sales", seller, "POST", path, supplier, nil, 403, ""},
		{"supplier by an inspector", inspector, "POST", path, supplier, nil, 403, ""},
		{"code in use", buyer, "POST", path, strings.Replace(supplier, "JZ01", "jz０1", 1), nil, 409, "code"},
		{"unknown kind", buyer, "POST", path, strings.Replace(supplier, `"supplier"`, `"vendor"`, 1), nil, 422, "kind"},
		{"a column that isn't input", buyer, "POST", path, strings.Replace(supplier, `"code"`, `"version":9,"code"`, 1), nil, 400, "version"},
		{"change of the kind", buyer, "PATCH", one, `{"kind":"customer"}`, at(1), 400, "kind"},
		{"no version", buyer, "PATCH", one, `{"place":"x"}`, nil, 428, "If-Match"},
		{"stale version", buyer, "PATCH", one, `{"place":"x"}`, at(7), 412, ""},
		{"nobody's record", buyer, "PATCH", path + "/" + models.NewID().String(), `{"place":"x"}`, at(1), 404, ""},
		{"unknown filter", buyer, "GET", path + "?name=x", nil, nil, 400, "name"},
		{"unknown sort", buyer, "GET", path + "?sort=phone", nil, nil, 400, "sort"},
	} {
		b.check(t, s)
	}
	buyer.want(200, "PATCH", one, `{"place":"河北省晋州市"}`, &p, at(1)...)
	if p.Version != 2 || p.Place != "河北省晋州市" || p.Name.ZH != "晋州装饰建材厂" {
		t.Errorf("changed party = %+v", p)
	}
	for query, want := range map[string]int{
		path: 2, path + "?q=jinzhou": 1, path + "?kind=customer": 1, "/api/v1/suppliers": 1, "/api/v1/customers": 1, "/api/v1/customers?q=jinzhou": 0, "/api/v1/suppliers?kind=customer": 1,
	} {
		var page database.Page[models.Party]
		if inspector.want(200, "GET", query, nil, &page); len(page.Items) != want {
			t.Errorf("GET %s lists %d, want %d", query, len(page.Items), want)
		}
	}
	var page database.Page[models.Party]
	inspector.want(200, "GET", path+"?limit=1", nil, &page)
	first := page.Items[0].Code
	inspector.want(200, "GET", path+"?limit=1&cursor="+page.NextCursor, nil, &page)
	if first != "HH02" || page.Items[0].Code != "JZ01" || page.NextCursor != "" {
		t.Errorf("pages hold %s, then %s and a cursor %q; want HH02, JZ01, none", first, page.Items[0].Code, page.NextCursor)
	}
	buyer.want(200, "POST", one+"/archive", nil, &p, at(2)...)
	buyer.want(200, "POST", one+"/restore", nil, &p, at(3)...)
	buyer.want(200, "GET", "/api/v1/suppliers?archived=false", nil, &page)
	if len(page.Items) != 1 {
		t.Errorf("%d suppliers in use after one was restored, want 1", len(page.Items))
	}
}

func TestContractsOverHTTP(t *testing.T) {
	s := newSite(t)
	buyer, seller, inspector := s.as(t, models.Purchasing), s.as(t, models.Sales), s.as(t, models.Inspector)
	supplier, customer := contractstest.MustSupplier(t, s.DB), contractstest.MustCustomer(t, s.DB)
	product, standard := contractstest.MustProduct(t, s.DB), contractstest.MustStandard(t, s.DB)
	const path = "/api/v1/contracts"
	purchase := func(replace ...string) string {
		return strings.NewReplacer(replace...).Replace(fmt.Sprintf(`{"kind":"purchase","number":"PC-2026-017","party_id":"%s","currency":"CNY",
			"claim_clause":{"quality_days":30,"quantity_days":15,"from":"delivery","reply_days":10},
			"lines":[{"line":1,"product_id":"%s","quantity":12000,"tolerance_percent":"5","tolerance_option":"seller","unit_price":"6.80","standard_id":"%s"}]}`,
			supplier.ID, product.ID, standard.ID))
	}
	for _, b := range []bad{
		{"tolerance in a locale", buyer, "POST", path, purchase(`"5"`, `"1,15"`), nil, 422, "lines[0].tolerance_percent"},
		{"price in words", buyer, "POST", path, purchase(`"6.80"`, `"six"`), nil, 422, "lines[0].unit_price"},
		{"negative quantity", buyer, "POST", path, purchase("12000", "-1"), nil, 422, "lines[0].quantity"},
		{"no lines", buyer, "POST", path, fmt.Sprintf(`{"kind":"purchase","number":"X","party_id":"%s","currency":"CNY","lines":[]}`, supplier.ID), nil, 422, "lines"},
		{"unknown key in a line", buyer, "POST", path, purchase(`"line":1`, `"line":1,"discount":3`), nil, 400, "lines[0].discount"},
		{"unknown start of the clock", buyer, "POST", path, purchase(`"delivery"`, `"signing"`), nil, 422, "claim_clause.from"},
		{"negative days", buyer, "POST", path, purchase(`"quality_days":30`, `"quality_days":-30`), nil, 422, "claim_clause.quality_days"},
		{"standard of nobody", buyer, "POST", path, purchase(standard.ID.String(), models.NewID().String()), nil, 422, "lines[0].standard_id"},
		{"purchase by sales", seller, "POST", path, purchase(), nil, 403, ""},
		{"by an inspector", inspector, "POST", path, purchase(), nil, 403, ""},
	} {
		b.check(t, s)
	}
	var bought contracts.Entered
	buyer.want(201, "POST", path, purchase(), &bought, "Idempotency-Key", "pc-17")
	buyer.want(201, "POST", path, purchase(), nil, "Idempotency-Key", "pc-17")
	bad{"number in use", buyer, "POST", path, purchase(), nil, 409, "number"}.check(t, s)
	sales := fmt.Sprintf(`{"kind":"sales","number":"SC-2026-031","party_id":"%s","currency":"USD","claim_clause":{"quality_days":30,"quantity_days":15,"from":"arrival","survey_report":true},
		"required_documents":["bill_of_lading"],
		"lines":[{"line":1,"product_id":"%s","quantity":12000,"tolerance_percent":5,"fed_by":[{"purchase_line_id":"%s"}]}]}`, customer.ID, product.ID, bought.Lines[0].ID)
	var sold contracts.Entered
	seller.want(201, "POST", path, sales, &sold)
	var again struct {
		Warnings []contracts.Warning `json:"warnings"`
	}
	buyer.want(200, "GET", path+"/"+bought.ID.String()+"/warnings", nil, &again)
	for _, found := range [][]contracts.Warning{sold.Warnings, again.Warnings} {
		if len(found) != 2 || found[0].Code != contracts.WindowClosesFirst || found[0].Reason != "quality" || found[1].Reason != "quantity" {
			t.Errorf("warnings = %+v, want both of the supplier's windows", found)
		}
	}
	one, feed := path+"/"+sold.ID.String(), path+"/"+sold.ID.String()+"/lines/"+sold.Lines[0].ID.String()+"/fed_by"
	for _, b := range []bad{
		{"lines without a version", seller, "PUT", one + "/lines", `{"lines":[]}`, nil, 428, "If-Match"},
		{"lines by purchasing", buyer, "PUT", one + "/lines", mustJSON(t, map[string]any{"lines": []any{map[string]any{"line": 1, "product_id": product.ID, "quantity": 1}}}), at(1), 403, ""},
		{"purchase line in a sales contract's path", buyer, "PUT", strings.Replace(feed, sold.Lines[0].ID.String(), bought.Lines[0].ID.String(), 1), `{"fed_by":[]}`, at(1), 404, ""},
		{"lots in a sales contract's path", inspector, "POST", one + "/lines/" + bought.Lines[0].ID.String() + "/lots", `{"batch":"1","quantity":1}`, nil, 404, ""},
		{"change of the party", seller, "PATCH", one, fmt.Sprintf(`{"party_id":"%s"}`, customer.ID), at(1), 400, "party_id"},
	} {
		b.check(t, s)
	}
	buyer.want(200, "PUT", feed, `{"fed_by":[]}`, &sold, at(1)...)
	if len(sold.Warnings) != 0 || sold.Version != 2 {
		t.Errorf("after the link's end: %d warnings at version %d, want none at 2", len(sold.Warnings), sold.Version)
	}
	seller.want(200, "POST", one+"/close", nil, &sold, at(2)...)
	bad{"change of a closed contract", seller, "PATCH", one, `{"remark":"x"}`, at(3), 409, ""}.check(t, s)
	seller.want(200, "POST", one+"/reopen", nil, nil, at(3)...)
	seller.want(200, "PATCH", one, `{"remark":"x"}`, nil, at(4)...)

	if r := inspector.want(200, "GET", path+"/"+bought.ID.String(), nil, nil); strings.Contains(string(r.body), "6.80") || strings.Contains(string(r.body), "unit_price") {
		t.Errorf("an inspector sees the price: %s", r.body)
	}
	if r := inspector.want(200, "GET", path, nil, nil); strings.Contains(string(r.body), "6.80") {
		t.Errorf("an inspector sees the price in the list: %s", r.body)
	}
}

// TestForeignCustomers: who has own customers only finds nothing of another's, by any door.
func TestForeignCustomers(t *testing.T) {
	s := newSite(t)
	mine := contractstest.MustCustomer(t, s.DB)
	purchase := contractstest.MustPurchase(t, s.DB)
	sales := contractstest.MustSales(t, s.DB, purchase)
	lot := contractstest.MustLot(t, s.DB, purchase.Lines[0].ID)
	shipment := contractstest.MustShipment(t, s.DB, sales, lot)
	c := s.salesOf(t, mine.ID)
	const v1 = "/api/v1/"
	for _, path := range []string{
		"parties/" + sales.PartyID.String(), "contracts/" + sales.ID.String(), "contracts/" + purchase.ID.String(), "contracts/" + sales.ID.String() + "/warnings",
		"contracts/" + purchase.ID.String() + "/lines/" + purchase.Lines[0].ID.String() + "/lots", "lots/" + lot.ID.String(),
		"shipments/" + shipment.ID.String(), "shipments/" + shipment.ID.String() + "/documents/bill_of_lading/file",
	} {
		c.refused(404, "", "GET", v1+path, nil)
	}
	for path, body := range map[string]string{
		"parties/" + sales.PartyID.String(): `{"place":"x"}`, "contracts/" + sales.ID.String(): `{"remark":"x"}`, "shipments/" + shipment.ID.String(): `{"vessel":"x"}`,
	} {
		c.refused(404, "", "PATCH", v1+path, body, at(1)...)
	}
	c.refused(404, "", "PUT", v1+"shipments/"+shipment.ID.String()+"/documents/bill_of_lading", `{}`, at(1)...)
	for _, path := range []string{"contracts", "lots", "shipments", "parties?kind=customer&q=" + strings.ToLower(mine.Code), "customers"} {
		var page database.Page[json.RawMessage]
		c.want(200, "GET", v1+path, nil, &page)
		if want := strings.Count(path, "customer"); len(page.Items) != want {
			t.Errorf("GET %s lists %d records, want %d", path, len(page.Items), want)
		}
	}
}

// TestInspectedLotStays: what was signed for in a report isn't rewritten through the lot.
func TestInspectedLotStays(t *testing.T) {
	v := newVisit(t)
	path := "/api/v1/lots/" + v.lot.ID.String()
	var lot models.Lot
	v.inspector.want(200, "PATCH", path, `{"batch":"2604-X"}`, &lot, at(v.lot.Version)...)
	v.final(t)
	bad{"smaller lot", v.buyer, "PATCH", path, `{"quantity":11999}`, at(lot.Version), 409, ""}.check(t, v.site)
	bad{"other batch", v.inspector, "PATCH", path, `{"batch":"2604-Y"}`, at(lot.Version), 409, ""}.check(t, v.site)
	v.buyer.want(200, "PATCH", path, `{"quantity":12000,"carton_from":1001,"carton_to":2000}`, nil, at(lot.Version)...)
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
