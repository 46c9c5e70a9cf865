package sampling

import "testing"

// A look-up that follows the arrows through the whole table. Bound: 1 µs.
func BenchmarkPlan(b *testing.B) {
	for _, c := range []struct {
		name string
		in   PlanRequest
	}{
		{"printed", PlanRequest{ISO2859, 12000, LevelII, "2.5", Normal}},
		{"longest arrow", PlanRequest{Z14, 8, LevelI, "0.010", Tightened}},
		{"other spelling", PlanRequest{ISO2859, 12000, LevelII, "1", Normal}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := PlanFor(c.in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// Figures at N = 500 000, n = 2000. Bound: 1 ms each.
func BenchmarkRisk(b *testing.B) {
	const lot, n = 500_000, 2000
	b.Run("AtMost", func(b *testing.B) {
		for b.Loop() {
			AtMost(lot, lot/8, n, 40)
		}
	})
	b.Run("UpperBound", func(b *testing.B) {
		for b.Loop() {
			UpperBound(lot, n, 40, 0.95)
		}
	})
	b.Run("UpperBound of half", func(b *testing.B) {
		for b.Loop() {
			UpperBound(lot, n, n/2, 0.95)
		}
	})
	b.Run("ShareBounds", func(b *testing.B) {
		for b.Loop() {
			ShareBounds(n, 40, 0.95)
		}
	})
	b.Run("ShareBounds of half", func(b *testing.B) {
		for b.Loop() {
			ShareBounds(n, n/2, 0.95)
		}
	})
	b.Run("LQPlans", func(b *testing.B) {
		for b.Loop() {
			if _, err := LQPlans(LQRequest{Lot: lot, LimitingQuality: 0.5, Risk: 0.10}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkSwitch(b *testing.B) {
	lots := make([]Lot, 1000)
	for i := range lots {
		lots[i] = Lot{Size: 2000, Found: i % 7, Original: true, Steady: true, Approved: true, Resume: true}
	}
	series := Series{Rules{ISO2859, LevelII, "1.0", nil}, lots}
	for b.Loop() {
		if _, err := Switch(series); err != nil {
			b.Fatal(err)
		}
	}
}
