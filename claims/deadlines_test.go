package claims

import "testing"

func TestNearest(t *testing.T) {
	for left, want := range map[int]int{-400: -1, -1: -1, 0: 1, 1: 1, 2: 3, 3: 3, 4: 7, 7: 7} {
		if step, near := nearest(left); !near || step != want {
			t.Errorf("nearest(%d) = %d, %v, want %d", left, step, near, want)
		}
	}
	for _, left := range []int{8, 30, 700} {
		if step, near := nearest(left); near {
			t.Errorf("nearest(%d) = %d, want no warning", left, step)
		}
	}
}
