package server

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"recourse/claims"
	"recourse/contracts/contractstest"
	"recourse/models"
)

// claimBody is a claim of the goods of a sales line, with one item.
func claimBody(sales *models.Contract, shipment *models.Shipment, amount, currency string) string {
	return fmt.Sprintf(`{"sales_contract_id":%q,"shipment_id":%q,"customer_reference":"Rekl. 26/118","received_on":"2026-06-30","items":[
		{"reason":"quality","sales_line_id":%q,"defect":"COR","quantity":1440,"claimed":{"amount":%q,"currency":%q},"apparent":true,"text":"broken corners"}]}`,
		sales.ID, shipment.ID, sales.Lines[0].ID, amount, currency)
}

// claimSite is a site with shipped goods, on 1 July 2026 in Shanghai.
func claimSite(t testing.TB) (*site, *models.Contract, *models.Shipment) {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	s := newSiteWith(t, Config{PasswordCost: cheap, Version: "test", Location: zone})
	purchase := contractstest.MustPurchase(t, s.DB)
	sales := contractstest.MustSales(t, s.DB, purchase)
	shipment := contractstest.MustShipment(t, s.DB, sales, contractstest.MustLot(t, s.DB, purchase.Lines[0].ID))
	s.now = time.Date(2026, 6, 30, 17, 0, 0, 0, time.UTC)
	return s, sales, shipment
}

func TestClaimOverHTTP(t *testing.T) {
	s, sales, shipment := claimSite(t)
	c := s.as(t, models.Sales)
	const at = "/api/v1/claims"
	body := claimBody(sales, shipment, "2088.00", "USD")
	var opened, again models.Claim
	c.want(201, "POST", at, body, &opened, "Idempotency-Key", "k1")
	c.want(201, "POST", at, body, &again, "Idempotency-Key", "k1")
	if again.ID != opened.ID {
		t.Errorf("the same key opened %s and %s", opened.Number, again.Number)
	}
	one := at + "/" + opened.ID.String()
	var shown claims.Shown
	r := c.want(200, "GET", one, nil, &shown)
	if r.header.Get("ETag") != `"1"` || len(shown.Clocks) == 0 {
		t.Errorf("GET: ETag %s, %d clocks", r.header.Get("ETag"), len(shown.Clocks))
	}
	for _, k := range shown.Clocks {
		if k.Code == claims.ClockQuality && *k.DaysLeft != 5 {
			t.Errorf("%d days left on 1 July in Shanghai, want 5", *k.DaysLeft)
		}
	}
	c.refused(428, "If-Match", "POST", one+"/acknowledge", nil)
	c.refused(409, "state", "POST", one+"/assess", nil, "If-Match", `"1"`)
	c.want(200, "POST", one+"/acknowledge", nil, nil, "If-Match", `"1"`)
	c.refused(412, "", "POST", one+"/investigate", nil, "If-Match", `"1"`)
	c.want(200, "POST", one+"/investigate", nil, nil, "If-Match", `"2"`)
	answer := `{"answer":"accept_in_part","ground":"conforming_at_dispatch","text":"crushed in carriage","granted":{"amount":"626.40","currency":"USD"}}`
	c.refused(422, "granted.amount", "POST", one+"/items/1/answer", strings.Replace(answer, "626.40", "2088.01", 1), "If-Match", `"1"`)
	var answered models.Claim
	c.want(200, "POST", one+"/items/1/answer", answer, &answered, "If-Match", `"1"`)
	c.refused(412, "", "POST", one+"/items/1/answer", answer, "If-Match", `"1"`)
	c.refused(404, "", "POST", one+"/items/9/answer", answer, "If-Match", `"1"`)
	version := func() string { return fmt.Sprintf(`"%d"`, answered.Version) }
	c.want(201, "POST", one+"/contacts", `{"channel":"phone","direction":"in","with":"Frau Petersen","text":"asks"}`, &answered)
	c.want(201, "POST", one+"/evidence", `{"kind":"other","asked_on":"2026-07-01"}`, &answered, "If-Match", version())
	c.want(200, "PUT", one+"/evidence/"+answered.Evidence[0].ID.String(), `{"kind":"other","received_on":"2026-07-01","sufficient":true}`, &answered, "If-Match", `"1"`)
	c.want(200, "POST", one+"/assign", fmt.Sprintf(`{"user_id":%q}`, c.user.ID), &answered, "If-Match", version())
	c.want(200, "PATCH", one, `{"proposal":"USD 626.40"}`, &answered, "If-Match", version())
	for _, step := range []string{"assess", "negotiate", "settle"} {
		c.want(200, "POST", one+"/"+step, nil, &answered, "If-Match", version())
	}
	c.want(200, "POST", one+"/close", "{}", &answered, "If-Match", version())
	c.refused(422, "reason", "POST", one+"/reopen", "{}", "If-Match", version())
	c.want(200, "POST", one+"/reopen", `{"reason":"new photos"}`, &answered, "If-Match", version())
	if answered.State != models.ClaimInvestigating {
		t.Errorf("reopened claim is %s", answered.State)
	}
	c.want(200, "GET", one+"/coverage", nil, nil)
	c.want(200, "GET", one+"/clocks", nil, nil)
}

