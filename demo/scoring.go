package demo

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/database"
	"recourse/models"
	"recourse/scorecards"
)

// rates are the middle rates that finance enters each month, about which they move by a per mille.
var rates = map[string]map[string]int{"CNY": {"USD": 71200, "EUR": 78400, "GBP": 92100, "JPY": 482}}

// scoreSuppliers enters the rates of the last two years and publishes a year of
// scorecards, each on the first of the month after its twelve months.
func scoreSuppliers(ctx context.Context, db *database.DB, o Options, holder string) error {
	now := o.Now.In(o.Zone)
	this := models.MonthOf(models.DateOf(now))
	err := db.Tx(ctx, func(tx *gorm.DB) error { return enterRates(ctx, tx, o, this) })
	if err != nil {
		return err
	}
	for back := 12; back >= 1; back-- {
		if err := audit.SealWaiting(ctx, db, holder, o.Now); err != nil {
			return err
		}
		first := this.Add(1 - back).First().Time()
		by := models.System("job", time.Date(first.Year(), first.Month(), 1, 6, 0, 0, 0, o.Zone))
		if back == 1 && now.Before(by.At) {
			by.At = now
		}
		if _, err := scorecards.Publish(ctx, db, by, scorecards.PublishInput{}, o.Currency); err != nil {
			return fmt.Errorf("scorecards of %s: %w", this.Add(-back), err)
		}
	}
	return audit.SealWaiting(ctx, db, holder, o.Now)
}

// enterRates enters a rate of every currency and month.
func enterRates(ctx context.Context, tx *gorm.DB, o Options, this models.Month) error {
	by := models.System("job", o.Now.In(o.Zone))
	for currency, middle := range rates[o.Currency] {
		for back := range 36 {
			moved := middle + middle*(back*7%11-5)/1000
			in := scorecards.RateInput{Currency: currency, Month: this.Add(-back), Rate: models.DecimalFromScaled(int64(moved), 4), Source: "middle rate of the month 月中间价"}
			if _, err := scorecards.SetRate(ctx, tx, by, 0, in, o.Currency); err != nil {
				return err
			}
		}
	}
	return nil
}
