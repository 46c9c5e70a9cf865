package server

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"recourse/contracts/contractstest"
	"recourse/models"
)

func TestRefusedRecords(t *testing.T) {
	v := newVisit(t)
	at := []string{"If-Match", version(v.planned)}
	put := func(name, field string, status int, replace ...string) bad {
		return bad{name, v.inspector, "PUT", v.path(), v.record(replace...), at, status, field}
	}
	tests := []bad{
		put("wrong key", "surprise", 400, `"inspected_on"`, `"surprise":1,"inspected_on"`),
		put("wrong key deep inside", "lots[0].findings[0].unit", 400, `"units":6`, `"unit":6`),
		put("key in another case", "lots[0].Findings", 400, `"findings"`, `"Findings"`),
		put("repeated key", "lots[0].findings[0].units", 400, `"units":6`, `"units":6,"units":6`),
		put("something after the value", "", 400, `1-1000"}]}]}`, `1-1000"}]}]} {}`),
		put("cut off", "lots[0].checks[0].seen", 400, `1-1000"}]}]}`, `1-1000`),
		put("half a surrogate pair", "factory_remark", 400, `"同意"`, `"\ud83d"`),
		put("number in a locale", "lots[0].measurements[0].readings[1]", 422, `"594.5"`, `"594,5"`),
		put("grouped number", "lots[0].measurements[0].readings[1]", 422, `"594.5"`, `"1,594.5"`),
		put("number with an exponent", "lots[0].measurements[0].readings[1]", 422, `"594.5"`, `1e999999999`),
		put("quantity in a locale", "lots[0].quantity_presented", 422, `"quantity_presented":12000`, `"quantity_presented":"1,15"`),
		put("count in quotes", "lots[0].units_examined", 422, `"units_examined":315`, `"units_examined":"315"`),
		put("reading beyond its decimals", "lots[0].measurements[0].readings[1]", 422, `"594.5"`, `"594.55"`),
		put("negative units", "lots[0].findings[0].units", 422, `"units":6`, `"units":-6`),
		put("no units", "lots[0].findings[0].units", 422, `"units":6`, `"units":0`),
		put("negative defects", "lots[0].findings[0].defects", 422, `"units":6`, `"units":6,"defects":-1`),
		put("negative cartons", "lots[0].cartons_presented", 422, `"cartons_presented":1000`, `"cartons_presented":-1`),
		put("negative carton number", "lots[0].cartons_opened[1]", 422, `[4,9]`, `[4,-9]`),
		put("negative sample", "lots[0].units_examined", 422, `"units_examined":315`, `"units_examined":-1`),
		put("negative quantity", "lots[0].quantity_presented", 422, `"quantity_presented":12000`, `"quantity_presented":-12000`),
		put("more nonconforming units than sample", "lots[0].findings[0].units", 422, `"units":6`, `"units":316`),
		put("finding outside the pinned catalogue", "lots[0].findings[0].defect", 422, `"defect":"COR"`, `"defect":"XYZ"`),
		put("lot larger than the line allows", "lots[0].quantity_presented", 422, `"quantity_presented":12000`, `"quantity_presented":12601`),
		put("lot of nobody", "lots[0].lot_id", 422, v.lot.ID.String(), models.NewID().String()),
		put("id that is none", "lots[0].lot_id", 422, v.lot.ID.String(), "1"),
		put("date that is none", "inspected_on", 422, `"inspected_on":"2026-04-20"`, `"inspected_on":"20.04.2026"`),
		put("unknown result", "lots[0].checks[0].result", 422, `"result":"ok"`, `"result":"passed"`),
		put("null count", "lots[0].findings[0].units", 422, `"units":6`, `"units":null`),
		put("too long a remark", "factory_remark", 422, `"同意"`, `"`+strings.Repeat("长", 20001)+`"`),
		{"not JSON by its type", v.inspector, "PUT", v.path(), v.record(), []string{"If-Match", version(v.planned), "Content-Type", "text/plain"}, 415, "Content-Type"},
		{"empty", v.inspector, "PUT", v.path(), "", at, 400, ""},
		{"larger than a record may be", v.inspector, "PUT", v.path(), strings.Repeat(" ", 8<<20+1), at, 413, ""},
	}
	for _, b := range tests {
		b.check(t, v.site)
	}
	var now models.Inspection
	v.inspector.want(200, "GET", v.path(), nil, &now)
	if now.State != models.Planned || now.Version != v.planned.Version {
		t.Errorf("after all that was refused the inspection is %s at version %d, want planned at %d", now.State, now.Version, v.planned.Version)
	}
}

