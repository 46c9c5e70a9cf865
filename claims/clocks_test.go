package claims_test

import (
	"context"
	"testing"
	"time"

	"gorm.io/gorm"

	"recourse/claims"
	"recourse/models"
)

func clock(t testing.TB, clocks []claims.Clock, code string) claims.Clock {
	t.Helper()
	for _, c := range clocks {
		if c.Code == code {
			return c
		}
	}
	t.Errorf("there is no clock %s", code)
	return claims.Clock{}
}

// TestClocksOfTheCase has the figures of the example case, through the database.
func TestClocksOfTheCase(t *testing.T) {
	d := newDeal(t)
	c := d.twoItems()
	shown, err := do(d, func(ctx context.Context, tx *gorm.DB) (*claims.Shown, error) { return claims.Show(ctx, tx, d.by, c.ID) })
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []struct {
		code   string
		ends   models.Date
		inTime bool
		day    int
		left   int
	}{
		{claims.ClockQuality, "2026-07-06", true, 24, 5},
		{claims.ClockQuantity, "2026-06-21", false, 24, -10},
		{claims.ClockOurReply, "2026-07-30", true, 1, 29},
		{claims.ClockSupplierQuality, "2026-05-22", false, 70, -40},
		{claims.ClockSupplierQuantity, "2026-05-07", false, 70, -55},
		{"law_outer_limit", "2028-06-06", true, 24, 706},
		{"supplier_outer_limit", "2028-04-22", true, 70, 661},
		{"carrier_notice_apparent", "2026-06-06", false, 25, -25},
		{"carrier_suit", "2027-06-06", true, 25, 340},
		{"insurer_notice", "2026-07-03", true, 1, 2},
	} {
		got := clock(t, shown.Clocks, want.code)
		if got.InTime == nil || got.EndsOn != want.ends || *got.InTime != want.inTime || *got.Day != want.day || *got.DaysLeft != want.left {
			t.Errorf("%s ends %s, in time %v, day %v, %v left; want %+v", want.code, got.EndsOn, val(got.InTime), val(got.Day), val(got.DaysLeft), want)
		}
		if len(got.Missing) != 0 || got.Rule.EN == "" || got.Rule.ZH == "" || got.Source.ZH == "" || got.Source.EN == "" || got.Name.ZH == "" {
			t.Errorf("%s isn't told whole: %+v", want.code, got)
		}
	}
	if q := clock(t, shown.Clocks, claims.ClockQuality); len(q.Notes) != 1 {
		t.Errorf("quality: notes %v, want that the survey report is missing", q.Notes)
	}
	if s := clock(t, shown.Clocks, claims.ClockSupplierQuality); s.Contract != d.purchase.Number || s.PartyID == nil || *s.PartyID != d.purchase.PartyID {
		t.Errorf("the supplier's window is of %s, want %s", s.Contract, d.purchase.Number)
	}
}

