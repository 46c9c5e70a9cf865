package inspections

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"recourse/models"
)

func decimals(values ...string) []models.Decimal {
	out := make([]models.Decimal, len(values))
	for n, v := range values {
		out[n] = models.MustDecimal(v)
	}
	return out
}

// ceiling is a ceiling board's standard: attributes by AQL, three dimensions, a
// destructive board test by mean and single value.
func ceiling() models.StandardContent {
	d := models.MustDecimal
	return models.StandardContent{
		Sampling: models.SamplingRules{Scheme: "iso2859-1", Level: "II", Classes: []models.ClassRule{
			{Class: models.Critical, Rule: models.RuleNotAllowed},
			{Class: models.Major, Rule: models.RuleAQL, AQL: "2.5"},
			{Class: models.Minor, Rule: models.RuleAQL, AQL: "4.0"},
		}},
		Characteristics: []models.Characteristic{
			{Code: "LEN", Kind: "measured", Class: models.Major, Decimals: 1, Lower: d("593"), Upper: d("595"), Level: "S-2"},
			{Code: "SQR", Kind: "measured", Class: models.Minor, Decimals: 1, Upper: d("2.0"), Level: "S-2"},
			{Code: "BRK", Kind: "measured", Class: models.Major, Decimals: 1, MeanLower: d("147"), Lower: d("132"), SampleSize: 5, Destructive: true},
		},
		Defects: []models.Defect{
			{Code: "MLD", Class: models.Critical}, {Code: "COR", Class: models.Major}, {Code: "COL", Class: models.Major},
			{Code: "BUB", Class: models.Minor}, {Code: "STN", Class: models.Minor},
		},
	}
}

// ceilingLot is a lot of 12 000 boards, fully recorded.
func ceilingLot(t *testing.T) models.InspectionLot {
	t.Helper()
	content := ceiling()
	plan, err := planFor(content, 12000, Force{})
	if err != nil {
		t.Fatal(err)
	}
	examined, presented := 315, models.Pieces(12000)
	finding := func(code string, class models.DefectClass, units int) models.Finding {
		return models.Finding{Defect: code, Class: class, Units: units, Defects: units}
	}
	return models.InspectionLot{
		Snapshot: content, Plan: plan, UnitsExamined: &examined, QuantityPresented: &presented,
		Findings: []models.Finding{finding("COR", models.Major, 6), finding("COL", models.Major, 2), finding("BUB", models.Minor, 9), finding("STN", models.Minor, 4)},
		Overlaps: []models.UnitOverlap{{Unit: 118, Defects: []string{"COR", "BUB"}}},
		Measurements: []models.Measurement{
			{Characteristic: "LEN", Readings: decimals("594.0", "594.5", "593.5", "594.0", "595.0")},
			{Characteristic: "SQR", Readings: decimals("0.5", "1.0", "0.5", "1.5", "1.0", "0.5", "2.0", "1.0", "2.5", "0.5", "1.0", "1.5", "0.5")},
			{Characteristic: "BRK", Readings: decimals("151", "149", "158", "146", "143")},
		},
	}
}

func TestPlanFor(t *testing.T) {
	p, err := planFor(ceiling(), 12000, Force{})
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		Letter    string
		N, Ac, Re int
	}
	got := map[string]row{}
	for _, c := range p.Classes {
		got[string(c.Class)] = row{c.PlanLetter, c.SampleSize, c.Ac, c.Re}
	}
	for _, c := range p.Characteristics {
		got[c.Code] = row{c.PlanLetter, c.SampleSize, c.Ac, c.Re}
	}
	want := map[string]row{
		"critical": {"", 315, 0, 1}, "major": {"M", 315, 14, 15}, "minor": {"M", 315, 21, 22},
		"LEN": {"C", 5, 0, 1}, "SQR": {"E", 13, 1, 2}, "BRK": {"", 5, 0, 1},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("planFor(12000) differs (-want +got):\n%s", diff)
	}
	if p.CodeLetter != "M" || p.Units != 315 {
		t.Errorf("planFor(12000): letter %s, units %d, want M, 315", p.CodeLetter, p.Units)
	}
}

