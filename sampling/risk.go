package sampling

import (
	"math"
	"math/big"
	"strconv"
)

// maxCount bounds lots, samples and counts in risk figures, so that one call
// stays within some milliseconds.
const maxCount = 1_000_000_000

// AtMost is P(X <= found) when a sample is drawn without replacement from a lot
// that holds defective nonconforming units (hypergeometric). The counts must
// fit: 0 <= defective, sample <= lot.
func AtMost(lot, defective, sample, found int) float64 {
	p, _ := tails(hypergeometric{lot, defective, sample}, found)
	return p
}

// AtMostShare is P(X <= found) for a sample from a process with a share of
// nonconforming units between 0 and 1 (binomial).
func AtMostShare(share float64, sample, found int) float64 {
	p, _ := tails(binomial{sample, share}, found)
	return p
}

// AtMostRate is P(X <= found) nonconformities in a sample from a process with
// a rate of nonconformities per unit (Poisson).
func AtMostRate(rate float64, sample, found int) float64 {
	p, _ := tails(poisson{rate * float64(sample)}, found)
	return p
}

// Units is the number of units that a share of a lot means: rounded to the
// nearest, halves up.
func Units(lot int, share float64) int { return int(math.Floor(whole(lot, share) + 0.5)) }

// unitsAtLeast rounds up: the fewest units of a lot at least that bad.
func unitsAtLeast(lot int, share float64) int { return int(math.Ceil(whole(lot, share))) }

// unitsAtMost rounds down: the most units of a lot at most that bad.
func unitsAtMost(lot int, share float64) int { return int(math.Floor(whole(lot, share))) }

// whole is lot times share, freed of the noise of a decimal fraction in a
// double: 0.07 of 100 is 7, not 7.000000000000001.
func whole(lot int, share float64) float64 {
	x := float64(lot) * share
	if r := math.Round(x); math.Abs(x-r) <= 4e-15*math.Max(1, x) {
		return r
	}
	return x
}

// alpha is a risk both as the exact decimal it was written as and as a double:
// 1 - 0.95 is 1/20, not 0.050000000000000044.
type alpha struct {
	exact *big.Rat
	near  float64
}

// riskOf reads a risk between 0 and 1.
func riskOf(risk float64) alpha {
	exact, _ := new(big.Rat).SetString(strconv.FormatFloat(risk, 'g', -1, 64)) // a finite double is a decimal
	return alpha{exact, risk}
}

// riskBeyond is the risk left by a confidence, shared by one or two sides.
func riskBeyond(confidence float64, sides int64) alpha {
	exact := riskOf(confidence).exact
	exact.Sub(big.NewRat(1, 1), exact).Mul(exact, big.NewRat(1, sides))
	near, _ := exact.Float64()
	return alpha{exact, near}
}

// exceeded reports P(X <= c) > a for a lot. Doubles decide unless they tie;
// then whole numbers do, since exact ties are common (1 of 100, n = 95: P = 0.05).
// Where sample and defectives both pass 10 000, doubles decide ties as well.
func (a alpha) exceeded(h hypergeometric, c int) bool {
	const tie, exactUpTo = 1e-10, 10_000
	p, _ := tails(h, c)
	if math.Abs(p-a.near) > tie*a.near || min(h.n, h.d) > exactUpTo {
		return p > a.near
	}
	favourable, all := h.ways(c)
	return favourable.Mul(favourable, a.exact.Denom()).Cmp(all.Mul(all, a.exact.Num())) > 0
}

// ways counts the samples that hold at most c, and all samples. Sample and
// defectives may be swapped, so the smaller one is drawn.
func (h hypergeometric) ways(c int) (favourable, all *big.Int) {
	k, m := int64(min(h.n, h.d)), int64(max(h.n, h.d))
	lot := int64(h.lot)
	lo, hi := h.span()
	favourable, all = new(big.Int), new(big.Int).Binomial(lot, k)
	x := int64(lo)
	term := new(big.Int).Binomial(m, x)
	term.Mul(term, new(big.Int).Binomial(lot-m, k-x))
	factor := new(big.Int)
	for ; x <= int64(min(c, hi)); x++ {
		favourable.Add(favourable, term)
		term.Mul(term, factor.SetInt64((m-x)*(k-x)))
		if x < int64(hi) {
			term.Quo(term, factor.SetInt64((x+1)*(lot-m-k+x+1)))
		}
	}
	return favourable, all
}

