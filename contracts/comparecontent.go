package contracts

import (
	"fmt"
	"slices"

	"recourse/models"
	"recourse/sampling"
)

// contents compares the standard that a sale is judged by with the one that its
// purchase is judged by, as they apply to the two lines.
func (p pair) contents(sale, purchase models.StandardContent) []Warning {
	warnings := p.classRules(sale.Sampling, purchase.Sampling)
	for _, wanted := range sale.Characteristics {
		if !wanted.Optional {
			warnings = append(warnings, p.characteristic(wanted, purchase, sale.Sampling)...)
		}
	}
	for _, wanted := range sale.Defects {
		i := slices.IndexFunc(purchase.Defects, func(d models.Defect) bool { return models.Key(d.Code) == models.Key(wanted.Code) })
		if i < 0 {
			warnings = append(warnings, p.about(DefectMissing, wanted.Code, models.Text{
				EN: fmt.Sprintf("The sale counts %s (%s) as a defect, the purchase doesn't.", wanted.Code, wanted.Name.In("en")),
				ZH: fmt.Sprintf("销售标准将 %s（%s）列为缺陷，采购标准没有。", wanted.Code, wanted.Name.In("zh")),
			}))
			continue
		}
		warnings = append(warnings, p.class(wanted.Code, wanted.Class, purchase.Defects[i].Class)...)
	}
	for _, wanted := range sale.Checks {
		if !wanted.Optional && !slices.ContainsFunc(purchase.Checks, func(c models.CheckItem) bool {
			return !c.Optional && models.Key(c.Code) == models.Key(wanted.Code)
		}) {
			warnings = append(warnings, p.about(CheckMissing, wanted.Code, says("The sale requires the check %s, the purchase doesn't.", "销售标准要求检查 %s，采购标准没有。", wanted.Code)))
		}
	}
	return warnings
}

func (p pair) about(code, characteristic string, text models.Text) Warning {
	w := p.onLine(code, text)
	w.Characteristic = characteristic
	return w
}

// class warns where the purchase takes a defect less gravely.
func (p pair) class(code string, sold, bought models.DefectClass) []Warning {
	if slices.Index(models.DefectClasses, bought) <= slices.Index(models.DefectClasses, sold) {
		return nil
	}
	w := p.about(ClassMilder, code, says("%s is %s in the sale, %s in the purchase.", "%s 在销售标准中为 %s，在采购标准中为 %s。", code, sold, bought))
	w.Class = sold
	return []Warning{w}
}

// characteristic compares what a sale demands of one characteristic.
func (p pair) characteristic(wanted models.Characteristic, purchase models.StandardContent, rules models.SamplingRules) []Warning {
	i := slices.IndexFunc(purchase.Characteristics, func(c models.Characteristic) bool { return models.Key(c.Code) == models.Key(wanted.Code) })
	if i < 0 || purchase.Characteristics[i].Optional || purchase.Characteristics[i].Kind != wanted.Kind {
		return []Warning{p.about(CharacteristicMissing, wanted.Code, models.Text{
			EN: fmt.Sprintf("The sale requires %s (%s), the purchase doesn't.", wanted.Code, wanted.Name.In("en")),
			ZH: fmt.Sprintf("销售标准要求 %s（%s），采购标准没有。", wanted.Code, wanted.Name.In("zh")),
		})}
	}
	ours := purchase.Characteristics[i]
	warnings := p.class(wanted.Code, wanted.Class, ours.Class)
	if models.Key(wanted.Unit) != models.Key(ours.Unit) {
		return append(warnings, p.about(UnitDiffers, wanted.Code, says("%s is measured in %q for the sale, in %q for the purchase: limits can't be compared.",
			"%s 的单位：销售为 %q，采购为 %q，限值无法比较。", wanted.Code, wanted.Unit, ours.Unit)))
	}
	for _, limit := range []struct {
		field      string
		sold, ours models.Decimal
		sign       int // the direction that is wider
	}{
		{"lower", wanted.Lower, ours.Lower, -1}, {"upper", wanted.Upper, ours.Upper, 1},
		{"mean_lower", wanted.MeanLower, ours.MeanLower, -1}, {"mean_upper", wanted.MeanUpper, ours.MeanUpper, 1},
	} {
		if limit.sold.IsSet() && (!limit.ours.IsSet() || limit.ours.Cmp(limit.sold) == limit.sign) {
			w := p.about(LimitWider, wanted.Code, limitText(wanted, limit.field, limit.sold, limit.ours))
			w.Field = limit.field
			warnings = append(warnings, w)
		}
	}
	return append(warnings, p.rule(wanted.Code, wanted.Class, ownRule(wanted, rules), ownRule(ours, purchase.Sampling))...)
}

func limitText(c models.Characteristic, field string, sold, bought models.Decimal) models.Text {
	en, zh := bought.String()+" "+c.Unit, bought.String()+" "+c.Unit
	if !bought.IsSet() {
		en, zh = "no limit", "无限值"
	}
	return models.Text{
		EN: fmt.Sprintf("%s (%s): limit %s of the sale is %s %s, of the purchase %s.", c.Code, c.Name.In("en"), field, sold, c.Unit, en),
		ZH: fmt.Sprintf("%s（%s）：限值 %s 销售为 %s %s，采购为 %s。", c.Code, c.Name.In("zh"), field, sold, c.Unit, zh),
	}
}

