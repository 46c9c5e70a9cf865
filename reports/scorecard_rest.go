package reports

import (
	"fmt"
	"strings"

	"recourse/models"
)

// trend shows the score over the periods, two of its makings, and all figures as a table.
func (p *card) trend() {
	p.head("trend")
	if len(p.c.Trend) == 0 {
		p.paragraph(p.say(word("no_trend"), plain, bodyWidth))
		return
	}
	points := make([]trendPoint, len(p.c.Trend))
	for n, t := range p.c.Trend {
		points[n] = trendPoint{periodLabel(t.Period), share(t.Score), share(t.Median)}
	}
	p.add([]row{{cells: []cell{{boxes: append(p.legend([]mark{
		{p.inline(word("legend_own")), func(x, mid float64) { p.rule(x, mid, x+5, mid, 0.5, navy, 0); p.dot(x+2.5, mid, 0.9, navy) }},
		{p.inline(word("legend_median")), func(x, mid float64) { p.rule(x, mid, x+5, mid, 0.3, amber, 1); p.ring(x+2.5, mid, 0.6, amber) }},
		{p.inline(word("legend_gap")), func(x, mid float64) { p.rule(x+1.6, mid, x+3.4, mid, 0.5, grey, 0) }},
	}, bodyWidth), p.trendChart(points, p.c.Bands, bodyWidth, 52))}}, widths: []float64{bodyWidth}}})
	p.gap(2)
	p.smallCharts()
	if p.c.Period.Kind == models.PeriodRolling {
		p.paragraph(p.say(word("rolling_points"), small, bodyWidth))
	}
	p.gap(2)
	p.trendTable()
}

func share(v *models.Percent) *float64 {
	if v == nil {
		return nil
	}
	f := float64(*v) / 100
	return &f
}

// smallCharts are first-pass acceptance and defects per hundred units, side by side.
func (p *card) smallCharts() {
	const between, tall = 6.0, 38.0
	half := (bodyWidth - between) / 2
	var first, defects []bar
	most := 0.0
	for _, t := range p.c.Trend {
		label, c := periodLabel(t.Period), t.Counts
		f, d := bar{label: label, n: fmt.Sprint(c.Lots)}, bar{label: label, n: fmt.Sprint(c.Units)}
		if c.Lots > 0 {
			f.parts = []float64{100 * float64(c.LotsAccepted) / float64(c.Lots)}
		}
		if c.Units > 0 {
			per := func(n int64) float64 { return 100 * float64(n) / float64(c.Units) }
			d.parts = []float64{per(c.DefectsCritical), per(c.DefectsMajor), per(c.DefectsMinor)}
			most = max(most, per(defectsOf(c)))
		}
		first, defects = append(first, f), append(defects, d)
	}
	classes := []colour{red, amber, blue}
	var marks []mark
	for n, class := range []string{"critical", "major", "minor"} {
		marks = append(marks, mark{p.inline(word(class)), func(x, mid float64) { p.fill(x, mid-1.2, 5, 2.4, classes[n]) }})
	}
	left := append(p.text(p.inline(word("first_pass_chart")), strong.sized(8).inked(navy), half), p.legend([]mark{{p.inline(word("no_data")), func(x, mid float64) { p.rule(x+1.6, mid, x+3.4, mid, 0.4, grey, 0) }}}, half)...)
	right := append(p.text(p.inline(word("defects_chart")), strong.sized(8).inked(navy), half), p.legend(marks, half)...)
	level(&left, &right)
	left = append(left, p.barChart(first, []colour{blue}, 100, half, tall))
	right = append(right, p.barChart(defects, classes, ceiling(most*1.08), half, tall))
	p.add([]row{{cells: []cell{{boxes: left}, {}, {boxes: right}}, widths: []float64{half, between, half}}})
}

// level fills the lower of two stacks up to the other's height.
func level(a, b *[]box) {
	ha, hb := cell{boxes: *a}.height(), cell{boxes: *b}.height()
	if ha < hb {
		*a = append(*a, space(hb-ha))
	} else {
		*b = append(*b, space(ha-hb))
	}
}

func defectsOf(c models.SupplierCounts) int64 {
	return c.DefectsCritical + c.DefectsMajor + c.DefectsMinor
}

