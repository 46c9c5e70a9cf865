package independence

import (
	"cmp"
	"context"
	"math"
	"regexp"
	"slices"
	"strings"

	"gorm.io/gorm"

	"recourse/models"
)

// When last digits say something. Digits of a smooth distribution are uniform to
// better than 10⁻⁸ when its standard deviation is one cycle of ten resolution
// units: for a normal one the deviation is 2·exp(−2π²(s/10u)²). The spread
// within lots counts, since lots differ in their means.
const (
	minDigits = 50 // five expected of each digit
	minCycles = 1.0
)

// Digits is the figures of an inspector's last digits.
type Digits struct {
	InspectorID    models.ID   `json:"inspector_id"`
	Characteristic string      `json:"characteristic"`
	Name           models.Text `json:"name"`
	Standard       string      `json:"standard"`
	Resolution     string      `json:"resolution"`    // the step the digits count
	N              int         `json:"n"`             // readings
	Counts         []int       `json:"counts"`        // of the digits 0 to 9
	Expected       float64     `json:"expected"`      // of each
	Statistic      float64     `json:"statistic"`     // chi-square with 9 degrees of freedom
	P              float64     `json:"p"`             // of this one test
	Tests          int         `json:"tests"`         // made in the same question
	AdjustedP      float64     `json:"adjusted_p"`    // Holm's, over all of them
	Spread         float64     `json:"spread_cycles"` // standard deviation within lots, in cycles of ten digits
}

// digitGroup is one inspector's readings of one characteristic.
type digitGroup struct {
	inspector      models.ID
	characteristic models.Characteristic
	standard       string
	samples        []sample
}

func (g digitGroup) parts() [][]byte {
	return [][]byte{g.inspector[:], []byte(models.Key(g.standard)), []byte(g.characteristic.Code)}
}

// digits tests the last digits of each inspector and characteristic against the
// uniform distribution, and keeps what Holm's procedure leaves at alpha over all
// tests of the question. Readings that an earlier hint rested on, which was set aside, don't count again.
func (s *scope) digits(ctx context.Context, tx *gorm.DB) ([]Hint, error) {
	groups := s.digitGroups()
	aside, err := s.digitsAside(ctx, tx)
	if err != nil {
		return nil, err
	}
	type test struct {
		group   digitGroup
		figures *Digits
	}
	var tests []test
	for _, g := range groups {
		if through, is := aside[identify(DigitHabit, g.parts()...)]; is {
			g.samples = slices.DeleteFunc(slices.Clone(g.samples), func(one sample) bool { return one.lot.visit.InspectedOn <= through })
		}
		if f := testDigits(g); f != nil {
			tests = append(tests, test{g, f})
		}
	}
	slices.SortFunc(tests, func(a, b test) int { return cmp.Compare(a.figures.P, b.figures.P) })
	var raw []float64
	for _, t := range tests {
		raw = append(raw, t.figures.P)
	}
	var hints []Hint
	for n, adjusted := range holm(raw) {
		if adjusted > alpha {
			break
		}
		t := tests[n]
		t.figures.Tests, t.figures.AdjustedP, t.figures.P = len(tests), rounded(adjusted), rounded(t.figures.P)
		var visits []*visit
		for _, one := range t.group.samples {
			visits = append(visits, one.lot.visit)
		}
		h := Hint{Kind: DigitHabit, Strength: byChance(adjusted), Digits: t.figures, Text: digitsText(t.figures, s.names[t.group.inspector])}
		h = s.about(h, visits, t.group.parts()...)
		last := h.Inspections[len(h.Inspections)-1].ID // the next visit makes it another hint
		h.ID = identify(DigitHabit, append(t.group.parts(), last[:])...)
		hints = append(hints, h)
	}
	return hints, nil
}

// holm adjusts the p-values of several tests, smallest first, so that one at most
// alpha errs with at most that probability over all of them, however they depend on each other (Holm 1979).
func holm(p []float64) []float64 {
	out, least := make([]float64, len(p)), 0.0
	for n, one := range p {
		least = max(least, min(1, one*float64(len(p)-n)))
		out[n] = least
	}
	return out
}

// digitGroups gathers the readings by who took them, from visits that one person made.
func (s *scope) digitGroups() []digitGroup {
	type key struct {
		inspector      models.ID
		standard, code string
		decimals       int
	}
	at := map[key]int{}
	var out []digitGroup
	for _, one := range s.samples {
		inspector, alone := one.lot.visit.alone()
		if !alone {
			continue
		}
		k := key{inspector, models.Key(one.lot.standard), one.characteristic.Code, one.characteristic.Decimals}
		n, known := at[k]
		if !known {
			n = len(out)
			at[k] = n
			out = append(out, digitGroup{inspector: inspector, characteristic: one.characteristic, standard: one.lot.standard})
		}
		out[n].samples = append(out[n].samples, one)
	}
	return out
}