func TestPlanForSamplesDifferPerClass(t *testing.T) {
	content := models.StandardContent{Sampling: models.SamplingRules{Scheme: "iso2859-1", Level: "II", Classes: []models.ClassRule{
		{Class: models.Critical, Rule: models.RuleAQL, AQL: "0.10"}, {Class: models.Major, Rule: models.RuleAQL, AQL: "1.0"}, {Class: models.Minor, Rule: models.RuleAQL, AQL: "4.0"},
	}}}
	for _, common := range []bool{false, true} {
		content.Sampling.CommonN = common
		p, err := planFor(content, 1000, Force{})
		if err != nil {
			t.Fatal(err)
		}
		want := []int{125, 80, 80}
		if common {
			want = []int{125, 125, 125}
		}
		for n, c := range p.Classes {
			if c.SampleSize != want[n] {
				t.Errorf("planFor(1000, common %v) %s: n = %d, want %d", common, c.Class, c.SampleSize, want[n])
			}
		}
	}
}

func TestJudge(t *testing.T) {
	tests := []struct {
		name   string
		change func(*models.InspectionLot)
		want   models.Verdict
		about  string // the part whose verdict decides
	}{
		{"as found", func(*models.InspectionLot) {}, models.Accepted, "major"},
		{"units not examined", func(l *models.InspectionLot) { l.UnitsExamined = nil }, models.Pending, "major"},
		{"too few examined", func(l *models.InspectionLot) { n := 314; l.UnitsExamined = &n }, models.Pending, "major"},
		{"fifteen major", func(l *models.InspectionLot) { l.Findings[0].Units = 13 }, models.NotAccepted, "major"},
		{"fourteen major", func(l *models.InspectionLot) { l.Findings[0].Units = 12 }, models.Accepted, "major"},
		{"one critical", func(l *models.InspectionLot) {
			l.Findings = append(l.Findings, models.Finding{Defect: "MLD", Class: models.Critical, Units: 1, Defects: 1})
		}, models.NotAccepted, "critical"},
		{"a reading below", func(l *models.InspectionLot) { l.Measurements[0].Readings[0] = models.MustDecimal("592.9") }, models.NotAccepted, "LEN"},
		{"a reading on the limit", func(l *models.InspectionLot) { l.Measurements[0].Readings[0] = models.MustDecimal("593.0") }, models.Accepted, "LEN"},
		{"two out of square", func(l *models.InspectionLot) { l.Measurements[1].Readings[0] = models.MustDecimal("2.1") }, models.NotAccepted, "SQR"},
		{"mean just on", func(l *models.InspectionLot) {
			l.Measurements[2].Readings = decimals("147", "147", "147", "146", "148")
		}, models.Accepted, "BRK"},
		{"mean just below", func(l *models.InspectionLot) {
			l.Measurements[2].Readings = decimals("147", "147", "147", "146", "147.9")
		}, models.NotAccepted, "BRK"},
		{"single below", func(l *models.InspectionLot) { l.Measurements[2].Readings[0] = models.MustDecimal("131.9") }, models.NotAccepted, "BRK"},
		{"a reading missing", func(l *models.InspectionLot) { l.Measurements[2].Readings = l.Measurements[2].Readings[:4] }, models.Pending, "BRK"},
		{"no press at the factory", func(l *models.InspectionLot) {
			l.Measurements = l.Measurements[:2]
			l.Checks = []models.Check{{Code: "BRK", Result: models.NotPossible, Remark: "no press"}}
		}, models.Pending, "BRK"},
		{"goods not counted", func(l *models.InspectionLot) { l.QuantityPresented = nil }, models.Pending, "quantity"},
		{"marks wrong", func(l *models.InspectionLot) {
			l.Checks = []models.Check{{Code: "marks", Result: models.CheckNotOK, Remark: "HAMBURG missing"}}
		}, models.NotAccepted, "marks"},
	}
	for _, test := range tests {
		l := ceilingLot(t)
		test.change(&l)
		j := Judge(l, true)
		if j.Verdict != test.want {
			t.Errorf("%s: Judge = %s, want %s: %+v", test.name, j.Verdict, test.want, j)
		}
		part := map[string]models.Verdict{}
		for _, c := range j.Classes {
			part[string(c.Class)] = c.Verdict
		}
		for _, c := range j.Characteristics {
			part[c.Code] = c.Verdict
		}
		for _, s := range j.Sections {
			part[s.Code] = s.Verdict
		}
		if part[test.about] != test.want {
			t.Errorf("%s: verdict on %s = %s, want %s", test.name, test.about, part[test.about], test.want)
		}
	}
}