// trendTable holds the charts' figures with what they are made of.
func (p *card) trendTable() {
	t := p.table(column{word("period"), 33, 0}, column{word("score"), 30, 'R'}, column{word("band"), 14, 0}, column{word("median"), 20, 'R'},
		column{word("accepted_lots"), 30, 'R'}, column{word("defects_by_class"), 38, 'R'}, column{word("examined_units"), 25, 'R'})
	t.padY = 0.35
	figure := func(n int, s string) []box {
		return p.text(s, plain.sized(7.8).aligned(t.columns[n].align), t.inner(n))
	}
	for _, o := range p.c.Trend {
		score, c := figure(1, p.inline(word("not_rated"))), o.Counts
		if o.Score != nil {
			score = figure(1, o.Score.String())
		}
		t.row(figure(0, periodSpan(o.Period)), score, figure(2, dash(o.Band)), figure(3, shareText(o.Median)), figure(4, fmt.Sprintf("%d / %d", c.LotsAccepted, c.Lots)),
			figure(5, fmt.Sprintf("%d / %d / %d", c.DefectsCritical, c.DefectsMajor, c.DefectsMinor)), figure(6, fmt.Sprint(c.Units)))
	}
	t.place()
}

func dash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

func shareText(v *models.Percent) string {
	if v == nil {
		return "–"
	}
	return v.String()
}

// comparison shows where the score stands among all, without a name.
func (p *card) comparison() {
	p.head("comparison")
	peers := p.c.Peers
	switch {
	case peers.Rated == 0:
		p.paragraph(p.say(word("no_peers"), plain, bodyWidth))
	case peers.Median == nil:
		p.paragraph(p.say(word("few_peers"), plain, bodyWidth))
	default:
		p.paragraph([]box{p.peerBox(peers, p.c.Result.Score, bodyWidth)})
	}
	p.paragraph(p.say(wordf("peers_count", peers.Suppliers, peers.Rated), small, bodyWidth))
}

const paretoRows = 10

// pareto shows the most frequent defects and the others together.
func (p *card) pareto() {
	p.head("pareto")
	if len(p.c.Pareto) == 0 {
		p.paragraph(p.say(word("no_defects"), plain, bodyWidth))
		return
	}
	const names = 62.0
	var bars []paretoBar
	total := int64(0)
	rest := paretoBar{cumulated: models.Whole}
	var others int64
	for n, r := range p.c.Pareto {
		total += r.Defects
		if n >= paretoRows && len(p.c.Pareto) > paretoRows+1 {
			others += r.Defects
			rest.share += r.Share
			rest.cumulated = r.Cumulated
			continue
		}
		class, named := word(string(r.Class)), coded(r.Defect, r.Name)
		name := p.say(models.Text{ZH: named.ZH + " · " + class.ZH, EN: named.EN + " · " + class.EN}, plain.sized(7.6), names)
		bars = append(bars, paretoBar{name, [3]string{fmt.Sprintf("%d (%d)", r.Defects, r.Lots), percent(r.Share), percent(r.Cumulated)}, r.Share, r.Cumulated})
	}
	if others > 0 {
		rest.name = p.say(wordf("others", len(p.c.Pareto)-paretoRows), plain.sized(7.6), names)
		rest.figures = [3]string{fmt.Sprint(others), percent(rest.share), percent(rest.cumulated)}
		bars = append(bars, rest)
	}
	p.add([]row{{cells: []cell{{boxes: p.say(wordf("pareto_count", total, p.c.Counts.Lots), plain, bodyWidth)}}, widths: []float64{bodyWidth}, keep: true},
		{cells: []cell{{boxes: []box{p.paretoChart(bars, names, bodyWidth)}}}, widths: []float64{bodyWidth}}})
	p.paragraph(p.say(word("pareto_legend"), small, bodyWidth))
}