func TestVersionsAreDemanded(t *testing.T) {
	v := newVisit(t)
	i := v.recorded(t)
	current, old := []string{"If-Match", version(i)}, []string{"If-Match", version(v.planned)}
	finding := `{"defect":"COR","units":1}`
	for _, r := range []struct {
		method, path, body string
		who                *client
	}{
		{"PATCH", v.path(), `{"place":"row 3"}`, v.inspector},
		{"PUT", v.lotPath(""), `{"lot_id":"` + v.lot.ID.String() + `"}`, v.inspector},
		{"POST", v.lotPath("/findings"), finding, v.inspector},
		{"PUT", v.lotPath("/readings/LEN"), `{"readings":["594.0"]}`, v.inspector},
		{"PUT", v.lotPath("/checks/marks"), `{"code":"marks","result":"ok"}`, v.inspector},
		{"POST", v.path("/submit"), signatures, v.inspector},
		{"POST", v.path("/abort"), `{"reason":"goods not ready"}`, v.inspector},
		{"POST", v.path("/decision"), `{"decision":"release","reason":"fine"}`, v.buyer},
		{"POST", v.path("/revisions"), `{"reason":"typing error"}`, v.buyer},
	} {
		name := r.method + " " + strings.TrimPrefix(r.path, v.path())
		bad{name + " without a version", r.who, r.method, r.path, r.body, nil, 428, "If-Match"}.check(t, v.site)
		bad{name + " of no version", r.who, r.method, r.path, r.body, []string{"If-Match", "*"}, 400, "If-Match"}.check(t, v.site)
		bad{name + " of an old version", r.who, r.method, r.path, r.body, old, 412, ""}.check(t, v.site)
		p := r.who.refused(412, "", r.method, r.path, r.body, old...)
		if p.Current["version"] != float64(i.Version) {
			t.Errorf("%s: current %v, want version %d", name, p.Current, i.Version)
		}
	}
	bad{"another record of an old version", v.inspector, "PUT", v.path(), v.record(`"同意"`, `"不同意"`), old, 412, ""}.check(t, v.site)
	bad{"another record without a version", v.inspector, "PUT", v.path(), v.record(`"同意"`, `"不同意"`), nil, 428, ""}.check(t, v.site)
	v.inspector.want(201, "POST", v.lotPath("/findings"), finding, &i, current...)
	if len(i.Lots[0].Findings) != 3 {
		t.Errorf("%d findings after one more, want 3", len(i.Lots[0].Findings))
	}
}

func TestIdempotencyKey(t *testing.T) {
	v := newVisit(t)
	plan := v.plan()
	first := v.buyer.want(201, "POST", inspectionsPath, plan, nil, "Idempotency-Key", "plan-1")
	before := rows(t, v.DB)
	again := v.buyer.want(201, "POST", inspectionsPath, plan, nil, "Idempotency-Key", "plan-1")
	if string(again.body) != string(first.body) || again.header.Get("ETag") != first.header.Get("ETag") {
		t.Errorf("the same request again = %s, want %s", again.body, first.body)
	}
	other := v.plan()
	other.Place = "warehouse 3"
	bad{"same key, other body", v.buyer, "POST", inspectionsPath, other, []string{"Idempotency-Key", "plan-1"}, 422, "Idempotency-Key"}.check(t, v.site)
	bad{"same key, other route", v.buyer, "POST", v.path("/decision"), `{"decision":"release","reason":"fine"}`,
		[]string{"Idempotency-Key", "plan-1", "If-Match", `"1"`}, 422, "Idempotency-Key"}.check(t, v.site)
	bad{"key that is none", v.buyer, "POST", inspectionsPath, other, []string{"Idempotency-Key", "a b"}, 400, "Idempotency-Key"}.check(t, v.site)
	if after := rows(t, v.DB); after["inspections"] != before["inspections"] || after["audit_entries"] != before["audit_entries"] {
		t.Errorf("repeats had an effect: %v, want %v", after, before)
	}
	// A refused request leaves no trace of its key: the corrected one may use it.
	wrong := v.plan()
	wrong.Lots = []models.ID{models.NewID()}
	v.buyer.refused(404, "lots[0]", "POST", inspectionsPath, wrong, "Idempotency-Key", "plan-2")
	v.buyer.want(201, "POST", inspectionsPath, plan, nil, "Idempotency-Key", "plan-2")
	// Keys are each user's own.
	v.inspector.want(201, "POST", inspectionsPath, plan, nil, "Idempotency-Key", "plan-1")
}

