package contracts

import (
	"recourse/models"
	"recourse/sampling"
)

// checkCharacteristic checks limits and sampling of one characteristic.
func checkCharacteristic(c *models.Characteristic) error {
	if err := checkOwnSampling(c); err != nil {
		return err
	}
	limits := []struct {
		field string
		value models.Decimal
		extra int // digits a mean has more than a reading
	}{
		{"nominal", c.Nominal, 0}, {"lower", c.Lower, 0}, {"upper", c.Upper, 0}, {"mean_lower", c.MeanLower, 1}, {"mean_upper", c.MeanUpper, 1},
	}
	limited := false
	for i, l := range limits {
		if !l.value.IsSet() {
			continue
		}
		if c.Kind != "measured" {
			return models.Invalid(l.field, "belongs to measured characteristics only.", "仅计量检验项目可填写。")
		}
		if _, exact := l.value.Scaled(c.Decimals + l.extra); !exact {
			return models.Invalid(l.field, "%s has more decimals than readings have (%d): raise decimals.", "%s 的小数位多于读数的小数位（%d）：请增加 decimals。", l.value, c.Decimals)
		}
		limited = limited || i > 0
	}
	if c.Kind == "measured" && !limited {
		return models.Invalid("lower", "A measured characteristic needs at least one limit: lower, upper, mean_lower or mean_upper.",
			"计量检验项目至少需要一个限值：lower、upper、mean_lower 或 mean_upper。")
	}
	return checkLimits(c)
}

// checkLimits: lower ≤ nominal ≤ upper, and the mean's limits within the single
// ones, beyond which they would bind nothing.
func checkLimits(c *models.Characteristic) error {
	order := []struct {
		field, other string
		low, high    models.Decimal
		wrongIsHigh  bool // the field named is the higher one
	}{
		{"upper", "lower", c.Lower, c.Upper, true},
		{"nominal", "lower", c.Lower, c.Nominal, true},
		{"nominal", "upper", c.Nominal, c.Upper, false},
		{"mean_upper", "mean_lower", c.MeanLower, c.MeanUpper, true},
		{"mean_lower", "lower", c.Lower, c.MeanLower, true},
		{"mean_lower", "upper", c.MeanLower, c.Upper, false},
		{"mean_upper", "upper", c.MeanUpper, c.Upper, false},
		{"mean_upper", "lower", c.Lower, c.MeanUpper, true},
	}
	for _, o := range order {
		if !o.low.IsSet() || !o.high.IsSet() || o.low.Cmp(o.high) <= 0 {
			continue
		}
		if o.wrongIsHigh {
			return models.Invalid(o.field, "%[1]s is below %[3]s (%[2]s).", "%[1]s 小于 %[3]s（%[2]s）。", o.high, o.low, o.other)
		}
		return models.Invalid(o.field, "%[1]s is above %[3]s (%[2]s).", "%[1]s 大于 %[3]s（%[2]s）。", o.low, o.high, o.other)
	}
	return nil
}

// checkOwnSampling checks what a characteristic says beside its class's rule: an
// AQL, a fixed sample, or every unit; one of them at most.
func checkOwnSampling(c *models.Characteristic) error {
	ways := 0
	for _, given := range []bool{c.AQL != "", c.SampleSize != 0, c.All} {
		if given {
			ways++
		}
	}
	if ways > 1 {
		return models.Invalid("sample_size", "Give one of aql, sample_size and all.", "aql、sample_size、all 只能填写一项。")
	}
	if c.Ac != 0 && c.SampleSize == 0 && !c.All {
		return models.Invalid("ac", "is given with sample_size or all only.", "仅与 sample_size 或 all 一起填写。")
	}
	if c.SampleSize != 0 {
		if err := checkFixed(c.SampleSize, c.Ac); err != nil {
			return err
		}
	}
	if c.Level != "" {
		if c.SampleSize != 0 || c.All {
			return models.Invalid("level", "has no meaning with sample_size or all.", "与 sample_size 或 all 同时填写没有意义。")
		}
		if err := checkLevel("level", c.Level); err != nil {
			return err
		}
	}
	if c.AQL == "" {
		return nil
	}
	if err := checkAQL("aql", &c.AQL); err != nil {
		return err
	}
	if sampling.AQL(c.AQL).Per100() {
		return models.Invalid("aql", "AQL %s counts defects per 100 units: a characteristic is judged by nonconforming units, use 10 or less.",
			"AQL %s 按每百单位缺陷数计：检验项目按不合格品数判定，请用 10 或以下。", c.AQL)
	}
	return nil
}
