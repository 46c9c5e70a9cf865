package demo

import (
	"time"

	"recourse/cases"
	"recourse/models"
)

// exampleMoments are when each part of the example case was written, Chinese
// time, and by whom.
var exampleMoments = map[string]struct{ at, login string }{
	"supplier":          {"2026-03-02 09:10", "purchasing"},
	"customer":          {"2026-03-02 09:20", "sales"},
	"product":           {"2026-03-02 09:30", "purchasing"},
	"quality_standard":  {"2026-03-02 10:00", "purchasing"},
	"purchase_contract": {"2026-03-02 11:00", "purchasing"},
	"sales_contract":    {"2026-03-02 11:20", "sales"},
	"inspection":        {"2026-04-20 16:30", "purchasing"},
	"shipment":          {"2026-06-06 15:00", "sales"},
	"claim":             {"2026-06-30 10:00", "admin"},
	"recovery":          {"2026-07-29 14:00", "admin"},
}

func (c *company) exampleAt(part string) time.Time {
	at, _ := time.ParseInLocation("2006-01-02 15:04", exampleMoments[part].at, c.zone) // a test writes them all
	return at
}

// tellExample writes the example case, as far as its story lies in the past.
func (c *company) tellExample(photos map[string]*models.File) (*cases.Result, error) {
	f := *c.story.example
	if c.exampleAt("recovery").After(c.now) {
		f.Claim, f.Recovery = nil, nil
	}
	by := func(part string) models.Actor { return c.as(exampleMoments[part].login, c.exampleAt(part)) }
	return cases.Write(c.ctx, c.tx, by, &f, photos)
}
