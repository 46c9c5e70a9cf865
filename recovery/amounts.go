package recovery

import (
	"cmp"
	"math/big"
	"slices"

	"github.com/shopspring/decimal"

	"recourse/models"
)

// maxMinor bounds an amount, so that no sum of a claim leaves 64 bits.
const maxMinor = 1_000_000_000_000_000

// Base is an amount in the base currency: amount × rate, rounded half away from
// zero to the base currency's minor unit. rate is units of the base currency per
// unit of the amount's; an amount in the base currency itself has the rate 1. A
// foreign amount without a rate is refused.
func Base(amount models.Money, rate models.Decimal, base string) (models.Money, error) {
	places, known := models.CurrencyPlaces(base)
	from, fromKnown := models.CurrencyPlaces(amount.Currency)
	if !known || !fromKnown {
		return models.Money{}, models.Invalid("amount.currency", "%q is not a currency: use an ISO 4217 code such as USD or CNY.", "%q 不是币种：请使用 ISO 4217 代码，例如 USD、CNY。", amount.Currency)
	}
	if amount.Currency == base {
		if rate.IsSet() && rate.Cmp(models.MustDecimal("1")) != 0 {
			return models.Money{}, models.Invalid("rate", "%s is the base currency: its rate is 1.", "%s 为本位币：汇率为 1。", base)
		}
		return amount, bounded("amount", decimal.NewFromInt(amount.Minor))
	}
	if !rate.IsSet() {
		return models.Money{}, models.Invalid("rate", "Give the rate: %[2]s per 1 %[1]s.", "请填写汇率：1 %[1]s 折合多少 %[2]s。", amount.Currency, base)
	}
	if rate.Sign() <= 0 {
		return models.Money{}, models.Invalid("rate", "A rate is greater than 0.", "汇率须大于 0。")
	}
	// decimal.Round rounds half away from zero.
	minor := decimal.New(amount.Minor, int32(-from)).Mul(rate.Exact()).Shift(int32(places)).Round(0)
	if err := bounded("amount", minor); err != nil {
		return models.Money{}, err
	}
	return models.Money{Minor: minor.IntPart(), Currency: base}, nil
}

func bounded(field string, minor decimal.Decimal) error {
	if minor.Abs().GreaterThan(decimal.NewFromInt(maxMinor)) {
		return models.Invalid(field, "The amount is too large.", "金额过大。")
	}
	return nil
}

// Shares splits total (not negative) by weights that are not negative and not
// all zero, so that the parts equal the whole: each gets the whole minor units
// of its exact share, and the units left go one each to the largest remainders
// (Hare–Niemeyer), of equal remainders to the earlier position.
func Shares(total int64, weights []int) []int64 {
	sum := int64(0)
	for _, w := range weights {
		sum += int64(w)
	}
	parts := make([]int64, len(weights))
	if sum == 0 {
		return parts
	}
	left := total
	rest := make([]int64, len(weights))
	order := make([]int, len(weights))
	for i, w := range weights {
		whole, remainder := new(big.Int).DivMod(new(big.Int).Mul(big.NewInt(total), big.NewInt(int64(w))), big.NewInt(sum), new(big.Int))
		parts[i], rest[i], order[i] = whole.Int64(), remainder.Int64(), i
		left -= parts[i]
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rest[b], rest[a]) })
	for _, i := range order[:left] {
		parts[i]++
	}
	return parts
}

// checkWhole refuses shares that don't sum to exactly 100 %, naming the sum.
func checkWhole(field string, percents []models.Percent) error {
	sum := models.Percent(0)
	for _, p := range percents {
		sum += p
	}
	if sum != models.Whole {
		return models.Invalid(field, "The shares sum to %s %%: they must be exactly 100.00 %%.", "各方比例合计 %s %%：须恰为 100.00 %%。", sum)
	}
	return nil
}

// split is the share of each percentage in total.
func split(total models.Money, percents []models.Percent) []models.Money {
	weights := make([]int, len(percents))
	for i, p := range percents {
		weights[i] = int(p)
	}
	out := make([]models.Money, len(percents))
	for i, minor := range Shares(total.Minor, weights) {
		out[i] = models.Money{Minor: minor, Currency: total.Currency}
	}
	return out
}