func TestClaimsRefuseBadBodies(t *testing.T) {
	s, sales, shipment := claimSite(t)
	c := s.as(t, models.Sales)
	good := claimBody(sales, shipment, "2088.00", "USD")
	for _, x := range []struct {
		name, field, old, new string
		status                int
	}{
		{"three decimals", "items[0].claimed.amount", "2088.00", "2088.001", 422},
		{"negative", "items[0].claimed.amount", "2088.00", "-1.00", 422},
		{"full-width digits", "items[0].claimed.amount", "2088.00", "１２００", 422},
		{"yen with decimals", "items[0].claimed.amount", `"USD"`, `"JPY"`, 422},
		{"unknown currency", "items[0].claimed.currency", `"USD"`, `"USX"`, 422},
		{"unknown reason", "items[0].reason", `"quality"`, `"anger"`, 422},
		{"negative quantity", "items[0].quantity", "1440", "-1440", 422},
		{"above shipped", "items[0].quantity", "1440", "12001", 422},
		{"before shipment", "received_on", "2026-06-30", "2026-04-01", 422},
		{"no date", "received_on", "2026-06-30", "2026-06-31", 422},
		{"a column of ours", "state", `"customer_reference"`, `"state":"settled","customer_reference"`, 400},
		{"an answer of our own", "items[0].answer", `"apparent"`, `"answer":"accept","apparent"`, 400},
	} {
		r := c.do("POST", "/api/v1/claims", strings.Replace(good, x.old, x.new, 1))
		var p Problem
		if err := json.Unmarshal(r.body, &p); err != nil || r.status != x.status || p.Field != x.field {
			t.Errorf("%s: %d at %q (%v), want %d at %q: %s", x.name, r.status, p.Field, err, x.status, x.field, r.body)
		}
	}
	var page struct{ Items []any }
	c.want(200, "GET", "/api/v1/claims", nil, &page)
	if len(page.Items) != 0 {
		t.Errorf("%d claims are stored after refusals, want none", len(page.Items))
	}
}

func TestWhoSeesClaims(t *testing.T) {
	s, sales, shipment := claimSite(t)
	var opened models.Claim
	s.as(t, models.Sales).want(201, "POST", "/api/v1/claims", claimBody(sales, shipment, "2088.00", "USD"), &opened)
	one := "/api/v1/claims/" + opened.ID.String()
	for _, role := range []models.Role{models.Finance, models.Purchasing, models.Viewer} {
		r := s.as(t, role).want(200, "GET", one, nil, nil)
		if sees := strings.Contains(string(r.body), "2088.00"); sees == (role == models.Viewer) {
			t.Errorf("%s sees the amount: %v", role, sees)
		}
		s.as(t, role).refused(http.StatusForbidden, "", "POST", one+"/acknowledge", nil, "If-Match", `"1"`)
	}
	s.as(t, models.Inspector).refused(404, "", "GET", one, nil)
	s.as(t, models.Inspector).refused(404, "", "GET", one+"/clocks", nil)
	s.as(t, models.Inspector).refused(403, "", "GET", one+"/coverage", nil)
	rule := `{"code":"insurer_notice","valid_from":"2026-07-01","name":{"zh":"通知","en":"Notice"},"starts":"claim","days":2,"towards":"insurer","source":{"zh":"保单","en":"Policy"},"citation":"Policy 2026"}`
	s.as(t, models.Sales).refused(403, "", "POST", "/api/v1/clock-rules", rule)
	s.as(t, models.Admin).want(201, "POST", "/api/v1/clock-rules", rule, nil)
	s.as(t, models.Viewer).want(200, "GET", "/api/v1/clock-rules", nil, nil)
}
