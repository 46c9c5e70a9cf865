package reports

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/jung-kurt/gofpdf"
)

// A4 with its margins, in millimetres.
const (
	pageWidth  = 210.0
	pageHeight = 297.0
	margin     = 15.0
	bodyTop    = 22.0
	bodyBottom = 277.0
	bodyWidth  = pageWidth - 2*margin
)

// width is the breadth of a page's body, bottom where it ends.
func (d *document) width() float64 { return d.across() - 2*margin }

func (d *document) bottom() float64 { return d.tall() - (pageHeight - bodyBottom) }

// across and tall are the page's measures.
func (d *document) across() float64 {
	if d.landscape {
		return pageHeight
	}
	return pageWidth
}

func (d *document) tall() float64 {
	if d.landscape {
		return pageWidth
	}
	return pageHeight
}

// sheet is one laid-out page: what to draw on it, in reading order.
type sheet struct{ strokes []func(*gofpdf.Fpdf) }

// document is a report in the making. Everything is laid out first, page by page,
// and given to gofpdf at the end: by then the number of pages is known, and which
// glyphs are used, so that the fonts are cut to them.
type document struct {
	weights [2]weight
	sheets  []*sheet
	y       float64 // where the next row goes
	held    []item  // waits for what follows it
	carry   bool    // the last row of what is added is held back
	used    map[*face]map[rune]bool
	images  map[string]picture
	lost    []loss
	place   string // what is being laid out, for the list of lost characters

	title, author, language string
	created                 time.Time
	landscape               bool
	watermark               string
	// furniture draws head and foot of a page, when all pages are known.
	furniture func(d *document, page, pages int)
	current   *sheet
}

// loss is a character that could not be drawn.
type loss struct {
	rune    rune
	place   string // section
	excerpt string // the text around it
}

func newDocument() (*document, error) {
	weights, err := typefaces()
	if err != nil {
		return nil, err
	}
	d := &document{weights: weights, used: map[*face]map[rune]bool{}, images: map[string]picture{}}
	d.newSheet()
	return d, nil
}

func (d *document) newSheet() {
	d.current = &sheet{}
	d.sheets = append(d.sheets, d.current)
	d.y = bodyTop
}

func (d *document) stroke(f func(*gofpdf.Fpdf)) {
	d.current.strokes = append(d.current.strokes, f)
}

func (d *document) weight(s style) weight {
	if s.bold {
		return d.weights[1]
	}
	return d.weights[0]
}

// lines cleans and wraps text; what is lost is remembered with its place.
func (d *document) lines(text string, s style, width float64) []line {
	w := d.weight(s)
	type spot struct {
		r  rune
		at int
	}
	var spots []spot
	clean := w.clean(text, func(r rune, at int) { spots = append(spots, spot{r, at}) })
	for _, p := range spots {
		d.lost = append(d.lost, loss{p.r, d.place, around(clean, p.at)})
	}
	return w.wrap(clean, s.size, width)
}

// around is some ten characters to both sides of a byte offset, on one line.
func around(text string, at int) string {
	before, after := []rune(text[:at]), []rune(text[at:])
	if len(before) > 10 {
		before = append([]rune{'…'}, before[len(before)-10:]...)
	}
	if len(after) > 11 {
		after = append(after[:11:11], '…')
	}
	return string(bytes.ReplaceAll([]byte(string(before)+string(after)), []byte("\n"), []byte(" ")))
}

// write draws one line with its top at y, within width by the style's alignment.
func (d *document) write(l line, s style, x, y, width float64) {
	switch s.align {
	case 'C':
		x += (width - l.width) / 2
	case 'R':
		x += width - l.width
	}
	base := y + s.lineHeight()/2 + 0.36*s.size*mmPerPoint // digits and Han stand in the middle of the line
	for _, r := range l.runs {
		used := d.used[r.face]
		if used == nil {
			used = map[rune]bool{}
			d.used[r.face] = used
		}
		for _, c := range r.text {
			used[c] = true
		}
		d.stroke(func(pdf *gofpdf.Fpdf) {
			pdf.SetFont(r.face.name, "", s.size)
			pdf.SetTextColor(s.ink[0], s.ink[1], s.ink[2])
			pdf.Text(x+r.at, base, r.text)
		})
	}
}

// fill paints a rectangle.
func (d *document) fill(x, y, w, h float64, c colour) {
	d.stroke(func(pdf *gofpdf.Fpdf) {
		pdf.SetFillColor(c[0], c[1], c[2])
		pdf.Rect(x, y, w, h, "F")
	})
}

// rule draws a line of the given thickness, dashed where dash is not 0.
func (d *document) rule(x1, y1, x2, y2, thickness float64, c colour, dash float64) {
	d.stroke(func(pdf *gofpdf.Fpdf) {
		pdf.SetDrawColor(c[0], c[1], c[2])
		pdf.SetLineWidth(thickness)
		if dash > 0 {
			pdf.SetDashPattern([]float64{dash, dash}, 0)
		}
		pdf.Line(x1, y1, x2, y2)
		if dash > 0 {
			pdf.SetDashPattern(nil, 0)
		}
	})
}

// frame draws the outline of a rectangle.
func (d *document) frame(x, y, w, h, thickness float64, c colour) {
	d.stroke(func(pdf *gofpdf.Fpdf) {
		pdf.SetDrawColor(c[0], c[1], c[2])
		pdf.SetLineWidth(thickness)
		pdf.Rect(x, y, w, h, "D")
	})
}

// output hands all pages to gofpdf and writes the file.
func (d *document) output(w io.Writer) error {
	d.settle()
	for i, s := range d.sheets {
		d.current = s
		if d.furniture != nil {
			d.furniture(d, i+1, len(d.sheets))
		}
	}
	mark := d.markWidth()
	orientation := "P"
	if d.landscape {
		orientation = "L"
	}
	pdf := gofpdf.New(orientation, "mm", "A4", "")
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(d.created)
	pdf.SetModificationDate(d.created)
	pdf.SetTitle(d.title, true)
	pdf.SetAuthor(d.author, true)
	pdf.SetCreator("Recourse", false)
	pdf.SetXmpMetadata(d.metadata())
	faces := slices.SortedFunc(maps.Keys(d.used), func(a, b *face) int { return cmp.Compare(a.name, b.name) })
	for _, f := range faces {
		pdf.AddUTF8FontFromBytes(f.name, "", f.subset(slices.Sorted(maps.Keys(d.used[f]))))
	}
	if err := d.register(pdf); err != nil {
		return err
	}
	for _, s := range d.sheets {
		pdf.AddPage()
		for _, f := range s.strokes {
			f(pdf)
		}
		d.stamp(pdf, mark)
	}
	if err := pdf.Error(); err != nil {
		return fmt.Errorf("reports: %w", err)
	}
	return pdf.Output(w)
}
