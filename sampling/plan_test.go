package sampling

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func request(lot int, aql AQL) PlanRequest {
	return PlanRequest{ISO2859, lot, LevelII, aql, Normal}
}

func TestPlanFor(t *testing.T) {
	for _, c := range []struct {
		in   PlanRequest
		want Plan
	}{
		{request(12000, "2.5"), Plan{"M", "M", 315, 14, 15, false}},
		{request(1000, "0.10"), Plan{"J", "K", 125, 0, 1, false}}, // an arrow changes letter, n and Ac together
		{request(1000, "1"), Plan{"J", "J", 80, 2, 3, false}},
		{request(1000, "4.0"), Plan{"J", "J", 80, 7, 8, false}},
		{request(10, "0.010"), Plan{"B", "Q", 10, 0, 1, true}}, // the arrow runs over 13 rows, past the lot
		{request(13, "4"), Plan{"B", "B", 3, 0, 1, false}},
		{request(2, "65"), Plan{"A", "A", 2, 3, 4, true}},       // n = N
		{request(1, "2.5"), Plan{"", "", 1, 0, 1, true}},        // one unit has no letter
		{request(60, "1000"), Plan{"E", "B", 3, 44, 45, false}}, // up three rows
		{PlanRequest{ISO2859, 600_000, LevelIII, "0.025", Tightened}, Plan{"R", "S", 3150, 1, 2, false}},
		{PlanRequest{Z14, 12000, LevelII, "2.5", Reduced}, Plan{"M", "M", 125, 7, 10, false}},
		{PlanRequest{ISO2859, 12000, LevelII, "2.5", Reduced}, Plan{"M", "M", 125, 8, 9, false}},
		{PlanRequest{Z14, 8, LevelII, "10", Tightened}, Plan{"A", "D", 8, 1, 2, true}},
		{PlanRequest{ISO2859, 8, LevelII, "10", Tightened}, Plan{"A", "A", 2, 0, 1, false}},
	} {
		if got, err := PlanFor(c.in); err != nil || got != c.want {
			t.Errorf("PlanFor(%v) = %+v, %v, want %+v", c.in, got, err, c.want)
		}
	}
}

func TestPlanForRefuses(t *testing.T) {
	good := request(1000, "2.5")
	for _, c := range []struct {
		change func(*PlanRequest)
		field  string
		words  string
	}{
		{func(r *PlanRequest) { r.AQL = "2.0" }, "aql", "use 1.5 or 2.5"},
		{func(r *PlanRequest) { r.AQL = "3.0" }, "aql", "use 2.5 or 4.0"},
		{func(r *PlanRequest) { r.AQL = "0.001" }, "aql", "0.010"},
		{func(r *PlanRequest) { r.AQL = "1500" }, "aql", "1000"},
		{func(r *PlanRequest) { r.AQL = "1,5" }, "aql", "not a number"},
		{func(r *PlanRequest) { r.AQL = "" }, "aql", "not a number"},
		{func(r *PlanRequest) { r.Level = "IV" }, "level", `"IV"`},
		{func(r *PlanRequest) { r.Lot = 0 }, "lot", "at least 1"},
		{func(r *PlanRequest) { r.Lot = -5 }, "lot", "-5"},
		{func(r *PlanRequest) { r.Scheme = "iso" }, "scheme", "iso2859-1 or z1.4"},
		{func(r *PlanRequest) { r.Severity = Discontinued }, "severity", "discontinued"},
		{func(r *PlanRequest) { r.Severity = "" }, "severity", "normal, tightened or reduced"},
	} {
		in := good
		c.change(&in)
		_, err := PlanFor(in)
		refused, ok := err.(*Error)
		if !ok || refused.Field != c.field || !strings.Contains(refused.Text("en"), c.words) || refused.Text("zh") == refused.Text("en") {
			t.Errorf("PlanFor(%v) error = %v, want field %s and %q", in, err, c.field, c.words)
		}
	}
}

func TestParseAQL(t *testing.T) {
	for text, want := range map[string]AQL{
		"1": "1.0", "1.0": "1.0", "01.00": "1.0", "1.": "1.0", ".4": "0.40", "0.4": "0.40", "0.400": "0.40",
		" 2.5 ": "2.5", "10.0": "10", "15": "15", "1000": "1000", ".01": "0.010", "0.010": "0.010",
	} {
		if got, err := ParseAQL(text); err != nil || got != want {
			t.Errorf("ParseAQL(%q) = %q, %v, want %q", text, got, err, want)
		}
	}
	for _, text := range []string{"", ".", "1,0", "1e0", "+1", "-1", "0", "NaN", "1.0%", "1 0", "１.０", "1.0.0", "0.4000000000000000001", "99999999999999"} {
		if got, err := ParseAQL(text); err == nil {
			t.Errorf("ParseAQL(%q) = %q, want an error", text, got)
		}
	}
	for aql, want := range map[AQL]bool{"10": false, "15": true, "1000": true, "0.010": false, "nonsense": false} {
		if got := aql.Per100(); got != want {
			t.Errorf("AQL(%s).Per100() = %v, want %v", aql, got, want)
		}
	}
}