// TestForeignIDs tries ids that exist, but not here or not for this reader.
func TestForeignIDs(t *testing.T) {
	v := newVisit(t)
	i := v.recorded(t, `"photos":[]`, `"photos":[{"sha256":"`+hashText([]byte("x"))+`"}]`)
	other := contractstest.MustPurchase(t, v.DB)
	otherLot := contractstest.MustLot(t, v.DB, other.Lines[0].ID)
	stranger, at := v.as(t, models.Inspector), []string{"If-Match", version(i)}
	var theirs models.Inspection
	plan := v.plan()
	plan.ContractID, plan.Lots, plan.Inspectors = other.ID, []models.ID{otherLot.ID}, []models.ID{stranger.user.ID}
	v.buyer.want(201, "POST", inspectionsPath, plan, &theirs)
	mixed := v.plan()
	mixed.Lots = []models.ID{otherLot.ID}
	nobody := v.plan()
	nobody.Inspectors = []models.ID{v.buyer.user.ID}
	finding, photo := i.Lots[0].Findings[0].ID.String(), i.Photos[0].ID.String()
	for _, b := range []bad{
		{"plan a lot of another contract", v.buyer, "POST", inspectionsPath, mixed, nil, 422, "lots[0]"},
		{"plan for one who isn't an inspector", v.buyer, "POST", inspectionsPath, nobody, nil, 422, "inspectors[0]"},
		{"an inspection of nobody", v.buyer, "GET", inspectionsPath + "/" + models.NewID().String(), nil, nil, 404, ""},
		{"an id that is none", v.buyer, "GET", inspectionsPath + "/1", nil, nil, 404, ""},
		{"another inspector reads", stranger, "GET", v.path(), nil, nil, 404, ""},
		{"another inspector records", stranger, "PUT", v.path(), v.record(), at, 404, ""},
		{"another inspector changes the head", stranger, "PATCH", v.path(), `{"place":"x"}`, at, 404, ""},
		{"another inspector takes a finding back", stranger, "DELETE", v.lotPath("/findings/" + finding), nil, at, 404, ""},
		{"another inspector submits", stranger, "POST", v.path("/submit"), signatures, at, 404, ""},
		{"another inspector aborts", stranger, "POST", v.path("/abort"), `{"reason":"x"}`, at, 404, ""},
		{"another inspector prints", stranger, "GET", v.path("/report"), nil, nil, 404, ""},
		{"another inspector sees a photo", stranger, "GET", v.path("/photos/" + photo + "/file"), nil, nil, 404, ""},
		{"a photo that has not arrived", v.inspector, "GET", v.path("/photos/" + photo + "/file"), nil, nil, 404, ""},
		{"a lot of another inspection", v.buyer, "PUT", v.path("/lots/", otherLot.ID.String()), `{"lot_id":"` + otherLot.ID.String() + `"}`, at, 404, ""},
		{"a finding through another inspection", v.buyer, "DELETE", inspectionsPath + "/" + theirs.ID.String() + "/lots/" + otherLot.ID.String() + "/findings/" + finding, nil,
			[]string{"If-Match", version(theirs)}, 404, ""},
		{"an inspector decides", v.inspector, "POST", v.path("/decision"), `{"decision":"release","reason":"x"}`, at, 403, ""},
		{"a viewer records", v.as(t, models.Viewer), "PUT", v.path(), v.record(), at, 403, ""},
		{"nobody reads", v.anybody(t), "GET", v.path(), nil, nil, 401, ""},
	} {
		b.check(t, v.site)
	}
	var page struct {
		Items []models.Inspection `json:"items"`
	}
	stranger.want(200, "GET", inspectionsPath, nil, &page)
	if len(page.Items) != 1 || page.Items[0].ID != theirs.ID {
		t.Errorf("another inspector's list = %v, want their own visit alone", page.Items)
	}
}

// TestSalesSeesOwnCustomers: who has own customers only sees what feeds the sales to them.
func TestSalesSeesOwnCustomers(t *testing.T) {
	v := newVisit(t)
	sales := contractstest.MustSales(t, v.DB, v.purchase)
	mine, others := v.salesOf(t, sales.PartyID), v.salesOf(t, contractstest.MustCustomer(t, v.DB).ID)
	mine.want(200, "GET", v.path(), nil, nil)
	mine.want(200, "GET", v.path("/report?lang=en&edition=customer"), nil, nil)
	for _, below := range []string{"", "/report?lang=en&edition=customer"} {
		bad{"GET " + below, others, "GET", v.path(below), nil, nil, 404, ""}.check(t, v.site)
	}
}

