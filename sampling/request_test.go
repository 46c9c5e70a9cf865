package sampling

import (
	"encoding/json"
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func TestRisk(t *testing.T) {
	six, d, share := 6, 1440, 0.12
	lot := 12000
	want := AtMost(lot, d, 315, 6)
	for _, in := range []RiskRequest{
		{Lot: &lot, Sample: 315, Found: 6, Claimed: &d},
		{Lot: &lot, Sample: 315, Found: 6, ClaimedShare: &share, Ac: &six},
	} {
		got, err := Risk(in)
		if err != nil || *got.PAtMost != want || *got.PAccept != want || *got.UpperBound.D != 444 || got.UpperBound.Share != 0.037 {
			t.Errorf("Risk(%+v) = %+v, %v", in, got, err)
		}
	}
	got, err := Risk(RiskRequest{Sample: 315, Found: 6, ClaimedShare: &share})
	if err != nil || *got.PAtMost != AtMostShare(0.12, 315, 6) || got.UpperBound.D != nil || got.UpperBound.Share != UpperShare(315, 6, 0.95) {
		t.Errorf("Risk of a process = %+v, %v", got, err)
	}
	ac := 14
	if got, err = Risk(RiskRequest{Lot: &lot, Sample: 315, Found: 6, Claimed: &d, Ac: &ac}); err != nil || *got.PAccept != AtMost(lot, d, 315, 14) {
		t.Errorf("Risk with Ac 14 = %+v, %v", got, err)
	}
	if got, err = Risk(RiskRequest{Sample: 10, Found: 25, ClaimedShare: &share, Unit: Nonconformities}); err != nil || *got.PAtMost != AtMostRate(0.12, 10, 25) {
		t.Errorf("Risk of defects = %+v, %v", got, err)
	}
	if got, err = Risk(RiskRequest{Lot: &lot, Sample: 10, Found: 25, Claimed: &d, Unit: Nonconformities}); err != nil || *got.PAtMost != AtMostRate(0.12, 10, 25) {
		t.Errorf("Risk of defects in a lot = %+v, %v", got, err)
	}
	if got, err = Risk(RiskRequest{Lot: &lot, Sample: 315, Found: 6}); err != nil || got.PAtMost != nil || got.PAccept != nil {
		t.Errorf("Risk without a claim = %+v, %v", got, err)
	}
}

func TestRiskRefuses(t *testing.T) {
	p := func(i int) *int { return &i }
	f := func(x float64) *float64 { return &x }
	for _, c := range []struct {
		in    RiskRequest
		field string
	}{
		{RiskRequest{Sample: 5, Found: 6}, "found"},
		{RiskRequest{Sample: 5, Found: -1}, "found"},
		{RiskRequest{Sample: 0}, "sample"},
		{RiskRequest{Sample: 6, Lot: p(5)}, "sample"},
		{RiskRequest{Sample: 5, Lot: p(0)}, "lot"},
		{RiskRequest{Sample: 5, Lot: p(maxCount + 1)}, "lot"},
		{RiskRequest{Sample: maxCount + 1}, "sample"},
		{RiskRequest{Sample: 5, Claimed: p(3)}, "claimed"},
		{RiskRequest{Sample: 5, Lot: p(10), Claimed: p(11)}, "claimed"},
		{RiskRequest{Sample: 5, Lot: p(10), Claimed: p(-1)}, "claimed"},
		{RiskRequest{Sample: 5, Lot: p(10), Claimed: p(1100), Unit: Nonconformities}, "claimed"},
		{RiskRequest{Sample: 5, Lot: p(10), Claimed: p(1), ClaimedShare: f(0.1)}, "claimed_share"},
		{RiskRequest{Sample: 5, ClaimedShare: f(1.1)}, "claimed_share"},
		{RiskRequest{Sample: 5, ClaimedShare: f(-0.1)}, "claimed_share"},
		{RiskRequest{Sample: 5, ClaimedShare: f(math.NaN())}, "claimed_share"},
		{RiskRequest{Sample: 5, ClaimedShare: f(math.Inf(1)), Unit: Nonconformities}, "claimed_share"},
		{RiskRequest{Sample: 5, Confidence: f(1)}, "confidence"},
		{RiskRequest{Sample: 5, Confidence: f(math.NaN())}, "confidence"},
		{RiskRequest{Sample: 5, Ac: p(-1)}, "ac"},
		{RiskRequest{Sample: 5, Unit: "pieces"}, "unit"},
	} {
		if got, err := Risk(c.in); err == nil || err.(*Error).Field != c.field {
			t.Errorf("Risk(%+v) = %+v, %v, want field %s", c.in, got, err, c.field)
		}
	}
}

func TestCurve(t *testing.T) {
	plan, _ := PlanFor(request(12000, "2.5"))
	got, err := Curve(12000, plan, "", []float64{0, 0.025, 0.08, 1})
	if err != nil || got[0] != 1 || got[3] != 0 || got[1] != AtMost(12000, 300, 315, 14) || got[2] >= got[1] {
		t.Errorf("Curve(M 14/15) = %v, %v", got, err)
	}
	if got, err = Curve(0, plan, Nonconformities, []float64{0.025}); err != nil || got[0] != AtMostRate(0.025, 315, 14) {
		t.Errorf("Curve of defects = %v, %v", got, err)
	}
	if got, err := Curve(0, plan, "", []float64{2}); err == nil {
		t.Errorf("Curve(share 2) = %v, want an error", got)
	}
	if got, _ := Curve(0, plan, "", []float64{0.025}); got[0] != AtMostShare(0.025, 315, 14) {
		t.Errorf("Curve of a process = %v", got)
	}
}

func TestLQPlans(t *testing.T) {
	good := 1.0
	plans, err := LQPlans(LQRequest{Lot: 2000, LimitingQuality: 5, Risk: 0.10, Good: &good})
	if err != nil || len(plans) != 11 {
		t.Fatalf("LQPlans(2000, 5 %%) = %v, %v, want 11 plans", plans, err)
	}
	tenth := big.NewRat(1, 10)
	for c, p := range plans {
		if p.C != c || slowAtMost(2000, 100, p.N, c).Cmp(tenth) > 0 || slowAtMost(2000, 100, p.N-1, c).Cmp(tenth) <= 0 {
			t.Errorf("c = %d: n = %d is not the smallest", c, p.N)
		}
		if want := AtMost(2000, 100, p.N, c); p.PAccept != want {
			t.Errorf("c = %d: p_accept = %v, want %v", c, p.PAccept, want)
		}
		if want := 1 - AtMost(2000, 20, p.N, c); math.Abs(*p.ProducerRisk-want) > 1e-12 {
			t.Errorf("c = %d: producer's risk = %v, want %v", c, *p.ProducerRisk, want)
		}
	}
	if tie, err := LQPlans(LQRequest{Lot: 100, LimitingQuality: 1, Risk: 0.05}); err != nil || len(tie) != 1 || tie[0].N != 95 {
		t.Errorf("LQPlans(100, 1 %%, 0.05) = %v, %v, want n = 95 for c = 0 alone", tie, err)
	}
	if one, err := LQPlans(LQRequest{Lot: 1, LimitingQuality: 5, Risk: 0.10}); err != nil || len(one) != 1 || one[0].N != 1 || one[0].PAccept != 0 {
		t.Errorf("LQPlans(1, 5 %%) = %v, %v, want the unit itself", one, err)
	}
}

func TestLQPlansAgainstSearch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lot := rapid.IntRange(1, 150).Draw(t, "lot")
		percent := rapid.IntRange(1, 100).Draw(t, "percent")
		tenths := rapid.IntRange(1, 9).Draw(t, "tenths")
		plans, err := LQPlans(LQRequest{Lot: lot, LimitingQuality: float64(percent), Risk: float64(tenths) / 10})
		if err != nil {
			t.Fatal(err)
		}
		bad := (lot*percent + 99) / 100
		if len(plans) != min(bad, 11) {
			t.Fatalf("%d plans for %d bad units, want %d", len(plans), bad, min(bad, 11))
		}
		for c, p := range plans {
			n := 0
			for slowAtMost(lot, bad, n, c).Cmp(big.NewRat(int64(tenths), 10)) > 0 {
				n++
			}
			if p.N != n {
				t.Fatalf("lot %d, %d %%, risk 0.%d, c = %d: n = %d, want %d", lot, percent, tenths, c, p.N, n)
			}
		}
	})
}

