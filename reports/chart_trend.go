package reports

import (
	"math"

	"recourse/models"
)

// trendPoint is one period of a trend chart; nil where there is no figure.
type trendPoint struct {
	label string
	own   *float64
	other *float64
}

// axis is the frame of a chart over periods: where values and points lie.
type axis struct {
	x, y, w, h float64 // of the plot
	top        float64 // value at the upper end
	n          int
}

func (a axis) step() float64         { return a.w / float64(max(a.n, 1)) }
func (a axis) at(n int) float64      { return a.x + a.step()*(float64(n)+0.5) }
func (a axis) up(v float64) float64  { return a.y + a.h - min(max(v/a.top, 0), 1)*a.h }
func (a axis) roomy(mm float64) bool { return a.step() >= mm }

// grid draws levels with their figures at the left and the periods' names below,
// as many as there is room for; the last one always stands.
func (d *document) grid(a axis, levels int, labels []string) {
	st := small.sized(chartText)
	for n := range levels + 1 {
		v := a.top * float64(n) / float64(levels)
		d.rule(a.x, a.up(v), a.x+a.w, a.up(v), 0.12, hair, 0)
		d.writeFirst(plainFigure(math.Round(v*1e6)/1e6), st.aligned('R'), a.x-10, a.up(v)-st.lineHeight()/2, 9)
	}
	widest := 0.0
	for _, l := range labels {
		widest = max(widest, d.lines(l, st, 200)[0].width)
	}
	every := int(math.Ceil((widest + 1.2) / a.step()))
	for n, l := range labels {
		if (len(labels)-1-n)%max(every, 1) == 0 {
			d.writeFirst(l, st.aligned('C'), a.at(n)-15, a.y+a.h+0.6, 30)
		}
	}
}

// trendChart draws scores from 0 to 100 over the periods, on the bands' grounds,
// with the median dashed beside. A period without score leaves a gap and a dash.
func (d *document) trendChart(points []trendPoint, bands []models.Band, width, height float64) box {
	return box{height, func(x, y float64) {
		a := axis{x + 9, y + 3, width - 9 - 11, height - 8, 100, len(points)}
		for _, b := range upward(bands) {
			top, foot := a.up(float64(b.To)/100), a.up(float64(b.From)/100)
			d.fill(a.x, top, a.w, foot-top, bandGround(b))
			if st := (style{size: 6.6, bold: true, ink: grey}); foot-top > st.lineHeight()*0.8 {
				d.writeFirst(b.Code, st, a.x+a.w+1.2, (top+foot)/2-st.lineHeight()/2, 10)
			}
		}
		labels := make([]string, len(points))
		for n, p := range points {
			labels[n] = p.label
		}
		d.grid(a, 5, labels)
		d.run(a, points, func(p trendPoint) *float64 { return p.other }, 0.3, amber, 1)
		d.run(a, points, func(p trendPoint) *float64 { return p.own }, 0.5, navy, 0)
		for n, p := range points {
			if p.other != nil {
				d.ring(a.at(n), a.up(*p.other), 0.6, amber)
			}
			if p.own == nil {
				d.rule(a.at(n)-0.9, a.y+a.h-1.2, a.at(n)+0.9, a.y+a.h-1.2, 0.5, grey, 0)
				continue
			}
			d.dot(a.at(n), a.up(*p.own), 0.9, navy)
			if a.roomy(8.5) || n == len(points)-1 {
				st := style{size: chartText, bold: true, ink: navy, align: 'C'}
				top := a.up(*p.own) - st.lineHeight() - 0.8
				if p.other != nil && *p.other > *p.own && a.up(*p.own)-a.up(*p.other) < 5 && a.up(*p.own) < a.y+a.h-5 {
					top = a.up(*p.own) + 0.9 // the median's mark stands above
				}
				d.writeFirst(digits(*p.own), st, a.at(n)-6, max(top, a.y-2.8), 12)
			}
		}
	}}
}

// run joins neighbouring figures with a line; none over a gap.
func (d *document) run(a axis, points []trendPoint, of func(trendPoint) *float64, thick float64, c colour, dash float64) {
	for n := 1; n < len(points); n++ {
		if v, w := of(points[n-1]), of(points[n]); v != nil && w != nil {
			d.rule(a.at(n-1), a.up(*v), a.at(n), a.up(*w), thick, c, dash)
		}
	}
}

// levels is how many even steps of round figures lead to an axis' end.
func levels(top float64) int {
	if lead := top / math.Pow(10, math.Floor(math.Log10(top)+1e-9)); math.Abs(lead-2) < 1e-6 {
		return 4
	}
	return 5
}

// bar is one period of a bar chart: parts from the bottom up; none at all where
// there is no data. n stands below it.
type bar struct {
	label string
	parts []float64
	n     string
}

// barChart draws a bar for each period up to top, and a dash where there is no data.
func (d *document) barChart(bars []bar, parts []colour, top, width, height float64) box {
	return box{height, func(x, y float64) {
		a := axis{x + 9, y + 3, width - 13, height - 11, top, len(bars)}
		labels := make([]string, len(bars))
		for n, b := range bars {
			labels[n] = b.label
		}
		d.grid(a, levels(top), labels)
		st := small.sized(5.6).aligned('C')
		room := true // for every n
		for _, b := range bars {
			room = room && d.lines(b.n, st, 200)[0].width < a.step()-0.3
		}
		thick := min(a.step()*0.62, 8)
		for n, b := range bars {
			left, sum := a.at(n)-thick/2, 0.0
			for k, v := range b.parts {
				low := a.up(sum)
				sum += v
				d.fill(left, a.up(sum), thick, low-a.up(sum), parts[k])
			}
			switch {
			case len(b.parts) == 0:
				d.rule(a.at(n)-0.9, a.y+a.h-1, a.at(n)+0.9, a.y+a.h-1, 0.4, grey, 0)
			case a.roomy(6):
				d.writeFirst(digits(sum), st.inked(ink), a.at(n)-8, a.up(sum)-st.lineHeight()-0.1, 16)
			}
			if room {
				d.writeFirst(b.n, st, a.at(n)-a.step()/2, a.y+a.h+3.4, a.step())
			}
		}
		if room {
			d.writeFirst("n", st, a.x-8, a.y+a.h+3.4, 7)
		}
	}}
}
