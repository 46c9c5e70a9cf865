package reports

import "recourse/models"

// paretoBar is one defect: its words, and its share and the cumulated one.
type paretoBar struct {
	name      []box     // laid out
	figures   [3]string // count, share, cumulated
	share     models.Percent
	cumulated models.Percent
}

// paretoChart draws the bars from the most frequent down, each with its words at
// the left, and the cumulated line over the same axis of 0 to 100 %.
func (d *document) paretoChart(bars []paretoBar, nameWidth, width float64) box {
	const head, figure, least = 4.2, 13.5, 6.2
	const figures = 3 * figure
	heights, tall := make([]float64, len(bars)), head
	for n, b := range bars {
		heights[n] = max(cell{boxes: b.name}.height()+1.2, least)
		tall += heights[n]
	}
	return box{tall + 1, func(x, y float64) {
		left, w := x+nameWidth+2, width-nameWidth-figures-4
		at := func(p models.Percent) float64 { return left + float64(p)/float64(models.Whole)*w }
		for p := models.Percent(0); p <= models.Whole; p += 2500 {
			d.rule(at(p), y+head, at(p), y+tall, 0.12, hair, 0)
			d.writeFirst(short(p)+" %", small.sized(5.8).aligned('C'), at(p)-6, y+head-3.4, 12)
		}
		top, px, py := y+head, 0.0, 0.0
		mids := make([]float64, len(bars))
		for n, b := range bars {
			mids[n] = top + heights[n]/2
			line := top + (heights[n]-cell{boxes: b.name}.height())/2
			for _, l := range b.name {
				l.draw(x, line)
				line += l.h
			}
			d.fill(left, mids[n]-1.9, max(at(b.share)-left, 0.2), 3.8, blue)
			st := plain.sized(7.2).aligned('R')
			for k, f := range b.figures {
				d.writeFirst(f, st, x+width-float64(3-k)*figure, mids[n]-st.lineHeight()/2, figure)
			}
			top += heights[n]
			d.rule(x, top, x+width, top, 0.08, hair, 0)
		}
		for n, b := range bars { // over all bars
			if n > 0 {
				d.rule(px, py, at(b.cumulated), mids[n], 0.35, amber, 0)
			}
			px, py = at(b.cumulated), mids[n]
		}
		for n, b := range bars {
			d.dot(at(b.cumulated), mids[n], 0.75, amber)
		}
	}}
}
