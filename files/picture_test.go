package files

import (
	"image"
	"image/color"
	"testing"
)

// TestTurn turns the letters of "abc/def", as a camera held that way stored it,
// back to reading order (TIFF 6.0, tag 274).
func TestTurn(t *testing.T) {
	for orientation, stored := range map[int][]string{
		0: {"abc", "def"}, // not said
		1: {"abc", "def"},
		2: {"cba", "fed"},
		3: {"fed", "cba"},
		4: {"def", "abc"},
		5: {"ad", "be", "cf"},
		6: {"cf", "be", "ad"},
		7: {"fc", "eb", "da"},
		8: {"da", "eb", "fc"},
		9: {"abc", "def"}, // no such orientation
	} {
		src := image.NewRGBA(image.Rect(0, 0, len(stored[0]), len(stored)))
		for y, row := range stored {
			for x := range row {
				src.SetRGBA(x, y, color.RGBA{row[x], row[x], row[x], 255})
			}
		}
		got := ""
		upright := turn(src, orientation)
		for y := range upright.Rect.Dy() {
			for x := range upright.Rect.Dx() {
				got += string(rune(upright.RGBAAt(x, y).R))
			}
		}
		if got != "abcdef" || upright.Rect.Dx() != 3 {
			t.Errorf("turn(%q, %d) = %q in %v, want abcdef in three columns", stored, orientation, got, upright.Rect)
		}
	}
}

func TestShrink(t *testing.T) {
	for _, test := range []struct{ w, h, side, wantW, wantH int }{
		{1, 1, 320, 1, 1},
		{320, 200, 320, 320, 200},
		{321, 200, 320, 320, 199},
		{4000, 3000, 1600, 1600, 1200},
		{3000, 4000, 1600, 1200, 1600},
		{4799, 7, 1600, 1600, 2},
		{12000, 1, 320, 320, 1},
		{1, 12000, 320, 1, 320},
	} {
		// A ramp from black to white, so that a shifted or dropped column shows.
		src := image.NewGray(image.Rect(10, 20, 10+test.w, 20+test.h))
		for y := range test.h {
			for x := range test.w {
				src.SetGray(10+x, 20+y, color.Gray{uint8(255 * (x + y) / (test.w + test.h))})
			}
		}
		got := shrink(src, test.side)
		if got.Rect.Dx() != test.wantW || got.Rect.Dy() != test.wantH {
			t.Errorf("shrink(%d × %d, %d) measures %v, want %d × %d", test.w, test.h, test.side, got.Rect.Max, test.wantW, test.wantH)
			continue
		}
		for y := range test.wantH {
			for x := range test.wantW {
				sx, sy := (2*x+1)*test.w/(2*test.wantW), (2*y+1)*test.h/(2*test.wantH)
				want := 255 * (sx + sy) / (test.w + test.h)
				if v := int(got.RGBAAt(x, y).R); v < want-3 || v > want+3 {
					t.Fatalf("shrink(%d × %d, %d) at %d,%d = %d, want %d", test.w, test.h, test.side, x, y, v, want)
				}
			}
		}
	}
}

func TestShrinkPutsTransparencyOnWhite(t *testing.T) {
	for _, side := range []int{10, 100} {
		got := shrink(image.NewNRGBA(image.Rect(0, 0, 50, 50)), side).RGBAAt(5, 5)
		if want := (color.RGBA{255, 255, 255, 255}); got != want {
			t.Errorf("a clear picture at side %d = %v, want %v", side, got, want)
		}
	}
}
