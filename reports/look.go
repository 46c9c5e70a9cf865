package reports

import (
	"strings"

	"recourse/models"
)

// The house's colours. A colour never says anything alone: a word stands with it.
var (
	ink    = colour{28, 34, 42}
	grey   = colour{98, 108, 120}
	navy   = colour{27, 54, 93}
	hair   = colour{205, 212, 220}
	tint   = colour{238, 242, 247}
	white  = colour{255, 255, 255}
	green  = colour{22, 110, 64}
	red    = colour{168, 32, 26}
	amber  = colour{140, 90, 0}
	greens = colour{229, 244, 235}
	reds   = colour{251, 233, 231}
	ambers = colour{253, 243, 219}
)

var (
	plain  = style{size: 8.6, ink: ink}
	small  = style{size: 7.4, ink: grey}
	strong = style{size: 8.6, ink: ink, bold: true}
)

// say sets a wording in the report's language; in both, English stands below
// Chinese, smaller and grey.
func (d *document) say(t models.Text, st style, width float64) []box {
	var boxes []box
	for _, s := range d.sides(t, st) {
		boxes = append(boxes, d.text(s.text, s.style, width)...)
	}
	return boxes
}

// side is one language of a wording and how it is set.
type side struct {
	text  string
	style style
}

func (d *document) sides(t models.Text, st style) []side {
	if d.language != "both" || t.ZH == "" || t.EN == "" || t.ZH == t.EN {
		return []side{{t.In(d.language), st}}
	}
	second := st
	second.size, second.bold, second.ink = st.size*0.88, false, grey
	return []side{{t.ZH, st}, {t.EN, second}}
}

// inline is a wording on one line: in both languages "中文 English".
func (d *document) inline(t models.Text) string {
	if d.language != "both" || t.ZH == "" || t.EN == "" || t.ZH == t.EN {
		return t.In(d.language)
	}
	return t.ZH + " " + t.EN
}

// heading starts a section and names the place for what is laid out below.
func (d *document) heading(no string, t models.Text) {
	d.place = strings.TrimSpace(no + " " + d.inline(t))
	d.gap(5)
	st := style{size: 11, bold: true, ink: navy}
	boxes := d.text(strings.TrimSpace(no+"  "+d.inline(t)), st, d.width())
	d.hold(row{cells: []cell{{boxes: boxes}}, widths: []float64{d.width()}, rule: &navy, padY: 0.6})
	d.gap(1.8)
}

// subheading is a bold line that stays with what follows.
func (d *document) subheading(t models.Text) {
	d.gap(2.4)
	d.hold(row{cells: []cell{{boxes: d.text(d.inline(t), strong.inked(navy), d.width())}}, widths: []float64{d.width()}, padY: 0.5})
}

// paragraph is text over the body's width.
func (d *document) paragraph(boxes []box) {
	if len(boxes) > 0 {
		d.add([]row{{cells: []cell{{boxes: boxes}}, widths: []float64{d.width()}, padY: 0.7, split: true}})
	}
}

// pair is a name with its value.
type pair struct {
	name  models.Text
	value string
}

// pairs sets names and values in a grid of n columns; a pair without value is
// left out, a long value has a row of its own.
func (d *document) pairs(n int, list []pair) {
	label := 0.17 * d.width()
	column := d.width() / float64(n)
	g := row{padX: 1.5, padY: 1, rule: &hair}
	var rows []row
	flush := func() {
		if len(g.cells) > 0 {
			rows = append(rows, g)
			g.cells, g.widths = nil, nil
		}
	}
	for _, p := range list {
		if p.value == "" {
			continue
		}
		width := column
		if long(p.value) {
			flush()
			width = d.width()
		}
		name := d.say(p.name, small, label-2*g.padX)
		value := d.text(p.value, plain, width-label-2*g.padX)
		g.cells = append(g.cells, cell{boxes: name, fill: &tint}, cell{boxes: value})
		g.widths = append(g.widths, label, width-label)
		g.split = long(p.value)
		if g.split || len(g.cells) == 2*n {
			flush()
		}
	}
	flush()
	d.add(rows)
}

// tone is how good a word is: its ink and the ground it stands on.
type tone struct{ ink, ground colour }

var tones = map[string]tone{
	string(models.Accepted): {green, greens}, string(models.NotAccepted): {red, reds}, string(models.Pending): {amber, ambers},
	models.CheckOK: {green, greens}, models.CheckNotOK: {red, reds}, models.NotChecked: {amber, ambers},
	string(models.Release): {green, greens}, string(models.Reject): {red, reds},
	string(models.ReleaseWaived): {amber, ambers}, string(models.ReworkAndRetry): {amber, ambers}, string(models.SortAll): {amber, ambers},
}

// toneOf is the tone of a verdict, result or decision; neutral for another word.
func toneOf(code string) tone {
	if t, ok := tones[code]; ok {
		return t
	}
	return tone{navy, tint}
}
