package server

import (
	"strings"
	"testing"

	"recourse/database"
	"recourse/independence"
	"recourse/models"
)

const hintsPath = "/api/v1/independence/hints"

func TestHintsFromTheDoor(t *testing.T) {
	v := newVisit(t)
	v.final(t, "16:00:30+08:00", "17:00:30+08:00") // the phone is an hour ahead
	at := hintsPath + "?supplier=" + v.planned.SupplierID.String()
	hints := func(path string) (page database.Page[independence.Hint]) {
		t.Helper()
		v.buyer.want(200, "GET", path, nil, &page)
		return page
	}
	page := hints(at)
	if len(page.Items) != 1 || page.Items[0].Kind != independence.Clock || page.Items[0].Inspections[0].Number != v.planned.Number ||
		page.Items[0].Inspectors[0].ID != v.inspector.user.ID || !strings.Contains(page.Items[0].Text.EN, "worth") {
		t.Fatalf("hints = %+v, want one about the clock of the visit", page.Items)
	}
	if n := len(hints(hintsPath + "?inspector=" + v.inspector.user.ID.String() + "&kind=clock&from=2026-04-01&to=2026-04-30").Items); n != 1 {
		t.Errorf("asked by inspector there are %d hints, want 1", n)
	}
	if n := len(hints(at + "&kind=digits").Items); n != 0 {
		t.Errorf("asked for digits there are %d hints, want none", n)
	}
	if n := len(hints(hintsPath + "?supplier=" + models.NewID().String()).Items); n != 0 {
		t.Errorf("of another supplier there are %d hints, want none", n)
	}
	id := page.Items[0].ID.String()
	body := `{"supplier":"` + v.planned.SupplierID.String() + `","from":"2026-04-01","to":"2026-04-30","reason":"the phone was set"}`
	var aside independence.Hint
	v.buyer.want(200, "POST", hintsPath+"/"+id+"/set-aside", body, &aside, "Idempotency-Key", "set-aside-1")
	if aside.SetAside == nil || aside.SetAside.By == nil || *aside.SetAside.By != v.buyer.user.ID {
		t.Errorf("set aside = %+v, want by whom", aside.SetAside)
	}
	if n := len(hints(at).Items); n != 0 {
		t.Errorf("after setting aside there are %d hints, want none", n)
	}
	if again := hints(at + "&set_aside=true").Items; len(again) != 1 || again[0].SetAside == nil || again[0].SetAside.Reason != "the phone was set" {
		t.Errorf("those set aside = %+v, want one with its reason", again)
	}
	v.buyer.want(200, "POST", hintsPath+"/"+id+"/reopen", `{"reason":"it happened again"}`, nil)
	if n := len(hints(at).Items); n != 1 {
		t.Errorf("after reopening there are %d hints, want 1", n)
	}
}

func TestWhoMayNotSeeHints(t *testing.T) {
	v := newVisit(t)
	at := hintsPath + "?supplier=" + v.planned.SupplierID.String()
	for _, role := range []models.Role{models.Inspector, models.Sales, models.Finance, models.Viewer} {
		v.as(t, role).refused(403, "", "GET", at, nil)
	}
	restricted := v.as(t, models.Purchasing)
	if err := v.DB.Write.Model(&models.User{}).Where("id = ?", restricted.user.ID).Update("own_only", true).Error; err != nil {
		t.Fatal(err)
	}
	restricted.refused(403, "", "GET", at, nil)
	restricted.refused(403, "", "POST", hintsPath+"/"+models.NewID().String()+"/set-aside", `{"reason":"x"}`)
	v.as(t, models.Admin).want(200, "GET", at, nil, nil)
}

func TestRefusedQuestionsAboutHints(t *testing.T) {
	v := newVisit(t)
	supplier := "?supplier=" + v.planned.SupplierID.String()
	for _, b := range []bad{
		{"more than a year", v.buyer, "GET", hintsPath + supplier + "&from=2025-01-01&to=2026-01-01", nil, nil, 422, "to"},
		{"backwards", v.buyer, "GET", hintsPath + supplier + "&from=2026-02-01&to=2026-01-01", nil, nil, 422, "from"},
		{"everybody for two months", v.buyer, "GET", hintsPath + "?from=2026-01-01&to=2026-02-28", nil, nil, 422, "supplier"},
		{"unknown kind", v.buyer, "GET", hintsPath + supplier + "&kind=mood", nil, nil, 422, "kind"},
		{"too large a page", v.buyer, "GET", hintsPath + supplier + "&limit=201", nil, nil, 422, "limit"},
		{"a cursor of nothing", v.buyer, "GET", hintsPath + supplier + "&cursor=x", nil, nil, 400, "cursor"},
		{"a supplier that is no id", v.buyer, "GET", hintsPath + "?supplier=1", nil, nil, 422, "supplier"},
		{"no reason", v.buyer, "POST", hintsPath + "/" + models.NewID().String() + "/set-aside", `{"supplier":"` + v.planned.SupplierID.String() + `"}`, nil, 422, "reason"},
		{"no such hint", v.buyer, "POST", hintsPath + "/" + models.NewID().String() + "/set-aside", `{"supplier":"` + v.planned.SupplierID.String() + `","reason":"x"}`, nil, 404, ""},
	} {
		b.check(t, v.site)
	}
}
