package inspections

import (
	"github.com/shopspring/decimal"

	"recourse/models"
	"recourse/sampling"
)

func samplingSeverity(s string) sampling.Severity { return sampling.Severity(s) }

// judgeAll computes every lot's judgement and the visit's verdict: the worst of its lots.
func judgeAll(i *models.Inspection) {
	i.Verdict = models.Accepted
	for n := range i.Lots {
		l := &i.Lots[n]
		units := nonconforming(l)
		l.NcCritical, l.NcMajor, l.NcMinor = units[models.Critical], units[models.Major], units[models.Minor]
		j := Judge(*l, needsQuantity(i.Kind))
		l.Judgement, l.Verdict = &j, j.Verdict
		i.Verdict = worse(i.Verdict, j.Verdict)
	}
}

// needsQuantity: goods are counted where they are about to leave.
func needsQuantity(k models.InspectionKind) bool {
	return k == models.PreShipment || k == models.ReInspection || k == models.ContainerLoading
}

// worse keeps the graver verdict: not accepted before pending before accepted.
func worse(a, b models.Verdict) models.Verdict {
	rank := map[models.Verdict]int{models.Accepted: 0, models.Pending: 1, models.NotAccepted: 2}
	if rank[b] > rank[a] {
		return b
	}
	return a
}

// Judge computes the verdict on one lot from its record, plan and snapshot, with
// a reason for each part. It is pure. A class is judged by its nonconforming
// units, or by its defects where they count per 100 units; a characteristic by
// its readings outside the limits and by their mean.
func Judge(l models.InspectionLot, quantity bool) models.Judgement {
	j := models.Judgement{Verdict: models.Accepted, Classes: []models.ClassJudgement{}, Characteristics: []models.CharacteristicJudgement{}, Sections: []models.SectionJudgement{}}
	units := nonconforming(&l)
	for _, p := range l.Plan.Classes {
		c := judgeClass(l, p, units[p.Class])
		j.Classes = append(j.Classes, c)
		j.Verdict = worse(j.Verdict, c.Verdict)
	}
	for _, c := range l.Snapshot.Characteristics {
		r := judgeCharacteristic(l, c, characteristicPlanOf(l.Plan, c.Code))
		j.Characteristics = append(j.Characteristics, r)
		if !c.Optional || r.Verdict == models.NotAccepted {
			j.Verdict = worse(j.Verdict, r.Verdict)
		}
	}
	for _, s := range judgeSections(l, quantity) {
		j.Sections = append(j.Sections, s)
		j.Verdict = worse(j.Verdict, s.Verdict)
	}
	return j
}

var classRank = map[models.DefectClass]int{models.Critical: 0, models.Major: 1, models.Minor: 2}

// nonconforming counts the nonconforming units by their worst class: a unit
// with several defects (unit_overlap) counts once.
func nonconforming(l *models.InspectionLot) map[models.DefectClass]int {
	units := map[models.DefectClass]int{}
	class := map[string]models.DefectClass{}
	for _, f := range l.Findings {
		units[f.Class] += f.Units
		class[f.Defect] = f.Class
	}
	for _, o := range l.Overlaps {
		worst, known := models.DefectClass(""), false
		for _, code := range o.Defects {
			c, ok := class[code]
			if !ok {
				continue
			}
			units[c]--
			if !known || classRank[c] < classRank[worst] {
				worst, known = c, true
			}
		}
		if known {
			units[worst]++
		}
	}
	return units
}

func judgeClass(l models.InspectionLot, p models.ClassPlan, units int) models.ClassJudgement {
	c := models.ClassJudgement{Class: p.Class, Units: units, Found: units, Examined: l.UnitsExamined, Ac: p.Ac, Re: p.Re}
	if p.Per100 {
		c.Found = 0
		for _, f := range l.Findings {
			if f.Class == p.Class {
				c.Found += f.Defects
			}
		}
	}
	if c.Examined != nil {
		n := min(*c.Examined, p.SampleSize)
		c.Examined = &n
	}
	plan := sampling.Plan{SampleSize: p.SampleSize, Ac: p.Ac, Re: p.Re}
	switch {
	case !plan.Accepts(c.Found):
		c.Verdict, c.Reason = models.NotAccepted, models.Say("%d found, rejection number %d.", "发现 %d，拒收数 %d。", c.Found, p.Re)
	case c.Examined == nil:
		c.Verdict, c.Reason = models.Pending, models.Say("Not checked: the number of units examined is missing.", "未检验：缺少检验件数。")
	case *c.Examined < p.SampleSize:
		c.Verdict, c.Reason = models.Pending, models.Say("Only %d of %d units examined.", "仅检验 %d 件，应检 %d 件。", *c.Examined, p.SampleSize)
	case plan.Gap(c.Found):
		c.Verdict, c.Reason = models.Accepted, models.Say("%d found, between acceptance number %d and rejection number %d: this lot is accepted, normal inspection follows.",
			"发现 %d，介于接收数 %d 与拒收数 %d 之间：本批接收，此后恢复正常检验。", c.Found, p.Ac, p.Re)
	default:
		c.Verdict, c.Reason = models.Accepted, models.Say("%d found in %d, acceptance number %d.", "%[2]d 件中发现 %[1]d，接收数 %[3]d。", c.Found, p.SampleSize, p.Ac)
	}
	return c
}

