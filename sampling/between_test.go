package sampling

import (
	"strings"
	"testing"
)

// What happens between two lots takes effect at once.
func TestRuledBetweenLots(t *testing.T) {
	var s State
	for range 10 {
		lot := lots(0)[0]
		lot.Approved = false
		s, _, _ = k125.Step(s, lot)
	}
	if s.Severity != Normal || s.Score != 30 || !k125.Ready(s) {
		t.Fatalf("after ten good lots without agreement: %+v, want normal at 30, ready", s)
	}
	if _, _, changed := k125.Ruled(s, false, true); changed {
		t.Error("agreement alone, with irregular production, changed the severity")
	}
	reduced, why, changed := k125.Ruled(s, true, true)
	if !changed || reduced.Severity != Reduced || why.Code != ReasonScore || len(why.Lots) != 10 || s.Severity != Normal {
		t.Fatalf("agreement: %+v, %+v, want reduced by ten lots", reduced, why)
	}
	for _, c := range []struct {
		steady, approved bool
		want             Severity
		code             ReasonCode
	}{{true, true, Reduced, ""}, {false, true, Normal, ReasonIrregular}, {true, false, Normal, ReasonWithdrawn}} {
		next, why, _ := k125.Ruled(reduced, c.steady, c.approved)
		if next.Severity != c.want || why.Code != c.code && c.code != "" || len(why.Lots) != 0 || next.Score != 0 {
			t.Errorf("Ruled(reduced, steady %v, approved %v) = %s, %+v, want %s by %s", c.steady, c.approved, next.Severity, why, c.want, c.code)
		}
	}
	if _, _, changed := k125.Resume(reduced); changed {
		t.Error("a series that is not discontinued resumed")
	}
	if next, why, changed := k125.Resume(State{Severity: Discontinued, Lots: 9}); !changed || next.Severity != Tightened || next.Lots != 9 || why.Code != ReasonResumed {
		t.Errorf("Resume = %+v, %+v", next, why)
	}
}

// A lot inspected more mildly than its series asks earns nothing, but counts when it isn't accepted.
func TestMilderLots(t *testing.T) {
	in := lots(9, 9, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0)
	for i := 2; i < 8; i++ {
		in[i].Used = Normal
	}
	out := mustSwitch(t, k125, in)
	if nexts(out) != "nt"+strings.Repeat("t", 10)+"n" || out[2].Code != ReasonMilder {
		t.Errorf("next = %s (%s), want tightened until five were accepted on tightened inspection", nexts(out), out[2].Code)
	}
}

func TestOutlook(t *testing.T) {
	var s State
	seen := map[string]bool{}
	for _, lot := range lots(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 9, 9, 9, 9, 9, 9, 9) {
		en, zh := k125.Outlook(s)
		if len(en) == 0 || len(en) != len(zh) || strings.Contains(strings.Join(append(en, zh...), ""), "%!") {
			t.Fatalf("Outlook(%+v) = %q, %q", s, en, zh)
		}
		seen[en[0]] = true
		s, _, _ = k125.Step(s, lot)
	}
	if other, _ := k125.Outlook(State{Severity: Tightened, Accepted: 3}); other[0] != "3 of 5 accepted in a row: then normal inspection" || len(seen) < 4 {
		t.Errorf("tightened after three accepted: %q; %d different sentences, want at least 4", other[0], len(seen))
	}
	if s.Severity != Discontinued {
		t.Errorf("ended at %s, want discontinued", s.Severity)
	}
}
