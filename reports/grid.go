package reports

import (
	"strings"

	"recourse/models"
)

// column is one column of a table: its title, its share of the width, its alignment.
type column struct {
	title models.Text
	share float64
	align byte
}

// table collects rows under a head that is repeated on every page.
type table struct {
	d       *document
	columns []column
	widths  []float64
	rows    []row
	padY    float64 // of a row
}

const (
	cellX = 1.4
	cellY = 1.0
)

func (d *document) table(columns ...column) *table {
	return &table{d: d, columns: columns, widths: d.columnWidths(columns), padY: cellY}
}

// heads is how a column's title is set.
var heads = style{size: 7.8, bold: true, ink: navy}

// columnWidths shares out the width, but none below the longest word of a
// column's title; what that takes is borne by the others. Titles too long for
// all to fit are broken.
func (d *document) columnWidths(columns []column) []float64 {
	least, widths := make([]float64, len(columns)), make([]float64, len(columns))
	all := 0.0
	for i, c := range columns {
		least[i] = d.longestWord(c.title, heads) + 2*cellX + 0.01
		all += least[i]
	}
	for settled := false; !settled; {
		settled = true
		room, shares := d.width(), 0.0
		for i, c := range columns {
			if widths[i] == least[i] {
				room -= least[i]
			} else {
				shares += c.share
			}
		}
		for i, c := range columns {
			if widths[i] == least[i] {
				continue
			}
			widths[i] = c.share / shares * room
			if widths[i] < least[i] && all <= d.width() {
				widths[i], settled = least[i], false
			}
		}
	}
	return widths
}

// longestWord is the width of the longest word of a wording as say sets it.
func (d *document) longestWord(t models.Text, st style) (w float64) {
	for _, b := range d.sides(t, st) {
		for _, word := range strings.Fields(b.text) {
			_, bare := d.weight(b.style).measure(word, b.style.size, hasHan(b.text))
			w = max(w, bare)
		}
	}
	return w
}

// inner is the width of column i between its paddings.
func (t *table) inner(i int) float64 { return t.widths[i] - 2*cellX }

// say, text and mark make the boxes of column i.
func (t *table) say(i int, s models.Text) []box {
	return t.d.say(s, plain.aligned(t.columns[i].align), t.inner(i))
}

func (t *table) text(i int, s string) []box {
	return t.d.text(s, plain.aligned(t.columns[i].align), t.inner(i))
}

// mark is a verdict, result or decision in its colour, always with its word.
func (t *table) mark(i int, code string) []box {
	if code == "" {
		return t.text(i, "–")
	}
	return t.d.say(word(code), strong.inked(toneOf(code).ink).aligned(t.columns[i].align), t.inner(i))
}

// row adds a row of boxes, one stack for each column.
func (t *table) row(boxes ...[]box) {
	cells := make([]cell, len(boxes))
	for i, b := range boxes {
		cells[i].boxes = b
	}
	t.rows = append(t.rows, row{cells: cells, widths: t.widths, padX: cellX, padY: t.padY, rule: &hair})
}

// below adds a row with its own widths under the last one, which it stays with.
func (t *table) below(widths []float64, boxes ...[]box) {
	last := &t.rows[len(t.rows)-1]
	last.keep, last.rule = true, nil
	cells := make([]cell, len(boxes))
	for i, b := range boxes {
		cells[i].boxes = b
	}
	t.rows = append(t.rows, row{cells: cells, widths: widths, padX: cellX, padY: cellY, rule: &hair})
}

// long reports whether a text is too long for a column and goes below its row.
func long(s string) bool { return len(s) > 240 }

// note adds a text over the table's whole width under the last row.
func (t *table) note(name models.Text, s string) {
	t.below([]float64{t.d.width()}, t.d.text(t.d.inline(name)+": "+s, plain, t.d.width()-2*cellX))
	t.rows[len(t.rows)-1].split = true
}

// place puts the table on the page.
func (t *table) place() {
	head := row{widths: t.widths, padX: cellX, padY: cellY, rule: &navy}
	for i, c := range t.columns {
		head.cells = append(head.cells, cell{boxes: t.d.say(c.title, heads.aligned(c.align), t.inner(i)), fill: &tint})
	}
	t.d.addTable([]row{head}, t.rows)
}
