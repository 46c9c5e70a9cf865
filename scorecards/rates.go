package scorecards

import (
	"context"

	"github.com/shopspring/decimal"
	"gorm.io/gorm"

	"recourse/audit"
	"recourse/database"
	"recourse/models"
)

// maxAmount bounds a converted amount in minor units, so that no sum leaves 64 bits.
var maxAmount = decimal.New(1, 15)

// rates converts amounts into the base currency by the rate of a month.
type rates struct {
	currency string
	of       map[string]map[models.Month]decimal.Decimal
}

// ratesOf reads the rates of months, both included.
func ratesOf(ctx context.Context, tx *gorm.DB, base string, from, to models.Month) (rates, error) {
	r := rates{currency: base, of: map[string]map[models.Month]decimal.Decimal{}}
	rows, err := gorm.G[models.ExchangeRate](tx).Select("currency", "month", "rate").Where("month BETWEEN ? AND ?", from, to).Find(ctx)
	for _, x := range rows {
		if r.of[x.Currency] == nil {
			r.of[x.Currency] = map[models.Month]decimal.Decimal{}
		}
		r.of[x.Currency][x.Month] = x.Rate.Exact()
	}
	return r, err
}

// base is an amount in minor units of the base currency, rounded half away from
// zero. It is not known without a rate of the month, or beyond 10¹⁵.
func (r rates) base(amount decimal.Decimal, currency string, month models.Month) (minor int64, known bool) {
	rate := decimal.NewFromInt(1)
	if currency != r.currency {
		if rate, known = r.of[currency][month]; !known {
			return 0, false
		}
	}
	places, _ := models.CurrencyPlaces(r.currency)
	exact := amount.Mul(rate).Shift(int32(places)).Round(0)
	if exact.Abs().GreaterThan(maxAmount) {
		return 0, false
	}
	return exact.IntPart(), true
}

// major is an amount of minor units in whole units of its currency.
func major(minor int64, currency string) decimal.Decimal {
	places, _ := models.CurrencyPlaces(currency)
	return decimal.New(minor, -int32(places))
}

// amount adds an amount in the base currency to both rows of a product, or says
// there that its currency is left out.
func (t *tally) amount(product models.ID, month models.Month, value decimal.Decimal, currency string, add func(*models.SupplierCounts, int64)) {
	minor, known := t.rates.base(value, currency, month)
	t.addBoth(product, month, func(row *models.SupplierMonth) {
		if known {
			add(&row.SupplierCounts, minor)
		} else {
			lack(row, currency)
		}
	})
}

// RateInput is the rate of a month: base currency per unit of Currency.
type RateInput struct {
	Currency string         `json:"currency" validate:"required,len=3"`
	Month    models.Month   `json:"month" validate:"required"`
	Rate     models.Decimal `json:"rate"`
	Source   string         `json:"source" validate:"max=200"`
}

// RateList is what a list of exchange rates may be filtered and sorted by.
var RateList = database.List{
	Filters: map[string]database.Filter{
		"currency": {SQL: "exchange_rates.currency = ?"},
		"month":    {SQL: "exchange_rates.month = ?"},
	},
	Sorts:   []string{"id"},
	Default: "-id",
}

// ListRates reads one page of exchange rates.
func ListRates(ctx context.Context, tx *gorm.DB, by models.Actor, q database.Query) (database.Page[models.ExchangeRate], error) {
	if err := mayRead(by); err != nil {
		return database.Page[models.ExchangeRate]{}, err
	}
	return database.Find[models.ExchangeRate](ctx, tx.Session(&gorm.Session{NewDB: true}), RateList, q)
}

// SetRate enters the rate of a currency in a month, by finance, or changes the
// one that is at version; version 0 is for a rate that isn't there yet. base is
// the currency that rates are in.
func SetRate(ctx context.Context, tx *gorm.DB, by models.Actor, version int, in RateInput, base string) (*models.ExchangeRate, error) {
	if !by.Is(models.Finance) {
		return nil, models.Errorf(models.CodeForbidden, "", "Exchange rates need the role %s.", "设置汇率需要角色 %s。", models.Finance)
	}
	if err := checkRate(by, in, base); err != nil {
		return nil, err
	}
	known, err := gorm.G[models.ExchangeRate](tx).Where("currency = ? AND month = ?", in.Currency, in.Month).Find(ctx)
	if err != nil {
		return nil, err
	}
	now := models.Now(by.At)
	if len(known) == 0 {
		if version != 0 {
			return nil, models.NotFound("exchange rate", "汇率")
		}
		r := models.ExchangeRate{ID: models.NewID(), Currency: in.Currency, Month: in.Month, Rate: in.Rate, Source: in.Source, Version: 1, CreatedAt: now, UpdatedAt: now}
		if err := gorm.G[models.ExchangeRate](tx).Create(ctx, &r); err != nil {
			return nil, err
		}
		return &r, audit.Record(ctx, tx, by, "create", rateEntity, r.ID, in)
	}
	r := known[0]
	if err := database.Update[models.ExchangeRate](ctx, tx, r.ID, version, map[string]any{"rate": in.Rate, "source": in.Source, "updated_at": now}); err != nil {
		return nil, err
	}
	r.Rate, r.Source, r.Version, r.UpdatedAt = in.Rate, in.Source, version+1, now
	return &r, audit.Record(ctx, tx, by, "update", rateEntity, r.ID, in)
}

func checkRate(by models.Actor, in RateInput, base string) error {
	if _, known := models.CurrencyPlaces(in.Currency); !known {
		return models.Invalid("currency", "%q is not a currency: use an ISO 4217 code such as USD or CNY.", "%q 不是币种：请使用 ISO 4217 代码，例如 USD、CNY。", in.Currency)
	}
	if in.Currency == base {
		return models.Invalid("currency", "%s is the base currency: its rate is 1.", "%s 为本位币：汇率为 1。", base)
	}
	if _, err := models.ParseMonth("month", string(in.Month)); err != nil {
		return err
	}
	if now := models.MonthOf(today(by.At)); in.Month > now {
		return models.Invalid("month", "%s lies in the future: the newest month is %s.", "%s 尚未到来：最新月份是 %s。", in.Month, now)
	}
	switch {
	case !in.Rate.IsSet():
		return models.Invalid("rate", "Give the rate: %[2]s per 1 %[1]s.", "请填写汇率：1 %[1]s 折合多少 %[2]s。", in.Currency, base)
	case in.Rate.Sign() <= 0:
		return models.Invalid("rate", "A rate is greater than 0.", "汇率须大于 0。")
	case in.Rate.Cmp(models.MustDecimal("1000000")) > 0:
		return models.Invalid("rate", "%s is above 1000000: give %s per 1 %s.", "%s 超过 1000000：请填写 1 %[3]s 折合多少 %[2]s。", in.Rate, base, in.Currency)
	}
	return nil
}
