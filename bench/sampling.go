package main

import (
	"context"
	"testing"

	"recourse/sampling"
)

// measureSampling measures the look-up of a plan and the figures of risk.
func measureSampling(_ context.Context, b *bench) error {
	const lot, n, found = 500_000, 2000, 40
	plan := sampling.PlanRequest{Scheme: sampling.ISO2859, Lot: 12000, Level: sampling.LevelII, AQL: "2.5", Severity: sampling.Normal}
	arrow := sampling.PlanRequest{Scheme: sampling.Z14, Lot: 8, Level: sampling.LevelI, AQL: "0.010", Severity: sampling.Tightened}
	var failed error
	for _, m := range []struct {
		name  string
		bound float64
		act   func()
	}{
		{"plan look-up", 1e-6, func() { _, failed = sampling.PlanFor(plan) }},
		{"plan look-up along the longest arrow", 1e-6, func() { _, failed = sampling.PlanFor(arrow) }},
		{"risk: P(at most 40), N = 500 000, n = 2000", 1e-3, func() { sampling.AtMost(lot, lot/8, n, found) }},
		{"risk: upper bound of the lot, 40 found", 1e-3, func() { sampling.UpperBound(lot, n, found, 0.95) }},
		{"risk: upper bound of the lot, half found", 1e-3, func() { sampling.UpperBound(lot, n, n/2, 0.95) }},
		{"risk: exact interval of the share", 1e-3, func() { sampling.ShareBounds(n, found, 0.95) }},
	} {
		r := testing.Benchmark(func(t *testing.B) {
			for t.Loop() {
				m.act()
			}
		})
		if failed != nil {
			return failed
		}
		b.atMost(m.name, r.T.Seconds()/float64(r.N), m.bound, seconds)
	}
	return nil
}
