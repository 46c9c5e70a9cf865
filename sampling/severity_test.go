package sampling

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// lots makes original, steady, approved lots of 2000 units (K 125 at AQL 1.0:
// normal 3/4, tightened 2/3) with these counts.
func lots(found ...int) []Lot {
	var out []Lot
	for _, f := range found {
		out = append(out, Lot{Size: 2000, Found: f, Original: true, Steady: true, Approved: true})
	}
	return out
}

var k125 = Rules{Scheme: ISO2859, Level: LevelII, AQL: "1.0"}

func mustSwitch(t *testing.T, rules Rules, in []Lot) []SeverityLot {
	t.Helper()
	out, err := Switch(Series{rules, in})
	if err != nil {
		t.Fatalf("Switch: %v", err)
	}
	return out
}

// nexts are the severities after each lot, by their first letters.
func nexts(lines []SeverityLot) (s string) {
	for _, l := range lines {
		s += string(l.Next[0])
	}
	return s
}

func scores(lines []SeverityLot) (s []int) {
	for _, l := range lines {
		s = append(s, l.Score)
	}
	return s
}

func TestSwitchNormalAndTightened(t *testing.T) {
	const bad = 9
	for _, c := range []struct {
		name  string
		found []int
		want  string
	}{
		{"two of two", []int{bad, bad}, "nt"},
		{"two of five", []int{bad, 0, 0, 0, bad}, "nnnnt"},
		{"two of six are not two of five", []int{bad, 0, 0, 0, 0, bad}, "nnnnnn"},
		{"five accepted in a row end it", []int{bad, bad, 0, 0, 0, 0, 0}, "nttttt" + "n"},
		{"four and a miss don't", []int{bad, bad, 0, 0, 0, 0, bad, 0, 0, 0, 0, 0}, "nttttttttttn"},
		{"tightened's own Ac counts", []int{bad, bad, 3, 0, 0, 0, 0, 0}, "nttttttn"},
		{"a new spell forgets the old lots", []int{bad, bad, 0, 0, 0, 0, 0, bad, bad}, "ntttttnnt"},
		{"five in all, not in a row, discontinue", []int{bad, bad, bad, 0, 0, 0, 0, bad, 0, 0, bad, bad, 0, 0, bad, 0}, "nt" + "tttttttttttt" + "dd"},
	} {
		if got := nexts(mustSwitch(t, k125, lots(c.found...))); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestSwitchResume(t *testing.T) {
	in := lots(9, 9, 9, 9, 9, 9, 9, 0, 0, 9)
	in[8].Resume = true
	in[3].Resume = true // not discontinued: says nothing
	out := mustSwitch(t, k125, in)
	if got := nexts(out); got != "nt"+"ttttd"+"d"+"tt" {
		t.Fatalf("next = %s", got)
	}
	stopped := out[7]
	if stopped.Severity != Discontinued || stopped.PlanLetter != nil || stopped.SampleSize != nil || stopped.Accepted != nil || stopped.Code != ReasonStopped {
		t.Errorf("discontinued lot = %+v, want no plan", stopped)
	}
	if out[8].Severity != Tightened || out[8].Code != ReasonResumed || *out[8].Ac != 2 {
		t.Errorf("resumed lot = %+v, want tightened", out[8])
	}
}

func TestSwitchingScoreISO(t *testing.T) {
	// K 125 at AQL 1.0 has 3/4, one step tighter (0.65) 2/3: 3 found is accepted but scores nothing.
	if got, want := scores(mustSwitch(t, k125, lots(0, 2, 3, 2, 4, 1))), []int{3, 6, 0, 3, 0, 3}; !slices.Equal(got, want) {
		t.Errorf("scores = %v, want %v", got, want)
	}
	// Ac 0 or 1: 2 for each lot accepted.
	low := Rules{Scheme: ISO2859, Level: LevelII, AQL: "0.25"}
	if got, want := scores(mustSwitch(t, low, lots(0, 1, 2, 0))), []int{2, 4, 0, 2}; !slices.Equal(got, want) {
		t.Errorf("scores at Ac 1 = %v, want %v", got, want)
	}
	out := mustSwitch(t, k125, lots(make([]int, 12)...))
	if got := nexts(out); got != "nnnnnnnnn"+"rrr" {
		t.Errorf("next = %s, want reduced from the tenth lot", got)
	}
	if tenth := out[9]; tenth.Score != 30 || tenth.Code != ReasonScore || len(tenth.Lots) != 10 || out[10].Score != 0 || *out[10].SampleSize != 50 {
		t.Errorf("tenth lot = %+v, next %+v", tenth, out[10])
	}
	// Unsteady or not agreed: the score goes on, the switch waits.
	in := lots(make([]int, 12)...)
	in[9].Steady, in[10].Approved = false, false
	out = mustSwitch(t, k125, in)
	if nexts(out) != "nnnnnnnnnnnr" || out[9].Code != ReasonNotSteady || out[10].Code != ReasonNotApproved || out[11].Score != 36 {
		t.Errorf("next = %s, %v %v %d", nexts(out), out[9].Code, out[10].Code, out[11].Score)
	}
}

func TestSwitchReducedEnds(t *testing.T) {
	ten := make([]int, 10)
	for _, c := range []struct {
		last Lot
		want string
		code ReasonCode
	}{
		{Lot{2000, 0, true, true, true, false, nil, ""}, "r", ReasonStays},
		{Lot{2000, 9, true, true, true, false, nil, ""}, "n", ReasonReducedRefused},
		{Lot{2000, 0, true, false, true, false, nil, ""}, "n", ReasonIrregular},
		{Lot{2000, 0, true, true, false, false, nil, ""}, "n", ReasonWithdrawn},
		{Lot{2000, 9, false, false, false, false, nil, ""}, "r", ReasonResubmitted},
	} {
		out := mustSwitch(t, k125, append(lots(ten...), c.last))
		if got := out[10]; nexts(out)[10:] != c.want || got.Code != c.code {
			t.Errorf("after %+v: %s (%s), want %s (%s)", c.last, got.Next, got.Code, c.want, c.code)
		}
	}
}

func TestSwitchResubmittedNeverCounts(t *testing.T) {
	in := lots(9, 9, 9, 0)
	in[1].Original, in[2].Original = false, false
	out := mustSwitch(t, k125, in)
	if nexts(out) != "nnnn" || *out[1].Accepted || out[1].Code != ReasonResubmitted {
		t.Errorf("next = %s, want normal throughout", nexts(out))
	}
	if !slices.Equal(scores(out), []int{0, 0, 0, 3}) {
		t.Errorf("scores = %v", scores(out))
	}
}

func TestSwitchZ14(t *testing.T) {
	rules := Rules{Scheme: Z14, Level: LevelII, AQL: "1.0"}
	ten := lots(1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
	if out := mustSwitch(t, rules, ten); nexts(out) != "nnnnnnnnnr" || out[9].Code != ReasonTenAccepted || out[9].Score != 0 {
		t.Errorf("limit number dropped: %s, %s", nexts(out), out[9].Code)
	}
	limit := 9
	rules.LimitNumber = &limit
	out := mustSwitch(t, rules, append(slices.Clone(ten), lots(0, 0)...))
	if nexts(out) != "nnnnnnnnnn"+"rr" || out[9].Code != ReasonOverLimit {
		t.Errorf("limit number 9: %s, %s", nexts(out), out[9].Code)
	}
	// A lot not accepted breaks the run of ten.
	rules.LimitNumber = nil
	if out := mustSwitch(t, rules, append(lots(1, 1, 1, 9), ten...)); nexts(out) != strings.Repeat("n", 13)+"r" {
		t.Errorf("after a refused lot: %s", nexts(out))
	}
	// Reduced K 50 at AQL 1.0 is 1/4: 2 or 3 found are accepted and end reduced inspection.
	out = mustSwitch(t, rules, append(slices.Clone(ten), lots(3)...))
	if gap := out[10]; !*gap.Accepted || gap.Next != Normal || gap.Code != ReasonGap || *gap.Ac != 1 || *gap.Re != 4 {
		t.Errorf("gap: %+v", gap)
	}
}

func TestReasonsNameTheLots(t *testing.T) {
	in := lots(0, 9, 0, 0, 9)
	in[2].Original = false
	out := mustSwitch(t, k125, in)
	got := out[4].Reason
	want := Reason{EN: "2 of the last 3 lots were not accepted", ZH: "最近3批中有2批未被接收", Code: ReasonTwoRefused, Lots: []int{2, 5}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got.Text("zh") != want.ZH || got.Text("en") != want.EN {
		t.Errorf("Text = %q, %q", got.Text("zh"), got.Text("en"))
	}
	if got := mustSwitch(t, k125, lots(9, 0, 0, 9))[3].EN; got != "2 of the last 4 lots were not accepted" {
		t.Errorf("reason = %q", got)
	}
}

// A plan really used (a common n) judges the lot instead of the table's own.
func TestStepWithItsOwnPlan(t *testing.T) {
	lot := lots(5)[0]
	lot.Plan = &Plan{"K", "L", 200, 5, 6, false}
	next, line, err := k125.Step(State{}, lot)
	if err != nil || !*line.Accepted || *line.SampleSize != 200 || next.Score != 0 {
		t.Errorf("Step = %+v, %+v, %v", next, line, err)
	}
	lot.Plan, lot.Found = &Plan{SampleSize: 20, Ac: 2, Re: 3}, 0
	if next, _, err = k125.Step(State{}, lot); err != nil || next.Score != 0 {
		t.Errorf("Step with a plan outside the tables = %+v, %v", next, err)
	}
}

// The state given to Step stays as it was, so that histories can branch.
func TestStepIsPure(t *testing.T) {
	var s State
	for _, lot := range lots(9, 0, 0, 0, 9, 9, 9, 0, 9, 0) {
		before := s
		before.Refused, before.Recent = slices.Clone(s.Refused), slices.Clone(s.Recent)
		a, _, _ := k125.Step(s, lot)
		other := lot
		other.Found = 7
		_, _, _ = k125.Step(s, other)
		b, _, err := k125.Step(s, lot)
		if err != nil || !cmp.Equal(a, b) || !cmp.Equal(before.Recent, s.Recent) || !cmp.Equal(before.Refused, s.Refused) {
			t.Fatalf("Step(%+v) gave %+v, then %+v", before, a, b)
		}
		s = a
	}
}

func TestSwitchRefuses(t *testing.T) {
	limit, negative := 3, -1
	for _, c := range []struct {
		rules Rules
		lot   Lot
		field string
	}{
		{Rules{"iso", LevelII, "1.0", nil}, Lot{Size: 10}, "scheme"},
		{Rules{ISO2859, "IV", "1.0", nil}, Lot{Size: 10}, "level"},
		{Rules{ISO2859, LevelII, "2.0", nil}, Lot{Size: 10}, "aql"},
		{Rules{ISO2859, LevelII, "1.0", &limit}, Lot{Size: 10}, "limit_number"},
		{Rules{Z14, LevelII, "1.0", &negative}, Lot{Size: 10}, "limit_number"},
		{k125, Lot{Size: 0}, "lots[0].size"},
		{k125, Lot{Size: 10, Found: -1}, "lots[0].found"},
		{k125, Lot{Size: 2000, Found: 126, Original: true}, "lots[0].found"},
	} {
		if got, err := Switch(Series{c.rules, []Lot{c.lot}}); err == nil || err.(*Error).Field != c.field {
			t.Errorf("Switch(%+v, %+v) = %v, %v, want field %s", c.rules, c.lot, got, err, c.field)
		}
	}
	// From AQL 15 on nonconformities are counted: more than the sample is possible.
	if _, err := Switch(Series{Rules{ISO2859, LevelII, "40", nil}, []Lot{{Size: 8, Found: 90, Original: true}}}); err != nil {
		t.Errorf("Switch with 90 nonconformities: %v", err)
	}
}
