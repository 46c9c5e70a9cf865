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

// item is a row on its way to a page, with the head that stands over it where
// it begins a page.
type item struct {
	row
	head []row
}

func headHeight(head []row) (h float64) {
	for _, r := range head {
		h += r.height()
	}
	return h
}

// add places rows down the page and over as many pages as they need; head is
// repeated on top of each page that they continue on.
func (d *document) add(rows []row, head ...row) {
	items := make([]item, len(rows))
	for i, r := range rows {
		items[i] = item{r, head}
	}
	d.flow(items)
}

// addTable is add with the heads drawn first, never alone at a page's foot.
func (d *document) addTable(head []row, rows []row) {
	if len(rows) == 0 {
		return
	}
	var items []item
	for _, h := range head {
		h.keep = true
		items = append(items, item{row: h})
	}
	for _, r := range rows {
		items = append(items, item{r, head})
	}
	d.flow(items)
}

// hold keeps a row back until the next ones come, which it stays with: a heading.
func (d *document) hold(r row) {
	r.keep = true
	d.held = append(d.held, item{row: r})
}

// settle places what was held back for rows that never came.
func (d *document) settle() {
	held := d.held
	d.held, d.carry = nil, false
	d.put(held)
}

// flow places what is held back and then the items. With carry the last row is
// held back again, so that what closes a paper can be tied to it.
func (d *document) flow(items []item) {
	if len(items) == 0 {
		return
	}
	items = append(d.held, items...)
	d.held = nil
	if d.carry {
		last := closing(items)
		d.held = append(d.held, items[last:]...)
		items = items[:last]
	}
	d.put(items)
}

// closing is where the end of a text begins: its last row, with the paragraph
// just above it and what is tied to it.
func closing(items []item) int {
	last := len(items) - 1
	above := last
	for above > 0 && (above == last || len(items[above].cells) == 0) { // over gaps
		above--
	}
	if !items[last].split && items[above].split {
		last = above
	}
	for last > 0 && items[last-1].keep {
		last--
	}
	return last
}

// least is the room that an item needs to begin on a page which has whole for
// it: all of its height, or a few lines where it may be cut.
func (i item) least(whole float64) float64 {
	if h := i.height(); !i.split && h <= whole {
		return h
	}
	return min(i.height(), 25)
}

// together is the room for the first item and what must stay with it.
func together(items []item, whole float64) float64 {
	need := items[0].height()
	for n := 0; items[n].keep && n+1 < len(items); n++ {
		need += items[n+1].least(whole)
	}
	return need
}

// put puts items on pages.
func (d *document) put(items []item) {
	for n, i := range items {
		if len(i.cells) == 0 && d.y <= bodyTop+0.01 { // a gap
			continue
		}
		top := headHeight(i.head)
		whole := d.bottom() - bodyTop - top
		continued := func() {
			d.newSheet()
			for _, h := range i.head {
				d.draw(h)
			}
		}
		for need := together(items[n:], whole); need > d.bottom()-d.y; need = i.height() {
			room := d.bottom() - d.y
			if (i.split && room > 25) || i.height() > whole {
				if first, rest, ok := i.cut(room); ok {
					d.draw(first)
					i.row = rest
					continued()
					continue
				}
			}
			if d.y <= bodyTop+top+0.01 { // a fresh page is all there is
				break
			}
			continued()
		}
		d.draw(i.row)
	}
}

// cut takes from each cell the boxes that fit into room; ok is false when none does.
func (r row) cut(room float64) (first, rest row, ok bool) {
	first, rest = r, r
	if r.height() <= room { // it moves for what follows: two lines go with that
		room = r.height() - r.tail(2)
	}
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

// tail is the height of the last n boxes of the row's tallest cell.
func (r row) tail(n int) (h float64) {
	for _, c := range r.cells {
		h = max(h, cell{boxes: c.boxes[max(0, len(c.boxes)-n):]}.height())
	}
	return h
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
	if n := len(d.held); n > 0 {
		d.held = append(d.held, item{row: row{padY: h / 2, keep: d.held[n-1].keep}})
		return
	}
	if d.y > bodyTop+0.01 {
		d.y = min(d.y+h, d.bottom())
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