// A larger AQL can need a larger sample, so nothing may rely on the contrary.
func TestLargerAQLCanNeedMore(t *testing.T) {
	strict, _ := PlanFor(request(1000, "0.15"))
	mild, _ := PlanFor(request(1000, "0.40"))
	if strict.SampleSize != 80 || mild.SampleSize != 125 {
		t.Errorf("n at AQL 0.15 and 0.40 = %d, %d, want 80, 125", strict.SampleSize, mild.SampleSize)
	}
}

func TestCommonPlans(t *testing.T) {
	same := func(lot int, aqls ...AQL) (in []PlanRequest) {
		for _, a := range aqls {
			in = append(in, request(lot, a))
		}
		return in
	}
	for _, c := range []struct {
		in   []PlanRequest
		want []Plan
	}{
		{same(1000, "0.10", "1.0", "4.0"), []Plan{{"J", "K", 125, 0, 1, false}, {"J", "K", 125, 3, 4, false}, {"J", "K", 125, 10, 11, false}}},
		{same(12000, "2.5", "4.0"), []Plan{{"M", "M", 315, 14, 15, false}, {"M", "M", 315, 21, 22, false}}},
		{same(1, "2.5", "4.0"), []Plan{{"", "", 1, 0, 1, true}, {"", "", 1, 0, 1, true}}},
		// At E (n = 13) AQL 1.5 has only an arrow: H is the next row with both printed.
		{same(90, "1.0", "1.5"), []Plan{{"E", "H", 50, 1, 2, false}, {"E", "H", 50, 2, 3, false}}},
		{nil, []Plan{}},
	} {
		got, err := CommonPlans(c.in)
		if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
			t.Errorf("CommonPlans(%v) error %v, -want +got:\n%s", c.in, err, diff)
		}
	}
	if got, err := CommonPlans(same(100_000, "0.010", "1000")); err == nil {
		t.Errorf("CommonPlans(0.010, 1000) = %v, want an error", got)
	}
	if got, err := CommonPlans(append(same(100, "1.0"), same(200, "1.0")...)); err == nil {
		t.Errorf("CommonPlans of two lots = %v, want an error", got)
	}
	if got, err := CommonPlans(same(100, "1.0", "2.0")); err == nil {
		t.Errorf("CommonPlans(AQL 2.0) = %v, want an error", got)
	}
}

// Whatever is asked: one n, and every plan is a printed cell of one row.
func TestCommonPlansNeverMixRows(t *testing.T) {
	for _, lot := range []int{2, 10, 40, 200, 1000, 12000, 600_000} {
		for i := range aqls {
			for j := range aqls {
				in := []PlanRequest{request(lot, aqls[i]), request(lot, aqls[j])}
				got, err := CommonPlans(in)
				if err != nil {
					continue
				}
				if got[0].SampleSize != got[1].SampleSize {
					t.Errorf("CommonPlans(%v) = %v: sizes differ", in, got)
				}
				for k, p := range got {
					column, _ := aqlColumn(in[k].AQL)
					if q := normal.plan(p.CodeLetter, rowOf(p.PlanLetter), column, lot); q != p {
						t.Errorf("CommonPlans(%v)[%d] = %v, row has %v", in, k, p, q)
					}
				}
			}
		}
	}
}

func TestPlansOutsideTheTables(t *testing.T) {
	major, _ := PlanFor(request(1000, "1.0"))
	minor, _ := PlanFor(request(1000, "0.10"))
	for _, c := range []struct {
		name string
		plan func() (Plan, error)
		want Plan
	}{
		{"fixed", func() (Plan, error) { return FixedPlan(1000, 5, 0) }, Plan{SampleSize: 5, Re: 1}},
		{"fixed beyond the lot", func() (Plan, error) { return FixedPlan(3, 5, 1) }, Plan{SampleSize: 3, Ac: 1, Re: 2, InspectAll: true}},
		{"every unit", func() (Plan, error) { return EveryUnit(70, 0) }, Plan{SampleSize: 70, Re: 1, InspectAll: true}},
		{"not allowed", func() (Plan, error) { return NotAllowed(1000, major, minor) }, Plan{SampleSize: 125, Re: 1}},
		{"not allowed, alone", func() (Plan, error) { return NotAllowed(1000) }, Plan{SampleSize: 1000, Re: 1, InspectAll: true}},
	} {
		if got, err := c.plan(); err != nil || got != c.want {
			t.Errorf("%s = %+v, %v, want %+v", c.name, got, err, c.want)
		}
	}
	for _, bad := range [][3]int{{0, 5, 0}, {10, 0, 0}, {10, 5, -1}} {
		if got, err := FixedPlan(bad[0], bad[1], bad[2]); err == nil {
			t.Errorf("FixedPlan(%v) = %v, want an error", bad, got)
		}
	}
	if _, err := EveryUnit(0, 0); err == nil {
		t.Error("EveryUnit(0) has no error")
	}
}

func TestPlanAllocatesNothing(t *testing.T) {
	in := request(1000, "0.10")
	if n := testing.AllocsPerRun(100, func() { _, _ = PlanFor(in) }); n != 0 {
		t.Errorf("PlanFor allocates %v times, want 0", n)
	}
}
