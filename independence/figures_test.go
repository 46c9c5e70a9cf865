package independence

import (
	"math"
	"testing"
	"time"

	"recourse/models"
)

// TestChiSquare9 against the printed tables of the distribution.
func TestChiSquare9(t *testing.T) {
	for _, test := range []struct{ x, p float64 }{{0, 1}, {8.343, 0.5}, {14.684, 0.1}, {16.919, 0.05}, {21.666, 0.01}, {27.877, 0.001}} {
		if got := chiSquare9(test.x); math.Abs(got-test.p) > 2e-4*max(test.p, 0.05) {
			t.Errorf("chiSquare9(%v) = %v, want %v", test.x, got, test.p)
		}
	}
}

// TestHolm on four tests: the third's 0.03 × 2 stands, the fourth may not fall below it.
func TestHolm(t *testing.T) {
	got := holm([]float64{0.005, 0.01, 0.03, 0.04})
	for n, want := range []float64{0.02, 0.03, 0.06, 0.06} {
		if math.Abs(got[n]-want) > 1e-12 {
			t.Errorf("holm adjusts number %d to %v, want %v", n, got[n], want)
		}
	}
}

func TestKM(t *testing.T) {
	tests := []struct {
		a, b point
		want float64
	}{
		{point{0, 0}, point{0, 0}, 0},
		{point{0, 0}, point{0, 1}, 111.195},
		{point{0, 179.5}, point{0, -179.5}, 111.195}, // over the date line
		{point{90, 0}, point{-90, 77}, 20015.09},     // pole to pole
		{point{36.12, -86.67}, point{33.94, -118.4}, 2886.44},
	}
	for _, test := range tests {
		if got := km(test.a, test.b); math.Abs(got-test.want) > 0.2 {
			t.Errorf("km(%v, %v) = %v, want %v", test.a, test.b, got, test.want)
		}
	}
}

// TestChance against the example in docs/independence.md.
func TestChance(t *testing.T) {
	p := &pool{count: map[int64]int{}}
	p.add([]int64{1, 2, 3, 4, 5})
	p.add([]int64{1, 2, 3, 4, 6})
	ordered, sorted := p.chance([]int64{1, 2, 3, 4, 5})
	if math.Abs(ordered-0.2*0.2*0.2*0.2*0.1) > 1e-12 || math.Abs(sorted-120*ordered) > 1e-12 {
		t.Errorf("chance of different readings = %v, %v, want 0.00016 and 120 times that", ordered, sorted)
	}
	p = &pool{count: map[int64]int{}}
	p.add([]int64{1, 1, 2, 2})
	p.add([]int64{8, 8, 9, 9})
	// By the pool each reading has ¼; two of one lot agree in 2 of 6 pairs, which is more.
	if ordered, _ := p.chance([]int64{1, 1, 2, 2, 1}); math.Abs(ordered-math.Pow(1.0/3, 5)) > 1e-12 {
		t.Errorf("chance where lots have levels = %v, want 3⁻⁵", ordered)
	}
}

func TestResolution(t *testing.T) {
	tests := []struct {
		instrument, unit string
		decimals         int
		want             int64
		known            bool
	}{
		{"caliper 0.02 mm", "mm", 2, 2, true},
		{"caliper 0.02 mm", "mm", 1, 1, true}, // finer than what is written down
		{"steel tape 1 mm", "mm", 1, 10, true},
		{"steel tape 1mm", "mm", 0, 1, true},
		{"balance 5 g", "kg", 0, 0, false},
		{"balance", "g", 0, 0, false},
		{"gauge 0 mm", "mm", 0, 0, false},
		{"", "", 0, 0, false},
	}
	for _, test := range tests {
		got, known := resolution(models.Characteristic{Instrument: test.instrument, Unit: test.unit, Decimals: test.decimals})
		if got != test.want || known != test.known {
			t.Errorf("resolution(%q in %q, %d decimals) = %d, %t, want %d, %t", test.instrument, test.unit, test.decimals, got, known, test.want, test.known)
		}
	}
}

func TestStrength(t *testing.T) {
	for _, test := range []struct {
		got   Strength
		value float64
		words string
	}{
		{byChance(0.01), 2, "slight"}, {byChance(1e-5), 5, "clear"}, {byChance(0), 10, "strong"}, {byChance(2), 0, "slight"},
		{byRatio(1), 2, "slight"}, {byRatio(2.6), 5.2, "clear"}, {byRatio(1000), 10, "strong"},
	} {
		if test.got.Value != test.value || test.got.Words.EN != test.words {
			t.Errorf("strength = %+v, want %v %s", test.got, test.value, test.words)
		}
	}
}

// TestInstant: the satellites' clock before the camera's, and that before the phone's.
func TestInstant(t *testing.T) {
	gps, phone := time.Unix(100, 0).UTC(), time.Unix(300, 0).UTC()
	camera := "1970-01-01T08:03:20+08:00"
	for _, test := range []struct {
		p    photo
		want int64
	}{{photo{gpsAt: &gps, cameraAt: camera, takenAt: &phone}, 100}, {photo{cameraAt: camera, takenAt: &phone}, 200}, {photo{cameraAt: camera[:19], takenAt: &phone}, 300}} {
		if got := test.p.instant(); got == nil || got.Unix() != test.want {
			t.Errorf("instant(%+v) = %v, want second %d", test.p, got, test.want)
		}
	}
	if got := (photo{cameraAt: camera[:19]}).instant(); got != nil {
		t.Errorf("instant of a camera without its zone = %v, want none", got)
	}
}
