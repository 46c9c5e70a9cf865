package reports

import (
	"fmt"
	"time"

	"recourse/models"
)

// at prints a moment in the card's zone.
func (p *card) at(t time.Time) string { return t.In(p.opts.Zone).Format("2006-01-02 15:04 -07:00") }

// wordsOf is what an indicator is called.
func wordsOf(list []models.IndicatorWords, code string) models.IndicatorWords {
	for _, w := range list {
		if w.Code == code {
			return w
		}
	}
	return models.IndicatorWords{Code: code, Name: Same(code)}
}

// indicators is the table that the score is made of.
func (p *card) indicators() {
	p.head("indicators")
	t := p.table(column{word("indicator"), 60, 0}, column{word("counts"), 31, 'R'}, column{word("raw"), 17, 'R'}, column{word("shrunk"), 46, 0}, column{word("weight"), 19, 'R'}, column{word("points"), 14, 'R'})
	for _, i := range p.c.Result.Indicators {
		p.indicator(t, i)
	}
	score := p.text("–", strong.aligned('R'), t.inner(5))
	if s := p.c.Result.Score; s != nil {
		score = p.text(s.String(), strong.aligned('R'), t.inner(5))
	}
	t.row(p.say(word("score"), strong, t.inner(0)), nil, nil, p.say(word("rated_weight"), strong, t.inner(3)), p.text(percent(p.c.Result.Rated), strong.aligned('R'), t.inner(4)), score)
	t.place()
	p.gap(1.5)
	p.paragraph(p.legend([]mark{
		{p.inline(word("legend_value")), func(x, mid float64) { p.dot(x+2.5, mid, 0.8, navy) }},
		{p.inline(word("legend_raw")), func(x, mid float64) { p.ring(x+2.5, mid, 0.8, grey) }},
		{p.inline(word("legend_interval")), func(x, mid float64) { p.fill(x, mid-0.85, 5, 1.7, blue) }},
		{p.inline(word("legend_mean")), func(x, mid float64) { p.rule(x+2.5, mid-1.6, x+2.5, mid+1.6, 0.4, amber, 0) }},
	}, bodyWidth))
	p.paragraph(p.say(word("axis_note"), small, bodyWidth))
}

func percent(v models.Percent) string { return v.String() + " %" }

func (p *card) indicator(t *table, i models.IndicatorScore) {
	w := wordsOf(p.c.Definitions, i.Code)
	name := append(p.say(w.Name, strong, t.inner(0)), p.say(w.Definition, small, t.inner(0))...)
	weight := t.text(4, percent(i.Weight))
	if i.Share != i.Weight {
		weight = append(weight, p.text("→ "+percent(i.Share), small.aligned('R'), t.inner(4))...)
	}
	if i.Value == nil || i.Raw == nil {
		why := append(p.say(word("not_rated"), strong.inked(amber), t.inner(3)), p.say(i.Why, small, t.inner(3))...)
		t.row(name, p.counts(t, i), t.text(2, "–"), why, weight, t.text(5, "–"))
		return
	}
	points := t.text(5, "–")
	if i.Points != nil {
		points = t.text(5, i.Points.String())
	}
	raw := t.text(2, digits(*i.Raw))
	raw = append(raw, p.say(w.Unit, small.aligned('R'), t.inner(2))...)
	t.row(name, p.counts(t, i), raw, p.estimate(t, i, w), weight, points)
}

// counts are numerator and denominator, and n where that is another.
func (p *card) counts(t *table, i models.IndicatorScore) []box {
	n := fmt.Sprintf("n = %d", i.N)
	if i.Code != claimValue && i.Code != recoveredValue {
		return append(t.text(1, fmt.Sprintf("%d / %d", i.Numerator, i.Denominator)), p.text(n, small.aligned('R'), t.inner(1))...)
	}
	if i.Denominator == 0 && i.Raw != nil { // amounts that the edition leaves out
		return p.text(n, small.aligned('R'), t.inner(1))
	}
	money := func(minor int64) string { return models.Money{Minor: minor, Currency: p.c.Currency}.Amount() }
	boxes := append(t.text(1, money(i.Numerator)), t.text(1, "/ "+money(i.Denominator))...)
	if i.Code == recoveredValue {
		n = p.c.Currency
	} else {
		n = p.c.Currency + ", " + n
	}
	return append(boxes, p.text(n, small.aligned('R'), t.inner(1))...)
}

// estimate is the shrunk value with its interval, and both as a bar.
func (p *card) estimate(t *table, i models.IndicatorScore, w models.IndicatorWords) []box {
	largest := *i.Value
	if i.High != nil {
		largest = max(largest, *i.High)
	}
	text := digitsAs(*i.Value, largest)
	if i.Low != nil && i.High != nil {
		text += fmt.Sprintf("   [%s – %s]", digitsAs(*i.Low, largest), digitsAs(*i.High, largest))
	}
	boxes := p.text(text, strong, t.inner(3))
	if i.Low == nil {
		boxes = append(boxes, p.say(word("no_interval"), small, t.inner(3))...)
	}
	s := spread{value: *i.Value, raw: *i.Raw, low: i.Low, high: i.High, mean: i.PriorMean}
	most := max(s.value, s.raw)
	for _, v := range []*float64{s.low, s.high, s.mean} {
		if v != nil {
			most = max(most, *v)
		}
	}
	s.end = ceiling(most)
	if w.Unit.EN == "%" && most > 50 && most <= 100 {
		s.end = 100
	}
	s.endLabel = plainFigure(s.end)
	return append(boxes, p.rangeBar(s, t.inner(3)))
}
