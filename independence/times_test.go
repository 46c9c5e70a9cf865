package independence_test

import (
	"testing"
	"time"

	"recourse/independence"
)

var (
	foshan    = [2]string{"23.021478", "113.121435"}
	guangzhou = [2]string{"23.129110", "113.264385"} // 19 km from Foshan
	beijing   = [2]string{"39.904200", "116.407396"} // 1890 km
)

func TestPhotoTimes(t *testing.T) {
	tests := []struct {
		name  string
		photo shot
		days  float64 // 0: no hint
	}{
		{"on the day", shot{camera: "2026-02-10T10:00:00"}, 0},
		{"the evening before", shot{camera: "2026-02-09T20:00:00"}, 0},
		{"two days before", shot{camera: "2026-02-08T00:00:00+08:00"}, 2},
		{"five days after", shot{camera: "2026-02-16T00:00:00"}, 5},
		{"a clock that was never set", shot{camera: "2000-01-01T00:00:00"}, 9540},
		{"no time", shot{}, 0},
		{"by satellites, on another day", shot{gpsAt: at(30, 0)}, 10},
	}
	for _, test := range tests {
		h := newHistory(t, 1, 1)
		test.photo.sha = 1
		id := h.add(visit{day: "2026-02-10", people: []int{0}, photos: []shot{test.photo, {sha: 2}}})
		h.file(test.photo)
		h.store()
		hints := h.find(independence.Question{Asked: h.of(0)})
		switch {
		case test.days == 0 && len(hints) > 0:
			t.Errorf("%s: hints = %v, want none", test.name, kindsOf(hints))
		case test.days > 0:
			got := one(t, hints, independence.PhotoTime, id)
			if got.Times.Days != test.days || len(got.Times.Photos) != 1 || got.Times.Of != 1 {
				t.Errorf("%s: figures = %+v, want %v days", test.name, got.Times, test.days)
			}
		}
	}
}

func TestPhotoAfterTheSubmission(t *testing.T) {
	h := newHistory(t, 1, 1)
	id := h.add(visit{day: on(10), people: []int{0}, photos: []shot{{sha: 1, phone: at(10, 12*time.Hour+5*time.Minute)}, {sha: 2, phone: at(10, 13*time.Hour)}}})
	h.store()
	if got := one(t, h.find(independence.Question{Asked: h.of(0)}), independence.PhotoTime, id); got.Times.Minutes != 60 || len(got.Times.Photos) != 1 {
		t.Errorf("figures = %+v, want one photo, 60 minutes", got.Times)
	}
}

func TestPhotoPlaces(t *testing.T) {
	h := newHistory(t, 1, 1)
	near := h.add(visit{day: on(10), people: []int{0}, photos: []shot{{sha: 1}, {sha: 2}, {sha: 3}}})
	h.add(visit{day: on(20), people: []int{0}, photos: []shot{{sha: 4}, {sha: 5}}})
	for sha, place := range map[int][2]string{1: foshan, 2: foshan, 3: beijing, 4: foshan, 5: guangzhou} {
		h.file(shot{sha: sha, at: place})
	}
	h.store()
	got := one(t, h.find(independence.Question{Asked: h.of(0)}), independence.PhotoPlace, near)
	if got.Times.KM < 1870 || got.Times.KM > 1910 || got.Times.Of != 3 || len(got.Times.Photos) != 1 {
		t.Errorf("figures = %+v, want one photo of 3 at 1890 km", got.Times)
	}
}

func TestAnotherPlaceOfTheSameName(t *testing.T) {
	h := newHistory(t, 1, 1)
	for n, place := range [][2]string{foshan, guangzhou, foshan} {
		h.add(visit{day: on(10 * n), place: "Warehouse  2", people: []int{0}, photos: []shot{{sha: n + 1}}})
		h.file(shot{sha: n + 1, at: place})
	}
	away := h.add(visit{day: on(40), place: "warehouse 2", people: []int{0}, photos: []shot{{sha: 9}}})
	h.file(shot{sha: 9, at: beijing})
	h.store()
	if got := one(t, h.find(independence.Question{Asked: h.of(0)}), independence.PhotoPlace, away); got.Times.Of != 3 {
		t.Errorf("figures = %+v, want 3 other visits", got.Times)
	}
}

