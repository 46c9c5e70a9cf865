package claims

import (
	"math"
	"strings"
	"testing"

	"recourse/models"
)

func shown(lot, sample, found, claimed int) AttributeFacts {
	return AttributeFacts{Lot: lot, Sample: sample, Found: found, Claimed: claimed, Random: true, SameDefinition: true, Visible: true}
}

func TestAttribute(t *testing.T) {
	tests := []struct {
		facts    AttributeFacts
		p        float64
		d        int
		strength string
	}{
		{shown(12000, 315, 6, 1440), 2.0872337971052986e-11, 444, StrengthVeryStrong},
		{shown(12000, 315, 0, 200), 0.004675824828194475, 112, StrengthStrong},
		{shown(20000, 315, 3, 2400), 3.4e-14, 486, StrengthVeryStrong},
		{shown(1000, 80, 2, 50), 0.22, 74, StrengthNone},
		{shown(2500, 5, 0, 300), 0.53, 1127, StrengthNone},
	}
	for _, test := range tests {
		s := Attribute(test.facts)
		if s.PAtMost == nil || math.Abs(*s.PAtMost-test.p) > 0.03*test.p {
			t.Errorf("Attribute(%+v): p = %v, want %v", test.facts, s.PAtMost, test.p)
			continue
		}
		if test.facts.Lot != 2500 && *s.UpperBound.D != test.d || s.Strength != test.strength {
			t.Errorf("Attribute(%+v): bound %d, strength %s, want %d, %s", test.facts, *s.UpperBound.D, s.Strength, test.d, test.strength)
		}
		if !strings.Contains(s.Text.ZH, "95 %") || !strings.Contains(s.Text.EN, "95 %") || strings.Contains(s.Text.EN+s.Text.ZH, "%!") {
			t.Errorf("Attribute(%+v): text %+v", test.facts, s.Text)
		}
		if len(s.Assumptions) != 3 {
			t.Errorf("Attribute(%+v) prints %d assumptions, want 3", test.facts, len(s.Assumptions))
		}
	}
}

func TestAttributeRefuses(t *testing.T) {
	for name, change := range map[string]func(*AttributeFacts){
		"no sample":        func(f *AttributeFacts) { f.Sample, f.Found = 0, 0 },
		"not random":       func(f *AttributeFacts) { f.Random = false },
		"other definition": func(f *AttributeFacts) { f.SameDefinition = false },
		"latent":           func(f *AttributeFacts) { f.Visible = false },
		"above the lot":    func(f *AttributeFacts) { f.Claimed = 12001 },
	} {
		f := shown(12000, 315, 6, 1440)
		change(&f)
		s := Attribute(f)
		if s.PAtMost != nil || s.UpperBound != nil || len(s.Refused) != 1 || s.Strength != StrengthNone || s.Text.ZH == "" {
			t.Errorf("%s: Attribute = %+v, want a refusal without figures", name, s)
		}
	}
}

func TestProbability(t *testing.T) {
	for p, want := range map[float64]string{0: "0", 0.22: "0.22", 0.0046758: "0.0047", 2.0872337971052986e-11: "2.1 × 10⁻¹¹", 9.99e-7: "1.0 × 10⁻⁶", 1: "1"} {
		if got := probability(p); got != want {
			t.Errorf("probability(%v) = %q, want %q", p, got, want)
		}
	}
}

func TestMeasured(t *testing.T) {
	c := models.Characteristic{Code: "SQR", Name: models.Text{ZH: "直角偏离度", EN: "Difference of diagonals"}, Unit: "mm", Decimals: 1, Upper: models.MustDecimal("2.0")}
	var readings []models.Decimal
	for _, v := range []string{"0.5", "1.0", "0.5", "1.5", "1.0", "0.5", "2.0", "1.0", "2.5", "0.5", "1.0", "1.5", "0.5"} {
		readings = append(readings, models.MustDecimal(v))
	}
	s := Measured(c, readings)
	if s.Outside != 1 || math.Abs(s.Mean-14.0/13) > 1e-12 || math.Abs(*s.Deviation-0.6405) > 1e-3 {
		t.Errorf("Measured = outside %d, mean %v, s %v, want 1, %v, 0.64", s.Outside, s.Mean, *s.Deviation, 14.0/13)
	}
	if s.ShareLower >= s.Share || s.ShareUpper <= s.Share || s.ShareUpper > 0.37 {
		t.Errorf("Measured: share %v in %v … %v", s.Share, s.ShareLower, s.ShareUpper)
	}
	if none := Measured(c, nil); len(none.Refused) != 1 || none.Text.ZH == "" {
		t.Errorf("Measured of nothing = %+v, want a refusal", none)
	}
	if one := Measured(c, readings[:1]); one.Deviation != nil {
		t.Errorf("Measured of one reading gives s = %v", *one.Deviation)
	}
}
