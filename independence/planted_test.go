package independence_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"recourse/independence"
	"recourse/models"
)

// kinds are the hints' kinds, sorted.
func kindsOf(hints []independence.Hint) []string {
	var out []string
	for _, h := range hints {
		out = append(out, string(h.Kind))
	}
	slices.Sort(out)
	return out
}

// one is the only hint, which rests on these visits and is worded in both languages.
func one(t *testing.T, hints []independence.Hint, kind independence.Kind, visits ...models.ID) independence.Hint {
	t.Helper()
	if len(hints) != 1 || hints[0].Kind != kind {
		t.Fatalf("hints = %v, want one of kind %s", kindsOf(hints), kind)
	}
	h := hints[0]
	var got []models.ID
	for _, v := range h.Inspections {
		got = append(got, v.ID)
	}
	if !slices.Equal(got, visits) {
		t.Errorf("%s rests on %v, want %v", kind, got, visits)
	}
	if h.Text.EN == "" || h.Text.ZH == "" || strings.Contains(h.Text.EN+h.Text.ZH, "%!") {
		t.Errorf("%s says %q and %q", kind, h.Text.EN, h.Text.ZH)
	}
	for _, word := range []string{"fraud", "cheat", "forge", "fake", "造假", "作弊", "欺诈"} {
		if strings.Contains(strings.ToLower(h.Text.EN)+h.Text.ZH, word) {
			t.Errorf("%s accuses: %q", kind, h.Text)
		}
	}
	if h.Strength.Value <= 0 || h.Strength.Value > 10 || h.Strength.Words.IsZero() {
		t.Errorf("%s has strength %+v", kind, h.Strength)
	}
	return h
}

func thk(values ...int64) []map[string][]int64 { return []map[string][]int64{{"THK": values}} }

// background is visits whose readings are drawn anew each time.
func (h *history) background(supplier, person, n int) {
	for i := range n {
		h.add(visit{day: on(i % 360), supplier: supplier, people: []int{person}, lots: thk(draws(h.rng, 8, 750, 5, 12)...)})
	}
}

func TestCopiedReadings(t *testing.T) {
	values := []int64{751, 748, 760, 733, 749, 771, 742, 755}
	swapped := slices.Clone(values)
	slices.Reverse(swapped)
	tests := []struct {
		name   string
		second visit
		order  bool
		found  bool
	}{
		{"in the same order, same supplier", visit{day: on(90), people: []int{1}, lots: thk(values...)}, true, true},
		{"in another order, same supplier", visit{day: on(90), people: []int{1}, lots: thk(swapped...)}, false, true},
		{"same inspector, another supplier", visit{day: on(90), supplier: 1, people: []int{0}, lots: thk(values...)}, true, true},
		{"another inspector, another supplier", visit{day: on(90), supplier: 1, people: []int{1}, lots: thk(values...)}, false, false},
		{"years before the period", visit{day: "2023-05-01", people: []int{1}, lots: thk(values...)}, true, true},
		{"not final, in the period", visit{day: on(90), people: []int{1}, state: "submitted", lots: thk(values...)}, true, true},
		{"aborted", visit{day: on(90), people: []int{1}, state: "aborted", lots: thk(values...)}, true, false},
		{"a revision that is not decided", visit{day: on(90), people: []int{1}, number: "FIRST", revision: 1, state: "submitted", lots: thk(values...)}, true, false},
		{"one reading differs", visit{day: on(90), people: []int{1}, lots: thk(append(slices.Clone(values[:7]), 756)...)}, true, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			h := newHistory(t, 2, 2)
			h.background(0, 0, 60)
			first := h.add(visit{day: on(30), people: []int{0}, number: "FIRST", lots: thk(values...)})
			second := h.add(test.second)
			h.store()
			hints := h.find(independence.Question{Asked: h.of(0)})
			if !test.found {
				if len(hints) > 0 {
					t.Fatalf("hints = %v, want none", kindsOf(hints))
				}
				return
			}
			rests := []models.ID{first, second}
			if test.second.day < on(30) {
				rests = []models.ID{second, first}
			}
			got := one(t, hints, independence.CopiedReadings, rests...)
			f := got.Readings
			if f.N != 8 || f.Lots != 2 || f.SameOrder != test.order || f.Characteristic != "THK" || f.Expected > 0.01 || f.Chance <= 0 || f.Comparisons < 1800 || f.Readings[0].Cmp(models.MustDecimal("7.51")) != 0 && test.order {
				t.Errorf("figures = %+v", f)
			}
		})
	}
}

