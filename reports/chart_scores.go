package reports

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"github.com/jung-kurt/gofpdf"

	"recourse/models"
)

const chartText = 6.4 // size of figures in charts, points

var (
	blue   = colour{126, 152, 190}
	orange = colour{250, 225, 200}
)

// bandGround is the ground of a band: what follows from it gives its colour, and
// the best one is green. A code always stands on it.
func bandGround(b models.Band) colour {
	switch b.Measure {
	case models.MeasureWatch:
		return ambers
	case models.MeasureTightened:
		return orange
	case models.MeasureNoNewContract:
		return reds
	}
	if b.To == models.Whole {
		return greens
	}
	return tint
}

// upward orders bands from the lowest.
func upward(bands []models.Band) []models.Band {
	out := slices.Clone(bands)
	slices.SortStableFunc(out, func(a, b models.Band) int { return cmp.Compare(a.From, b.From) })
	return out
}

// short is a percentage without needless zeros: 85, 62.5.
func short(p models.Percent) string {
	return strconv.FormatFloat(float64(p)/100, 'f', -1, 64)
}

// bandBar shows the bands from 0 to 100 with a mark where the score lies; no
// mark without a score.
func (d *document) bandBar(bands []models.Band, score *models.Percent, width float64) box {
	const mark, tall, foot = 5.4, 6.5, 3.6
	return box{mark + tall + foot, func(x, y float64) {
		at := func(p models.Percent) float64 { return x + float64(p)/float64(models.Whole)*width }
		for _, b := range upward(bands) {
			left, right := at(b.From), at(b.To)
			d.fill(left, y+mark, right-left, tall, bandGround(b))
			d.frame(left, y+mark, right-left, tall, 0.15, hair)
			st := style{size: 8.4, bold: true, ink: navy, align: 'C'}
			if l := d.lines(b.Code, st, width)[0]; l.width < right-left-0.6 {
				d.write(l, st, left, y+mark+(tall-st.lineHeight())/2, right-left)
			}
			if b.From > 0 {
				d.writeFirst(short(b.From), small.sized(chartText).aligned('C'), left-6, y+mark+tall+0.3, 12)
			}
		}
		d.writeFirst("0", small.sized(chartText), x, y+mark+tall+0.3, 6)
		d.writeFirst("100", small.sized(chartText).aligned('R'), x+width-8, y+mark+tall+0.3, 8)
		if score == nil {
			return
		}
		px := at(*score)
		d.polygon(ink, px, y+mark+2.2, px-1.7, y+mark-0.9, px+1.7, y+mark-0.9)
		st := style{size: 7.6, bold: true, ink: ink, align: 'C'}
		d.writeFirst(score.String(), st, min(max(px-8, x-2), x+width-14), y+mark-1.1-st.lineHeight(), 16)
	}}
}

// polygon paints the area between points x, y, x, y …
func (d *document) polygon(c colour, at ...float64) {
	d.stroke(func(pdf *gofpdf.Fpdf) {
		pdf.SetFillColor(c[0], c[1], c[2])
		var points []gofpdf.PointType
		for i := 0; i+1 < len(at); i += 2 {
			points = append(points, gofpdf.PointType{X: at[i], Y: at[i+1]})
		}
		pdf.Polygon(points, "F")
	})
}

// dot paints a disc; ring only its outline, on white.
func (d *document) dot(x, y, r float64, c colour) {
	d.stroke(func(pdf *gofpdf.Fpdf) {
		pdf.SetFillColor(c[0], c[1], c[2])
		pdf.Circle(x, y, r, "F")
	})
}

func (d *document) ring(x, y, r float64, c colour) {
	d.stroke(func(pdf *gofpdf.Fpdf) {
		pdf.SetFillColor(255, 255, 255)
		pdf.SetDrawColor(c[0], c[1], c[2])
		pdf.SetLineWidth(0.28)
		pdf.Circle(x, y, r, "DF")
	})
}

// spread is an estimate on its axis, which begins at 0.
type spread struct {
	value, raw      float64
	low, high, mean *float64
	end             float64 // of the axis
	endLabel        string
}

// rangeBar draws the interval as a bar, the value as a dot on it, the raw one as
// a ring and the population's mean as a tick.
func (d *document) rangeBar(s spread, width float64) box {
	const tall = 4.6
	return box{tall, func(x, y float64) {
		st := small.sized(5.6)
		w := width - 9
		at := func(v float64) float64 { return x + 1 + min(max(v/s.end, 0), 1)*(w-2) }
		mid := y + tall/2
		d.rule(at(0), mid, at(s.end), mid, 0.15, hair, 0)
		d.rule(at(0), mid-0.8, at(0), mid+0.8, 0.15, grey, 0)
		d.rule(at(s.end), mid-0.8, at(s.end), mid+0.8, 0.15, grey, 0)
		if s.low != nil && s.high != nil {
			d.fill(at(*s.low), mid-0.85, max(at(*s.high)-at(*s.low), 0.3), 1.7, blue)
		}
		if s.mean != nil {
			d.rule(at(*s.mean), mid-1.9, at(*s.mean), mid+1.9, 0.4, amber, 0)
		}
		d.ring(at(s.raw), mid, 0.8, grey)
		d.dot(at(s.value), mid, 0.72, navy)
		d.writeFirst(s.endLabel, st, x+w+0.4, mid-st.lineHeight()/2, 9)
	}}
}

// mark is one entry of a legend: a drawing in the room of 5 × h, and its words.
type mark struct {
	words string
	draw  func(x, mid float64)
}

