package scorecards

import (
	"encoding/json"
	"strings"

	"recourse/models"
)

// PeriodInput names a period: month (2026-10), quarter (2026-Q3), year (2026),
// or rolling, the twelve months that end with a month (2026-10).
type PeriodInput struct {
	Kind   string `json:"kind" validate:"omitempty,oneof=month quarter year rolling"`
	Period string `json:"period" validate:"max=10"`
}

// parse reads a period; an empty kind is rolling, an empty period the last one
// that is over. One that has not begun is refused.
func (in PeriodInput) parse(today models.Date) (models.Period, error) {
	kind, now := in.Kind, models.MonthOf(today)
	if kind == "" {
		kind = models.PeriodRolling
	}
	p := periodAround(kind, now)
	if in.Period == "" {
		return before(p, 1), nil
	}
	month, err := firstMonth(kind, in.Period)
	if err != nil {
		return p, err
	}
	p = periodAround(kind, month)
	if p.To > now && (kind == models.PeriodRolling || p.From > now) {
		return p, models.Invalid("period", "%s lies in the future: the newest period is that of %s.", "%s 尚未到来：最新的期间是 %s 所在期间。", in.Period, now)
	}
	return p, nil
}

// firstMonth is a month of the period written in the form of its kind.
func firstMonth(kind, s string) (models.Month, error) {
	switch kind {
	case models.PeriodQuarter:
		year, quarter, found := strings.Cut(s, "-Q")
		if !found || len(quarter) != 1 || quarter < "1" || quarter > "4" {
			return "", models.Invalid("period", "%q is not a quarter: write it as 2026-Q3.", "%q 不是有效季度：请写成 2026-Q3。", s)
		}
		return models.ParseMonth("period", year+"-"+[]string{"01", "04", "07", "10"}[quarter[0]-'1'])
	case models.PeriodYear:
		if len(s) != 4 {
			return "", models.Invalid("period", "%q is not a year: write it as 2026.", "%q 不是有效年份：请写成 2026。", s)
		}
		return models.ParseMonth("period", s+"-01")
	}
	return models.ParseMonth("period", s)
}

// periodAround is the period of a kind that holds a month; of a rolling one, the one that ends with it.
func periodAround(kind string, m models.Month) models.Period {
	p := models.Period{Kind: kind, From: m, To: m}
	month := m.First().Time().Month()
	switch kind {
	case models.PeriodQuarter:
		p.From = m.Add(-(int(month) - 1) % 3)
		p.To = p.From.Add(2)
	case models.PeriodYear:
		p.From = m.Add(1 - int(month))
		p.To = p.From.Add(11)
	case models.PeriodRolling:
		p.From = m.Add(-11)
	}
	return p
}

// before is the n-th period of the same kind before p; rolling ones move by a month.
func before(p models.Period, n int) models.Period {
	step := map[string]int{models.PeriodMonth: 1, models.PeriodQuarter: 3, models.PeriodYear: 12, models.PeriodRolling: 1}[p.Kind]
	return models.Period{Kind: p.Kind, From: p.From.Add(-n * step), To: p.To.Add(-n * step)}
}

func toJSON(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}
