package reports

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"recourse/models"
)

// RankingFile is what a ranking is printed from.
type RankingFile struct {
	Ranking models.Ranking
	Product string // code and name of the product that it is limited to
}

// ranking is a ranking in the making.
type ranking struct {
	*document
	r       models.Ranking
	product string
	opts    Options
}

// rankingIndicators is how many indicators have a column: more have no room.
const rankingIndicators = 5

// WriteRanking writes the ranking of all suppliers as PDF, across the page. It
// names them all, so it has the internal edition only. Nothing is written when it
// fails; an *Error names a wrong language or edition, any other error is internal.
func WriteRanking(w io.Writer, in RankingFile, opts Options) (err error) {
	defer func() {
		if failure := recover(); failure != nil { // gofpdf panics on what it does not expect
			err = fmt.Errorf("reports: ranking %v: %v", in.Ranking.Period, failure)
		}
	}()
	if _, err := ParseLang(opts.Lang); err != nil {
		return err
	}
	if opts.Edition != Internal {
		return models.Invalid("edition", "A ranking names all suppliers: it has the internal edition only.", "排名列出全部供应商：只有 internal（内部）版。")
	}
	if opts.Zone == nil {
		opts.Zone = time.UTC
	}
	d, err := newDocument()
	if err != nil {
		return err
	}
	p := &ranking{document: d, r: in.Ranking, product: in.Product, opts: opts}
	p.layout()
	return d.output(w)
}

func (p *ranking) layout() {
	d := p.document
	d.landscape = true
	d.language, d.created = p.opts.Lang, p.opts.Created.UTC()
	d.place = d.inline(word("ranking"))
	quiet := func(rune, int) {}
	title := join(" · ", d.inline(word("ranking")), periodSpan(p.r.Period))
	d.title = d.weights[0].clean(title, quiet)
	d.author = d.weights[0].clean(d.inline(p.opts.Company), quiet)
	if p.opts.Draft {
		d.watermark = "DRAFT 草稿"
	}
	d.furniture = func(d *document, page, pages int) {
		d.scoreFurniture(d.inline(p.opts.Company), title, d.inline(word("internal")), title, page, pages)
	}
	p.front()
	p.rows()
	p.notes()
}

func (p *ranking) front() {
	p.paragraph(p.text(p.inline(word("ranking")), style{size: 17, bold: true, ink: navy}, p.width()))
	p.paragraph(p.text(join("  ·  ", periodSpan(p.r.Period), p.inline(wordf("ranked_count", p.r.Rated, len(p.r.Rows))), p.inline(word("issued"))+" "+p.opts.Created.In(p.opts.Zone).Format("2006-01-02 15:04 -07:00")), strong.inked(grey), p.width()))
	p.gap(1.5)
	goods := join("\n", p.product, p.r.Category)
	if goods == "" {
		goods = p.inline(word("all_products"))
	}
	p.pairs(3, []pair{
		{word("period"), p.wording(periodName(p.r.Period))}, {word("profile"), p.profile(p.r.ProfileName, p.r.ProfileCode, p.r.ProfileNo)}, {word("product"), goods},
		{word("country"), p.r.Country}, {word("base_currency"), p.r.Currency},
	})
	p.gap(3)
}

// shown are the indicators that have a column: those of the largest weight, in the order of the definitions.
func (p *ranking) shown() []models.IndicatorScore {
	for _, r := range p.r.Rows {
		list := slices.Clone(r.Result.Indicators)
		slices.SortStableFunc(list, func(a, b models.IndicatorScore) int { return cmp.Compare(b.Weight, a.Weight) })
		list = list[:min(len(list), rankingIndicators)]
		order := func(code string) int {
			return slices.IndexFunc(p.r.Definitions, func(w models.IndicatorWords) bool { return w.Code == code })
		}
		slices.SortStableFunc(list, func(a, b models.IndicatorScore) int { return cmp.Compare(order(a.Code), order(b.Code)) })
		if len(list) > 0 {
			return list
		}
	}
	return nil
}

