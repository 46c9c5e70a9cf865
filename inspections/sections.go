package inspections

import "recourse/models"

// judgeSections judges the quantity and the ticked sections: those the standard
// asks for, and any other that was ticked.
func judgeSections(l models.InspectionLot, quantity bool) []models.SectionJudgement {
	var out []models.SectionJudgement
	asked := map[string]bool{}
	for _, item := range l.Snapshot.Checks {
		asked[item.Code] = true
		c, _ := checkOf(l, item.Code)
		s := judgeCheck(c)
		s.Code, s.Section = item.Code, item.Section
		if item.Optional && s.Verdict == models.Pending {
			s.Verdict = models.Accepted
		}
		out = append(out, s)
	}
	for _, c := range l.Checks {
		if _, characteristic := l.Snapshot.Characteristic(c.Code); asked[c.Code] || characteristic || c.Result == models.NotChecked {
			continue
		}
		s := judgeCheck(c)
		s.Code, s.Section = c.Code, c.Code
		out = append(out, s)
	}
	if _, ticked := checkOf(l, "quantity"); quantity && !ticked {
		out = append(out, judgeQuantity(l))
	}
	return out
}

func judgeCheck(c models.Check) models.SectionJudgement {
	switch c.Result {
	case models.CheckOK:
		return models.SectionJudgement{Verdict: models.Accepted, Reason: models.Say("Conforms.", "符合。")}
	case models.CheckNotOK:
		return models.SectionJudgement{Verdict: models.NotAccepted, Reason: models.Say("Does not conform: %s", "不符合：%s", c.Remark)}
	case models.NotApplicable:
		return models.SectionJudgement{Verdict: models.Accepted, Reason: models.Say("Not applicable: %s", "不适用：%s", c.Remark)}
	case models.NotPossible:
		return models.SectionJudgement{Verdict: models.Pending, Reason: models.Say("Could not be checked: %s", "无法检验：%s", c.Remark)}
	}
	return models.SectionJudgement{Verdict: models.Pending, Reason: models.Say("Not checked.", "未检验。")}
}

// judgeQuantity asks only that the goods were counted: whether the count fits the
// contract line was checked when it was entered, and a part delivery is no defect.
func judgeQuantity(l models.InspectionLot) models.SectionJudgement {
	s := models.SectionJudgement{Code: "quantity", Section: "quantity"}
	if l.QuantityPresented == nil {
		s.Verdict, s.Reason = models.Pending, models.Say("Not counted.", "未清点。")
		return s
	}
	s.Verdict, s.Reason = models.Accepted, models.Say("%s presented, within the contract line.", "待验 %s，在合同行允许范围内。", *l.QuantityPresented)
	return s
}

// unchecked lists what nobody looked at and nobody explained: it blocks submission.
func unchecked(l models.InspectionLot) []models.Text {
	var missing []models.Text
	for _, c := range l.Judgement.Classes {
		if c.Verdict == models.Pending {
			missing = append(missing, models.Say("%s defects: %s", "%[3]s缺陷：%[4]s", c.Class, c.Reason.EN, classZH[c.Class], c.Reason.ZH))
		}
	}
	explained := func(code string) bool {
		c, _ := checkOf(l, code)
		return c.Result == models.NotPossible
	}
	for _, r := range l.Judgement.Characteristics {
		c, _ := l.Snapshot.Characteristic(r.Code)
		if r.Verdict == models.Pending && !c.Optional && !explained(r.Code) {
			missing = append(missing, models.Say("%s: %s", "%[1]s：%[3]s", r.Code, r.Reason.EN, r.Reason.ZH))
		}
	}
	for _, s := range l.Judgement.Sections {
		if s.Verdict == models.Pending && !explained(s.Code) {
			missing = append(missing, models.Say("%s: %s", "%[1]s：%[3]s", s.Code, s.Reason.EN, s.Reason.ZH))
		}
	}
	return missing
}
