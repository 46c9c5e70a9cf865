package scorecards

import (
	"slices"
	"strings"

	"recourse/models"
)

// CheckProfile refuses weights that don't sum to 100, unknown or repeated
// indicators, curves without a slope and bands that overlap, leave a gap or
// don't reach from 0 to 100. The error is an *models.Error that names the field.
func CheckProfile(c models.ProfileContent) error {
	if err := models.At("indicators", checkWeights(c.Indicators)); err != nil {
		return err
	}
	for category, weights := range c.Categories {
		if strings.TrimSpace(category) == "" {
			return models.Invalid("categories", "Name the category whose weights these are.", "请填写权重所属的商品类别。")
		}
		if err := models.At("categories["+category+"]", checkWeights(weights)); err != nil {
			return err
		}
	}
	return models.At("bands", checkBands(c.Bands))
}

func checkWeights(weights []models.IndicatorWeight) error {
	var sum models.Percent
	seen := map[string]bool{}
	for n, w := range weights {
		if _, known := find(w.Code); !known {
			return models.Invalid(at(n, "code"), "%q is no indicator: use one of %s.", "%q 不是指标：请使用 %s 之一。", w.Code, strings.Join(codes(), ", "))
		}
		if seen[w.Code] {
			return models.Invalid(at(n, "code"), "%s is listed twice: give it one weight.", "指标 %s 重复：只能有一个权重。", w.Code)
		}
		if w.Weight < 0 {
			return models.Invalid(at(n, "weight"), "A weight is from 0 to 100.", "权重须在 0 至 100 之间。")
		}
		if !w.Zero.IsSet() || !w.Full.IsSet() || w.Zero.Cmp(w.Full) == 0 {
			return models.Invalid(at(n, "full"), "Give two different values: the one that earns 0 points and the one that earns 100.", "请给出两个不同的值：得 0 分的值和得 100 分的值。")
		}
		seen[w.Code] = true
		sum += w.Weight
	}
	if sum != models.Whole {
		return models.Invalid("", "The weights sum to %[1]s; they must sum to 100.00: %[3]s.", "权重合计为 %[1]s，必须为 100.00：%[4]s。", sum, 0, offBy("en", sum), offBy("zh", sum))
	}
	return nil
}

func offBy(lang string, sum models.Percent) string {
	short, over := (models.Whole - sum).String(), (sum - models.Whole).String()
	switch {
	case sum < models.Whole && lang == "en":
		return "add " + short
	case sum < models.Whole:
		return "还差 " + short
	case lang == "en":
		return "take away " + over
	}
	return "多出 " + over
}

func checkBands(bands []models.Band) error {
	sorted := slices.Clone(bands)
	slices.SortFunc(sorted, func(a, b models.Band) int { return int(a.From) - int(b.From) })
	seen := map[string]bool{}
	end := models.Percent(0)
	for _, b := range sorted {
		switch {
		case seen[b.Code]:
			return models.Invalid("", "Band %s is listed twice.", "等级 %s 重复。", b.Code)
		case b.To <= b.From:
			return models.Invalid("", "Band %s ends at %s, not above its start at %s.", "等级 %s 的上限 %s 不高于下限 %s。", b.Code, b.To, b.From)
		case b.From < end:
			return models.Invalid("", "Band %s starts at %s, inside the one below it, which ends at %s: bands may not overlap.", "等级 %s 从 %s 开始，而下一级到 %s 为止：等级不得重叠。", b.Code, b.From, end)
		case b.From > end:
			return models.Invalid("", "No band covers scores from %[2]s to %[3]s: let %[1]s start at %[2]s.", "%[2]s 至 %[3]s 之间没有等级：请让 %[1]s 从 %[2]s 开始。", b.Code, end, b.From)
		}
		seen[b.Code] = true
		end = b.To
	}
	if end != models.Whole {
		return models.Invalid("", "The bands end at %s: the best one must be closed at 100.00.", "等级止于 %s：最高等级须包含 100.00。", end)
	}
	return nil
}

func at(n int, field string) string { return "[" + itoa(n) + "]." + field }
