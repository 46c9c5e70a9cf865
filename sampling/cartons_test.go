package sampling

import (
	"bytes"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestCartonsToOpen(t *testing.T) {
	for _, c := range []struct{ cartons, perCarton, sample, want int }{
		{600, 20, 315, 25}, // the square root, rounded up, rules
		{600, 2, 315, 158}, // the sample needs more
		{625, 20, 1, 25}, {626, 20, 1, 26}, {1, 20, 5, 1}, {2, 1, 50, 2}, {4, 10, 21, 3}, {0, 10, 5, 0}, {10, 0, 5, 10}, {1 << 52, 1, 1, 1 << 26},
	} {
		if got := CartonsToOpen(c.cartons, c.perCarton, c.sample); got != c.want {
			t.Errorf("CartonsToOpen(%d, %d, %d) = %d, want %d", c.cartons, c.perCarton, c.sample, got, c.want)
		}
	}
}

// These draws stand in stored reports: a change here breaks their proof.
func TestDrawCartonsForever(t *testing.T) {
	seed := make([]byte, 32)
	for i := range seed {
		seed[i] = byte(i)
	}
	for _, c := range []struct {
		cartons, k int
		want       []int
	}{
		{600, 25, []int{6, 11, 14, 40, 48, 50, 51, 73, 87, 139, 162, 183, 212, 252, 270, 302, 335, 364, 386, 387, 462, 483, 547, 553, 564}},
		{7, 7, []int{1, 2, 3, 4, 5, 6, 7}},
		{1_000_000_007, 3, []int{197249937, 477160053, 657799557}},
		{10, 0, []int{}},
	} {
		if got, err := DrawCartons(seed, c.cartons, c.k); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("DrawCartons(%d, %d) = %#v, %v, want %v", c.cartons, c.k, got, err, c.want)
		}
	}
}

func TestDrawCartonsIsASet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.SliceOfN(rapid.Byte(), 16, 64).Draw(t, "seed")
		cartons := rapid.IntRange(1, 2000).Draw(t, "cartons")
		k := rapid.IntRange(0, cartons).Draw(t, "k")
		got, err := DrawCartons(seed, cartons, k)
		if err != nil || len(got) != k || !slices.IsSorted(got) || len(slices.Compact(slices.Clone(got))) != k {
			t.Fatalf("DrawCartons(%d, %d) = %v, %v", cartons, k, got, err)
		}
		if k > 0 && (got[0] < 1 || got[k-1] > cartons) {
			t.Fatalf("DrawCartons(%d, %d) = %v: outside", cartons, k, got)
		}
	})
}

// Over many seeds each pair of 5 cartons comes up equally often (chi-square, 9 degrees of freedom).
func TestDrawCartonsIsUniform(t *testing.T) {
	const draws = 20_000
	count := map[[2]int]float64{}
	for i := range draws {
		seed := bytes.Repeat([]byte{byte(i), byte(i >> 8)}, 16)
		got, err := DrawCartons(seed, 5, 2)
		if err != nil {
			t.Fatal(err)
		}
		count[[2]int(got)]++
	}
	chi := 0.0
	for _, n := range count {
		chi += (n - draws/10) * (n - draws/10) / (draws / 10)
	}
	if len(count) != 10 || chi > 27.9 { // exceeded once in a thousand
		t.Errorf("chi-square = %v over %d pairs: %v", chi, len(count), count)
	}
}

func TestDrawCartonsRefuses(t *testing.T) {
	seed := make([]byte, 32)
	for _, c := range []struct {
		seed       []byte
		cartons, k int
	}{{seed[:8], 10, 1}, {seed, 0, 0}, {seed, 10, 11}, {seed, 10, -1}} {
		if got, err := DrawCartons(c.seed, c.cartons, c.k); err == nil {
			t.Errorf("DrawCartons(%d bytes, %d, %d) = %v, want an error", len(c.seed), c.cartons, c.k, got)
		}
	}
}
