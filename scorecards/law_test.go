package scorecards

import (
	"math"
	"math/rand/v2"
	"testing"
)

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-9*max(1, math.Abs(want)) {
		t.Errorf("%s = %.12g, want %.12g", what, got, want)
	}
}

// The worked examples of docs/scorecards.md, computed by hand with fractions.
func TestBetaPriorByHand(t *testing.T) {
	p := betaPrior([]sample{{9, 10}, {18, 20}, {5, 10}, {0, 0}})
	near(t, "mean", p.mean, 32.5/41)
	near(t, "weight", p.weight, 3.3272832527412652)
	for _, c := range []struct{ x, n, want float64 }{
		{9, 10, 0.8732072701148046}, {18, 20, 0.8846928467226365}, {5, 10, 0.5730710815050782}, {2, 2, 0.8705151213400641}, {0, 0, 0.7926829268292683},
	} {
		near(t, "shrunk", p.shrink(sample{c.x, c.n}), c.want)
	}
}

func TestGammaPriorByHand(t *testing.T) {
	p := gammaPrior([]sample{{2, 100}, {10, 200}, {0, 50}, {0, 0}})
	near(t, "mean", p.mean, 12.5/350)
	near(t, "weight", p.weight, 123.45679012345678)
	for _, c := range []struct{ x, n, want float64 }{{2, 100, 0.028681925808997633}, {10, 200, 0.044547437295528895}, {0, 50, 0.02541942043721403}} {
		near(t, "shrunk", p.shrink(sample{c.x, c.n}), c.want)
	}
}

func TestPriorsAtTheEdges(t *testing.T) {
	for _, c := range []struct {
		name         string
		fit          func([]sample) prior
		all          []sample
		mean, weight float64
	}{
		{"beta, nobody", betaPrior, nil, 0.5, 1},
		{"beta, one supplier", betaPrior, []sample{{2, 2}}, 2.5 / 3, 1},
		{"beta, one trial each", betaPrior, []sample{{1, 1}, {0, 1}}, 0.5, 1},
		{"beta, all alike", betaPrior, []sample{{9, 10}, {9, 10}, {9, 10}}, 27.5 / 31, 30},
		{"beta, all or nothing", betaPrior, []sample{{100, 100}, {0, 100}}, 100.5 / 201, 1},
		{"beta, many alike", betaPrior, []sample{{900, 1000}, {900, 1000}}, 1800.5 / 2001, 1000},
		{"gamma, nobody", gammaPrior, nil, 0, 0},
		{"gamma, one supplier", gammaPrior, []sample{{3, 50}}, 3.5 / 50, 0.5 / (3.5 / 50)},
		{"gamma, no event", gammaPrior, []sample{{0, 50}, {0, 50}}, 0.5 / 100, 100},
		{"gamma, all alike", gammaPrior, []sample{{5, 50}, {5, 50}}, 10.5 / 100, 100},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := c.fit(c.all)
			near(t, "mean", p.mean, c.mean)
			near(t, "weight", p.weight, c.weight)
		})
	}
}

// integral is Simpson's rule with so many steps that the tests' tolerance is met.
func integral(f func(float64) float64, to float64) float64 {
	const steps = 200_000
	h, sum := to/steps, 0.0
	for k := range steps + 1 {
		weight := 2.0
		switch {
		case k == 0 || k == steps:
			weight = 1
		case k%2 == 1:
			weight = 4
		}
		sum += weight * f(float64(k)*h)
	}
	return sum * h / 3
}

// TestIntervals: the ends of an interval cut off 2.5 % each, by integrating the densities.
func TestIntervals(t *testing.T) {
	lgamma := func(x float64) float64 { v, _ := math.Lgamma(x); return v }
	p, s := prior{0.8, 6}, sample{9, 10}
	a, b := s.x+p.mean*p.weight, s.n-s.x+(1-p.mean)*p.weight
	beta := func(x float64) float64 {
		if x <= 0 || x >= 1 {
			return 0
		}
		return math.Exp(lgamma(a+b) - lgamma(a) - lgamma(b) + (a-1)*math.Log(x) + (b-1)*math.Log(1-x))
	}
	low, high := p.betaInterval(s)
	for _, c := range []struct{ at, want float64 }{{low, 0.025}, {high, 0.975}} {
		if got := integral(beta, c.at); math.Abs(got-c.want) > 1e-6 {
			t.Errorf("Beta(%g, %g): P(X ≤ %g) = %g, want %g", a, b, c.at, got, c.want)
		}
	}
	p, s = prior{0.04, 120}, sample{7, 200}
	shape, rate := s.x+p.mean*p.weight, s.n+p.weight
	gamma := func(x float64) float64 {
		if x <= 0 {
			return 0
		}
		return math.Exp(shape*math.Log(rate) - lgamma(shape) + (shape-1)*math.Log(x) - rate*x)
	}
	low, high = p.gammaInterval(s)
	for _, c := range []struct{ at, want float64 }{{low, 0.025}, {high, 0.975}} {
		if got := integral(gamma, c.at); math.Abs(got-c.want) > 1e-6 {
			t.Errorf("Gamma(%g, %g): P(X ≤ %g) = %g, want %g", shape, rate, c.at, got, c.want)
		}
	}
}

// TestPriorsFindWhatIsThere: from many simulated suppliers the fit comes near the
// population they were drawn from.
func TestPriorsFindWhatIsThere(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 11))
	// Rates with mean 0.8 and weight 9: Beta(7.2, 1.8) by the ratio of gamma draws.
	gammaDraw := func(shape float64) float64 { // Marsaglia and Tsang 2000
		d := shape - 1.0/3
		for {
			x := random.NormFloat64()
			v := math.Pow(1+x/math.Sqrt(9*d), 3)
			if v > 0 && math.Log(random.Float64()) < x*x/2+d-d*v+d*math.Log(v) {
				return d * v
			}
		}
	}
	var lots, defects []sample
	for range 4000 {
		a, b := gammaDraw(7.2), gammaDraw(1.8)
		n, x := 1+random.IntN(60), 0
		for range n {
			if random.Float64() < a/(a+b) {
				x++
			}
		}
		lots = append(lots, sample{float64(x), float64(n)})
		rate, exposure := gammaDraw(4)/100, float64(20+random.IntN(2000)) // mean 0.04, weight 100
		events, limit := 0, math.Exp(-rate*exposure)
		for product := random.Float64(); product > limit; product *= random.Float64() {
			events++
		}
		defects = append(defects, sample{float64(events), exposure})
	}
	if p := betaPrior(lots); math.Abs(p.mean-0.8) > 0.01 || math.Abs(p.weight-9) > 1 {
		t.Errorf("beta prior = %+v, want about {0.8 9}", p)
	}
	if p := gammaPrior(defects); math.Abs(p.mean-0.04) > 0.001 || math.Abs(p.weight-100) > 10 {
		t.Errorf("gamma prior = %+v, want about {0.04 100}", p)
	}
}

func TestLuckyLotDoesNotLead(t *testing.T) {
	all := []sample{{1, 1}, {98, 100}, {45, 60}, {70, 80}, {20, 30}}
	p := betaPrior(all)
	if lucky, steady := p.shrink(all[0]), p.shrink(all[1]); lucky >= steady {
		t.Errorf("one lot accepted of one is rated %g, 98 of 100 %g: the lucky one leads", lucky, steady)
	}
}