func TestTravel(t *testing.T) {
	tests := []struct {
		name   string
		people []int
		later  time.Duration
		to     [2]string
		kmh    [2]float64 // from, to; zero: no hint
	}{
		{"in an hour", []int{0}, time.Hour, beijing, [2]float64{1870, 1910}},
		{"at once", []int{0}, 0, beijing, [2]float64{112000, 115000}},
		{"by train", []int{0}, 9 * time.Hour, beijing, [2]float64{}},
		{"to the next town at once", []int{0}, 0, guangzhou, [2]float64{}},
		{"by another inspector", []int{1}, time.Hour, beijing, [2]float64{}},
		{"by two", []int{0, 1}, time.Hour, beijing, [2]float64{}},
	}
	for _, test := range tests {
		h := newHistory(t, 2, 2)
		first := h.add(visit{day: on(10), people: []int{0}, photos: []shot{{sha: 1}}})
		second := h.add(visit{day: on(10), supplier: 1, people: test.people, photos: []shot{{sha: 2}}, to: *at(11, 0)})
		h.file(shot{sha: 1, at: foshan, gpsAt: at(10, 9*time.Hour)})
		h.file(shot{sha: 2, at: test.to, gpsAt: at(10, 9*time.Hour+test.later)})
		h.store()
		hints := h.find(independence.Question{Asked: h.by(0)})
		switch {
		case test.kmh[1] == 0 && len(hints) > 0:
			t.Errorf("%s: hints = %v, want none", test.name, kindsOf(hints))
		case test.kmh[1] > 0:
			got := one(t, hints, independence.Travel, first, second)
			if got.Times.KMH < test.kmh[0] || got.Times.KMH > test.kmh[1] {
				t.Errorf("%s: %v km/h, want %v", test.name, got.Times.KMH, test.kmh)
			}
		}
	}
}

func TestHaste(t *testing.T) {
	tests := []struct {
		name   string
		took   time.Duration
		photos []time.Duration // before the submission
		found  bool
	}{
		{"52 things in 20 seconds", 20 * time.Second, []time.Duration{10 * time.Second, 5 * time.Second}, true},
		{"sent at once after a day offline", 2 * time.Second, []time.Duration{3 * time.Hour, time.Hour}, false},
		{"offline without photos", 2 * time.Second, nil, false},
		{"in an hour", time.Hour, []time.Duration{10 * time.Second, 5 * time.Second}, false},
	}
	for _, test := range tests {
		h := newHistory(t, 1, 1)
		v := visit{day: on(10), people: []int{0}, from: on(10).Time().Add(12*time.Hour - test.took), lots: thk(draws(h.rng, 50, 750, 5, 12)...)}
		for n, before := range test.photos {
			v.photos = append(v.photos, shot{sha: n + 1, phone: at(10, 12*time.Hour-before)})
		}
		id := h.add(v)
		h.store()
		hints := h.find(independence.Question{Asked: h.of(0)})
		if !test.found && len(hints) > 0 {
			t.Errorf("%s: hints = %v, want none", test.name, kindsOf(hints))
		} else if test.found {
			if got := one(t, hints, independence.Haste, id); got.Times.Items != 52 || got.Times.Seconds != 20 || got.Times.PerSecond != 2.6 {
				t.Errorf("%s: figures = %+v", test.name, got.Times)
			}
		}
	}
}

func TestClocks(t *testing.T) {
	h := newHistory(t, 1, 2)
	first := h.add(visit{day: on(10), people: []int{0}, skewed: true})
	h.add(visit{day: on(12), people: []int{0}})
	second := h.add(visit{day: on(13), people: []int{0}, skewed: true})
	h.add(visit{day: on(14), people: []int{1}})
	h.store()
	if got := one(t, h.find(independence.Question{Asked: h.of(0)}), independence.Clock, first, second); got.Times.Items != 2 || got.Times.Of != 3 {
		t.Errorf("figures = %+v, want 2 of 3", got.Times)
	}
}