// classRules compares the sampling of each class that the sale has a rule for.
func (p pair) classRules(sale, purchase models.SamplingRules) []Warning {
	if sale.Scheme != purchase.Scheme {
		return []Warning{p.onLine(SamplingDiffers, says("The sale is sampled by %s, the purchase by %s: compare the plans by hand.", "销售按 %s 抽样，采购按 %s：请人工比较方案。", sale.Scheme, purchase.Scheme))}
	}
	var warnings []Warning
	for _, class := range models.DefectClasses {
		sold, has := sale.Class(class)
		if !has {
			continue
		}
		sold.Level = level(sold, sale)
		bought, has := purchase.Class(class)
		if !has {
			w := p.onLine(AQLLooser, models.Text{
				EN: fmt.Sprintf("%s: the sale demands %s, the purchase has no rule.", class, ruleText(sold).EN),
				ZH: fmt.Sprintf("%s：销售要求%s，采购没有规则。", class, ruleText(sold).ZH),
			})
			w.Class = class
			warnings = append(warnings, w)
			continue
		}
		bought.Level = level(bought, purchase)
		warnings = append(warnings, p.rule("", class, sold, bought)...)
	}
	return warnings
}

func level(r models.ClassRule, rules models.SamplingRules) string {
	if r.Level != "" {
		return r.Level
	}
	return rules.Level
}

// ownRule is how a characteristic is sampled: by what it says itself, else by its class.
func ownRule(c models.Characteristic, rules models.SamplingRules) models.ClassRule {
	r, _ := rules.Class(c.Class)
	r.Level = level(r, rules)
	if c.Level != "" {
		r.Level = c.Level
	}
	switch {
	case c.All:
		return models.ClassRule{Rule: models.RuleAll, Ac: c.Ac}
	case c.SampleSize > 0:
		return models.ClassRule{Rule: models.RuleFixed, SampleSize: c.SampleSize, Ac: c.Ac}
	case c.AQL != "":
		r.Rule, r.AQL = models.RuleAQL, c.AQL
	}
	return r
}

// rule warns where the purchase samples or accepts more loosely than the sale.
func (p pair) rule(code string, class models.DefectClass, sold, bought models.ClassRule) []Warning {
	looser, comparable := looserRule(sold, bought)
	if comparable && !looser || sameRule(sold, bought) {
		return nil
	}
	kind := AQLLooser
	if !comparable {
		kind = SamplingDiffers
	}
	name := code
	if name == "" {
		name = string(class)
	}
	w := p.about(kind, code, models.Text{
		EN: fmt.Sprintf("%s: the sale demands %s, the purchase %s.", name, ruleText(sold).EN, ruleText(bought).EN),
		ZH: fmt.Sprintf("%s：销售要求%s，采购为%s。", name, ruleText(sold).ZH, ruleText(bought).ZH),
	})
	w.Class = class
	return []Warning{w}
}

func sameRule(a, b models.ClassRule) bool {
	a.Class, b.Class = "", ""
	return a == b
}

// levels in the order in which samples grow.
var levels = []string{"S-1", "S-2", "S-3", "S-4", "I", "II", "III"}

// looserRule compares two rules. Plans from the tables and agreed ones can't be
// compared without a lot size.
func looserRule(sold, bought models.ClassRule) (looser, comparable bool) {
	none := func(r models.ClassRule) bool {
		return r.Rule == models.RuleNotAllowed || r.Rule == models.RuleAll && r.Ac == 0
	}
	switch {
	case sold.Rule == models.RuleAll:
		return bought.Rule != models.RuleAll || bought.Ac > sold.Ac, true
	case none(bought):
		return false, true // nothing is let through
	case sold.Rule == models.RuleNotAllowed:
		return bought.Rule == models.RuleAQL || bought.Ac > 0, true
	case sold.Rule == models.RuleAQL && bought.Rule == models.RuleAQL:
		return higherAQL(bought.AQL, sold.AQL) || slices.Index(levels, bought.Level) < slices.Index(levels, sold.Level), true
	case sold.Rule == models.RuleFixed && bought.Rule == models.RuleFixed:
		return bought.SampleSize < sold.SampleSize || bought.Ac > sold.Ac, true
	}
	return false, false
}

// higherAQL reports whether a is a milder limit than b: a later one of the series.
func higherAQL(a, b string) bool {
	series := sampling.AQLs()
	return slices.Index(series, sampling.AQL(a)) > slices.Index(series, sampling.AQL(b))
}

func ruleText(r models.ClassRule) models.Text {
	switch r.Rule {
	case models.RuleNotAllowed:
		return models.Text{EN: "none allowed", ZH: "不允许"}
	case models.RuleFixed:
		return says("n = %d, Ac = %d", "n = %d，Ac = %d", r.SampleSize, r.Ac)
	case models.RuleAll:
		return says("every unit, Ac = %d", "全检，Ac = %d", r.Ac)
	case models.RuleAQL:
		return says("AQL %s at level %s", "AQL %s、检验水平 %s", r.AQL, r.Level)
	}
	return models.Text{EN: "no sampling", ZH: "无抽样规则"}
}