func val[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

// days is a claim under a clause of that many days from an event.
func facts(from string, days int, change ...func(*claims.Facts)) claims.Facts {
	f := claims.Facts{
		ReceivedOn: "2026-06-30",
		Sales:      models.Contract{Number: "SC-1", Incoterm: "CIF Hamburg", ClaimClause: models.ClaimClause{QualityDays: &days, From: from}},
		Shipment:   models.Shipment{DeliveredOn: "2026-04-22", LoadedOn: "2026-04-24", ArrivedOn: "2026-06-06"},
		Items:      []models.ClaimItem{{ItemNo: 1, Reason: models.ReasonQuality, Apparent: true}},
	}
	for _, c := range change {
		c(&f)
	}
	return f
}

func TestClockEvents(t *testing.T) {
	for _, c := range []struct {
		from    string
		change  func(*claims.Facts)
		ends    models.Date
		missing models.Text
	}{
		{"delivery", func(*claims.Facts) {}, "2026-05-22", models.Text{}},
		{"loading", func(*claims.Facts) {}, "2026-05-24", models.Text{}},
		{"arrival", func(*claims.Facts) {}, "2026-07-06", models.Text{}},
		{"receipt", func(*claims.Facts) {}, "2026-07-06", models.Text{}},
		{"arrival", func(f *claims.Facts) { f.Shipment = models.Shipment{} }, "", models.Text{EN: "arrival date unknown", ZH: "到港日期未知"}},
		{"delivery", func(f *claims.Facts) { f.Shipment = models.Shipment{} }, "", models.Text{EN: "delivery date unknown", ZH: "交货日期未知"}},
		{"arrival", func(f *claims.Facts) { f.Sales.ClaimClause.QualityDays = nil }, "", models.Text{EN: "contract SC-1 names no period", ZH: "合同 SC-1 未约定期限"}},
	} {
		got := clock(t, claims.ComputeClocks(facts(c.from, 30, c.change), nil, "2026-07-01"), claims.ClockQuality)
		if got.EndsOn != c.ends {
			t.Errorf("30 days from %s end %q, want %q", c.from, got.EndsOn, c.ends)
		}
		if c.ends == "" && (len(got.Missing) != 1 || got.Missing[0] != c.missing || got.InTime != nil || got.DaysLeft != nil) {
			t.Errorf("from %s: missing %v, in time %v; want %v and nothing said", c.from, got.Missing, val(got.InTime), c.missing)
		}
	}
}

func TestClockEdges(t *testing.T) {
	for _, c := range []struct {
		received models.Date
		inTime   bool
	}{{"2026-07-05", true}, {"2026-07-06", true}, {"2026-07-07", false}} {
		got := clock(t, claims.ComputeClocks(facts("arrival", 30, func(f *claims.Facts) { f.ReceivedOn = c.received }), nil, "2026-08-01"), claims.ClockQuality)
		if *got.InTime != c.inTime {
			t.Errorf("received %s, period to %s: in time = %v, want %v", c.received, got.EndsOn, *got.InTime, c.inTime)
		}
	}
}

func TestRuleLengths(t *testing.T) {
	for _, c := range []struct {
		arrived             models.Date
		days, months, years int
		workdays            bool
		ends                models.Date
	}{
		{"2026-01-31", 0, 1, 0, false, "2026-02-28"},
		{"2028-01-31", 0, 1, 0, false, "2028-02-29"},
		{"2024-02-29", 0, 0, 2, false, "2026-02-28"},
		{"2024-02-29", 0, 0, 4, false, "2028-02-29"},
		{"2026-10-31", 0, 13, 0, false, "2027-11-30"},
		{"2026-12-31", 0, 2, 0, false, "2027-02-28"},
		{"2028-02-28", 1, 0, 0, false, "2028-02-29"},
		{"2026-12-20", 15, 0, 0, false, "2027-01-04"},
		{"2026-07-01", 3, 0, 0, false, "2026-07-04"}, // a Saturday
		{"2026-07-01", 3, 0, 0, true, "2026-07-06"},
		{"2026-07-01", 4, 0, 0, true, "2026-07-06"},
		{"2026-07-01", 2, 0, 0, true, "2026-07-03"},
		{"2026-06-06", 0, 0, 0, false, "2026-06-06"},
	} {
		rule := models.ClockRule{Code: "r", Edition: 1, Starts: "arrival", Towards: "carrier", Days: c.days, Months: c.months, Years: c.years, Workdays: c.workdays}
		f := facts("arrival", 30, func(f *claims.Facts) { f.Shipment.ArrivedOn = c.arrived })
		if got := clock(t, claims.ComputeClocks(f, []models.ClockRule{rule}, "2026-07-01"), "r"); got.EndsOn != c.ends {
			t.Errorf("%d years %d months %d days (workdays %v) from %s end %s, want %s", c.years, c.months, c.days, c.workdays, c.arrived, got.EndsOn, c.ends)
		}
	}
}

func TestRulesApply(t *testing.T) {
	rule := func(code string, edition int, change func(*models.ClockRule)) models.ClockRule {
		r := models.ClockRule{Code: code, Edition: edition, Starts: "arrival", Towards: "insurer", Days: 10 * edition}
		change(&r)
		return r
	}
	rules := []models.ClockRule{
		rule("editions", 1, func(*models.ClockRule) {}), rule("editions", 2, func(r *models.ClockRule) { r.ValidFrom = "2026-06-30" }),
		rule("editions", 3, func(r *models.ClockRule) { r.ValidFrom = "2026-07-01" }),
		rule("retired", 1, func(r *models.ClockRule) { r.RetiredOn = "2026-06-30" }),
		rule("cif", 1, func(r *models.ClockRule) { r.Incoterms = "CIF CIP" }), rule("fob", 1, func(r *models.ClockRule) { r.Incoterms = "FOB" }),
		rule("apparent", 1, func(r *models.ClockRule) { r.Hidden = "apparent" }), rule("latent", 1, func(r *models.ClockRule) { r.Hidden = "latent" }),
	}
	got := map[string]int{}
	for _, c := range claims.ComputeClocks(facts("arrival", 30), rules, "2026-07-01") {
		if c.Edition > 0 {
			got[c.Code] = c.Edition
		}
	}
	want := map[string]int{"editions": 2, "cif": 1, "apparent": 1}
	if len(got) != len(want) || got["editions"] != 2 || got["cif"] != 1 || got["apparent"] != 1 {
		t.Errorf("rules that apply = %v, want %v", got, want)
	}
}

func TestAnsweredOnTheCompanysDay(t *testing.T) {
	d := newDeal(t)
	d.by.At = time.Date(2026, 7, 31, 1, 0, 0, 0, time.FixedZone("CST", 8*3600)) // still 30 July in UTC
	c := d.mustMove(d.mustOpen(), claims.Acknowledge, claims.Investigate)
	c = d.mustMove(d.mustAnswer(c, 1, claims.AnswerInput{Answer: models.AnswerReject, Ground: "evidence_missing"}), claims.Assess, claims.Reject)
	shown, err := do(d, func(ctx context.Context, tx *gorm.DB) (*claims.Shown, error) { return claims.Show(ctx, tx, d.by, c.ID) })
	if err != nil {
		t.Fatal(err)
	}
	if got := clock(t, shown.Clocks, claims.ClockOurReply); *got.InTime || !got.Protected {
		t.Errorf("answered on 31 July, due on %s: in time %v, done %v; want late and done", got.EndsOn, *got.InTime, got.Protected)
	}
}

// TestNoticesMeetTheirClocks: what recovery recorded as sent is in time by its own day.
func TestNoticesMeetTheirClocks(t *testing.T) {
	f := facts("arrival", 30, func(f *claims.Facts) {
		f.Noticed = map[string]models.Date{"carrier": "2026-06-08"}
		f.Sources = []claims.Source{{Purchase: models.Contract{Number: "PC-1", ClaimClause: models.ClaimClause{QualityDays: new(60), From: "delivery"}}, Items: []int{1}, NoticedOn: "2026-06-20"}}
	})
	rules := []models.ClockRule{
		{Code: "carrier_notice", Edition: 1, Starts: "arrival", Days: 3, Towards: "carrier"}, {Code: "carrier_suit", Edition: 1, Starts: "arrival", Years: 1, Towards: "carrier"},
		{Code: "insurer_notice", Edition: 1, Starts: "arrival", Days: 3, Towards: "insurer"},
	}
	clocks := claims.ComputeClocks(f, rules, "2026-07-01")
	for _, c := range []struct {
		code         string
		done, inTime bool
	}{{"carrier_notice", true, true}, {"carrier_suit", false, true}, {"insurer_notice", false, false}, {claims.ClockSupplierQuality, true, true}} {
		if got := clock(t, clocks, c.code); got.Protected != c.done || *got.InTime != c.inTime {
			t.Errorf("%s: done %v, in time %v; want %v, %v", c.code, got.Protected, *got.InTime, c.done, c.inTime)
		}
	}
}

func TestRulesAreEditedByEditions(t *testing.T) {
	d := newDeal(t)
	d.mustOpen()
	in := claims.RuleInput{
		Code: "insurer_notice", ValidFrom: "2026-07-01", Name: models.Text{ZH: "出险通知", EN: "Notice of loss"}, Starts: "claim", Days: 2, Towards: "insurer", Incoterms: "CIF CIP",
		Source: models.Text{ZH: "保险单", EN: "The policy"}, Citation: "Policy 2026",
	}
	add := func(by models.Actor, in claims.RuleInput) (*models.ClockRule, error) {
		return do(d, func(ctx context.Context, tx *gorm.DB) (*models.ClockRule, error) {
			return claims.AddRule(ctx, tx, by, in)
		})
	}
	if r, err := add(d.by, in); err != nil || r.Edition != 2 {
		t.Fatalf("AddRule = %+v, %v, want edition 2", r, err)
	}
	for _, x := range []struct {
		name, field string
		change      func(*claims.RuleInput)
	}{
		{"before the last edition", "valid_from", func(r *claims.RuleInput) { r.ValidFrom = "2026-06-30" }},
		{"no name in Chinese", "name", func(r *claims.RuleInput) { r.Name.ZH = "" }},
		{"no source in English", "source", func(r *claims.RuleInput) { r.Source.EN = "" }},
		{"no code", "code", func(r *claims.RuleInput) { r.Code = "Art. 1" }},
		{"retired before it counts", "retired_on", func(r *claims.RuleInput) { r.RetiredOn = "2026-01-01" }},
	} {
		bad := in
		x.change(&bad)
		_, err := add(d.by, bad)
		refused(t, x.name, err, models.CodeInvalid, x.field)
	}
	_, err := add(models.Actor{Roles: []models.Role{models.Sales}, At: d.by.At}, in)
	refused(t, "by sales", err, models.CodeForbidden, "")
	again, err := do(d, func(ctx context.Context, tx *gorm.DB) (*claims.RuleSet, error) {
		if err := claims.SeedRules(ctx, tx, d.by.At); err != nil {
			return nil, err
		}
		return claims.Rules(ctx, tx, d.by.At)
	})
	if err != nil || len(again.Items) != 8 {
		t.Errorf("after seeding again there are %d editions (%v), want 8", len(again.Items), err)
	}
}
