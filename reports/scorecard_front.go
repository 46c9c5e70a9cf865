package reports

import (
	"fmt"
	"strings"

	"recourse/models"
)

// front is title, score at a glance, the bands and what the card is about.
func (p *card) front() {
	left := bodyWidth - 34
	boxes := p.text(p.inline(word("scorecard")), style{size: 17, bold: true, ink: navy}, left)
	boxes = append(boxes, p.say(p.c.SupplierName, style{size: 12.5, bold: true, ink: ink}, left)...)
	about := join("  ·  ", p.number(), p.c.SupplierCode, periodSpan(p.c.Period))
	boxes = append(boxes, p.text(about, strong.sized(9.6).inked(grey), left)...)
	state := p.inline(word("issued")) + " " + p.at(p.opts.Created)
	if p.opts.Draft {
		state = p.inline(word("draft")) + " · " + state
	}
	boxes = append(boxes, p.text(state, small, left)...)
	cells, widths := []cell{{boxes: boxes}}, []float64{left, 34}
	if code, ok := p.code(p.opts.VerifyURL, 28); ok {
		cells = append(cells, cell{boxes: append([]box{code}, p.text(p.inline(word("verify")), small.sized(6.6).aligned('C'), 30)...)})
	}
	p.add([]row{{cells: cells, widths: widths}})
	p.gap(2)
	p.panels()
	p.gap(2)
	p.paragraph([]box{p.bandBar(p.c.Bands, p.c.Result.Score, bodyWidth)})
	p.paragraph(p.text(p.bandLegend(), small, bodyWidth))
	p.gap(2)
	p.particulars()
}

// panels show score, band with its consequence, and the place among peers.
func (p *card) panels() {
	const space = 3.0
	third := (bodyWidth - 2*space) / 3
	inner := third - 8
	r := p.c.Result
	band, rated := p.band()
	t := tone{grey, tint}
	if rated {
		t = tone{ink, bandGround(band)}
	}
	panel := func(name string, large models.Text, size float64, below ...models.Text) cell {
		boxes := p.text(p.inline(word(name)), small.inked(t.ink), inner)
		boxes = append(boxes, p.text(p.inline(large), style{size: size, bold: true, ink: t.ink}, inner)...)
		for _, b := range below {
			boxes = append(boxes, p.say(b, plain.sized(8).inked(t.ink), inner)...)
		}
		return cell{boxes: boxes, fill: &t.ground}
	}
	score, place := panel("score", word("not_rated"), 15, r.Why), p.place()
	of := panel("band", models.Text{ZH: "–", EN: "–"}, 15)
	if rated {
		score = panel("score", Same(r.Score.String()), 26, word("of_100"))
		consequence := word("measure_none")
		if r.Measure != "" {
			consequence = models.Text{ZH: word("consequence").ZH + "：" + word("measure_"+r.Measure).ZH, EN: word("consequence").EN + ": " + word("measure_"+r.Measure).EN}
		}
		below := []models.Text{consequence}
		if r.Measure != "" {
			below = append(below, word("on_confirm"))
		}
		of = panel("band", Same(join(" ", r.Band, p.inline(band.Name))), 13, below...)
	}
	peers := panel("peers", place[0], 15, place[1:]...)
	p.add([]row{{cells: []cell{score, {}, of, {}, peers}, widths: []float64{third, space, third, space, third}, padX: 4, padY: 2.2}})
}

// band is the band of the score; false when not rated.
func (p *card) band() (models.Band, bool) {
	for _, b := range p.c.Bands {
		if p.c.Result.Score != nil && b.Code == p.c.Result.Band {
			return b, true
		}
	}
	return models.Band{}, p.c.Result.Score != nil
}

// place words where the score stands among the period's suppliers.
func (p *card) place() []models.Text {
	peers := p.c.Peers
	count := wordf("peers_count", peers.Suppliers, peers.Rated)
	if peers.Rank == 0 {
		return []models.Text{word("no_place"), count}
	}
	out := []models.Text{Same(fmt.Sprintf("%d / %d", peers.Rank, peers.Rated))}
	if peers.Ties > 0 {
		out = append(out, wordf("place_ties", peers.Ties))
	}
	return append(out, count)
}

// bandLegend names every band with its range and consequence.
func (p *card) bandLegend() string {
	var parts []string
	list := upward(p.c.Bands)
	for n := len(list) - 1; n >= 0; n-- {
		b := list[n]
		upper := "<" + short(b.To)
		if b.To == models.Whole {
			upper = "100"
		}
		s := fmt.Sprintf("%s %s %s – %s", b.Code, p.inline(b.Name), short(b.From), upper)
		if b.Measure != "" {
			s += " (" + p.inline(word("measure_"+b.Measure)) + ")"
		}
		parts = append(parts, s)
	}
	return p.inline(word("bands")) + ": " + strings.Join(parts, "; ")
}

func (p *card) particulars() {
	c := p.in.Card
	category, published := p.inline(word("all_products")), p.inline(word("not_published"))
	if p.c.Category != "" {
		category = p.c.Category
	}
	if !c.PublishedAt.IsZero() {
		published = join("\n", p.at(c.PublishedAt), c.PublisherName)
	}
	p.pairs(2, []pair{
		{word("supplier"), join("\n", join(" ", p.wording(p.c.SupplierName), bracketed(p.c.SupplierCode)), p.c.Country)},
		{word("period"), p.wording(periodName(p.c.Period))},
		{word("profile"), p.profile(p.c.ProfileName, p.c.ProfileCode, p.c.ProfileNo)},
		{word("category"), category},
		{word("published"), published},
		{word("base_currency"), p.c.Currency},
		{word("revision_reason"), c.Reason},
		{word("superseded"), p.in.SupersededBy},
	})
}

func bracketed(s string) string {
	if s == "" {
		return ""
	}
	return "(" + s + ")"
}

// profile is a profile's name, code and version.
func (d *document) profile(name models.Text, code string, no int) string {
	return join("\n", d.wording(name), join(" · ", code, d.inline(wordf("version", no))))
}
