package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"recourse/contracts"
	"recourse/contracts/contractstest"
	"recourse/models"
)

// saved checks that the answer is that file, only ever saved and never run.
func saved(t *testing.T, r reply, name string, data []byte) {
	t.Helper()
	how, policy := r.header.Get("Content-Disposition"), r.header.Get("Content-Security-Policy")
	if !bytes.Equal(r.body, data) || !strings.HasPrefix(how, "attachment") || !strings.Contains(how, name) {
		t.Errorf("sent %d bytes as %q, want %d as attachment %s", len(r.body), how, len(data), name)
	}
	if r.header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(policy, "sandbox") || strings.Contains(policy, "script-src") {
		t.Errorf("sent with %q, %q: want nosniff in a sandbox", r.header.Get("X-Content-Type-Options"), policy)
	}
}

func ref(data []byte) contracts.FileRef { return contracts.FileRef{SHA256: hashOf(data)} }

// TestStandardOverHTTP drafts a standard with its original; active, it never changes.
func TestStandardOverHTTP(t *testing.T) {
	s := newSite(t)
	buyer, other, viewer := s.as(t, models.Purchasing), s.as(t, models.Purchasing), s.as(t, models.Viewer)
	original, theirs := []byte("%PDF-1.4\n%%EOF\n<script>alert(1)</script>"), []byte("another's notes")
	var standard models.Standard
	in := contracts.StandardInput{Code: "QS-1.2", Title: models.Text{ZH: "天花板标准"}, Content: contractstest.CeilingStandard()}
	buyer.want(201, "POST", "/api/v1/standards", in, &standard)
	at := "/api/v1/standards/" + standard.ID.String()
	match := func() []string { return []string{"If-Match", fmt.Sprintf(`"%d"`, standard.Version)} }
	buyer.upload(original, models.FileDocument)
	other.upload(theirs, models.FileDocument)
	edit := contracts.StandardEdit{Title: standard.Title, Content: standard.Content}
	for _, b := range []bad{
		{"no original yet", viewer, "GET", at + "/file", nil, nil, 404, ""},
		{"attach another's file", buyer, "PUT", at + "/file", ref(theirs), match(), 422, "sha256"},
		{"attach what nobody sent", buyer, "PUT", at + "/file", ref([]byte("nothing")), match(), 422, "sha256"},
		{"attach without a version", buyer, "PUT", at + "/file", ref(original), nil, 428, "If-Match"},
		{"a viewer attaches", viewer, "PUT", at + "/file", ref(original), match(), 403, ""},
		{"a code in use", buyer, "POST", "/api/v1/standards", contracts.StandardInput{Code: "qs-1.2", Content: in.Content}, nil, 409, "code"},
	} {
		b.check(t, s)
	}
	buyer.want(200, "PUT", at+"/file", ref(original), &standard, match()...)
	other.want(200, "PUT", at+"/file", ref(original), &standard, match()...) // what is attached already may stay
	saved(t, viewer.want(200, "GET", at+"/file", nil, nil), "QS-1.2-v1.pdf", original)

	old := match()
	buyer.want(200, "POST", at+"/activate", nil, &standard, match()...)
	for _, b := range []bad{
		{"edit an active standard", buyer, "PUT", at, edit, match(), 409, "state"},
		{"attach to an active standard", buyer, "PUT", at + "/file", ref(original), match(), 409, "state"},
		{"activate it again", buyer, "POST", at + "/activate", nil, match(), 409, "state"},
		{"edit at an old version", buyer, "PUT", at, edit, old, 412, ""},
		{"edit without a version", buyer, "PUT", at, edit, nil, 428, "If-Match"},
		{"an inspector edits", s.as(t, models.Inspector), "PUT", at, edit, match(), 403, ""},
	} {
		b.check(t, s)
	}
	var now models.Standard
	viewer.want(200, "GET", at, nil, &now)
	if now.ContentHash != standard.ContentHash || now.Version != standard.Version {
		t.Errorf("after all that was refused the standard is %s at %d, want %s at %d", now.ContentHash, now.Version, standard.ContentHash, standard.Version)
	}
	now = models.Standard{}
	buyer.want(201, "POST", at+"/versions", `{}`, &now)
	if now.VersionNo != 2 || now.State != models.StandardDraft || !now.FileSHA256.IsZero() {
		t.Errorf("next version = %d %s with original %s, want draft 2 without", now.VersionNo, now.State, now.FileSHA256)
	}
}

