package server

import (
	"context"
	"strings"
	"testing"
	"time"

	"recourse/models"
	"recourse/scorecards"
)

// scored is a site in which one inspection was decided and counted, seven months later.
func scored(t testing.TB) *visit {
	t.Helper()
	v := newVisit(t)
	v.final(t)
	v.now = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	v.counted(t)
	return v
}

// counted lets the jobs seal and follow.
func (v *visit) counted(t testing.TB) {
	t.Helper()
	for _, job := range []func(context.Context, string) error{v.seal, v.followScores} {
		if err := job(t.Context(), "test"); err != nil {
			t.Fatal(err)
		}
	}
}

func TestScorecardsOverHTTP(t *testing.T) {
	v := scored(t)
	supplier := "/api/v1/suppliers/" + v.purchase.PartyID.String()
	var ranking models.Ranking
	v.as(t, models.Sales).want(200, "GET", "/api/v1/scorecards/ranking", nil, &ranking)
	if len(ranking.Rows) != 1 || ranking.Rows[0].Counts.Lots != 1 || ranking.Period.To != "2026-10" {
		t.Errorf("ranking = %+v", ranking)
	}
	v.buyer.refused(422, "period", "GET", "/api/v1/scorecards/ranking?kind=month&period=2027-01", nil)
	v.buyer.refused(422, "kind", "GET", "/api/v1/scorecards/ranking?kind=week", nil)
	v.inspector.refused(403, "", "GET", supplier+"/scorecard", nil)
	v.buyer.refused(404, "", "GET", "/api/v1/suppliers/"+models.NewID().String()+"/scorecard", nil)
	var card models.CardContent
	v.buyer.want(200, "GET", supplier+"/scorecard?full=true&kind=quarter&period=2026-Q2", nil, &card)
	if card.Counts.DefectsMajor != 6 || len(card.Trend) != 8 || len(card.Pareto) != 2 || card.Pareto[0].Defect != "BUB" {
		t.Errorf("card = %+v %+v", card.Counts, card.Pareto)
	}
	v.buyer.want(200, "GET", supplier+"/trend", nil, &scorecards.Line{})
	v.buyer.want(200, "GET", supplier+"/pareto", nil, &scorecards.Defects{})
	v.buyer.want(200, "GET", "/api/v1/scorecards/escapes", nil, &scorecards.EscapeAnalysis{})
	v.buyer.want(200, "GET", "/api/v1/scorecards/cost?by=product", nil, &scorecards.CostReport{})
	v.as(t, models.Viewer).refused(403, "", "GET", "/api/v1/scorecards/cost", nil)

	v.as(t, models.Finance).refused(403, "", "POST", "/api/v1/scorecards/publications", `{}`)
	v.buyer.refused(422, "period", "POST", "/api/v1/scorecards/publications", `{"kind":"month","period":"2026-11"}`)
	var out scorecards.Publications
	v.buyer.want(200, "POST", "/api/v1/scorecards/publications", `{"kind":"rolling","period":"2026-10"}`, &out)
	if len(out.Items) != 1 || out.Items[0].Outcome != scorecards.Published {
		t.Fatalf("publications = %+v", out)
	}
	var published models.Scorecard
	v.as(t, models.Viewer).want(200, "GET", "/api/v1/scorecards/"+out.Items[0].ScorecardID.String(), nil, &published)
	if published.Content.Counts.Lots != 1 || published.PublisherName != v.buyer.user.Name {
		t.Errorf("published card = %+v", published)
	}
	papers := map[string]string{
		"/api/v1/scorecards/" + published.ID.String() + "/report?lang=zh&edition=supplier": "%PDF-", supplier + "/scorecard/report?kind=quarter&period=2026-Q2&lang=en": "%PDF-",
		"/api/v1/scorecards/ranking/report": "%PDF-", "/api/v1/scorecards/ranking/report?format=xlsx&lang=zh": "PK",
	}
	for path, begins := range papers {
		if r := v.buyer.want(200, "GET", path, nil, nil); !strings.HasPrefix(string(r.body), begins) {
			t.Errorf("GET %s begins with %.8q, want %q", path, r.body, begins)
		}
		v.inspector.refused(403, "", "GET", path, nil)
	}
	v.buyer.refused(422, "format", "GET", "/api/v1/scorecards/ranking/report?format=doc", nil)
	var page struct{ Items []scorecards.CardRow }
	v.buyer.want(200, "GET", "/api/v1/scorecards?newest=true&kind=rolling&supplier_id="+v.purchase.PartyID.String(), nil, &page)
	if len(page.Items) != 1 || page.Items[0].Number != published.Number {
		t.Errorf("list = %+v", page.Items)
	}
}

func TestMeasuresAndRatesOverHTTP(t *testing.T) {
	v := scored(t)
	at := "/api/v1/supplier-measures"
	measure := `{"supplier_id":"` + v.purchase.PartyID.String() + `","kind":"tightened","reason":"band D"}`
	v.as(t, models.Sales).refused(403, "", "POST", at, measure)
	v.buyer.refused(422, "reason", "POST", at, `{"supplier_id":"`+v.purchase.PartyID.String()+`","kind":"watch"}`)
	v.buyer.refused(422, "kind", "POST", at, `{"supplier_id":"`+v.purchase.PartyID.String()+`","kind":"prison","reason":"x"}`)
	var m models.SupplierMeasure
	v.buyer.want(201, "POST", at, measure, &m)
	v.buyer.refused(409, "kind", "POST", at, measure)
	v.buyer.refused(428, "If-Match", "POST", at+"/"+m.ID.String()+"/lift", `{"reason":"mended"}`)
	v.buyer.want(200, "POST", at+"/"+m.ID.String()+"/lift", `{"reason":"mended"}`, &m, "If-Match", `"1"`)
	if m.LiftedAt == nil || m.LiftReason != "mended" {
		t.Errorf("lifted = %+v", m)
	}

	finance, rate := v.as(t, models.Finance), "/api/v1/exchange-rates"
	usd := `{"currency":"USD","month":"2026-05","rate":"7.12","source":"bank"}`
	v.buyer.refused(403, "", "POST", rate, usd)
	finance.refused(422, "month", "POST", rate, `{"currency":"USD","month":"2027-05","rate":"7.12"}`)
	finance.refused(422, "rate", "POST", rate, `{"currency":"USD","month":"2026-05","rate":"0"}`)
	finance.refused(422, "currency", "POST", rate, `{"currency":"XXX","month":"2026-05","rate":"1"}`)
	finance.want(201, "POST", rate, usd, nil)
	finance.refused(412, "", "PUT", rate, usd, "If-Match", `"7"`)
	finance.want(200, "PUT", rate, `{"currency":"USD","month":"2026-05","rate":"7.13","source":"bank"}`, nil, "If-Match", `"1"`)
}

func TestScheduledPublicationHappensOnce(t *testing.T) {
	v := scored(t)
	for range 3 {
		if err := v.publishScores(t.Context(), "test"); err != nil {
			t.Fatal(err)
		}
		v.counted(t)
	}
	var page struct{ Items []scorecards.CardRow }
	v.buyer.want(200, "GET", "/api/v1/scorecards", nil, &page)
	if len(page.Items) != 1 || page.Items[0].PublisherName != "system" || page.Items[0].ToMonth != "2026-10" {
		t.Errorf("published by the job: %+v, want one card of the twelve months that are over", page.Items)
	}
}
