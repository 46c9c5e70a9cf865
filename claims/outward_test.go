package claims

import (
	"strings"
	"testing"

	"recourse/models"
)

// TestFiguresForTheCustomer: only what answers the claim goes into a letter, and
// nothing of our own weighing.
func TestFiguresForTheCustomer(t *testing.T) {
	for facts, want := range map[AttributeFacts]bool{
		shown(12000, 315, 6, 1440): true, shown(12000, 315, 0, 200): true, shown(600, 80, 2, 24): false, shown(12000, 0, 0, 24): false,
	} {
		s := Attribute(facts)
		if got := !s.Outward.IsZero(); got != want {
			t.Errorf("Attribute(%+v) goes outward: %v, want %v", facts, got, want)
		}
		for _, inner := range []string{"may have been there", "rebut", "points to", "反驳", "可能已存在"} {
			if strings.Contains(s.Outward.EN+s.Outward.ZH, inner) {
				t.Errorf("Attribute(%+v) tells the customer %q", facts, inner)
			}
		}
	}
	c := models.Characteristic{Name: models.Text{ZH: "长度", EN: "Length"}, Unit: "mm", Upper: models.MustDecimal("595")}
	within, outside := []models.Decimal{models.MustDecimal("594")}, []models.Decimal{models.MustDecimal("596")}
	if s := Measured(c, within); !strings.HasPrefix(s.Outward.EN, "1 reading of Length: 0 outside") || strings.Contains(s.Outward.EN, "no more") {
		t.Errorf("Measured within = %q", s.Outward.EN)
	}
	if s := Measured(c, outside); !s.Outward.IsZero() {
		t.Errorf("Measured outside goes outward: %q", s.Outward.EN)
	}
	if s := Measured(models.Characteristic{}, within); !s.Outward.IsZero() {
		t.Errorf("Measured without limits goes outward: %q", s.Outward.EN)
	}
}

func TestOutwardSaysNoMoreThanTheRecord(t *testing.T) {
	match := func(kind models.InspectionKind, found int, verdict models.Verdict) Match {
		return Match{Kind: kind, SameLot: true, Checked: true, Found: found, Verdict: verdict}
	}
	for name, test := range map[string]struct {
		coverage ItemCoverage
		want     models.Text
	}{
		"accepted":       {ItemCoverage{Status: FoundAndTolerated, Matches: []Match{match(models.PreShipment, 2, models.Accepted)}}, outwardTexts[FoundAndTolerated]},
		"not accepted":   {ItemCoverage{Status: FoundAndTolerated, Matches: []Match{match(models.PreShipment, 20, models.NotAccepted)}}, onRecord},
		"reworked only":  {ItemCoverage{Status: FoundAndReworked, Matches: []Match{match(models.PreShipment, 20, models.NotAccepted)}}, onRecord},
		"and inspected":  {ItemCoverage{Status: FoundAndReworked, Matches: []Match{match(models.ReInspection, 0, models.Accepted), match(models.PreShipment, 20, models.NotAccepted)}}, outwardTexts[FoundAndReworked]},
		"waived":         {ItemCoverage{Status: FoundAndWaived}, onRecord},
		"nobody looked":  {ItemCoverage{Status: NotInspected}, outwardTexts[NotInspected]},
		"nothing of it":  {ItemCoverage{Status: InspectedHere}, outwardTexts[InspectedHere]},
		"other lots":     {ItemCoverage{Status: InspectedElsewhere}, outwardTexts[InspectedElsewhere]},
		"cannot be seen": {ItemCoverage{Status: NotInspectable}, outwardTexts[NotInspectable]},
	} {
		if got := outward(test.coverage); got != test.want || got.IsZero() {
			t.Errorf("%s: outward = %q, want %q", name, got.EN, test.want.EN)
		}
	}
	counted := outward(ItemCoverage{Status: InspectedHere, Quantity: &QuantityCoverage{}})
	if strings.Contains(counted.EN, "nothing of the kind") {
		t.Errorf("a count says %q", counted.EN)
	}
}