func (p *ranking) rows() {
	if len(p.r.Rows) == 0 {
		p.paragraph(p.say(word("no_rows"), plain, p.width()))
		return
	}
	shown := p.shown()
	columns := []column{{word("place_no"), 14, 'R'}, {word("supplier"), 60, 0}, {word("country"), 17, 0}, {word("score"), 54, 0}, {word("band"), 27, 0}}
	for _, i := range shown {
		w := wordsOf(p.r.Definitions, i.Code)
		columns = append(columns, column{models.Text{ZH: withUnit(w.Name.ZH, w.Unit.ZH), EN: withUnit(w.Name.EN, w.Unit.EN)}, 21, 'R'})
	}
	t := p.table(columns...)
	shared := map[int]int{}
	for _, r := range p.r.Rows {
		shared[r.Place]++
	}
	for _, r := range p.r.Rows {
		name := p.say(coded(r.SupplierCode, r.SupplierName), plain, t.inner(1))
		if r.Result.Score == nil {
			p.unrated(t, r, name)
			continue
		}
		place := fmt.Sprint(r.Place)
		if shared[r.Place] > 1 {
			place += " ="
		}
		boxes := [][]box{p.text(place, strong.aligned('R'), t.inner(0)), name, t.text(2, r.Country), {p.scoreBar(*r.Result.Score, bandGround(models.Band{Measure: r.Result.Measure}), t.inner(3))}, p.bandOf(t, r.Result)}
		for n, i := range shown {
			boxes = append(boxes, p.value(t, n+5, r.Result.Indicators, i.Code))
		}
		t.row(boxes...)
	}
	t.place()
}

// withUnit names a unit where the name itself doesn't.
func withUnit(name, unit string) string {
	if strings.Contains(strings.ToLower(name), strings.ToLower(unit)) {
		return name
	}
	return name + ", " + unit
}

// unrated is a row that says why there is no score, over the columns of the figures.
func (p *ranking) unrated(t *table, r models.RankingRow, name []box) {
	rest := 0.0
	for _, w := range t.widths[3:] {
		rest += w
	}
	why := append(p.text(p.inline(word("not_rated")), strong.inked(amber), rest-2*cellX), p.say(r.Result.Why, small, rest-2*cellX)...)
	t.row(p.text("–", plain.aligned('R'), t.inner(0)), name, t.text(2, r.Country), why)
	t.rows[len(t.rows)-1].widths = append(slices.Clone(t.widths[:3]), rest)
}

func (p *ranking) bandOf(t *table, r models.ScoreResult) []box {
	boxes := p.text(r.Band, strong, t.inner(4))
	if r.Measure != "" {
		boxes = append(boxes, p.say(word("measure_"+r.Measure), small, t.inner(4))...)
	}
	return boxes
}

// value is an indicator's shrunk value, or the raw one where it is not shrunk, above its n.
func (p *ranking) value(t *table, column int, list []models.IndicatorScore, code string) []box {
	for _, i := range list {
		if i.Code != code {
			continue
		}
		text := "–"
		if i.Value != nil {
			text = digits(*i.Value)
		}
		return append(t.text(column, text), p.text(fmt.Sprintf("n = %d", i.N), small.aligned('R'), t.inner(column))...)
	}
	return t.text(column, "–")
}

// scoreBar is a score as a figure and as a bar of 0 to 100.
func (d *document) scoreBar(score models.Percent, ground colour, width float64) box {
	const figure, tall = 13.0, 4.6
	return box{tall, func(x, y float64) {
		st := strong.aligned('R')
		d.writeFirst(score.String(), st, x, y+(tall-st.lineHeight())/2, figure-1.5)
		w := width - figure
		d.fill(x+figure, y+0.6, w, tall-1.2, ground)
		d.fill(x+figure, y+0.6, float64(score)/float64(models.Whole)*w, tall-1.2, blue)
		d.frame(x+figure, y+0.6, w, tall-1.2, 0.12, hair)
	}}
}

func (p *ranking) notes() {
	p.gap(2)
	p.paragraph(p.say(word("ties_note"), small, p.width()))
	p.paragraph(p.say(word("rank_values"), small, p.width()))
	p.paragraph(p.say(word("how_rated"), small, p.width()))
	if len(p.r.Missing) > 0 {
		p.paragraph(p.say(wordf("how_rates", strings.Join(p.r.Missing, ", ")), plain.inked(amber), p.width()))
	}
	if p.r.Pending > 0 {
		p.paragraph(p.say(wordf("pending_changes", p.r.Pending), plain.inked(amber), p.width()))
	}
	if len(p.r.Definitions) > 0 && len(p.r.Rows) > 0 {
		p.heading("", word("indicators"))
		for _, w := range p.r.Definitions {
			p.paragraph(p.say(models.Text{ZH: join("：", w.Name.ZH, w.Definition.ZH), EN: join(": ", w.Name.EN, w.Definition.EN)}, plain.sized(7.8), p.width()))
		}
	}
	p.losses()
}