func TestLotsOverHTTP(t *testing.T) {
	s := newSite(t)
	purchase := contractstest.MustPurchase(t, s.DB)
	other := contractstest.MustPurchase(t, s.DB)
	buyer := s.as(t, models.Purchasing)
	lot := func(replace ...string) json.RawMessage {
		return json.RawMessage(strings.NewReplacer(replace...).Replace(
			`{"batch":"2604-A","produced_from":"2026-04-02","produced_to":"2026-04-16","quantity":12000,"cartons":1000,"per_carton":12,"carton_from":1,"carton_to":1000}`))
	}
	at := func(c, line *models.Contract) string {
		return fmt.Sprintf("/api/v1/contracts/%s/lines/%s/lots", c.ID, line.Lines[0].ID)
	}
	for _, b := range []bad{
		{"larger than the line allows", buyer, "POST", at(purchase, purchase), lot("12000", "12601", "1000", "1051"), nil, 422, "quantity"},
		{"quantity in a locale", buyer, "POST", at(purchase, purchase), lot("12000", `"1,15"`), nil, 422, "quantity"},
		{"negative quantity", buyer, "POST", at(purchase, purchase), lot("12000", "-5"), nil, 422, "quantity"},
		{"negative cartons", buyer, "POST", at(purchase, purchase), lot(`"cartons":1000`, `"cartons":-1`), nil, 422, "cartons"},
		{"repeated key", buyer, "POST", at(purchase, purchase), lot(`"batch"`, `"batch":"x","batch"`), nil, 400, "batch"},
		{"line of another contract", buyer, "POST", at(purchase, other), lot(), nil, 404, ""},
		{"contract of nobody", buyer, "POST", at(&models.Contract{ID: models.NewID()}, purchase), lot(), nil, 404, ""},
	} {
		b.check(t, s)
	}
	buyer.want(201, "POST", at(purchase, purchase), lot(), nil)
	bad{"together larger than the line allows", buyer, "POST", at(purchase, purchase), lot("2604-A", "2604-B", "12000", "601", "1000", "51"), nil, 422, "quantity"}.check(t, s)
}

// TestShipmentDocuments: the file of a check-list's entry comes from its sender and goes to who may see the shipment.
func TestShipmentDocuments(t *testing.T) {
	s := newSite(t)
	contract := contractstest.MustSales(t, s.DB, contractstest.MustPurchase(t, s.DB))
	mine := s.salesOf(t, contract.PartyID)
	others := s.salesOf(t, contractstest.MustCustomer(t, s.DB).ID)
	bill, theirs := []byte("%PDF-1.4 bill of lading"), []byte("another customer's bill")
	mine.upload(bill, models.FileDocument)
	others.upload(theirs, models.FileDocument)
	var shipment models.Shipment
	mine.want(201, "POST", "/api/v1/shipments", contracts.ShipmentInput{SalesContractID: contract.ID, Vessel: "COSCO 017W"}, &shipment)
	at := "/api/v1/shipments/" + shipment.ID.String()
	document := at + "/documents/bill_of_lading"
	entry := func(file []byte) contracts.DocumentInput {
		return contracts.DocumentInput{DraftSentOn: "2026-04-22", ConfirmedOn: "2026-04-23", ConfirmedBy: "Ms Weber, e-mail", FileSHA256: hashOf(file), FileName: "提单 B/L.pdf"}
	}
	match := []string{"If-Match", `"1"`}
	unsent := entry(bill)
	unsent.DraftSentOn = ""
	for _, b := range []bad{
		{"no file yet", mine, "GET", document + "/file", nil, nil, 404, ""},
		{"another's file", mine, "PUT", document, entry(theirs), match, 422, "file_sha256"},
		{"confirmed before it was sent", mine, "PUT", document, unsent, match, 422, "draft_sent_on"},
		{"kind that is none", mine, "PUT", at + "/documents/Bill%20of%20lading", entry(bill), match, 422, "kind"},
		{"without a version", mine, "PUT", document, entry(bill), nil, 428, "If-Match"},
		{"another's shipment", others, "PUT", document, entry(theirs), match, 404, ""},
		{"a viewer writes", s.as(t, models.Viewer), "PUT", document, entry(bill), match, 403, ""},
	} {
		b.check(t, s)
	}
	mine.want(200, "PUT", document, entry(bill), nil, match...)
	saved(t, mine.want(200, "GET", document+"/file", nil, nil), "filename", bill)
	for _, b := range []bad{
		{"another's shipment's file", others, "GET", document + "/file", nil, nil, 404, ""},
		{"a kind the list lacks", mine, "GET", at + "/documents/fumigation/file", nil, nil, 404, ""},
		{"an old version", mine, "PUT", document, entry(bill), match, 412, ""},
	} {
		b.check(t, s)
	}
}