// UpperBound is the most nonconforming units D that a lot can reasonably hold
// when a sample of it shows found: the largest D with P(X <= found) > 1 -
// confidence, exactly (one-sided, hypergeometric; 0.5 <= confidence < 1).
// share is D / lot.
func UpperBound(lot, sample, found int, confidence float64) (d int, share float64) {
	d = upperUnits(lot, sample, found, riskBeyond(confidence, 1))
	return d, float64(d) / float64(lot)
}

// Bounds is the two-sided exact interval of the nonconforming units in a lot:
// each side leaves half of 1 - confidence.
func Bounds(lot, sample, found int, confidence float64) (lower, upper int) {
	a := riskBeyond(confidence, 2)
	return lot - upperUnits(lot, sample, sample-found, a), upperUnits(lot, sample, found, a)
}

func upperUnits(lot, sample, found int, a alpha) int {
	within := func(d int) bool { return a.exceeded(hypergeometric{lot, d, sample}, found) }
	return largest(found, lot-sample+found, within)
}

// largest is the largest k in lo..hi for which within holds; it holds at lo and
// fails for good beyond some k. Steps double first, since the answer is near lo.
func largest(lo, hi int, within func(int) bool) int {
	step := 1
	for lo < hi {
		next := min(lo+step, hi)
		if !within(next) {
			hi = next - 1
			break
		}
		lo, step = next, 2*step
	}
	for lo < hi {
		if middle := lo + (hi-lo+1)/2; within(middle) {
			lo = middle
		} else {
			hi = middle - 1
		}
	}
	return lo
}

// UpperShare is the one-sided Clopper-Pearson bound of a process's share of
// nonconforming units; 1 when all are.
func UpperShare(sample, found int, confidence float64) float64 {
	return upperShare(sample, found, riskBeyond(confidence, 1).near)
}

// ShareBounds is the two-sided Clopper-Pearson interval of a process's share.
func ShareBounds(sample, found int, confidence float64) (lower, upper float64) {
	a := riskBeyond(confidence, 2).near
	return lowerShare(sample, found, a), upperShare(sample, found, a)
}

func upperShare(sample, found int, a float64) float64 {
	if found >= sample {
		return 1
	}
	p := float64(found+1) / float64(sample)
	for p < 1 && AtMostShare(p, sample, found) > a {
		p *= 2
	}
	return boundary(float64(found)/float64(sample), min(p, 1), func(p float64) bool { return AtMostShare(p, sample, found) > a })
}

func lowerShare(sample, found int, a float64) float64 {
	if found == 0 {
		return 0
	}
	reached := func(p float64) bool {
		_, atLeast := tails(binomial{sample, p}, found-1)
		return atLeast > a
	}
	hi := float64(found) / float64(sample)
	lo := hi / 2
	for reached(lo) {
		lo /= 2
	}
	return boundary(lo, 2*lo, func(p float64) bool { return !reached(p) })
}

// UpperRate is the one-sided exact Poisson bound of the rate of
// nonconformities per unit.
func UpperRate(sample, found int, confidence float64) float64 {
	a := riskBeyond(confidence, 1).near
	within := func(mean float64) bool {
		p, _ := tails(poisson{mean}, found)
		return p > a
	}
	hi := float64(found + 1)
	for within(hi) {
		hi *= 2
	}
	return boundary(float64(found), hi, within) / float64(sample)
}

// boundary is where below turns from true (at lo) to false (at hi), to the last digits.
func boundary(lo, hi float64, below func(float64) bool) float64 {
	for range 100 {
		middle := lo + (hi-lo)/2
		if middle <= lo || middle >= hi {
			break
		}
		if below(middle) {
			lo = middle
		} else {
			hi = middle
		}
	}
	return hi
}
