package sampling

import "math"

// Unit says what is counted in a sample.
type Unit string

// The units. Nonconforming units are counted once each and can't exceed the
// sample; nonconformities (defects) can, and follow the Poisson law.
const (
	NonconformingUnits Unit = "nonconforming"
	Nonconformities    Unit = "defects"
)

// RiskRequest asks what a sample says about a claim: found in a sample, with
// the lot's size when it is known. Claimed is a count in the lot, ClaimedShare
// a share of it (with Nonconformities: per unit); at most one is given.
type RiskRequest struct {
	Lot          *int     `json:"lot"` // nil: the lot's size is unknown, a process is judged
	Sample       int      `json:"sample"`
	Found        int      `json:"found"`
	Claimed      *int     `json:"claimed"`       // needs the lot
	ClaimedShare *float64 `json:"claimed_share"` // of a lot: rounded to the nearest unit, halves up
	Ac           *int     `json:"ac"`            // acceptance number for PAccept; nil: Found
	Confidence   *float64 `json:"confidence"`    // of the one-sided bound, 0.5 to below 1; nil: 0.95
	Unit         Unit     `json:"unit"`          // "" is nonconforming
}

// RiskResult is what the sample says.
type RiskResult struct {
	PAtMost *float64 `json:"p_at_most"` // P(found or fewer) if the claim were true; nil without a claim
	// UpperBound is what may have been there at most.
	UpperBound Bound `json:"upper_bound"`
	// PAccept is the probability of accepting goods as bad as claimed with the acceptance number; nil without a claim.
	PAccept *float64 `json:"p_accept"`
}

// Bound is a one-sided upper bound: D units of the lot where its size is
// known, and the share (per unit for nonconformities).
type Bound struct {
	D     *int    `json:"d,omitempty"`
	Share float64 `json:"share"`
}

// Risk computes what a sample says: hypergeometric for a lot, binomial for a
// process, Poisson for nonconformities. Errors are *Error.
func Risk(in RiskRequest) (RiskResult, error) {
	if err := in.check(); err != nil {
		return RiskResult{}, err
	}
	confidence := 0.95
	if in.Confidence != nil {
		confidence = *in.Confidence
	}
	out := RiskResult{UpperBound: in.bound(confidence)}
	if in.Claimed == nil && in.ClaimedShare == nil {
		return out, nil
	}
	ac := in.Found
	if in.Ac != nil {
		ac = *in.Ac
	}
	found, accept := in.atMost(in.Found), in.atMost(ac)
	out.PAtMost, out.PAccept = &found, &accept
	return out, nil
}

func (in RiskRequest) bound(confidence float64) Bound {
	switch {
	case in.Unit == Nonconformities:
		return Bound{Share: UpperRate(in.Sample, in.Found, confidence)}
	case in.Lot == nil:
		return Bound{Share: UpperShare(in.Sample, in.Found, confidence)}
	}
	d, share := UpperBound(*in.Lot, in.Sample, in.Found, confidence)
	return Bound{D: &d, Share: share}
}

// atMost is P(X <= c) if the claim were true.
func (in RiskRequest) atMost(c int) float64 {
	switch {
	case in.Unit == Nonconformities && in.Claimed != nil:
		return AtMostRate(float64(*in.Claimed)/float64(*in.Lot), in.Sample, c)
	case in.Unit == Nonconformities:
		return AtMostRate(*in.ClaimedShare, in.Sample, c)
	case in.Claimed != nil:
		return AtMost(*in.Lot, *in.Claimed, in.Sample, c)
	case in.Lot != nil:
		return AtMost(*in.Lot, Units(*in.Lot, *in.ClaimedShare), in.Sample, c)
	}
	return AtMostShare(*in.ClaimedShare, in.Sample, c)
}