func judgeCharacteristic(l models.InspectionLot, c models.Characteristic, p models.CharacteristicPlan) models.CharacteristicJudgement {
	r := models.CharacteristicJudgement{Code: c.Code, SampleSize: p.SampleSize, Ac: p.Ac}
	check, ticked := checkOf(l, c.Code)
	if ticked && (check.Result == models.NotPossible || check.Result == models.NotApplicable) {
		r.Verdict, r.Reason = models.Pending, models.Say("Could not be checked: %s", "无法检验：%s", check.Remark)
		if check.Result == models.NotApplicable {
			r.Verdict, r.Reason = models.Accepted, models.Say("Not applicable: %s", "不适用：%s", check.Remark)
		}
		return r
	}
	if c.Kind == "attribute" {
		return judgeAttribute(r, p, check)
	}
	readings := readingsOf(l, c.Code)
	r.Readings = len(readings)
	for _, d := range readings {
		if outside(d, c.Lower, c.Upper) {
			r.OutOfLimits++
		}
		if !r.Min.IsSet() || d.Cmp(r.Min) < 0 {
			r.Min = d
		}
		if !r.Max.IsSet() || d.Cmp(r.Max) > 0 {
			r.Max = d
		}
	}
	judgeReadings(&r, c, p, readings)
	return r
}

// judgeReadings holds single readings against Ac and the mean against its own limits.
func judgeReadings(r *models.CharacteristicJudgement, c models.Characteristic, p models.CharacteristicPlan, readings []models.Decimal) {
	if len(readings) > 0 {
		mean := meanOf(readings)
		f := mean.InexactFloat64()
		r.Mean, r.MeanText = &f, mean.StringFixed(int32(c.Decimals+1))
	}
	switch {
	case r.OutOfLimits > p.Ac:
		r.Verdict, r.Reason = models.NotAccepted, models.Say("%d of %d readings outside the limits, acceptance number %d.", "%[2]d 个读数中 %[1]d 个超出限值，接收数 %[3]d。", r.OutOfLimits, len(readings), p.Ac)
	case len(readings) == 0:
		r.Verdict, r.Reason = models.Pending, models.Say("Not checked.", "未检验。")
	case len(readings) < p.SampleSize:
		r.Verdict, r.Reason = models.Pending, models.Say("Only %d of %d readings.", "仅有 %d 个读数，应有 %d 个。", len(readings), p.SampleSize)
	case meanOutside(readings, c):
		r.Verdict, r.Reason = models.NotAccepted, models.Say("The mean %s is outside its limit.", "平均值 %s 超出限值。", r.MeanText)
	default:
		r.Verdict, r.Reason = models.Accepted, models.Say("%d of %d readings outside the limits, acceptance number %d.", "%[2]d 个读数中 %[1]d 个超出限值，接收数 %[3]d。", r.OutOfLimits, len(readings), p.Ac)
	}
}

func judgeAttribute(r models.CharacteristicJudgement, p models.CharacteristicPlan, check models.Check) models.CharacteristicJudgement {
	if check.Nonconforming != nil {
		r.OutOfLimits = *check.Nonconforming
	}
	if check.Examined != nil {
		r.Readings = *check.Examined
	}
	switch {
	case r.OutOfLimits > p.Ac, check.Result == models.CheckNotOK && check.Nonconforming == nil:
		r.Verdict, r.Reason = models.NotAccepted, models.Say("%d nonconforming, acceptance number %d.", "不合格 %d，接收数 %d。", max(r.OutOfLimits, 1), p.Ac)
	case check.Result == "" || check.Result == models.NotChecked:
		r.Verdict, r.Reason = models.Pending, models.Say("Not checked.", "未检验。")
	case check.Examined != nil && *check.Examined < p.SampleSize:
		r.Verdict, r.Reason = models.Pending, models.Say("Only %d of %d units examined.", "仅检验 %d 件，应检 %d 件。", *check.Examined, p.SampleSize)
	default:
		r.Verdict, r.Reason = models.Accepted, models.Say("Conforms.", "符合。")
	}
	return r
}

// outside reports whether a value lies beyond a limit that is set; on the limit is inside.
func outside(d, lower, upper models.Decimal) bool {
	return lower.IsSet() && d.Cmp(lower) < 0 || upper.IsSet() && d.Cmp(upper) > 0
}

// meanOf is the mean to 15 decimals, for display.
func meanOf(readings []models.Decimal) decimal.Decimal {
	return total(readings).DivRound(decimal.NewFromInt(int64(len(readings))), 15)
}

func total(readings []models.Decimal) decimal.Decimal {
	sum := decimal.Zero
	for _, d := range readings {
		sum = sum.Add(d.Exact())
	}
	return sum
}

// meanOutside compares sums, not rounded means: Σ readings against limit × n.
func meanOutside(readings []models.Decimal, c models.Characteristic) bool {
	if !c.MeanLower.IsSet() && !c.MeanUpper.IsSet() {
		return false
	}
	sum, n := total(readings), decimal.NewFromInt(int64(len(readings)))
	return c.MeanLower.IsSet() && sum.LessThan(c.MeanLower.Exact().Mul(n)) ||
		c.MeanUpper.IsSet() && sum.GreaterThan(c.MeanUpper.Exact().Mul(n))
}

func readingsOf(l models.InspectionLot, code string) []models.Decimal {
	for _, m := range l.Measurements {
		if m.Characteristic == code {
			return m.Readings
		}
	}
	return nil
}

func checkOf(l models.InspectionLot, code string) (models.Check, bool) {
	for _, c := range l.Checks {
		if c.Code == code {
			return c, true
		}
	}
	return models.Check{}, false
}
