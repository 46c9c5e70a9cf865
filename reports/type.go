package reports

import (
	"strings"
	"unicode"

	"github.com/rivo/uniseg"
)

// colour is red, green, blue.
type colour [3]int

// style is how a text is set. Sizes are points, everything else here is millimetres.
type style struct {
	size  float64
	bold  bool
	ink   colour
	align byte // 'L' (also 0), 'C' or 'R'
}

const (
	mmPerPoint = 25.4 / 72
	leading    = 1.38 // line height in font sizes
)

func (s style) lineHeight() float64 { return s.size * mmPerPoint * leading }

func (s style) sized(size float64) style { s.size = size; return s }
func (s style) inked(ink colour) style   { s.ink = ink; return s }
func (s style) aligned(a byte) style     { s.align = a; return s }

// run is a piece of a line in one face.
type run struct {
	face *face
	text string
	at   float64 // from the line's start
}

// line is one line of text, cut into runs.
type line struct {
	runs  []run
	width float64 // without the blanks at its end
}

// blank reports whether the rune takes room without ink.
func blank(r rune) bool { return unicode.Is(unicode.Zs, r) || r == '\t' }

// invisible reports whether the rune only steers its neighbours: joiners,
// variation selectors, direction marks. They are left out, and said to be.
func invisible(r rune) bool {
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) || r == 0x034F
}

const missing = '□'

// clean turns text into what the faces can draw: line ends become \n, tabs
// blanks, unknown blanks plain ones; a rune that cannot be drawn becomes □, an
// invisible one nothing. Each rune lost is handed to lost with its place in the result.
func (w weight) clean(text string, lost func(r rune, at int)) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	amidHan := hasHan(text)
	var out strings.Builder
	out.Grow(len(text))
	for _, r := range text { // a broken byte comes as U+FFFD
		switch {
		case r == '\n':
			out.WriteByte('\n')
		case r == '\r' || r == '\v' || r == '\f' || r == 0x85 || r == 0x2028 || r == 0x2029:
			out.WriteByte('\n')
		case r == '\t':
			out.WriteString("    ")
		case invisible(r):
			lost(r, out.Len())
		case r < 0xFFFF && !unicode.IsControl(r) && w.pick(r, amidHan) != nil:
			out.WriteRune(r)
		case blank(r):
			out.WriteByte(' ')
		default:
			lost(r, out.Len())
			out.WriteRune(missing)
		}
	}
	return out.String()
}

func hasHan(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return unicode.Is(unicode.Han, r) || r >= 0x3000 && r < 0x3100 || r >= 0xFF00 && r < 0xFFF0
	})
}

// wrap breaks cleaned text into lines no wider than width, by UAX 14; what has no
// break within a line (a serial number of 80 digits) is broken between characters.
// No character is dropped: joined, the lines are the text without its line ends.
func (w weight) wrap(text string, size, width float64) []line {
	amidHan := hasHan(text)
	var lines []line
	for paragraph := range strings.SplitSeq(text, "\n") {
		var current strings.Builder
		used := 0.0
		end := func() {
			lines = append(lines, w.set(current.String(), size, amidHan))
			current.Reset()
			used = 0
		}
		var piece string
		for rest, state := paragraph, -1; rest != ""; {
			piece, rest, _, state = uniseg.FirstLineSegmentInString(rest, state)
			full, bare := w.measure(piece, size, amidHan)
			if used > 0 && used+bare > width {
				end()
			}
			if bare <= width {
				current.WriteString(piece)
				used += full
				continue
			}
			for more, s := piece, -1; more != ""; {
				var cluster string
				cluster, more, _, s = uniseg.FirstGraphemeClusterInString(more, s)
				full, bare := w.measure(cluster, size, amidHan)
				if used > 0 && used+bare > width {
					end()
				}
				current.WriteString(cluster)
				used += full
			}
		}
		end()
	}
	return lines
}

// measure is the width of text with and without the blanks at its end.
func (w weight) measure(text string, size float64, amidHan bool) (full, bare float64) {
	for _, r := range text {
		if f := w.pick(r, amidHan); f != nil {
			full += f.advance(r) * size * mmPerPoint
		}
		if !blank(r) {
			bare = full
		}
	}
	return full, bare
}

// set cuts one line into runs of one face each.
func (w weight) set(text string, size float64, amidHan bool) line {
	var l line
	at := 0.0
	var face *face
	begin := 0
	flush := func(end int) {
		if face != nil && end > begin {
			l.runs = append(l.runs, run{face, text[begin:end], 0})
		}
		begin = end
	}
	for i, r := range text {
		if f := w.pick(r, amidHan); f != face {
			flush(i)
			face = f
		}
	}
	flush(len(text))
	for i := range l.runs {
		l.runs[i].at = at
		for _, r := range l.runs[i].text {
			at += l.runs[i].face.advance(r) * size * mmPerPoint
			if !blank(r) {
				l.width = at
			}
		}
	}
	return l
}
