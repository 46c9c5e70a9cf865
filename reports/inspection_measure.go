package reports

import (
	"fmt"
	"strings"

	"recourse/models"
)

// measurements prints each characteristic with its limits and sample, every
// reading, and the readings against the limits as a chart.
func (r *report) measurements() {
	r.head("measurements")
	legend := false
	r.eachLot(func(l models.InspectionLot, of InspectedLot) {
		if len(l.Snapshot.Characteristics) == 0 {
			r.paragraph(r.say(word("no_measure"), plain, bodyWidth))
			return
		}
		t := r.table(column{word("characteristic"), 46, 0}, column{word("requirement"), 42, 0}, column{word("sample"), 27, 0}, column{word("result"), 44, 0}, column{word("verdict"), 23, 0})
		for _, c := range l.Snapshot.Characteristics {
			r.characteristic(t, l, c)
			legend = true
		}
		t.place()
		r.gap(2)
	})
	if legend {
		r.paragraph(r.say(word("legend"), small, bodyWidth))
	}
}

func (r *report) characteristic(t *table, l models.InspectionLot, c models.Characteristic) {
	judged := characteristicOf(l, c.Code)
	name := t.say(0, coded(c.Code, c.Name))
	about := join(" · ", r.inline(word(string(c.Class))), flag(c.Destructive, r.inline(word("destructive"))), flag(c.Optional, r.inline(word("optional"))))
	name = append(name, r.text(about, small, t.inner(0))...)
	t.row(name, t.text(1, r.requirement(c)), t.text(2, r.sampleOf(l, c.Code)), t.text(3, r.resultOf(c, judged)), t.mark(4, string(judged.Verdict)))

	how := r.text(join("\n", r.named("instrument", c.Instrument), r.named("method", c.Method), r.named("source", c.Source)), small, bodyWidth-2*cellX)
	if len(how) > 0 {
		t.below([]float64{bodyWidth}, how)
	}
	readings := readingsOf(l, c.Code)
	if c.Kind == "attribute" {
		r.attribute(t, l, c)
		return
	}
	if len(readings) == 0 {
		t.below([]float64{bodyWidth}, r.say(word("no_readings"), small.inked(amber), bodyWidth-2*cellX))
		return
	}
	const chartWidth = 96
	left := bodyWidth - chartWidth - 2*cellX
	text := r.text(readingText(c, readings), plain.sized(8), left-2*cellX)
	t.below([]float64{left, chartWidth + 2*cellX}, text, []box{r.chart(seriesOf(r, c, readings), chartWidth, 19)})
}

func (r *report) attribute(t *table, l models.InspectionLot, c models.Characteristic) {
	for _, k := range l.Checks {
		if k.Code == c.Code {
			text := join(" · ", r.inline(word(k.Result)), k.Seen, k.Remark)
			t.below([]float64{bodyWidth}, r.text(text, plain, bodyWidth-2*cellX))
		}
	}
}

func flag(on bool, s string) string {
	if on {
		return s
	}
	return ""
}

// named is "Instrument: caliper" in the report's language; "" for an empty value.
func (r *report) named(key, value string) string {
	if value == "" {
		return ""
	}
	return r.inline(word(key)) + ": " + value
}

// requirement prints the limits of single readings and of the mean.
func (r *report) requirement(c models.Characteristic) string {
	limits := func(lower, upper models.Decimal) string {
		switch {
		case lower.IsSet() && upper.IsSet():
			return lower.String() + " – " + upper.String()
		case lower.IsSet():
			return "≥ " + lower.String()
		case upper.IsSet():
			return "≤ " + upper.String()
		}
		return ""
	}
	line := func(key, value string) string {
		if value == "" {
			return ""
		}
		return join(" ", r.inline(word(key)), value, c.Unit)
	}
	nominal := ""
	if c.Nominal.IsSet() {
		nominal = c.Nominal.String()
	}
	return join("\n", line("nominal", nominal), line("single", limits(c.Lower, c.Upper)), line("mean", limits(c.MeanLower, c.MeanUpper)))
}

func (r *report) sampleOf(l models.InspectionLot, code string) string {
	for _, p := range l.Plan.Characteristics {
		if p.Code != code {
			continue
		}
		plan := fmt.Sprintf("n = %s\nAc %d / Re %d", sampleSize(p.SampleSize, p.InspectAll), p.Ac, p.Re)
		letter := join(" ", p.Level, p.PlanLetter)
		aql := p.AQL
		if aql != "" {
			aql = "AQL " + aql
		}
		severity := ""
		if p.Severity != "" && p.Severity != "normal" {
			severity = r.inline(word(p.Severity))
		}
		return join("\n", plan, join(", ", letter, aql), severity)
	}
	return ""
}

func (r *report) resultOf(c models.Characteristic, j models.CharacteristicJudgement) string {
	out := ""
	if j.Readings > 0 {
		out = fmt.Sprintf("%s %d / %d", r.inline(word("out_of_limits")), j.OutOfLimits, j.Readings)
	}
	if c.Kind == "attribute" {
		return out
	}
	mean, spread := "", ""
	if j.MeanText != "" {
		mean = r.inline(word("mean")) + " " + j.MeanText
	}
	if j.Min.IsSet() && j.Max.IsSet() {
		spread = fmt.Sprintf("%s %s – %s", r.inline(word("range")), j.Min, j.Max)
	}
	return join("\n", out, mean, spread)
}

// readingText lists the readings in sample order; an arrow marks one out of limits.
func readingText(c models.Characteristic, readings []models.Decimal) string {
	parts := make([]string, len(readings))
	for i, v := range readings {
		parts[i] = v.String()
		switch {
		case c.Upper.IsSet() && v.Cmp(c.Upper) > 0:
			parts[i] += "↑"
		case c.Lower.IsSet() && v.Cmp(c.Lower) < 0:
			parts[i] += "↓"
		}
	}
	return strings.Join(parts, "   ")
}

// seriesOf is the chart's content. A float is exact enough to place a dot; the verdict is not taken from here.
func seriesOf(r *report, c models.Characteristic, readings []models.Decimal) series {
	var s series
	for _, v := range readings {
		s.points = append(s.points, v.Exact().InexactFloat64())
		s.outside = append(s.outside, c.Upper.IsSet() && v.Cmp(c.Upper) > 0 || c.Lower.IsSet() && v.Cmp(c.Lower) < 0)
	}
	for _, l := range []struct {
		value  models.Decimal
		key    string
		ink    colour
		dashed bool
	}{{c.Upper, "upper", red, false}, {c.Lower, "lower", red, false}, {c.Nominal, "nominal", grey, true}, {c.MeanUpper, "mean_upper", amber, true}, {c.MeanLower, "mean_lower", amber, true}} {
		if l.value.IsSet() {
			s.lines = append(s.lines, limitLine{l.value.Exact().InexactFloat64(), join(" ", r.inline(word(l.key)), l.value.String()), l.ink, l.dashed})
		}
	}
	return s
}

func characteristicOf(l models.InspectionLot, code string) models.CharacteristicJudgement {
	if l.Judgement != nil {
		for _, c := range l.Judgement.Characteristics {
			if c.Code == code {
				return c
			}
		}
	}
	return models.CharacteristicJudgement{Code: code}
}

func readingsOf(l models.InspectionLot, code string) []models.Decimal {
	for _, m := range l.Measurements {
		if m.Characteristic == code {
			return m.Readings
		}
	}
	return nil
}
