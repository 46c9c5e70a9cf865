package reports

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"time"

	"recourse/models"
)

// Paper is a letter or form: who writes to whom about what, then blocks. Every
// document about a claim is composed as one, so that all look alike and one
// function applies the edition.
type Paper struct {
	Title      models.Text
	Number     string
	On         models.Date
	To         models.Party // the addressee; empty for an internal sheet
	References []Fact
	Blocks     []Block
	Sign       bool // room for our signature
	// Hide is what an edition replaces in every text.
	Hide Hide
}

// Hide lists the identities that an edition keeps back.
type Hide struct {
	Suppliers []models.Party
	Customers []models.Party
	Purchase  []string // numbers of purchase contracts
	Sales     []string // numbers of sales contracts
	Places    []string // where goods were inspected: the factory's
}

// Fact is a name with its value.
type Fact struct {
	Name  models.Text
	Value string
}

// Block is a part of a paper: any of its fields may be empty.
type Block struct {
	Heading models.Text
	Text    []models.Text // paragraphs
	Facts   []Fact
	Sheet   *Sheet
	Photos  []Shot
	Note    models.Text // small, below
}

// empty reports whether there is nothing to print, but a heading over nothing.
func (b Block) empty() bool {
	said := func(t models.Text) bool { return !t.IsZero() }
	valued := func(f Fact) bool { return f.Value != "" }
	return !slices.ContainsFunc(b.Text, said) && !slices.ContainsFunc(b.Facts, valued) && (b.Sheet == nil || len(b.Sheet.Rows) == 0) && len(b.Photos) == 0 && b.Note.IsZero()
}

// Sheet is a table: a cell is a wording; figures have the same in both languages.
type Sheet struct {
	Columns []Column
	Rows    [][]models.Text
	Total   []models.Text // a bold last row; nil for none
}

// Column is a column's title, its share of the width, and whether it holds figures.
type Column struct {
	Title  models.Text
	Share  float64
	Figure bool
}

// Shot is a photo with its caption.
type Shot struct {
	SHA256  models.SHA256
	Caption models.Text
}

// Same is a wording that needs no translation: a number, a name, a user's text.
func Same(s string) models.Text { return models.Text{ZH: s, EN: s} }

// writer is a paper in the making.
type writer struct {
	*document
	in   Paper
	opts Options
}

// WritePaper writes a letter or form as PDF. Nothing is written when it fails;
// an *Error names a wrong language or edition, any other error is internal.
func WritePaper(w io.Writer, in Paper, opts Options) (err error) {
	defer func() {
		if failure := recover(); failure != nil { // gofpdf panics on what it does not expect
			err = fmt.Errorf("reports: %s %s: %v", in.Title.EN, in.Number, failure)
		}
	}()
	if _, err := ParseLang(opts.Lang); err != nil {
		return err
	}
	if _, err := ParseEdition(string(opts.Edition)); err != nil {
		return err
	}
	if in.Title.IsZero() {
		return errors.New("reports: a paper has a title")
	}
	if opts.Zone == nil {
		opts.Zone = time.UTC
	}
	d, err := newDocument()
	if err != nil {
		return err
	}
	p := &writer{document: d, in: in.edition(opts.Edition, opts.Lang), opts: opts}
	p.layout()
	return d.output(w)
}

// edition is a copy of the paper in which the other side's names, codes,
// numbers and places are neutral words.
func (in Paper) edition(e Edition, lang string) Paper {
	var terms []hidden
	hide := func(numbers []string, zh, en string) {
		for _, n := range numbers {
			terms = append(terms, term(n, models.Text{ZH: zh, EN: en})...)
		}
	}
	switch e {
	case Customer:
		for _, s := range in.Hide.Suppliers {
			terms = append(terms, partyTerms(s, models.Text{ZH: "[供方]", EN: "[supplier]"})...)
		}
		hide(in.Hide.Places, "[供方]", "[supplier]")
		hide(in.Hide.Purchase, "[采购合同]", "[purchase contract]")
	case Supplier:
		for _, c := range in.Hide.Customers {
			terms = append(terms, partyTerms(c, models.Text{ZH: "[客户]", EN: "[customer]"})...)
		}
		hide(in.Hide.Sales, "[销售合同]", "[sales contract]")
	default:
		return in
	}
	in.Hide = Hide{}
	terms = longestFirst(terms)
	out := rewrite(reflect.ValueOf(in), func(s string) string { return replace(s, lang, terms) })
	return out.Interface().(Paper)
}

func (p *writer) layout() {
	d := p.document
	d.language, d.created = p.opts.Lang, p.opts.Created.UTC()
	d.place = d.inline(p.in.Title)
	quiet := func(rune, int) {}
	d.title = d.weights[0].clean(join(" ", d.inline(p.in.Title), p.in.Number), quiet)
	d.author = d.weights[0].clean(d.inline(p.opts.Company), quiet)
	if p.opts.Draft {
		d.watermark = "DRAFT 草稿"
	}
	d.furniture = p.furniture
	p.front()
	blocks := slices.DeleteFunc(slices.Clone(p.in.Blocks), Block.empty)
	for n, b := range blocks {
		p.carry = p.in.Sign && n == len(blocks)-1
		p.block(b)
	}
	if p.in.Sign {
		p.signature()
	}
	p.end()
}

