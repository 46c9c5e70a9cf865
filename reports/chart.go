package reports

import (
	"math"

	"github.com/jung-kurt/gofpdf"
)

// limitLine is a level in a chart with the words that stand at its right end.
type limitLine struct {
	value  float64
	label  string
	ink    colour
	dashed bool
}

// series is what a run chart shows: points in order, each inside or outside, and levels.
type series struct {
	points  []float64
	outside []bool
	lines   []limitLine
}

const chartLabels = 27.0 // room for the lines' words

// chart draws the points over their number against the levels: a filled dot
// inside the limits, a hollow diamond outside, so that it reads without colour.
func (d *document) chart(s series, width, height float64) box {
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range s.points {
		low, high = min(low, v), max(high, v)
	}
	for _, l := range s.lines {
		low, high = min(low, l.value), max(high, l.value)
	}
	if high == low {
		low, high = low-1, high+1
	}
	margin := (high - low) * 0.12
	low, high = low-margin, high+margin
	return box{height, func(x, y float64) {
		w := width - chartLabels
		level := func(v float64) float64 { return y + height - 1 - (v-low)/(high-low)*(height-2) }
		d.fill(x, y+0.5, w, height-1, tint)
		for _, l := range s.lines {
			dash := 0.0
			if l.dashed {
				dash = 0.9
			}
			d.rule(x, level(l.value), x+w, level(l.value), 0.22, l.ink, dash)
		}
		d.labels(s.lines, level, x+w+1, y, height)
		d.dots(s, level, x, w)
	}}
}

// labels writes the levels' words at the right, pushed apart where they would touch.
func (d *document) labels(lines []limitLine, level func(float64) float64, x, y, height float64) {
	st := style{size: 6.2}
	order := make([]int, len(lines))
	for i := range order {
		order[i] = i
	}
	for i := range order { // from the top down; there are at most five
		for j := i + 1; j < len(order); j++ {
			if lines[order[j]].value > lines[order[i]].value {
				order[i], order[j] = order[j], order[i]
			}
		}
	}
	lh := st.lineHeight() * 0.82
	tops := make([]float64, len(order))
	for k, i := range order {
		tops[k] = level(lines[i].value) - st.lineHeight()/2
		if k > 0 {
			tops[k] = max(tops[k], tops[k-1]+lh)
		}
	}
	for k := len(tops) - 1; k >= 0; k-- { // and back up from the foot
		limit := y + height - lh*float64(len(tops)-1-k) - st.lineHeight()*0.9
		tops[k] = min(tops[k], limit)
	}
	for k, i := range order {
		for _, l := range d.lines(lines[i].label, st.inked(lines[i].ink), 200)[:1] {
			d.write(l, st.inked(lines[i].ink), x, tops[k], 0)
		}
	}
}

// dots draws the points; readings of one value stay apart because they run along the axis.
func (d *document) dots(s series, level func(float64) float64, x, w float64) {
	step := w / float64(max(len(s.points), 1))
	radius := min(0.75, max(0.3, step*0.3))
	at := func(i int) (float64, float64) { return x + step*(float64(i)+0.5), level(s.points[i]) }
	d.stroke(func(pdf *gofpdf.Fpdf) {
		pdf.SetLineWidth(0.15)
		pdf.SetDrawColor(hair[0]-40, hair[1]-40, hair[2]-40)
		for i := 1; i < len(s.points); i++ {
			x1, y1 := at(i - 1)
			x2, y2 := at(i)
			pdf.Line(x1, y1, x2, y2)
		}
		for i := range s.points {
			px, py := at(i)
			if !s.outside[i] {
				pdf.SetFillColor(navy[0], navy[1], navy[2])
				pdf.Circle(px, py, radius, "F")
				continue
			}
			r := radius * 1.7
			pdf.SetFillColor(255, 255, 255)
			pdf.SetDrawColor(red[0], red[1], red[2])
			pdf.SetLineWidth(0.35)
			pdf.Polygon([]gofpdf.PointType{{X: px, Y: py - r}, {X: px + r, Y: py}, {X: px, Y: py + r}, {X: px - r, Y: py}}, "DF")
			pdf.SetLineWidth(0.15)
		}
	})
}