func TestLQPlansRefuses(t *testing.T) {
	g := func(x float64) *float64 { return &x }
	for _, c := range []struct {
		in    LQRequest
		field string
	}{
		{LQRequest{Lot: 0, LimitingQuality: 5, Risk: 0.1}, "lot"},
		{LQRequest{Lot: maxCount + 1, LimitingQuality: 5, Risk: 0.1}, "lot"},
		{LQRequest{Lot: 9, LimitingQuality: 0, Risk: 0.1}, "limiting_quality"},
		{LQRequest{Lot: 9, LimitingQuality: 101, Risk: 0.1}, "limiting_quality"},
		{LQRequest{Lot: 9, LimitingQuality: math.NaN(), Risk: 0.1}, "limiting_quality"},
		{LQRequest{Lot: 9, LimitingQuality: 5, Risk: 0}, "risk"},
		{LQRequest{Lot: 9, LimitingQuality: 5, Risk: 1}, "risk"},
		{LQRequest{Lot: 9, LimitingQuality: 5, Risk: 0.1, Good: g(5)}, "good"},
		{LQRequest{Lot: 9, LimitingQuality: 5, Risk: 0.1, Good: g(-1)}, "good"},
	} {
		if got, err := LQPlans(c.in); err == nil || err.(*Error).Field != c.field {
			t.Errorf("LQPlans(%+v) = %v, %v, want field %s", c.in, got, err, c.field)
		}
	}
}

func TestJSONKeys(t *testing.T) {
	plan, _ := PlanFor(request(12000, "2.5"))
	d, p := 444, 0.5
	for _, c := range []struct {
		value any
		want  string
	}{
		{plan, `{"code_letter":"M","plan_letter":"M","sample_size":315,"ac":14,"re":15,"inspect_all":false}`},
		{RiskResult{&p, Bound{&d, 0.037}, &p}, `{"p_at_most":0.5,"upper_bound":{"d":444,"share":0.037},"p_accept":0.5}`},
		{RiskResult{nil, Bound{Share: 0.1}, nil}, `{"p_at_most":null,"upper_bound":{"share":0.1},"p_accept":null}`},
		{LQPlan{C: 1, N: 2, PAccept: 0.1}, `{"c":1,"n":2,"p_accept":0.1}`},
	} {
		if got, err := json.Marshal(c.value); err != nil || string(got) != c.want {
			t.Errorf("JSON of %T = %s, %v, want %s", c.value, got, err, c.want)
		}
	}
}
