package claims

import (
	"strings"
	"time"

	"recourse/models"
)

// length words a period: 2 years, 15 days.
func length(days, months, years int) models.Text {
	var en, zh []string
	for _, p := range []struct {
		n            int
		one, many, c string
	}{{years, "year", "years", "年"}, {months, "month", "months", "个月"}, {days, "day", "days", "天"}} {
		if p.n == 0 && (p.one != "day" || days+months+years != 0) {
			continue
		}
		unit := p.many
		if p.n == 1 {
			unit = p.one
		}
		t := models.Say("%[1]d %[2]s", "%[1]d %[3]s", p.n, unit, p.c)
		en, zh = append(en, t.EN), append(zh, t.ZH)
	}
	return models.Text{EN: strings.Join(en, " "), ZH: strings.Join(zh, " ")}
}

// addMonths keeps the day of the month, or takes the month's last: a month after
// 31 January is 28 or 29 February.
func addMonths(d models.Date, n int) models.Date {
	t := d.Time()
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return models.DateOf(first).AddDays(min(t.Day(), last) - 1)
}

// workday moves a Saturday or Sunday to the Monday after.
func workday(d models.Date) models.Date {
	if d.IsZero() {
		return d
	}
	switch d.Time().Weekday() {
	case time.Saturday:
		return d.AddDays(2)
	case time.Sunday:
		return d.AddDays(1)
	}
	return d
}

func days(from, to models.Date) int { return int(to.Time().Sub(from.Time()).Hours() / 24) }

func orToday(d, today models.Date) models.Date {
	if d.IsZero() {
		return today
	}
	return d
}

func firstWord(s string) string {
	words := strings.Fields(strings.ToUpper(s))
	if len(words) == 0 {
		return ""
	}
	return words[0]
}