// legend sets marks with their words in lines, as many as fit into each.
func (d *document) legend(marks []mark, width float64) []box {
	st := small.sized(7)
	type entry struct {
		mark
		line  line
		width float64
	}
	var rows [][]entry
	used := width
	for _, m := range marks {
		l := d.lines(m.words, st, width-8)[0]
		e := entry{m, l, 6.2 + l.width + 4}
		if used+e.width > width && used > 0 {
			rows, used = append(rows, nil), 0
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], e)
		used += e.width
	}
	boxes := make([]box, len(rows))
	for n, row := range rows {
		boxes[n] = box{st.lineHeight() + 0.4, func(x, y float64) {
			for _, e := range row {
				e.draw(x, y+st.lineHeight()/2)
				d.write(e.line, st, x+6.2, y, 0)
				x += e.width
			}
		}}
	}
	return boxes
}

// ceiling is the next round figure above v to end an axis at: 1, 2, 2.5 or 5 times a power of ten.
func ceiling(v float64) float64 {
	if v <= 0 || math.IsInf(v, 0) || math.IsNaN(v) {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 2.5, 5} {
		if v <= m*power*(1+1e-9) {
			return m * power
		}
	}
	return 10 * power
}

// digits prints a value with three digits or so.
func digits(v float64) string {
	return digitsAs(v, v)
}

// digitsAs prints a value with the places that the largest one beside it has.
func digitsAs(v, largest float64) string {
	places := 3
	switch a := math.Abs(largest); {
	case a == 0:
		places = 0
	case a >= 1000:
		places = 0
	case a >= 10:
		places = 1
	case a >= 1:
		places = 2
	}
	return strconv.FormatFloat(v, 'f', places, 64)
}

// plainFigure is a figure without zeros at its end, for axes.
func plainFigure(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// peerBox shows quartiles and the best of the peers on 0 to 100, and this score among them.
func (d *document) peerBox(p models.Peers, score *models.Percent, width float64) box {
	const head, tall, foot = 8.6, 8.0, 7.4
	return box{head + tall + foot, func(x, y float64) {
		left, w := x+3, width-6
		at := func(p models.Percent) float64 { return left + float64(p)/float64(models.Whole)*w }
		mid := y + head + tall/2
		for v := models.Percent(0); v <= models.Whole; v += 1000 {
			d.rule(at(v), y+head, at(v), y+head+tall, 0.12, hair, 0)
			if v%2000 == 0 {
				d.writeFirst(short(v), small.sized(5.8).aligned('C'), at(v)-5, y+head-3.2, 10)
			}
		}
		d.rule(left, mid, left+w, mid, 0.15, hair, 0)
		var list []tag
		if p.Lower != nil && p.Upper != nil {
			d.fill(at(*p.Lower), mid-2.4, max(at(*p.Upper)-at(*p.Lower), 0.3), 4.8, tint)
			d.frame(at(*p.Lower), mid-2.4, max(at(*p.Upper)-at(*p.Lower), 0.3), 4.8, 0.25, blue)
			list = append(list, tag{at(*p.Lower), d.inline(word("lower_quartile")) + " " + p.Lower.String()}, tag{at(*p.Upper), d.inline(word("upper_quartile")) + " " + p.Upper.String()})
		}
		if p.Median != nil {
			d.rule(at(*p.Median), mid-2.4, at(*p.Median), mid+2.4, 0.6, amber, 0)
			list = append(list, tag{at(*p.Median), d.inline(word("middle")) + " " + p.Median.String()})
		}
		if p.Best != nil {
			d.ring(at(*p.Best), mid, 0.9, navy)
			list = append(list, tag{at(*p.Best), d.inline(word("best")) + " " + p.Best.String()})
		}
		d.tags(list, x, y+head+tall, width)
		if score == nil {
			return
		}
		px := at(*score)
		d.polygon(red, px, mid-2, px+1.5, mid, px, mid+2, px-1.5, mid)
		st := style{size: 7.2, bold: true, ink: red, align: 'C'}
		text := d.inline(word("legend_own")) + " " + score.String()
		half := d.lines(text, st, width)[0].width / 2
		d.writeFirst(text, st, min(max(px, x+half), x+width-half)-width/2, y+head-3.4-st.lineHeight(), width)
	}}
}

// tag is words that belong to a place on an axis.
type tag struct {
	at   float64
	text string
}

// tags writes words below their places, with a line to each, pushed apart where they would touch.
func (d *document) tags(list []tag, x, y, width float64) {
	st := small.sized(chartText)
	slices.SortStableFunc(list, func(a, b tag) int { return cmp.Compare(a.at, b.at) })
	lines, starts := make([]line, len(list)), make([]float64, len(list))
	end := x
	for n, t := range list {
		lines[n] = d.lines(t.text, st, width)[0]
		starts[n] = max(t.at-lines[n].width/2, end)
		end = starts[n] + lines[n].width + 2.5
	}
	limit := x + width
	for n := len(list) - 1; n >= 0; n-- {
		starts[n] = min(starts[n], limit-lines[n].width)
		limit = starts[n] - 2.5
	}
	for n := range list {
		d.rule(list[n].at, y, list[n].at, y+0.8, 0.12, grey, 0)
		d.rule(list[n].at, y+0.8, starts[n]+lines[n].width/2, y+3.6, 0.12, grey, 0)
		d.write(lines[n], st, starts[n], y+3.6, 0)
	}
}