// TestCoarseReadingsRepeatByThemselves: with few different values the same
// readings come again, and nobody is asked.
func TestCoarseReadingsRepeatByThemselves(t *testing.T) {
	h := newHistory(t, 1, 1)
	for i := range 200 {
		h.add(visit{day: on(i), people: []int{0}, lots: []map[string][]int64{{"LEN": draws(h.rng, 5, 595, 0, 0.6)}}})
	}
	h.store()
	if hints := h.find(independence.Question{Asked: h.of(0)}); len(hints) > 0 {
		t.Errorf("hints = %v %+v, want none", kindsOf(hints), hints[0].Readings)
	}
}

func TestTwoLotsOfOneVisit(t *testing.T) {
	h := newHistory(t, 2, 1)
	h.background(0, 0, 30)
	same := map[string][]int64{"THK": {751, 748, 760, 733, 749, 771}}
	id := h.add(visit{day: on(5), people: []int{0}, lots: []map[string][]int64{same, same}})
	h.store()
	one(t, h.find(independence.Question{Asked: h.of(0)}), independence.CopiedReadings, id)
}

// halves rounds every reading to 0 or 5 in most cases, as a tired eye does.
func (h *history) halves(values []int64) []int64 {
	for n, v := range values {
		if h.rng.Float64() < 0.6 {
			values[n] = (v + 2) / 5 * 5
		}
	}
	return values
}

func TestDigitHabit(t *testing.T) {
	h := newHistory(t, 1, 3)
	for i := range 30 {
		h.add(visit{day: on(3 * i), people: []int{0}, lots: thk(h.halves(draws(h.rng, 10, 7500, 40, 120))...)})
		h.add(visit{day: on(3*i + 1), people: []int{1}, lots: thk(draws(h.rng, 10, 7500, 40, 120)...)})
		h.add(visit{day: on(3*i + 1), people: []int{1, 2}, lots: thk(h.halves(draws(h.rng, 10, 7500, 40, 120))...)}) // nobody's in particular
	}
	h.store()
	hints := h.find(independence.Question{Asked: h.of(0)})
	if len(hints) != 1 || hints[0].Digits == nil {
		t.Fatalf("hints = %v, want one about digits", kindsOf(hints))
	}
	f := hints[0].Digits
	sum := 0
	for _, c := range f.Counts {
		sum += c
	}
	if f.InspectorID != h.people[0] || f.N != 300 || sum != 300 || f.Expected != 30 || f.Tests != 2 || f.AdjustedP > 1e-6 || f.Resolution != "0.01 mm" || len(hints[0].Inspections) != 30 {
		t.Errorf("figures = %+v on %d visits", f, len(hints[0].Inspections))
	}
}

// TestDigitsThatSayNothing: a small spread, few readings, digits read between
// marks, and an instrument that shows every fifth gram only.
func TestDigitsThatSayNothing(t *testing.T) {
	tests := []struct {
		name     string
		code     string
		n        int
		readings func(h *history) []int64
	}{
		{"the spread is small", "THK", 30, func(h *history) []int64 { return draws(h.rng, 10, 7500, 40, 4) }},
		{"few readings", "THK", 4, func(h *history) []int64 { return h.halves(draws(h.rng, 10, 7500, 40, 120)) }},
		{"read between the marks", "EST", 30, func(h *history) []int64 { return h.halves(draws(h.rng, 10, 5950, 40, 120)) }},
		{"a coarse balance", "WGT", 30, func(h *history) []int64 {
			values := draws(h.rng, 10, 2000, 20, 150)
			for n := range values {
				values[n] *= 5
			}
			return values
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			h := newHistory(t, 1, 1)
			for i := range test.n {
				h.add(visit{day: on(i), people: []int{0}, lots: []map[string][]int64{{test.code: test.readings(h)}}})
			}
			h.store()
			if hints := h.find(independence.Question{Asked: h.of(0), Kind: independence.DigitHabit}); len(hints) > 0 {
				t.Errorf("hints = %+v, want none", hints[0].Digits)
			}
		})
	}
}

