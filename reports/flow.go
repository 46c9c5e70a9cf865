package reports

// box is something of fixed height that is drawn with its top left corner at a
// point of the current sheet: a line of text, a picture, a chart.
type box struct {
	h    float64
	draw func(x, y float64)
}

// cell is a stack of boxes in one column of a row.
type cell struct {
	boxes []box
	fill  *colour
}

// row is a set of cells side by side: a paragraph, a heading, a table's row, a
// strip of photos. Rows are all that a page is made of.
type row struct {
	cells  []cell
	widths []float64
	padX   float64
	padY   float64
	rule   *colour // below the row
	keep   bool    // stays on the page of the next row
	split  bool    // may be cut between boxes anywhere, not only when taller than a page
}

func (r row) height() float64 {
	h := 0.0
	for _, c := range r.cells {
		h = max(h, c.height())
	}
	return h + 2*r.padY
}

func (c cell) height() (h float64) {
	for _, b := range c.boxes {
		h += b.h
	}
	return h
}

// add places rows down the page and over as many pages as they need; head is
// repeated on top of each page that they continue on.
func (d *document) add(rows []row, head ...row) {
	top := 0.0
	for _, h := range head {
		top += h.height()
	}
	continued := func() {
		d.newSheet()
		for _, h := range head {
			d.draw(h)
		}
	}
	for i := 0; i < len(rows); i++ {
		r := rows[i]
		h := r.height()
		need := h
		for j := i; rows[j].keep && j+1 < len(rows); j++ { // what must stay together
			need += min(rows[j+1].height(), 30)
		}
		for need > bodyBottom-d.y {
			room := bodyBottom - d.y
			whole := bodyBottom - bodyTop - top
			if (r.split && room > 25) || h > whole {
				first, rest, ok := r.cut(room)
				if ok {
					d.draw(first)
					r, h, need = rest, rest.height(), rest.height()
					continued()
					continue
				}
			}
			if d.y <= bodyTop+top+0.01 { // a fresh page is all there is
				break
			}
			continued()
		}
		d.draw(r)
	}
}

// addTable is add with the heads drawn first, never alone at a page's foot.
func (d *document) addTable(head []row, rows []row) {
	if len(rows) == 0 {
		return
	}
	first := make([]row, len(head))
	for i, h := range head {
		h.keep = true
		first[i] = h
	}
	need := min(rows[0].height(), 40)
	for _, h := range head {
		need += h.height()
	}
	if need > bodyBottom-d.y {
		d.newSheet()
	}
	d.add(first)
	d.add(rows, head...)
}

// cut takes from each cell the boxes that fit into room; ok is false when none does.
func (r row) cut(room float64) (first, rest row, ok bool) {
	first, rest = r, r
	first.cells, rest.cells = make([]cell, len(r.cells)), make([]cell, len(r.cells))
	first.rule = nil
	for i, c := range r.cells {
		used, n := 2*r.padY, 0
		for n < len(c.boxes) && used+c.boxes[n].h <= room {
			used += c.boxes[n].h
			n++
		}
		ok = ok || n > 0
		first.cells[i], rest.cells[i] = c, c
		first.cells[i].boxes, rest.cells[i].boxes = c.boxes[:n], c.boxes[n:]
	}
	return first, rest, ok
}

// draw puts the row at the current height and moves below it.
func (d *document) draw(r row) {
	x, h := margin, r.height()
	for i, c := range r.cells {
		if c.fill != nil {
			d.fill(x, d.y+0.08, r.widths[i], h-0.08, *c.fill) // leaves the rule above it whole
		}
		y := d.y + r.padY
		for _, b := range c.boxes {
			b.draw(x+r.padX, y)
			y += b.h
		}
		x += r.widths[i]
	}
	d.y += h
	if r.rule != nil {
		d.rule(margin, d.y, x, d.y, 0.15, *r.rule, 0)
	}
}

// gap is empty height; none at a page's top.
func (d *document) gap(h float64) {
	if d.y > bodyTop+0.01 {
		d.y = min(d.y+h, bodyBottom)
	}
}

// text makes boxes of wrapped text, one for each line.
func (d *document) text(s string, st style, width float64) []box {
	if s == "" {
		return nil
	}
	lines := d.lines(s, st, width)
	boxes := make([]box, len(lines))
	for i, l := range lines {
		boxes[i] = box{st.lineHeight(), func(x, y float64) { d.write(l, st, x, y, width) }}
	}
	return boxes
}

func space(h float64) box { return box{h, func(x, y float64) {}} }
