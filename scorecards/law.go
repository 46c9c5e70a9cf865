package scorecards

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// prior is what the population of a period says before a supplier's own counts
// are looked at: the mean, and the weight it has in units of the denominator.
type prior struct {
	mean, weight float64
}

// sample is one supplier's counts: x events of n trials, or over the exposure n.
type sample struct{ x, n float64 }

// The bounds of a prior's strength: never less than one trial (or half an event),
// never more than a thousand, nor than the whole population it was learnt from.
const (
	leastTrials = 1
	leastEvents = 0.5
	mostEvents  = 1000
)

// betaPrior fits a beta distribution to the rates of a population by moments
// (Kleinman 1973). With p the pooled rate (Σx+½)/(N+1), N = Σn and
// S = Σ n(x/n − p)², the expectation of S is p(1−p)[(k−1) + ρ Σ(n−1)(1−n/N)];
// hence ρ, and the weight (1−ρ)/ρ. A population without more scatter than chance
// gives the largest weight, one supplier alone the least.
func betaPrior(all []sample) prior {
	var x, n, k float64
	for _, s := range all {
		if s.n > 0 {
			x, n, k = x+s.x, n+s.n, k+1
		}
	}
	p := (x + 0.5) / (n + 1)
	if k < 2 {
		return prior{p, leastTrials}
	}
	var scatter, room float64
	for _, s := range all {
		if s.n > 0 {
			scatter += s.n * (s.x/s.n - p) * (s.x/s.n - p)
			room += (s.n - 1) * (1 - s.n/n)
		}
	}
	excess := scatter/(p*(1-p)) - (k - 1)
	if room <= 0 {
		return prior{p, leastTrials}
	}
	most := min(n, mostEvents)
	if excess <= 0 {
		return prior{p, most}
	}
	rho := min(excess/room, 1)
	return prior{p, min(max((1-rho)/rho, leastTrials), most)}
}

// gammaPrior fits a gamma distribution to the rates of a population by moments.
// With m the pooled rate (Σx+½)/E, E = Σe and S = Σ e(x/e − m)², the expectation
// of S is (k−1)m + V(E − Σe²/E); hence the variance V between suppliers, and the
// weight m/V in units of exposure.
func gammaPrior(all []sample) prior {
	var x, e, squares, k float64
	for _, s := range all {
		if s.n > 0 {
			x, e, squares, k = x+s.x, e+s.n, squares+s.n*s.n, k+1
		}
	}
	if k == 0 {
		return prior{}
	}
	m := (x + 0.5) / e
	if k < 2 {
		return prior{m, leastEvents / m}
	}
	var scatter float64
	for _, s := range all {
		if s.n > 0 {
			scatter += s.n * (s.x/s.n - m) * (s.x/s.n - m)
		}
	}
	between := (scatter - (k-1)*m) / (e - squares/e)
	most := min(e*m, mostEvents)
	if between <= 0 {
		return prior{m, most / m}
	}
	events := m * m / between // the gamma's shape
	return prior{m, min(max(events, leastEvents), most) / m}
}

// estimate is a rate after the population was heard, with the interval that
// holds it with probability 0.95.
type estimate struct{ value, low, high float64 }

// shrink is the mean of the posterior: (x + mean·weight) / (n + weight).
func (p prior) shrink(s sample) float64 { return (s.x + p.mean*p.weight) / (s.n + p.weight) }

// betaInterval is the equal-tailed interval of Beta(x + pM, n − x + (1−p)M).
func (p prior) betaInterval(s sample) (low, high float64) {
	a, b := s.x+p.mean*p.weight, s.n-s.x+(1-p.mean)*p.weight
	return mathext.InvRegIncBeta(a, b, 0.025), mathext.InvRegIncBeta(a, b, 0.975)
}

// gammaInterval is the equal-tailed interval of Gamma(x + mβ, rate e + β).
func (p prior) gammaInterval(s sample) (low, high float64) {
	shape, rate := s.x+p.mean*p.weight, s.n+p.weight
	return mathext.GammaIncRegInv(shape, 0.025) / rate, mathext.GammaIncRegInv(shape, 0.975) / rate
}

// estimate shrinks a sample and says how sure that is; a ratio of amounts stays
// as it is and has no interval.
func (p prior) estimate(l law, s sample) estimate {
	switch l {
	case binomial:
		low, high := p.betaInterval(s)
		return estimate{p.shrink(s), low, high}
	case poisson:
		low, high := p.gammaInterval(s)
		return estimate{p.shrink(s), low, high}
	}
	return estimate{s.x / s.n, math.NaN(), math.NaN()}
}