// claims lists what customers claimed on the supplier's goods, and what came of it.
func (p *card) claims() {
	p.head("claims")
	if len(p.c.Claims) == 0 {
		p.paragraph(p.say(word("no_claims"), plain, bodyWidth))
		return
	}
	internal := p.opts.Edition == Internal
	columns := []column{{word("claim"), 36, 0}, {word("received_on"), 25, 0}, {word("reason"), 26, 0}, {word("status"), 26, 0}}
	if internal {
		columns = append(columns, column{word("customer"), 29, 0}, column{word("claimed"), 30, 'R'})
	}
	columns = append(columns, column{word("loss"), 27, 'R'}, column{word("debited"), 27, 'R'}, column{word("recovered_sum"), 27, 'R'})
	t := p.table(columns...)
	money := func(minor int64) string { return models.Money{Minor: minor, Currency: p.c.Currency}.Amount() }
	var loss, debited, recovered int64
	set := func(n int, s string, st style) []box {
		return p.text(s, st.sized(7.5).aligned(t.columns[n].align), t.inner(n))
	}
	for _, c := range p.c.Claims {
		reasons, amounts := make([]string, len(c.Reasons)), make([]string, len(c.Claimed))
		for n, r := range c.Reasons {
			reasons[n] = p.inline(models.ReasonWords.Of(string(r)))
		}
		for n, m := range c.Claimed {
			amounts[n] = m.String()
		}
		texts := []string{c.Number, string(c.ReceivedOn), strings.Join(reasons, "\n"), p.inline(models.ClaimStateWords.Of(string(c.State)))}
		if internal {
			texts = append(texts, c.Customer, strings.Join(amounts, "\n"))
		}
		p.line(t, set, plain, append(texts, money(c.Loss), money(c.Debited), money(c.Recovered)))
		loss, debited, recovered = loss+c.Loss, debited+c.Debited, recovered+c.Recovered
	}
	total := make([]string, len(columns)-3)
	total[0] = p.inline(word("total")) + " " + p.c.Currency
	p.line(t, set, strong, append(total, money(loss), money(debited), money(recovered)))
	t.place()
	p.paragraph(p.say(wordf("amounts_in", p.c.Currency), small, bodyWidth))
}

func (p *card) line(t *table, set func(int, string, style) []box, st style, texts []string) {
	boxes := make([][]box, len(texts))
	for n, s := range texts {
		boxes[n] = set(n, s, st)
	}
	t.row(boxes...)
}

// actions lists the corrective actions; one that is overdue says so.
func (p *card) actions() {
	p.head("actions")
	if len(p.c.Actions) == 0 {
		p.paragraph(p.say(word("no_actions"), plain, bodyWidth))
		return
	}
	t := p.table(column{word("number"), 30, 0}, column{word("problem"), 78, 0}, column{word("status"), 22, 0}, column{word("opened_on"), 24, 0}, column{word("next_due"), 26, 0})
	for _, a := range p.c.Actions {
		due := t.text(4, dash(string(a.NextDueOn)))
		if a.Overdue {
			due = append(p.text(string(a.NextDueOn), strong.inked(red), t.inner(4)), p.say(word("overdue"), strong.inked(red), t.inner(4))...)
		}
		problem := a.Problem
		if long(problem) {
			problem = "↓"
		}
		t.row(t.text(0, a.Number), t.text(1, problem), t.say(2, models.ActionStateWords.Of(a.State)), t.text(3, string(a.OpenedOn)), due)
		if long(a.Problem) {
			t.note(word("problem"), a.Problem)
		}
	}
	t.place()
}

// measures lists the consequences that purchasing confirmed.
func (p *card) measures() {
	p.head("measures")
	if len(p.c.Measures) == 0 {
		p.paragraph(p.say(word("no_measures"), plain, bodyWidth))
		return
	}
	t := p.table(column{word("measure"), 40, 0}, column{word("reason"), 100, 0}, column{word("confirmed"), 40, 0})
	for _, m := range p.c.Measures {
		t.row(t.say(0, word("measure_"+m.Kind)), t.text(1, m.Reason), t.text(2, p.at(m.ConfirmedAt)))
	}
	t.place()
}

// how closes the card: how its figures come about, what was left out, and by what they can be held.
func (p *card) how() {
	p.head("how")
	p.paragraph(p.say(word("how_score"), plain, bodyWidth))
	p.paragraph(p.say(word("how_rated"), plain, bodyWidth))
	if len(p.c.Missing) > 0 {
		p.paragraph(p.say(wordf("how_rates", strings.Join(p.c.Missing, ", ")), plain.inked(amber), bodyWidth))
	}
	if p.opts.Edition == Supplier {
		p.paragraph(p.say(word("how_sales"), plain, bodyWidth))
	}
	sum, head := "", ""
	if h := p.in.Card.ContentHash; !h.IsZero() {
		sum = h.String()
	}
	if h := p.opts.AuditHead; !h.IsZero() {
		head = h.String()
	}
	p.pairs(1, []pair{{word("formula"), fmt.Sprint(p.c.Formula)}, {word("content_hash"), sum}, {word("audit_head"), head}, {word("verify"), p.opts.VerifyURL}})
	p.gap(2)
	p.losses()
}