func TestJudgeFigures(t *testing.T) {
	l := ceilingLot(t)
	units := nonconforming(&l)
	if units[models.Critical] != 0 || units[models.Major] != 8 || units[models.Minor] != 12 {
		t.Errorf("nonconforming = %v, want critical 0, major 8, minor 12", units)
	}
	for _, r := range Judge(l, true).Characteristics {
		switch r.Code {
		case "SQR":
			if r.OutOfLimits != 1 {
				t.Errorf("SQR out of limits = %d, want 1", r.OutOfLimits)
			}
		case "BRK":
			if math.Abs(*r.Mean-149.4) > 1e-12 || r.MeanText != "149.40" {
				t.Errorf("BRK mean = %v (%s), want 149.4", *r.Mean, r.MeanText)
			}
		}
	}
}

func TestNonconformingCountsAUnitOnce(t *testing.T) {
	l := models.InspectionLot{
		Findings: []models.Finding{{Defect: "A", Class: models.Critical, Units: 1}, {Defect: "B", Class: models.Major, Units: 3}, {Defect: "C", Class: models.Major, Units: 2}, {Defect: "D", Class: models.Minor, Units: 4}},
		Overlaps: []models.UnitOverlap{
			{Unit: 1, Defects: []string{"A", "B", "D"}}, // critical
			{Unit: 2, Defects: []string{"B", "C"}},      // one major
			{Unit: 3, Defects: []string{"C", "D"}},      // one major
		},
	}
	got := nonconforming(&l)
	want := map[models.DefectClass]int{models.Critical: 1, models.Major: 3, models.Minor: 2}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("nonconforming differs (-want +got):\n%s", diff)
	}
}

func TestJudgeDefectsPer100Units(t *testing.T) {
	content := models.StandardContent{
		Sampling: models.SamplingRules{Scheme: "iso2859-1", Level: "S-1", Classes: []models.ClassRule{{Class: models.Minor, Rule: models.RuleAQL, AQL: "100"}}},
		Defects:  []models.Defect{{Code: "PIN", Class: models.Minor}},
	}
	plan, err := planFor(content, 500, Force{})
	if err != nil {
		t.Fatal(err)
	}
	n, q := plan.Classes[0].SampleSize, models.Pieces(500)
	for _, test := range []struct {
		defects int
		want    models.Verdict
	}{{plan.Classes[0].Ac, models.Accepted}, {plan.Classes[0].Re, models.NotAccepted}} {
		l := models.InspectionLot{Snapshot: content, Plan: plan, UnitsExamined: &n, QuantityPresented: &q,
			Findings: []models.Finding{{Defect: "PIN", Class: models.Minor, Units: n, Defects: test.defects}}}
		if got := Judge(l, true).Verdict; got != test.want {
			t.Errorf("%d defects on %d units, Ac %d: Judge = %s, want %s", test.defects, n, plan.Classes[0].Ac, got, test.want)
		}
	}
}
