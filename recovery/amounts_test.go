package recovery

import (
	"math/big"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"recourse/models"
)

func TestBase(t *testing.T) {
	for _, c := range []struct {
		amount, currency, rate, base, want, field string
	}{
		{"626.40", "USD", "7.18", "CNY", "4497.55", ""},
		{"250.00", "USD", "7.18", "CNY", "1795.00", ""},
		{"180.00", "CNY", "", "CNY", "180.00", ""},
		{"180.00", "CNY", "1.000", "CNY", "180.00", ""},
		{"0.05", "USD", "0.1", "CNY", "0.01", ""}, // half away from zero
		{"0.04", "USD", "0.1", "CNY", "0.00", ""},
		{"100000", "JPY", "0.0467", "CNY", "4670.00", ""},
		{"10.00", "USD", "156.45", "JPY", "1565", ""},
		{"1.005", "KWD", "23.5", "CNY", "23.62", ""},
		{"100.00", "USD", "", "CNY", "", "rate"},
		{"100.00", "USD", "0", "CNY", "", "rate"},
		{"100.00", "USD", "-7", "CNY", "", "rate"},
		{"100.00", "CNY", "7.18", "CNY", "", "rate"},
		{"9999999999999.00", "USD", "7.18", "CNY", "", "amount"},
	} {
		m, err := models.ParseMoney("", c.amount, c.currency)
		if err != nil {
			t.Fatal(err)
		}
		var rate models.Decimal
		if c.rate != "" {
			rate = models.MustDecimal(c.rate)
		}
		got, err := Base(m, rate, c.base)
		if c.field != "" {
			if e, ok := err.(*models.Error); !ok || e.Field != c.field {
				t.Errorf("Base(%s, %s) = %v, %v, want refused on %s", m, c.rate, got, err, c.field)
			}
			continue
		}
		if err != nil || got.String() != c.base+" "+c.want {
			t.Errorf("Base(%s, %s) = %v, %v, want %s", m, c.rate, got, err, c.want)
		}
	}
}

func TestShares(t *testing.T) {
	for _, c := range []struct {
		total    int64
		percents []int
		want     []int64
	}{
		{647255, []int{6000, 4000}, []int64{388353, 258902}},
		{10000, []int{3334, 3333, 3333}, []int64{3334, 3333, 3333}},
		{5, []int{5000, 5000}, []int64{3, 2}},
		{1, []int{3333, 3333, 3334}, []int64{0, 0, 1}},
		{0, []int{5000, 5000}, []int64{0, 0}},
		{7, []int{10000, 0}, []int64{7, 0}},
		{maxMinor, []int{1, 9999}, []int64{maxMinor / 10000, maxMinor / 10000 * 9999}},
	} {
		if got := Shares(c.total, c.percents); !cmp.Equal(got, c.want) {
			t.Errorf("Shares(%d, %v) = %v, want %v", c.total, c.percents, got, c.want)
		}
	}
}

// drawPercents cuts 100 % at random places.
func drawPercents(t *rapid.T) []models.Percent {
	var out []models.Percent
	left := models.Whole
	for left > 0 {
		p := models.Percent(rapid.IntRange(0, int(left)).Draw(t, "percent"))
		if len(out) == 6 {
			p = left
		}
		out, left = append(out, p), left-p
	}
	return out
}

func TestPartsEqualTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := models.Money{Minor: rapid.Int64Range(0, maxMinor).Draw(t, "total"), Currency: "CNY"}
		percents := drawPercents(t)
		if err := checkWhole("shares", percents); err != nil {
			t.Fatal(err)
		}
		var sum int64
		for n, part := range split(total, percents) {
			sum += part.Minor
			// Each part is its exact share, rounded down or up.
			exact := new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(total.Minor), big.NewInt(int64(percents[n]))), big.NewInt(10000))
			off := new(big.Rat).Sub(new(big.Rat).SetInt64(part.Minor), exact)
			if off.Abs(off).Cmp(big.NewRat(1, 1)) >= 0 || part.Minor < 0 {
				t.Errorf("%s %% of %s = %s, a unit or more off", percents[n], total, part)
			}
		}
		if sum != total.Minor {
			t.Errorf("the parts of %s by %v sum to %d", total, percents, sum)
		}
	})
}

func TestSharesThatAreNotWhole(t *testing.T) {
	for want, percents := range map[string][]models.Percent{"99.99": {6000, 3999}, "100.01": {6000, 4001}, "0.00": {}} {
		err := checkWhole("shares", percents)
		if !models.IsCode(err, models.CodeInvalid) || !strings.Contains(err.Error(), want+" %") {
			t.Errorf("checkWhole(%v) = %v, want refused naming %s", percents, err, want)
		}
	}
}

func TestWhatIf(t *testing.T) {
	loss := []models.LossLine{
		{What: "settlement", Amount: models.Money{Minor: 62640, Currency: "USD"}, Rate: models.MustDecimal("7.18"), Base: models.Money{Minor: 449755, Currency: "CNY"}},
		{What: "courier", Amount: models.Money{Minor: 197500, Currency: "CNY"}, Base: models.Money{Minor: 197500, Currency: "CNY"}},
	}
	shares := []OutcomeShare{{Party: models.PartySupplier, Percent: 6000}, {Party: models.PartyOwn, Percent: 4000}}
	got, err := WhatIf(loss, shares, "CNY")
	if err != nil || got.Loss.Minor != 647255 || got.Recoverable.Minor != 388353 || got.Borne.Minor != 258902 {
		t.Errorf("WhatIf = %+v, %v, want 388353 of 647255 recoverable and 258902 borne", got, err)
	}
	cheaper, err := offered(loss, models.Money{Minor: 50000, Currency: "USD"}, models.Decimal{}, "CNY")
	if err != nil || total(cheaper, "CNY").Minor != 359000+197500 {
		t.Errorf("an offer of USD 500 at the line's rate = %v, %v, want CNY 3590.00 beside the courier", total(cheaper, "CNY"), err)
	}
	if _, err := offered(loss, models.Money{Minor: 50000, Currency: "EUR"}, models.Decimal{}, "CNY"); !models.IsCode(err, models.CodeInvalid) {
		t.Errorf("an offer in a currency without a rate = %v, want refused", err)
	}
}