func (in RiskRequest) check() error {
	const most = maxCount
	defects := in.Unit == Nonconformities
	switch {
	case in.Unit != "" && in.Unit != NonconformingUnits && !defects:
		return refuse("unit", "there is no unit %q: use nonconforming or defects", "没有计数单位 %q：请用 nonconforming 或 defects", string(in.Unit))
	case in.Lot != nil && *in.Lot < 1:
		return refuseLot(*in.Lot)
	case in.Lot != nil && *in.Lot > most:
		return refuse("lot", "the lot of %d units is too large: at most %d", "批量 %d 过大：至多 %d", *in.Lot, most)
	case in.Sample < 1 || in.Sample > most:
		return refuse("sample", "the sample has %d units: from 1 to %d", "样本量为 %d：应为 1 至 %d", in.Sample, most)
	case in.Lot != nil && in.Sample > *in.Lot:
		return refuse("sample", "the sample of %d is larger than the lot of %d", "样本量 %d 大于批量 %d", in.Sample, *in.Lot)
	case in.Found < 0 || in.Found > most:
		return refuse("found", "the number found is %d: from 0 to %d", "发现数为 %d：应为 0 至 %d", in.Found, most)
	case in.Found > in.Sample && !defects:
		return refuse("found", "%d nonconforming units in a sample of %d: a unit counts once", "样本 %[2]d 件中有 %[1]d 件不合格品：每件只计一次", in.Found, in.Sample)
	case in.Ac != nil && *in.Ac < 0:
		return refuse("ac", "the acceptance number %d is negative", "接收数 %d 为负数", *in.Ac)
	case in.Confidence != nil && !(*in.Confidence >= 0.5 && *in.Confidence < 1):
		return refuse("confidence", "the confidence is %v: from 0.5 to below 1", "置信水平为 %v：应不小于 0.5 且小于 1", *in.Confidence)
	}
	return in.checkClaim(defects)
}

func (in RiskRequest) checkClaim(defects bool) error {
	const mostPerUnit = 100
	switch {
	case in.Claimed != nil && in.ClaimedShare != nil:
		return refuse("claimed_share", "give the claimed count or the claimed share, not both", "索赔数量与索赔比例只能给一个")
	case in.Claimed != nil && in.Lot == nil:
		return refuse("claimed", "a claimed count needs the lot: give the claimed share instead", "索赔数量需要批量：请改给索赔比例")
	case in.Claimed != nil && *in.Claimed < 0:
		return refuse("claimed", "the claimed count %d is negative", "索赔数量 %d 为负数", *in.Claimed)
	case in.Claimed != nil && !defects && *in.Claimed > *in.Lot:
		return refuse("claimed", "%d claimed units are more than the lot of %d", "索赔数量 %d 大于批量 %d", *in.Claimed, *in.Lot)
	case in.Claimed != nil && *in.Claimed/mostPerUnit > *in.Lot:
		return refuse("claimed", "%d claimed are more than %d for each unit of the lot", "索赔数量 %d 超过每件 %d 处", *in.Claimed, mostPerUnit)
	case in.ClaimedShare == nil:
		return nil
	}
	most := 1.0
	if defects {
		most = mostPerUnit
	}
	if share := *in.ClaimedShare; !(share >= 0 && share <= most) || math.IsInf(share, 0) {
		return refuse("claimed_share", "the claimed share is %v: from 0 to %v", "索赔比例为 %v：应为 0 至 %v", share, most)
	}
	return nil
}

// Curve is the operating characteristic of a plan: P(accept) at each share (or
// rate per unit, for nonconformities) of a lot of that size; lot 0 means a
// process. Shares of a lot are rounded to the nearest unit.
func Curve(lot int, plan Plan, unit Unit, shares []float64) ([]float64, error) {
	out := make([]float64, len(shares))
	ac := plan.Re - 1
	for i := range shares {
		in := RiskRequest{Sample: plan.SampleSize, Ac: &ac, ClaimedShare: &shares[i], Unit: unit}
		if lot != 0 {
			in.Lot = &lot
		}
		if err := in.check(); err != nil {
			return nil, err
		}
		out[i] = in.atMost(ac)
	}
	return out, nil
}
