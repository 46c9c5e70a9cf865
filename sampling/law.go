package sampling

import "math"

// law is the distribution of a count: log-concave, so that its terms fall on
// both sides of the mode.
type law interface {
	span() (lo, hi int)
	mode() int
	// ratio is P(k+1) / P(k), for lo <= k < hi.
	ratio(k int) float64
}

// tails are P(X <= c) and P(X > c). The terms are summed outwards from the
// mode by exact ratios and normalised by their sum: no logarithm or gamma
// function loses digits and nothing overflows. The terms pass a double's
// range within some 40 standard deviations, which bounds the work. A
// probability below 1e-300 may come out as 0.
func tails[L law](l L, c int) (atMost, above float64) {
	const start, negligible = 1e200, 1e-25
	lo, hi := l.span()
	if c < lo {
		return 0, 1
	}
	if c >= hi {
		return 1, 0
	}
	mode := min(max(l.mode(), lo), hi)
	for k, w := mode, start; ; k-- {
		if k <= c {
			atMost += w
		} else {
			above += w
		}
		if k == lo || w == 0 || k <= c && w < atMost*negligible {
			break
		}
		w /= l.ratio(k - 1)
	}
	for k, w := mode, start; k < hi; {
		w *= l.ratio(k)
		k++
		if k <= c {
			atMost += w
		} else {
			above += w
		}
		if w == 0 || k > c && w < above*negligible {
			break
		}
	}
	total := atMost + above
	return atMost / total, above / total
}

// hypergeometric is the number of nonconforming units among n drawn without
// replacement from a lot of size lot that holds d.
type hypergeometric struct{ lot, d, n int }

func (h hypergeometric) span() (lo, hi int) { return max(0, h.n+h.d-h.lot), min(h.n, h.d) }

func (h hypergeometric) mode() int { return (h.n + 1) * (h.d + 1) / (h.lot + 2) }

func (h hypergeometric) ratio(k int) float64 {
	return float64(h.d-k) * float64(h.n-k) / (float64(k+1) * float64(h.lot-h.d-h.n+k+1))
}

// binomial is the number of nonconforming units among n from a process with share p.
type binomial struct {
	n int
	p float64
}

// span is a point at both ends, where ratio has no value.
func (b binomial) span() (lo, hi int) {
	switch b.p {
	case 0:
		return 0, 0
	case 1:
		return b.n, b.n
	}
	return 0, b.n
}

func (b binomial) mode() int { return int(float64(b.n+1) * b.p) }

func (b binomial) ratio(k int) float64 {
	return float64(b.n-k) / float64(k+1) * (b.p / (1 - b.p))
}

// poisson is the number of nonconformities where mean are expected.
type poisson struct{ mean float64 }

func (p poisson) span() (lo, hi int) {
	if p.mean == 0 {
		return 0, 0
	}
	return 0, math.MaxInt
}

func (p poisson) mode() int { return int(p.mean) }

func (p poisson) ratio(k int) float64 { return p.mean / float64(k+1) }