// TestSteps: a step that the state does not allow is refused whoever asks.
func TestSteps(t *testing.T) {
	v := newVisit(t)
	at := func(i models.Inspection) []string { return []string{"If-Match", version(i)} }
	bad{"submit what was not recorded", v.inspector, "POST", v.path("/submit"), signatures, at(v.planned), 409, "state"}.check(t, v.site)
	bad{"decide on what was not submitted", v.buyer, "POST", v.path("/decision"), `{"decision":"release","reason":"x"}`, at(v.planned), 409, "state"}.check(t, v.site)
	var i models.Inspection
	v.inspector.want(200, "PUT", v.path(), v.record(`{"characteristic":"MOI","readings":["2.1","2.4","2.2"]}`, `{"characteristic":"MOI","readings":[]}`), &i, at(v.planned)...)
	bad{"submit what was not checked", v.inspector, "POST", v.path("/submit"), signatures, at(i), 422, "lots[0]"}.check(t, v.site)
	v.inspector.want(200, "PUT", v.lotPath("/readings/MOI"), `{"readings":["3.1","2.4","2.2"]}`, &i, at(i)...)
	for _, b := range []bad{
		{"sign without the factory", v.inspector, "POST", v.path("/submit"), `{"inspector":{"name":"李明"},"factory":{"title":"QC"}}`, at(i), 422, "factory.name"},
		{"refuse to sign without a reason", v.inspector, "POST", v.path("/submit"), `{"inspector":{"name":"李明"},"factory":{"name":"王强","refused":true}}`, at(i), 422, "factory.reason"},
	} {
		b.check(t, v.site)
	}
	v.inspector.want(200, "POST", v.path("/submit"), signatures, &i, at(i)...)
	if i.Verdict != models.NotAccepted {
		t.Fatalf("verdict = %s, want not_accepted", i.Verdict)
	}
	for _, b := range []bad{
		{"record what is signed", v.inspector, "PUT", v.path(), v.record(), at(i), 409, "state"},
		{"release what is not accepted", v.buyer, "POST", v.path("/decision"), `{"decision":"release","reason":"x"}`, at(i), 409, "decision"},
		{"waive without a price", v.buyer, "POST", v.path("/decision"), `{"decision":"waiver","reason":"x","bears_claims":"supplier"}`, at(i), 422, "price"},
		{"waive at a negative price", v.buyer, "POST", v.path("/decision"), `{"decision":"waiver","reason":"x","bears_claims":"supplier","price":{"amount":"-1","currency":"CNY"}}`, at(i), 422, "price.amount"},
		{"waive at a price in a locale", v.buyer, "POST", v.path("/decision"), `{"decision":"waiver","reason":"x","bears_claims":"supplier","price":{"amount":"1,15","currency":"CNY"}}`, at(i), 422, "price.amount"},
		{"decide without a reason", v.buyer, "POST", v.path("/decision"), `{"decision":"reject","reason":" "}`, at(i), 422, "reason"},
		{"an unknown decision", v.buyer, "POST", v.path("/decision"), `{"decision":"accept","reason":"x"}`, at(i), 422, "decision"},
		{"correct what is not final", v.buyer, "POST", v.path("/revisions"), `{"reason":"x"}`, at(i), 409, "state"},
	} {
		b.check(t, v.site)
	}
	v.buyer.want(200, "POST", v.path("/decision"), `{"decision":"rework","reason":"too moist"}`, &i, at(i)...)
	bad{"abort what is final", v.buyer, "POST", v.path("/abort"), `{"reason":"x"}`, at(i), 409, "state"}.check(t, v.site)
}

func TestListIsRefusedWhatItDoesNotKnow(t *testing.T) {
	v := newVisit(t)
	for query, field := range map[string]string{
		"?limit=0": "limit", "?limit=1000": "limit", "?limit=ten": "limit", "?cursor=x": "cursor", "?sort=price": "sort",
		"?state=open": "state", "?supplier_id=1": "supplier_id", "?planned_from=20.04.2026": "planned_from", "?price=1": "price", "?limit=1&limit=2": "limit",
	} {
		bad{query, v.buyer, "GET", inspectionsPath + query, nil, nil, http.StatusBadRequest, field}.check(t, v.site)
	}
	var page struct {
		Items []models.Inspection `json:"items"`
	}
	v.buyer.want(200, "GET", inspectionsPath+"?state=planned&number="+v.planned.Number, nil, &page)
	if !slices.ContainsFunc(page.Items, func(i models.Inspection) bool { return i.ID == v.planned.ID }) {
		t.Errorf("the list lacks %s: %v", v.planned.Number, page.Items)
	}
}
