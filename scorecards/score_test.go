package scorecards

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"recourse/models"
)

func weight(code string, percent int, zero, full string) models.IndicatorWeight {
	return models.IndicatorWeight{Code: code, Weight: models.Percent(percent * 100), Zero: models.MustDecimal(zero), Full: models.MustDecimal(full)}
}

func TestPoints(t *testing.T) {
	for _, c := range []struct {
		value, zero, full float64
		want              models.Percent
	}{
		{85, 70, 100, 5000}, {70, 70, 100, 0}, {100, 70, 100, 10000}, {60, 70, 100, 0}, {110, 70, 100, 10000},
		{2, 4, 0, 5000}, {0, 4, 0, 10000}, {5, 4, 0, 0}, {87.320727, 70, 100, 5774},
	} {
		if got := points(c.value, c.zero, c.full); got != c.want {
			t.Errorf("points(%v, %v, %v) = %v, want %v", c.value, c.zero, c.full, got, c.want)
		}
	}
}

// exampleProfile and the counts of exampleSuppliers are the worked example of docs/scorecards.md.
var exampleProfile = models.ProfileContent{
	Indicators: []models.IndicatorWeight{weight("first_pass", 50, "70", "100"), weight("on_time", 30, "70", "100"), weight("claim_rate", 20, "10", "0")},
	Bands:      []models.Band{{Code: "A", From: 7000, To: 10000}, {Code: "B", From: 4000, To: 7000, Measure: "watch"}, {Code: "C", From: 0, To: 4000, Measure: "tightened"}},
	MinWeight:  5000,
}

var exampleSuppliers = []models.SupplierCounts{
	{Lots: 10, LotsAccepted: 9, Shipped: 100, Claims: 2},
	{Lots: 20, LotsAccepted: 18, Shipped: 200, Claims: 10},
	{Lots: 10, LotsAccepted: 5, Shipped: 50},
}

