package server

import (
	"fmt"
	"net/url"
	"testing"

	"recourse/contracts"
	"recourse/contracts/contractstest"
	"recourse/inspections"
	"recourse/models"
)

const rulingsPath = "/api/v1/severity/rulings"

func TestSeverityOverHTTP(t *testing.T) {
	v := newVisit(t)
	v.recorded(t)
	lot := v.planned.Lots[0]
	at := fmt.Sprintf("/api/v1/severity?supplier=%s&product=%s&standard=%s", v.purchase.PartyID, lot.ProductID, url.QueryEscape(lot.StandardCode))
	var s inspections.SeriesSeverity
	v.buyer.want(200, "GET", at, nil, &s)
	if len(s.Classes) != 2 || s.Classes[0].Lots != 0 || s.Classes[0].Severity != "normal" || s.Short == nil || s.Classes[0].Offer == nil {
		t.Fatalf("severity before the first submission = %+v, want normal, too short a series, with an offer", s)
	}
	var now models.Inspection
	v.inspector.want(200, "GET", v.path(), nil, &now)
	v.inspector.want(200, "POST", v.path("/submit"), signatures, nil, "If-Match", version(now))
	v.inspector.want(200, "GET", at, nil, &s)
	major := s.Classes[0]
	if major.Lots != 1 || major.Score != 3 || len(major.Recent) != 1 || major.Recent[0].Number != v.planned.Number || major.Recent[0].Found != 6 || major.Recent[0].Verdict != models.Accepted {
		t.Errorf("after one accepted lot: %+v, want it counted with a switching score of 3", major)
	}
	v.as(t, models.Viewer).want(200, "GET", at+"&lot=500&limiting_quality=8.0", nil, &s)
	if o := s.Classes[0].Offer; o.Lot != 500 || o.LimitingQuality.String() != "8.0" || o.Plans[0].PAccept > .1 {
		t.Errorf("offer for 500 at 8.0 %% = %+v", o)
	}
	v.as(t, models.Inspector).refused(404, "", "GET", at, nil)
	v.buyer.refused(404, "standard", "GET", fmt.Sprintf("/api/v1/severity?supplier=%s&product=%s&standard=none", v.purchase.PartyID, lot.ProductID), nil)
	v.buyer.refused(422, "limiting_quality", "GET", at+"&limiting_quality=1.0", nil)

	rule := func(more string) string {
		return fmt.Sprintf(`{"supplier_id":%q,"product_id":%q,"standard_code":%q,%s}`, v.purchase.PartyID, lot.ProductID, lot.StandardCode, more)
	}
	override := rule(`"kind":"override","class":"major","severity":"tightened","reason":"new mould"`)
	v.as(t, models.Sales).refused(403, "", "POST", rulingsPath, override)
	v.buyer.refused(422, "reason", "POST", rulingsPath, rule(`"kind":"override","class":"major","severity":"tightened","reason":" "`))
	v.buyer.refused(422, "severity", "POST", rulingsPath, rule(`"kind":"override","class":"major","reason":"x"`))
	v.buyer.refused(422, "kind", "POST", rulingsPath, rule(`"kind":"withdraw","reason":"x"`))
	v.buyer.refused(409, "kind", "POST", rulingsPath, rule(fmt.Sprintf(`"kind":"resume","reason":"x","corrective_action_id":%q`, models.NewID())))
	var r, again models.SeverityRuling
	v.buyer.want(201, "POST", rulingsPath, override, &r, "Idempotency-Key", "ruling-1")
	v.buyer.want(201, "POST", rulingsPath, override, &again, "Idempotency-Key", "ruling-1")
	if r.ID != again.ID || r.RuledByName != v.buyer.user.Name || r.EffectiveOn == "" {
		t.Errorf("ruled %+v, repeated %+v, want one ruling by the buyer", r, again)
	}
	v.buyer.want(200, "GET", at, nil, &s)
	if major, minor := s.Classes[0], s.Classes[1]; major.Severity != "tightened" || major.Computed != "normal" || minor.Severity != "normal" || len(s.Rulings) != 1 {
		t.Errorf("set by hand: major %s (computed %s), minor %s, want tightened (normal), normal", major.Severity, major.Computed, minor.Severity)
	}
	more := contractstest.MustLot(t, v.DB, v.purchase.Lines[0].ID, func(in *contracts.LotInput) {
		in.Quantity, in.Cartons, in.PerCarton, in.CartonFrom, in.CartonTo = models.Pieces(500), 50, 10, 1001, 1050
	})
	plan := v.plan()
	plan.Lots = []models.ID{more.ID}
	var next models.Inspection
	v.buyer.want(201, "POST", inspectionsPath, plan, &next)
	if c := next.Lots[0].Plan.Classes[1]; c.Severity != "tightened" || c.Why.ZH == "" {
		t.Errorf("planned at %s (%v), want tightened as ruled", c.Severity, c.Why)
	}
	withdraw := rulingsPath + "/" + r.ID.String() + "/withdraw"
	v.buyer.want(201, "POST", withdraw, `{"reason":"mould is run in"}`, &again)
	if again.WithdrawsID == nil || *again.WithdrawsID != r.ID || again.Kind != models.RuleWithdraw {
		t.Errorf("withdrawal = %+v", again)
	}
	v.buyer.refused(409, "", "POST", withdraw, `{"reason":"twice"}`)
	v.buyer.refused(409, "kind", "POST", rulingsPath+"/"+again.ID.String()+"/withdraw", `{"reason":"the withdrawal"}`)
	var page struct{ Items []models.SeverityRuling }
	if v.buyer.want(200, "GET", rulingsPath+"?supplier_id="+v.purchase.PartyID.String(), nil, &page); len(page.Items) != 2 {
		t.Errorf("%d rulings listed, want the ruling and its withdrawal", len(page.Items))
	}
	var all inspections.SupplierSeverities
	v.inspector.want(200, "GET", "/api/v1/suppliers/"+v.purchase.PartyID.String()+"/severity", nil, &all)
	if len(all.Items) != 1 || all.Items[0].Classes[0].Severity != "normal" || all.Items[0].Classes[0].Lots != 1 {
		t.Errorf("series of the supplier = %+v, want one at normal", all)
	}
	var entries struct{ Items []models.AuditEntry }
	v.as(t, models.Admin).want(200, "GET", "/api/v1/audit?entity_id="+again.ID.String(), nil, &entries)
	if len(entries.Items) != 1 || entries.Items[0].Action != "withdraw" {
		t.Errorf("audit entries of the withdrawal: %+v, want one", entries.Items)
	}
	v.buyer.refused(400, "resume", "POST", inspectionsPath, fmt.Sprintf(`{"kind":"pre_shipment","contract_id":%q,"planned_on":"2026-04-20","lots":[%q],"resume":"8D"}`, v.purchase.ID, more.ID))
}
