package scorecards

import (
	"fmt"
	"math"

	"recourse/models"
)

// priors are what a population says of each indicator, in the order of the table.
type priors []prior

// priorsOf fits the priors of all indicators to the suppliers of a period.
func priorsOf(all []models.SupplierCounts) priors {
	out := make(priors, len(indicators))
	samples := make([]sample, len(all))
	for n, i := range indicators {
		if i.law == ratio {
			continue
		}
		for k, c := range all {
			samples[k] = sample{float64(i.x(c)), float64(i.n(c))}
		}
		if i.law == binomial {
			out[n] = betaPrior(samples)
		} else {
			out[n] = gammaPrior(samples)
		}
	}
	return out
}

// points is where a value lies between the one that earns 0 and the one that
// earns 100, on a straight line, bounded at both ends, in hundredths.
func points(value, zero, full float64) models.Percent {
	share := (value - zero) / (full - zero)
	return models.Percent(math.Round(min(max(share, 0), 1) * float64(models.Whole)))
}

// what limits the part of a score that one product can say.
type about int

const (
	wholeSupplier about = iota
	oneProduct
)

// score turns counts into points per indicator and one figure: the mean of the
// points by the weights of the indicators that have data. missing names the
// months and currencies without a rate.
func score(content models.ProfileContent, weights []models.IndicatorWeight, p priors, c models.SupplierCounts, missing []string, of about) models.ScoreResult {
	r := models.ScoreResult{Indicators: make([]models.IndicatorScore, 0, len(weights))}
	var sum, weight int64
	for _, w := range weights {
		s := scoreOne(w, p, c, missing, of)
		if s.Points != nil {
			sum += int64(w.Weight) * int64(*s.Points)
			weight += int64(w.Weight)
		}
		r.Indicators = append(r.Indicators, s)
	}
	r.Rated = models.Percent(weight)
	spread(r.Indicators, weight)
	if weight == 0 || r.Rated < content.MinWeight {
		r.Why = models.Text{
			EN: fmt.Sprintf("Not rated: indicators with data carry %s %% of the weight; the profile asks for %s %%.", r.Rated, content.MinWeight),
			ZH: fmt.Sprintf("未评分：有数据的指标权重为 %s %%，评分方案要求 %s %%。", r.Rated, content.MinWeight),
		}
		return r
	}
	if c.Lots < content.MinLots {
		r.Why = models.Text{
			EN: fmt.Sprintf("Not rated: %d lots were inspected; the profile asks for %d.", c.Lots, content.MinLots),
			ZH: fmt.Sprintf("未评分：已检 %d 批，评分方案要求 %d 批。", c.Lots, content.MinLots),
		}
		return r
	}
	total := models.Percent((2*sum + weight) / (2 * weight)) // half up; nothing is negative
	band := bandOf(content.Bands, total)
	r.Score, r.Band, r.Measure = &total, band.Code, band.Measure
	return r
}

// scoreOne is one indicator's value and points.
func scoreOne(w models.IndicatorWeight, p priors, c models.SupplierCounts, missing []string, of about) models.IndicatorScore {
	s := models.IndicatorScore{Code: w.Code, Weight: w.Weight}
	at, i := place(w.Code)
	s.Numerator, s.Denominator, s.N = i.x(c), i.n(c), i.sampleSize(c)
	switch {
	case i.wholeOnly && of == oneProduct:
		s.Why = models.Text{EN: "Known of the supplier only, not of one product.", ZH: "只按供应商统计，不按商品统计。"}
	case i.rates && len(missing) > 0:
		s.Why = missingRates(missing)
	case s.Denominator <= 0:
		s.Why = models.Text{EN: "No data in the period.", ZH: "期内无数据。"}
	}
	if s.Why != (models.Text{}) {
		return s
	}
	own := sample{float64(s.Numerator), float64(s.Denominator)}
	raw := i.scale * own.x / own.n
	value := raw
	if i.law != ratio {
		value = i.scale * p[at].shrink(own)
	}
	earned := points(value, number(w.Zero), number(w.Full))
	s.Raw, s.Value, s.Points = &raw, &value, &earned
	return s
}

// explain adds the interval and the prior to a result, for who looks closer.
func explain(r *models.ScoreResult, p priors) {
	for n := range r.Indicators {
		s := &r.Indicators[n]
		at, i := place(s.Code)
		if s.Points == nil || i.law == ratio {
			continue
		}
		e := p[at].estimate(i.law, sample{float64(s.Numerator), float64(s.Denominator)})
		low, high, mean, weight := i.scale*e.low, i.scale*e.high, i.scale*p[at].mean, p[at].weight
		s.Low, s.High, s.PriorMean, s.PriorWeight = &low, &high, &mean, &weight
	}
}

// spread gives the indicators with data their shares of the score, which add up
// to the whole: the hundredths lost by rounding down go to the largest remainders.
func spread(all []models.IndicatorScore, weight int64) {
	if weight == 0 {
		return
	}
	left := int64(models.Whole)
	for n := range all {
		if all[n].Points != nil {
			all[n].Share = models.Percent(int64(all[n].Weight) * int64(models.Whole) / weight)
			left -= int64(all[n].Share)
		}
	}
	for ; left > 0; left-- {
		best, most := -1, int64(-1)
		for n, s := range all {
			if s.Points == nil {
				continue
			}
			if rest := int64(s.Weight)*int64(models.Whole) - int64(s.Share)*weight; rest > most {
				best, most = n, rest
			}
		}
		all[best].Share++
	}
}

// bandOf is the band that a score falls in.
func bandOf(bands []models.Band, score models.Percent) models.Band {
	for _, b := range bands {
		if b.From <= score && (score < b.To || b.To == models.Whole) {
			return b
		}
	}
	return models.Band{}
}

// place is an indicator with its position in the table; profiles name only known ones.
func place(code string) (int, indicator) {
	for n, i := range indicators {
		if i.code == code {
			return n, i
		}
	}
	return 0, indicators[0]
}

func number(d models.Decimal) float64 {
	f, _ := d.Exact().Float64()
	return f
}

func missingRates(missing []string) models.Text {
	list := models.Text{EN: joined(missing, ", "), ZH: joined(missing, "、")}
	return models.Text{EN: "No exchange rate for " + list.EN + ".", ZH: "缺少汇率：" + list.ZH + "。"}
}

// joined lists at most six, and how many more there are.
func joined(list []string, comma string) string {
	out := ""
	for n, s := range list {
		if n == 6 {
			return fmt.Sprintf("%s%s+%d", out, comma, len(list)-n)
		}
		if n > 0 {
			out += comma
		}
		out += s
	}
	return out
}
