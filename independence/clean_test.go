package independence_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"recourse/independence"
	"recourse/sampling"
)

// TestACleanHistoryGivesNoHint makes many years of honest visits, of different
// spreads, numbers and shapes, and counts those in which a statistical check
// shows anything. Each check may err once in a hundred years; the bound is what
// that gives in all but one of a thousand choices of the seeds, which are fixed.
func TestACleanHistoryGivesNoHint(t *testing.T) {
	const years = 30
	wrong := map[independence.Kind]int{}
	h := newHistory(t, years, 6)
	for y := range years {
		h.rng = rand.New(rand.NewPCG(uint64(y), 7))
		honestYear(h, y)
	}
	h.store()
	for y := range years {
		seen := map[independence.Kind]bool{}
		for _, hint := range h.find(independence.Question{Asked: h.of(y)}) {
			if !seen[hint.Kind] {
				t.Logf("year %d: %s %s", y, hint.Kind, hint.Text.EN)
			}
			seen[hint.Kind] = true
		}
		for kind := range seen {
			wrong[kind]++
		}
	}
	// The most errors that a check which errs in one year of a hundred makes, but for one choice of seeds in a thousand.
	most := 0
	for 1-sampling.AtMostShare(0.01, years, most) > 1e-3 {
		most++
	}
	t.Logf("of %d honest years the checks err in %v; bound %d", years, wrong, most)
	for kind, n := range wrong {
		if n > most || kind != independence.CopiedReadings && kind != independence.DigitHabit {
			t.Errorf("%s errs in %d of %d honest years, want at most %d of statistical checks and none of others", kind, n, years, most)
		}
	}
}

// honestYear is up to 80 visits by several people: lots differ in level, some
// characteristics are coarse, some spreads uniform instead of normal.
func honestYear(h *history, year int) {
	n := 20 + h.rng.IntN(60)
	between, within := 20*h.rng.Float64(), 1+30*h.rng.Float64()
	length := 0.4 + 3*h.rng.Float64()
	size := 5 + h.rng.IntN(16)
	for i := range n {
		weight := make([]int64, size)
		low, width := 400+h.rng.IntN(100), 40+h.rng.IntN(60)
		for k := range weight {
			weight[k] = int64(low + h.rng.IntN(width))
		}
		day := on(i * 360 / n)
		var photos []shot
		for k := range 3 {
			taken := day.Time().Add(8*time.Hour + time.Duration(h.rng.IntN(240))*time.Minute)
			photo := shot{sha: year<<12 + i<<2 + k, camera: taken.Add(8 * time.Hour).Format("2006-01-02T15:04:05+08:00"), gpsAt: &taken, dhash: h.rng.Uint64()}
			photo.at = [2]string{fmt.Sprintf("%.6f", 23+h.rng.Float64()/9), fmt.Sprintf("%.6f", 113+h.rng.Float64()/9)}
			photos = append(photos, photo)
			h.file(photo)
		}
		h.add(visit{day: day, supplier: year, people: []int{h.rng.IntN(len(h.people))}, place: "works", photos: photos, lots: []map[string][]int64{{
			"THK": draws(h.rng, size, 750, between, within), "LEN": draws(h.rng, size, 595, length/2, length), "WGT": weight,
		}}})
	}
}
