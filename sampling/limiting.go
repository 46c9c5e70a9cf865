package sampling

// LQRequest asks for plans by limiting quality: goods as bad as
// LimitingQuality are accepted with at most Risk. Qualities are per cent
// nonconforming; a lot counts as that bad from LimitingQuality rounded up to a
// whole unit, and as Good up to Good rounded down.
type LQRequest struct {
	Lot             int      `json:"lot"`
	LimitingQuality float64  `json:"limiting_quality"`
	Risk            float64  `json:"risk"`
	Good            *float64 `json:"good"` // nil: no producer's risk
}

// LQPlan is the smallest sample for an acceptance number.
type LQPlan struct {
	C            int      `json:"c"`
	N            int      `json:"n"`
	PAccept      float64  `json:"p_accept"`                // at the limiting quality
	ProducerRisk *float64 `json:"producer_risk,omitempty"` // P(not accept) at the good quality
}

// maxC is the largest acceptance number of the plans by limiting quality.
const maxC = 10

// LQPlans finds for c = 0 … 10 the smallest n with P(X <= c) <= risk in a lot
// of the limiting quality, exactly (hypergeometric; the idea of ISO 2859-2). A
// c that even 100 % inspection can't reject is left out. Errors are *Error.
func LQPlans(in LQRequest) ([]LQPlan, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	bad := unitsAtLeast(in.Lot, in.LimitingQuality/100)
	risk := riskOf(in.Risk)
	plans := make([]LQPlan, 0, maxC+1)
	for c := 0; c <= maxC && c < bad; c++ {
		tooSmall := func(n int) bool { return risk.exceeded(hypergeometric{in.Lot, bad, n}, c) }
		n := largest(c, in.Lot-1, tooSmall) + 1
		p := LQPlan{C: c, N: n, PAccept: AtMost(in.Lot, bad, n, c)}
		if in.Good != nil {
			_, rejected := tails(hypergeometric{in.Lot, unitsAtMost(in.Lot, *in.Good/100), n}, c)
			p.ProducerRisk = &rejected
		}
		plans = append(plans, p)
	}
	return plans, nil
}

func (in LQRequest) check() error {
	switch {
	case in.Lot < 1:
		return refuseLot(in.Lot)
	case in.Lot > maxCount:
		return refuse("lot", "the lot of %d units is too large: at most %d", "批量 %d 过大：至多 %d", in.Lot, maxCount)
	case !(in.LimitingQuality > 0 && in.LimitingQuality <= 100):
		return refuse("limiting_quality", "the limiting quality is %v %%: above 0 to 100", "极限质量为 %v %%：应大于 0 且不大于 100", in.LimitingQuality)
	case !(in.Risk > 0 && in.Risk < 1):
		return refuse("risk", "the risk is %v: between 0 and 1, for example 0.10", "风险为 %v：应在 0 与 1 之间，例如 0.10", in.Risk)
	case in.Good != nil && !(*in.Good >= 0 && *in.Good < in.LimitingQuality):
		return refuse("good", "the good quality is %v %%: from 0 to below the limiting quality of %v %%", "良好质量为 %v %%：应不小于 0 且小于极限质量 %v %%", *in.Good, in.LimitingQuality)
	}
	return nil
}
