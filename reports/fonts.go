package reports

import (
	_ "embed" // the fonts are part of the program
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// The fonts are the published files of Google Fonts, unchanged below the
// compression; their licence (SIL OFL 1.1) stands beside them.
var (
	//go:embed fonts/NotoSansSC-Regular.ttf.zst
	hanRegular []byte
	//go:embed fonts/NotoSansSC-Bold.ttf.zst
	hanBold []byte
	//go:embed fonts/NotoSans-Regular.ttf.zst
	latinRegular []byte
	//go:embed fonts/NotoSans-Bold.ttf.zst
	latinBold []byte
)

// weight is one weight of the type: latin (with Greek and Cyrillic) and han,
// which has everything else.
type weight struct{ latin, han *face }

// typefaces are the two weights, read at the first report and kept: some 60 ms and 22 MB.
var typefaces = sync.OnceValues(func() ([2]weight, error) {
	var all [2]weight
	for _, f := range []struct {
		name string
		data []byte
		into **face
	}{
		{"latin", latinRegular, &all[0].latin}, {"han", hanRegular, &all[0].han},
		{"latin-bold", latinBold, &all[1].latin}, {"han-bold", hanBold, &all[1].han},
	} {
		data, err := unpack(f.data)
		if err != nil {
			return all, fmt.Errorf("reports: font %s: %w", f.name, err)
		}
		if *f.into, err = parseFace(f.name, data); err != nil {
			return all, err
		}
	}
	for _, w := range all {
		addMarks(w.han)
	}
	return all, nil
})

func unpack(data []byte) ([]byte, error) {
	r, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return r.DecodeAll(data, nil)
}

// addMarks draws the marks of a check-list that the fonts lack, as glyphs, so
// that they are text like any other: they wrap, and can be copied and searched.
func addMarks(f *face) {
	outer, inner := []int{120, -40, 120, 720, 880, 720, 880, -40}, []int{180, 20, 820, 20, 820, 660, 180, 660}
	tick := []int{270, 350, 330, 410, 450, 290, 690, 560, 750, 500, 450, 170}
	cross := []int{300, 200, 440, 340, 300, 480, 360, 540, 500, 400, 640, 540, 700, 480, 560, 340, 700, 200, 640, 140, 500, 280, 360, 140}
	f.add('☐', 1000, outer, inner)
	f.add('☑', 1000, outer, inner, tick)
	f.add('☒', 1000, outer, inner, cross)
	f.add('✓', 1000, tick)
	f.add('✔', 1000, tick)
	for _, r := range "✗✘✕✖" {
		f.add(r, 1000, cross)
	}
}

// pick is the face that draws the rune, or nil. Letters are taken from the Latin
// face; punctuation and symbols from the one that fits the text around them.
func (w weight) pick(r rune, amidHan bool) *face {
	first, second := w.han, w.latin
	if r < 0x2000 || !amidHan {
		first, second = second, first
	}
	switch {
	case first.has(r):
		return first
	case second.has(r):
		return second
	}
	return nil
}