func TestPhotosUsedAgain(t *testing.T) {
	h := newHistory(t, 2, 2)
	first := h.add(visit{day: on(1), people: []int{0}, photos: []shot{{sha: 1}, {sha: 2}, {sha: 3}}})
	second := h.add(visit{day: on(40), supplier: 1, people: []int{1}, photos: []shot{{sha: 2}, {sha: 3}, {sha: 4}}})
	h.add(visit{day: on(50), people: []int{1}, photos: []shot{{sha: 5}, {sha: 5}}})
	h.store()
	got := one(t, h.find(independence.Question{Asked: h.of(0)}), independence.ReusedPhoto, first, second)
	if len(got.Photos.SHA256) != 2 || len(got.Inspectors) != 2 {
		t.Errorf("photos = %v by %v, want 2 by 2", got.Photos.SHA256, got.Inspectors)
	}
	one(t, h.find(independence.Question{Asked: h.by(1)}), independence.ReusedPhoto, first, second)
}

func TestRevisionUsesItsOwnPhotos(t *testing.T) {
	h := newHistory(t, 1, 1)
	old := h.add(visit{day: on(1), number: "A", people: []int{0}, photos: []shot{{sha: 1}}})
	revised := h.add(visit{day: on(1), number: "A", revision: 1, people: []int{0}, photos: []shot{{sha: 1}}})
	h.store()
	if err := h.db.Write.Exec("UPDATE inspections SET superseded_by_id = ? WHERE id = ?", revised, old).Error; err != nil {
		t.Fatal(err)
	}
	if hints := h.find(independence.Question{Asked: h.of(0)}); len(hints) > 0 {
		t.Errorf("hints = %v, want none", kindsOf(hints))
	}
}

func TestSimilarPhotos(t *testing.T) {
	const picture, blank = 0x5aa5_33cc_0f0f_55aa, 0x8000_0000_0000_0001
	tests := []struct {
		name  string
		other uint64
		found bool
	}{
		{"a bit differs", picture ^ 1<<40, true},
		{"three bits differ, each in a band of its own", picture ^ (1<<3 | 1<<20 | 1<<50), true},
		{"four bits differ", picture ^ (1<<3 | 1<<20 | 1<<40 | 1<<60), false},
	}
	for _, test := range tests {
		h := newHistory(t, 1, 2)
		one := h.add(visit{day: on(1), people: []int{0}, photos: []shot{{sha: 1}, {sha: 3}}})
		other := h.add(visit{day: on(9), people: []int{1}, photos: []shot{{sha: 2}, {sha: 4}}})
		for _, p := range []shot{{sha: 1, dhash: picture}, {sha: 2, dhash: test.other}, {sha: 3, dhash: blank}, {sha: 4, dhash: blank}} {
			h.file(p)
		}
		h.store()
		hints := h.find(independence.Question{Asked: h.of(0)})
		if (len(hints) == 1) != test.found {
			t.Errorf("%s: hints = %v, want one: %t", test.name, kindsOf(hints), test.found)
		} else if test.found && (hints[0].Inspections[0].ID != one || hints[0].Inspections[1].ID != other || hints[0].Photos.Distance[0] > 3) {
			t.Errorf("%s: hint = %+v", test.name, hints[0])
		}
	}
}

// TestACommonViewIsNone: what is alike at many visits is a place, not a photo used again.
func TestACommonViewIsNone(t *testing.T) {
	h := newHistory(t, 1, 1)
	for i := range 6 {
		h.add(visit{day: on(i), people: []int{0}, photos: []shot{{sha: i + 1}}})
		h.file(shot{sha: i + 1, dhash: 0x5aa5_33cc_0f0f_55aa ^ 1<<i})
	}
	h.store()
	if hints := h.find(independence.Question{Asked: h.of(0)}); len(hints) > 0 {
		t.Errorf("hints = %v, want none", kindsOf(hints))
	}
}

func at(day int, clock time.Duration) *time.Time {
	t := on(day).Time().Add(clock)
	return &t
}