func TestScoreByHand(t *testing.T) {
	p := priorsOf(exampleSuppliers)
	r := score(exampleProfile, exampleProfile.Indicators, p, exampleSuppliers[0], nil, wholeSupplier)
	// First pass 87.32 % earns (87.32−70)/30 = 57.74; 2.868 claims per hundred earn (10−2.868)/10 = 71.32;
	// on time has no data, so the weights 50 and 20 share the whole: (50×57.74 + 20×71.32)/70 = 61.62.
	if r.Score == nil || *r.Score != 6162 || r.Band != "B" || r.Measure != "watch" || r.Rated != 7000 {
		t.Fatalf("score = %v band %s measure %s rated %v, want 61.62 B watch 70.00", r.Score, r.Band, r.Measure, r.Rated)
	}
	var shares []models.Percent
	var earned []string
	for _, i := range r.Indicators {
		shares = append(shares, i.Share)
		if i.Points != nil {
			earned = append(earned, i.Code+" "+i.Points.String())
		}
	}
	if diff := cmp.Diff([]models.Percent{7143, 0, 2857}, shares); diff != "" {
		t.Errorf("shares (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"first_pass 57.74", "claim_rate 71.32"}, earned); diff != "" {
		t.Errorf("points (-want +got):\n%s", diff)
	}
	if why := r.Indicators[1].Why; why.EN == "" || why.ZH == "" {
		t.Errorf("an indicator without data gives no reason in both languages: %+v", why)
	}
}

func TestNoDataIsNotRated(t *testing.T) {
	p := priorsOf(exampleSuppliers)
	for name, c := range map[string]models.SupplierCounts{
		"nothing at all": {},
		"only aborted":   {Visits: 3, NotReady: 3},
		"too little":     {Shipped: 10}, // 20 % of the weight
		"only zeros":     {Claims: 4},   // claims without a shipment: no exposure
	} {
		r := score(exampleProfile, exampleProfile.Indicators, p, c, nil, wholeSupplier)
		if r.Score != nil || r.Band != "" || r.Measure != "" || !strings.Contains(r.Why.EN, "Not rated") || !strings.Contains(r.Why.ZH, "未评分") {
			t.Errorf("%s: score = %+v, want not rated with the reason", name, r)
		}
	}
}

func TestFewLotsAreNotRated(t *testing.T) {
	content := exampleProfile
	content.MinLots = 3
	for lots, rated := range map[int64]bool{1: false, 2: false, 3: true} {
		c := models.SupplierCounts{Lots: lots, LotsAccepted: lots, ShippedDated: 1, ShippedOnTime: 1}
		r := score(content, content.Indicators, priorsOf(exampleSuppliers), c, nil, wholeSupplier)
		if (r.Score != nil) != rated || !rated && !strings.Contains(r.Why.ZH, "要求 3 批") {
			t.Errorf("%d lots: score %v (%s), want rated %v", lots, r.Score, r.Why.EN, rated)
		}
	}
}

func TestEveryIndicatorWithoutDataAndWithAll(t *testing.T) {
	full := models.SupplierCounts{
		Lots: 7, LotsAccepted: 7, Units: 900, Visits: 7, Released: 7, Shipped: 7, ShippedDated: 7, ShippedOnTime: 7,
		Steps: 3, StepsOnTime: 3, NotesSettled: 1, SettlementDays: 30, ShippedMinor: 1000, DebitedMinor: 10, RecoveredMinor: 10,
	}
	content := defaultProfile().Content
	for _, all := range [][]models.SupplierCounts{{{}}, {full}, {full, {}}, {full, full, full}} {
		r := score(content, content.Indicators, priorsOf(all), all[0], nil, wholeSupplier)
		explain(&r, priorsOf(all))
		var shares models.Percent
		for _, i := range r.Indicators {
			shares += i.Share
			for _, v := range []*float64{i.Raw, i.Value, i.Low, i.High, i.PriorMean, i.PriorWeight} {
				if v != nil && (*v != *v || *v < 0 || *v > 1e12) {
					t.Errorf("%s of %+v: %v is no figure", i.Code, all[0], *v)
				}
			}
			if (i.Points == nil) != (i.Why != models.Text{}) {
				t.Errorf("%s of %+v: points %v and reason %q don't go together", i.Code, all[0], i.Points, i.Why.EN)
			}
		}
		if all[0] == full && (r.Score == nil || shares != models.Whole) {
			t.Errorf("full figures: score %v, shares sum to %v", r.Score, shares)
		}
	}
}

func TestMissingRateIsNamed(t *testing.T) {
	c := models.SupplierCounts{Shipped: 5, ShippedMinor: 100, ClaimedMinor: 5}
	content := models.ProfileContent{Indicators: []models.IndicatorWeight{weight("claim_value", 100, "3", "0")}, Bands: exampleProfile.Bands}
	r := score(content, content.Indicators, priorsOf([]models.SupplierCounts{c}), c, []string{"JPY 2026-03", "USD 2026-05"}, wholeSupplier)
	if r.Score != nil || !strings.Contains(r.Indicators[0].Why.EN, "JPY 2026-03, USD 2026-05") || !strings.Contains(r.Indicators[0].Why.ZH, "缺少汇率") {
		t.Errorf("claimed value without rates = %+v, want not rated and the rates named", r)
	}
}

func TestBandsAreClosed(t *testing.T) {
	for score, want := range map[models.Percent]string{0: "C", 3999: "C", 4000: "B", 6999: "B", 7000: "A", 10000: "A"} {
		if got := bandOf(exampleProfile.Bands, score).Code; got != want {
			t.Errorf("bandOf(%v) = %q, want %q", score, got, want)
		}
	}
}

func TestCheckProfile(t *testing.T) {
	good := defaultProfile().Content
	if err := CheckProfile(good); err != nil {
		t.Fatalf("the built-in profile: %v", err)
	}
	weights := func(w ...models.IndicatorWeight) models.ProfileContent {
		return models.ProfileContent{Indicators: w, Bands: good.Bands}
	}
	bands := func(b ...models.Band) models.ProfileContent {
		return models.ProfileContent{Indicators: good.Indicators, Bands: b}
	}
	for name, c := range map[string]struct {
		content      models.ProfileContent
		field, words string
	}{
		"99.99": {weights(models.IndicatorWeight{Code: "first_pass", Weight: 9999, Zero: models.MustDecimal("0"), Full: models.MustDecimal("1")}), "indicators", "add 0.01"},
		"101":   {weights(weight("first_pass", 100, "0", "1"), weight("escape", 1, "1", "0")), "indicators", "take away 1.00"},
		"twice": {weights(weight("first_pass", 50, "0", "1"), weight("first_pass", 50, "0", "1")), "indicators[1].code", "twice"},
		"what":  {weights(weight("charm", 100, "0", "1")), "indicators[0].code", "charm"},
		"flat":  {weights(weight("first_pass", 100, "1", "1.0")), "indicators[0].full", "different"},
		"unset": {weights(models.IndicatorWeight{Code: "first_pass", Weight: 10000}), "indicators[0].full", "different"},
		"below": {weights(models.IndicatorWeight{Code: "first_pass", Weight: -1, Zero: models.MustDecimal("0"), Full: models.MustDecimal("1")}), "indicators[0].weight", "0 to 100"},
		"category": {models.ProfileContent{Indicators: good.Indicators, Bands: good.Bands, Categories: map[string][]models.IndicatorWeight{"tools": {weight("escape", 90, "1", "0")}}},
			"categories[tools]", "add 10.00"},
		"overlap":  {bands(models.Band{Code: "A", From: 4000, To: 10000}, models.Band{Code: "B", From: 0, To: 5000}), "bands", "overlap"},
		"gap":      {bands(models.Band{Code: "A", From: 6000, To: 10000}, models.Band{Code: "B", From: 0, To: 5000}), "bands", "50.00 to 60.00"},
		"open top": {bands(models.Band{Code: "A", From: 0, To: 9900}), "bands", "closed at 100"},
		"open end": {bands(models.Band{Code: "A", From: 100, To: 10000}), "bands", "0.00 to 1.00"},
		"same":     {bands(models.Band{Code: "A", From: 0, To: 5000}, models.Band{Code: "A", From: 5000, To: 10000}), "bands", "twice"},
		"empty":    {bands(models.Band{Code: "A", From: 0, To: 0}), "bands", "not above"},
	} {
		err := CheckProfile(c.content)
		e, is := err.(*models.Error)
		if !is || e.Field != c.field || !strings.Contains(e.Message.EN, c.words) || e.Message.ZH == "" {
			t.Errorf("%s: CheckProfile = %v, want an error at %s with %q", name, err, c.field, c.words)
		}
	}
}

func TestOrderSharesPlaces(t *testing.T) {
	row := func(code string, score int) models.RankingRow {
		r := models.RankingRow{SupplierCode: code}
		if score >= 0 {
			p := models.Percent(score)
			r.Result.Score = &p
		}
		return r
	}
	rows := []models.RankingRow{row("D", 7000), row("Z", -1), row("A", 9000), row("C", 8000), row("B", 8000), row("Y", -1)}
	if rated := order(rows); rated != 4 {
		t.Errorf("rated = %d, want 4", rated)
	}
	got := ""
	for _, r := range rows {
		got += r.SupplierCode + itoa(r.Place) + " "
	}
	if want := "A1 B2 C2 D4 Y0 Z0 "; got != want {
		t.Errorf("order = %q, want %q", got, want)
	}
	p := peersOf(rows, models.ID{})
	if p.Rated != 4 || *p.Best != 9000 || *p.Median != 8000 || *p.Lower != 7000 {
		t.Errorf("peersOf = %+v", p)
	}
}

func TestPeriods(t *testing.T) {
	const today models.Date = "2026-11-23"
	for in, want := range map[PeriodInput]models.Period{
		{}:                            {Kind: "rolling", From: "2025-11", To: "2026-10"},
		{Kind: "month"}:               {Kind: "month", From: "2026-10", To: "2026-10"},
		{"month", "2026-11"}:          {Kind: "month", From: "2026-11", To: "2026-11"},
		{"quarter", "2026-Q3"}:        {Kind: "quarter", From: "2026-07", To: "2026-09"},
		{Kind: "quarter"}:             {Kind: "quarter", From: "2026-07", To: "2026-09"},
		{"quarter", "2026-Q4"}:        {Kind: "quarter", From: "2026-10", To: "2026-12"},
		{"year", "2025"}:              {Kind: "year", From: "2025-01", To: "2025-12"},
		{Kind: "year"}:                {Kind: "year", From: "2025-01", To: "2025-12"},
		{"rolling", "2026-02"}:        {Kind: "rolling", From: "2025-03", To: "2026-02"},
		{Kind: "", Period: "2026-11"}: {Kind: "rolling", From: "2025-12", To: "2026-11"},
	} {
		if got, err := in.parse(today); err != nil || got != want {
			t.Errorf("parse(%+v) = %+v, %v, want %+v", in, got, err, want)
		}
	}
	for _, in := range []PeriodInput{{"month", "2026-12"}, {"rolling", "2026-12"}, {"quarter", "2027-Q1"}, {"year", "2027"}, {"quarter", "2026-Q5"},
		{"quarter", "2026-3"}, {"month", "2026-13"}, {"month", "march"}, {"year", "26"}} {
		if got, err := in.parse(today); !models.IsCode(err, models.CodeInvalid) {
			t.Errorf("parse(%+v) = %+v, %v, want a refusal", in, got, err)
		}
	}
}
