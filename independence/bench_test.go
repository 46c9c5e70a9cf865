package independence_test

import (
	"fmt"
	"testing"
	"time"

	"recourse/independence"
)

// BenchmarkYear asks about a supplier's year of 1000 lots with 20 readings each
// and a number of photos, visited by ten inspectors.
func BenchmarkYear(b *testing.B) {
	for _, photos := range []int{0, 4, 20} {
		b.Run(fmt.Sprintf("%d photos", photos), func(b *testing.B) {
			h := newHistory(b, 1, 10)
			for i := range 1000 {
				v := visit{day: on(i * 360 / 1000), people: []int{i % 10}, place: "works", lots: []map[string][]int64{{
					"THK": draws(h.rng, 10, 750, 5, 12), "LEN": draws(h.rng, 10, 595, 1, 2),
				}}}
				for k := range photos {
					at := v.day.Time().Add(9*time.Hour + time.Duration(k)*time.Minute)
					p := shot{sha: i<<6 + k, gpsAt: &at, at: foshan, dhash: h.rng.Uint64()}
					v.photos = append(v.photos, p)
					h.file(p)
				}
				h.add(v)
			}
			h.store()
			b.ResetTimer()
			for b.Loop() {
				h.find(independence.Question{Asked: h.of(0)})
			}
		})
	}
}
