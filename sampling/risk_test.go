package sampling

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// relative is |got - want| / want, 0 for two zeros.
func relative(got, want float64) float64 {
	if got == want {
		return 0
	}
	return math.Abs(got-want) / math.Abs(want)
}

// slowAtMost is the hypergeometric sum in whole numbers, term by term.
func slowAtMost(lot, d, n, c int) *big.Rat {
	sum := new(big.Int)
	for x := max(0, n+d-lot); x <= min(c, n, d); x++ {
		a := new(big.Int).Binomial(int64(d), int64(x))
		sum.Add(sum, a.Mul(a, new(big.Int).Binomial(int64(lot-d), int64(n-x))))
	}
	return new(big.Rat).SetFrac(sum, new(big.Int).Binomial(int64(lot), int64(n)))
}

func nearest(r *big.Rat) float64 {
	f, _ := r.Float64()
	return f
}

// slowBinomial sums C(n,x) p^x q^(n-x) with 400 bits.
func slowBinomial(p float64, n, c int) float64 {
	float := func() *big.Float { return new(big.Float).SetPrec(400) }
	power := func(base *big.Float, k int) *big.Float {
		out := float().SetInt64(1)
		for range k {
			out.Mul(out, base)
		}
		return out
	}
	share := float().SetFloat64(p)
	rest := float().Sub(float().SetInt64(1), share)
	sum := float()
	for x := 0; x <= min(c, n); x++ {
		term := float().SetInt(new(big.Int).Binomial(int64(n), int64(x)))
		sum.Add(sum, term.Mul(term, power(share, x)).Mul(term, power(rest, n-x)))
	}
	f, _ := sum.Float64()
	return f
}

func TestWorkedValues(t *testing.T) {
	for _, c := range []struct{ lot, d, n, found int }{
		{20000, 2400, 315, 3}, {20000, 600, 315, 3}, {1000, 120, 80, 2}, {1000, 50, 80, 2},
		{12000, 1440, 315, 6}, {12000, 200, 315, 0}, {500_000, 15_000, 2000, 40}, {500_000, 60_000, 2000, 9},
		{500_000, 250_000, 2000, 1000}, {500_000, 1, 2000, 0}, {500_000, 499_999, 2000, 1999}, {500_000, 5000, 2000, 60},
	} {
		want := nearest(slowAtMost(c.lot, c.d, c.n, c.found))
		if got := AtMost(c.lot, c.d, c.n, c.found); relative(got, want) > 1e-11 {
			t.Errorf("AtMost(%v) = %v, want %v", c, got, want)
		}
	}
	for _, c := range []struct {
		lot, d, n, found int
		want             float64
	}{
		{20000, 2400, 315, 3, 3.4e-14}, {20000, 600, 315, 3, 0.014}, {1000, 120, 80, 2, 0.0019}, {1000, 50, 80, 2, 0.22},
		{12000, 1440, 315, 6, 2.0872337971052986e-11}, {12000, 200, 315, 0, 0.004675824828194475},
	} {
		if got := AtMost(c.lot, c.d, c.n, c.found); relative(got, c.want) > 0.03 {
			t.Errorf("AtMost(%v) = %v, want %v", c, got, c.want)
		}
	}
	for _, c := range []struct{ lot, n, found, want int }{
		{20000, 315, 3, 486}, {1000, 80, 2, 74}, {2500, 5, 0, 1125}, {12000, 315, 6, 444}, {12000, 315, 0, 112},
		{100, 95, 0, 0}, {100, 94, 0, 1}, // an exact tie: P = 0.05 is not above 0.05
	} {
		d, share := UpperBound(c.lot, c.n, c.found, 0.95)
		if d != c.want {
			t.Errorf("UpperBound(%v) = %d (%v), want %d", c, d, share, c.want)
		}
	}
}

func TestAtMostAgainstWholeNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lot := rapid.IntRange(1, 3000).Draw(t, "lot")
		d, n := rapid.IntRange(0, lot).Draw(t, "d"), rapid.IntRange(0, min(lot, 300)).Draw(t, "n")
		c := rapid.IntRange(0, 40).Draw(t, "c")
		exact := slowAtMost(lot, d, n, c)
		want := nearest(exact)
		if got := AtMost(lot, d, n, c); relative(got, want) > 1e-11 && want > 1e-300 {
			t.Fatalf("AtMost(%d, %d, %d, %d) = %v, want %v", lot, d, n, c, got, want)
		}
		_, above := tails(hypergeometric{lot, d, n}, c)
		if want := nearest(exact.Sub(big.NewRat(1, 1), exact)); relative(above, want) > 1e-11 && want > 1e-300 {
			t.Fatalf("above(%d, %d, %d, %d) = %v, want %v", lot, d, n, c, above, want)
		}
	})
}

func TestAtMostShareAgainstBigFloats(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 400).Draw(t, "n")
		c := rapid.IntRange(0, n).Draw(t, "c")
		p := rapid.Float64Range(0, 1).Draw(t, "p")
		want := slowBinomial(p, n, c)
		if got := AtMostShare(p, n, c); relative(got, want) > 1e-11 && want > 1e-290 {
			t.Fatalf("AtMostShare(%v, %d, %d) = %v, want %v", p, n, c, got, want)
		}
	})
}

func TestAtMostRate(t *testing.T) {
	for _, c := range []struct {
		rate  float64
		n, c  int
		exact func() float64
	}{
		{0.02, 50, 0, func() float64 { return math.Exp(-1) }},
		{0.5, 20, 2, func() float64 { return math.Exp(-10) * (1 + 10 + 50) }},
		{0, 20, 0, func() float64 { return 1 }},
		{5, 100, 0, func() float64 { return math.Exp(-500) }},
		{1, 3, 1000, func() float64 { return 1 }},
	} {
		if got, want := AtMostRate(c.rate, c.n, c.c), c.exact(); relative(got, want) > 1e-11 {
			t.Errorf("AtMostRate(%v, %d, %d) = %v, want %v", c.rate, c.n, c.c, got, want)
		}
	}
}

func TestUpperBoundAgainstWholeNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lot := rapid.IntRange(1, 120).Draw(t, "lot")
		n := rapid.IntRange(1, lot).Draw(t, "n")
		found := rapid.IntRange(0, n).Draw(t, "found")
		want := 0
		for d := range lot + 1 {
			if slowAtMost(lot, d, n, found).Cmp(big.NewRat(1, 20)) > 0 && d >= found {
				want = d
			}
		}
		if got, _ := UpperBound(lot, n, found, 0.95); got != want {
			t.Fatalf("UpperBound(%d, %d, %d) = %d, want %d", lot, n, found, got, want)
		}
		lower, upper := Bounds(lot, n, found, 0.90)
		if upper != want || lower > found+(lot-n) || lower < found {
			t.Fatalf("Bounds(%d, %d, %d, 0.90) = %d, %d, want upper %d and lower from %d", lot, n, found, lower, upper, want, found)
		}
		atLeast := func(d int) *big.Rat {
			if found == 0 {
				return big.NewRat(1, 1)
			}
			return new(big.Rat).Sub(big.NewRat(1, 1), slowAtMost(lot, d, n, found-1))
		}
		if atLeast(lower).Cmp(big.NewRat(1, 20)) <= 0 || lower > found && atLeast(lower-1).Cmp(big.NewRat(1, 20)) > 0 {
			t.Fatalf("Bounds(%d, %d, %d, 0.90) lower = %d is not the smallest D with P(X >= found) > 0.05", lot, n, found, lower)
		}
	})
}

func TestClopperPearson(t *testing.T) {
	for _, n := range []int{1, 2, 5, 80, 315, 2000} {
		if got, want := UpperShare(n, 0, 0.95), -math.Expm1(math.Log(0.05)/float64(n)); relative(got, want) > 1e-12 {
			t.Errorf("UpperShare(%d, 0) = %v, want %v", n, got, want)
		}
		if got := UpperShare(n, n, 0.95); got != 1 {
			t.Errorf("UpperShare(%d, %[1]d) = %v, want 1", n, got)
		}
		low, high := ShareBounds(n, n, 0.95)
		if want := math.Pow(0.025, 1/float64(n)); relative(low, want) > 1e-12 || high != 1 {
			t.Errorf("ShareBounds(%d, %[1]d) = %v, %v, want %v, 1", n, low, high, want)
		}
		if low, _ := ShareBounds(n, 0, 0.95); low != 0 {
			t.Errorf("ShareBounds(%d, 0) starts at %v, want 0", n, low)
		}
	}
	// Published: 10 of 100, two-sided 95 %: 0.0490 to 0.1762; one-sided is another figure.
	low, high := ShareBounds(100, 10, 0.95)
	if math.Abs(low-0.04900469) > 1e-8 || math.Abs(high-0.17622260) > 1e-8 {
		t.Errorf("ShareBounds(100, 10) = %v, %v, want 0.04900469, 0.17622260", low, high)
	}
	if one := UpperShare(100, 10, 0.95); one >= high || relative(AtMostShare(one, 100, 10), 0.05) > 1e-10 {
		t.Errorf("UpperShare(100, 10) = %v: not the one-sided bound", one)
	}
}

func TestUpperRate(t *testing.T) {
	if got, want := UpperRate(50, 0, 0.95), -math.Log(0.05)/50; relative(got, want) > 1e-12 {
		t.Errorf("UpperRate(50, 0) = %v, want %v", got, want)
	}
	rate := UpperRate(80, 130, 0.95) // more defects than units
	if p := AtMostRate(rate, 80, 130); relative(p, 0.05) > 1e-10 {
		t.Errorf("P at UpperRate(80, 130) = %v, want 0.05", p)
	}
}

func TestUnits(t *testing.T) {
	for _, c := range []struct {
		lot                    int
		share                  float64
		round, atLeast, atMost int
	}{
		{100, 0.07, 7, 7, 7}, {20000, 0.12, 2400, 2400, 2400}, {1001, 0.12, 120, 121, 120}, {10, 0.05, 1, 1, 0},
		{1000, 0.0004, 0, 1, 0}, {50, 0, 0, 0, 0}, {50, 1, 50, 50, 50}, {3, 1.0 / 3, 1, 1, 1},
	} {
		if r, up, down := Units(c.lot, c.share), unitsAtLeast(c.lot, c.share), unitsAtMost(c.lot, c.share); r != c.round || up != c.atLeast || down != c.atMost {
			t.Errorf("units of %v in %d = %d, %d, %d, want %d, %d, %d", c.share, c.lot, r, up, down, c.round, c.atLeast, c.atMost)
		}
	}
}

// Near the edge of what is allowed the figures stay finite and quick.
func TestLargeCounts(t *testing.T) {
	for _, h := range []hypergeometric{{maxCount, maxCount / 2, maxCount / 2}, {maxCount, 1, maxCount - 1}, {maxCount, maxCount, maxCount}, {maxCount, 0, 0}} {
		atMost, above := tails(h, h.n/2)
		if sum := atMost + above; math.Abs(sum-1) > 1e-12 || math.IsNaN(sum) {
			t.Errorf("tails(%v) = %v, %v", h, atMost, above)
		}
	}
	if d, _ := UpperBound(maxCount, maxCount/20*19, 0, 0.95); d != 0 {
		t.Errorf("UpperBound of 95 %% of %d = %d, want 0", maxCount, d)
	}
}