// testDigits is the test of one group, or nil where it would mean nothing.
func testDigits(g digitGroup) *Digits {
	step := digitStep(g)
	n, squares, freedom := 0, 0.0, 0
	counts := make([]int, 10)
	for _, one := range g.samples {
		mean := 0.0
		for _, v := range one.values {
			mean += float64(v) / float64(len(one.values))
		}
		for _, v := range one.values {
			squares += (float64(v) - mean) * (float64(v) - mean)
			if step > 0 {
				counts[max(v/step, -(v/step))%10]++
			}
		}
		n += len(one.values)
		freedom += len(one.values) - 1
	}
	if step == 0 || n < minDigits || freedom == 0 {
		return nil
	}
	cycles := math.Sqrt(squares/float64(freedom)) / float64(10*step)
	if cycles < minCycles {
		return nil
	}
	expected, statistic := float64(n)/10, 0.0
	for _, c := range counts {
		statistic += (float64(c) - expected) * (float64(c) - expected) / expected
	}
	return &Digits{
		InspectorID: g.inspector, Characteristic: g.characteristic.Code, Name: g.characteristic.Name, Standard: g.standard,
		Resolution: strings.TrimSpace(models.DecimalFromScaled(step, g.characteristic.Decimals).String() + " " + g.characteristic.Unit),
		N:          n, Counts: counts, Expected: expected, Statistic: rounded(statistic), P: chiSquare9(statistic), Spread: rounded(cycles),
	}
}

// digitStep is the step that the last digit counts, in units of the
// characteristic's decimals: the instrument's resolution where the standard
// names it ("caliper 0.02 mm"), and otherwise the greatest step that all
// readings keep. It is 0 where people read between the instrument's marks: such
// digits are estimates.
func digitStep(g digitGroup) int64 {
	common := int64(0)
	for _, one := range g.samples {
		for _, v := range one.values {
			common = gcd(common, max(v, -v))
		}
	}
	named, known := resolution(g.characteristic)
	switch {
	case common == 0:
		return 0
	case !known:
		return common
	case common%named == 0:
		return named
	}
	return 0
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

var stated = regexp.MustCompile(`([0-9]+(?:\.[0-9]+)?)\s*(\S+)\s*$`)

// resolution reads the instrument's resolution at the end of its name, in units
// of the characteristic's decimals and at least one of them.
func resolution(c models.Characteristic) (int64, bool) {
	m := stated.FindStringSubmatch(c.Instrument)
	if m == nil || c.Unit == "" || models.Key(m[2]) != models.Key(c.Unit) {
		return 0, false
	}
	d, err := models.ParseDecimal("", m[1])
	if err != nil || d.Sign() <= 0 {
		return 0, false
	}
	if n, exact := d.Scaled(c.Decimals); exact {
		return max(1, n), true
	}
	return 1, true // finer than what is written down
}

// chiSquare9 is P(X ≥ x) of the chi-square distribution with 9 degrees of freedom,
// which has a closed form for an odd number of them (Abramowitz and Stegun 26.4.4).
func chiSquare9(x float64) float64 {
	return math.Erfc(math.Sqrt(x/2)) + math.Sqrt(2*x/math.Pi)*math.Exp(-x/2)*(1+x/3+x*x/15+x*x*x/105)
}

func digitsText(f *Digits, name string) models.Text {
	favourite := 0
	for d, c := range f.Counts {
		if c > f.Counts[favourite] {
			favourite = d
		}
	}
	return models.Say("Among %[1]d readings of %[2]s by %[3]s the last digit %[4]d comes %[5]d times where about %.0[6]f would be expected (chi-square %.1[7]f, p = %.2[8]g over %[9]d tests). Worth asking how the instrument was read.",
		"%[3]s 所测 %[2]s 的 %[1]d 个读数中，末位数字 %[4]d 出现 %[5]d 次，预期约 %.0[6]f 次（卡方 %.1[7]f，%[9]d 次检验校正后 p = %.2[8]g）。值得询问仪器的读数方式。",
		f.N, f.Characteristic, name, favourite, f.Counts[favourite], f.Expected, f.Statistic, f.AdjustedP, f.Tests)
}