// furniture draws head and foot of a page.
func (p *writer) furniture(d *document, page, pages int) {
	company, title := d.inline(p.opts.Company), join(" · ", d.inline(p.in.Title), p.in.Number)
	if page == 1 {
		d.fill(0, 0, pageWidth, 15, navy)
		d.writeFirst(company, style{size: 11.5, bold: true, ink: white}, margin, 4.6, bodyWidth)
	} else {
		d.writeFirst(company, small, margin, 11, bodyWidth)
		d.writeFirst(title, small.aligned('R'), margin, 11, bodyWidth)
		d.rule(margin, 16.5, pageWidth-margin, 16.5, 0.3, navy, 0)
	}
	d.rule(margin, 281, pageWidth-margin, 281, 0.15, hair, 0)
	d.writeFirst(title, small, margin, 282.5, bodyWidth)
	d.writeFirst(d.inline(wordf("page", page, pages)), small.aligned('R'), margin, 282.5, bodyWidth)
}

// front is the addressee, the title, the date and the references.
func (p *writer) front() {
	left := bodyWidth - 34
	var boxes []box
	if !p.in.To.Name.IsZero() {
		boxes = append(boxes, p.text(p.inline(word("to")), small, left)...)
		boxes = append(boxes, p.say(p.in.To.Name, strong.sized(10), left)...)
		boxes = append(boxes, p.text(join("\n", p.in.To.Address, join(", ", p.in.To.Place, p.in.To.Country), p.in.To.Contact), plain, left)...)
		boxes = append(boxes, space(5))
	}
	boxes = append(boxes, p.text(p.inline(p.in.Title), style{size: 17, bold: true, ink: navy}, left)...)
	boxes = append(boxes, p.text(join("  ·  ", p.in.Number, string(p.in.On)), strong.sized(10.5), left)...)
	cells, widths := []cell{{boxes: boxes}}, []float64{left, 34}
	if code, ok := p.code(p.opts.VerifyURL, 28); ok {
		cells = append(cells, cell{boxes: append([]box{code}, p.text(p.inline(word("verify")), small.sized(6.6).aligned('C'), 30)...)})
	}
	p.add([]row{{cells: cells, widths: widths}})
	p.gap(3)
	p.facts(p.in.References)
	p.gap(2)
}

func (p *writer) facts(list []Fact) {
	named := make([]pair, len(list))
	for n, f := range list {
		named[n] = pair{f.Name, f.Value}
	}
	p.pairs(2, named)
}

func (p *writer) block(b Block) {
	if !b.Heading.IsZero() {
		p.heading("", b.Heading)
	} else {
		p.gap(1.5)
	}
	for _, t := range b.Text {
		p.paragraph(p.say(t, plain.sized(9.2), bodyWidth))
		p.gap(1)
	}
	p.facts(b.Facts)
	if b.Sheet != nil && len(b.Sheet.Rows) > 0 {
		p.gap(1)
		p.sheet(*b.Sheet)
	}
	p.shots(b.Photos)
	if !b.Note.IsZero() {
		p.gap(1)
		p.paragraph(p.say(b.Note, small, bodyWidth))
	}
}

func (p *writer) sheet(s Sheet) {
	columns := make([]column, len(s.Columns))
	for n, c := range s.Columns {
		columns[n] = column{c.Title, c.Share, 0}
		if c.Figure {
			columns[n].align = 'R'
		}
	}
	t := p.table(columns...)
	put := func(r []models.Text, st style) {
		cells := make([][]box, len(r))
		for n, text := range r {
			cells[n] = p.say(text, st.aligned(columns[n].align), t.inner(n))
		}
		t.row(cells...)
	}
	for _, r := range s.Rows {
		put(r, plain)
	}
	if s.Total != nil {
		put(s.Total, strong)
	}
	t.place()
}

// shots lays photos out two abreast.
func (p *writer) shots(list []Shot) {
	const across, tall = 2, 58.0
	width := bodyWidth / across
	var rows []row
	for n, s := range list {
		if n%across == 0 {
			rows = append(rows, row{padX: 2, padY: 1.8})
		}
		picture := p.noPicture(p.inline(word("photo_broken"))+"\n"+s.SHA256.String()[:16]+"…", width-4, tall)
		if pic, err := open(p.opts.Open, s.SHA256); err == nil {
			picture = p.image(s.SHA256.String(), pic, width-4, tall)
		}
		boxes := append([]box{picture, space(1.2)}, p.say(s.Caption, plain.sized(8), width-4)...)
		last := &rows[len(rows)-1]
		last.cells, last.widths = append(last.cells, cell{boxes: boxes}), append(last.widths, width)
	}
	p.add(rows)
}

// signature is room to sign for us, with the end of what is signed above it.
func (p *writer) signature() {
	for n := range p.held {
		p.held[n].keep = true
	}
	p.carry = false
	p.gap(4)
	half := bodyWidth / 2
	boxes := p.say(p.opts.Company, strong, half)
	boxes = append(boxes, space(9))
	boxes = append(boxes, p.text(p.inline(word("sign_here")), small, half)...)
	p.add([]row{{cells: []cell{{boxes: boxes}}, widths: []float64{half}}})
}

// end names what was replaced and what could not be printed.
func (p *writer) end() {
	if len(p.lost) > 0 {
		p.heading("", word("notes"))
		p.losses()
	}
}
