package inspections

import (
	"fmt"

	"recourse/models"
	"recourse/sampling"
)

// classFold is one class of a series while its history is folded: the state of
// the switching rules, what purchasing's rulings say at that point, and how it
// came to be so.
type classFold struct {
	class   models.DefectClass
	rules   sampling.Rules
	state   sampling.State
	why     models.Text
	lots    []*pastLot // counted and resubmitted to Step, so that number n of a Reason is lots[n-1]
	changes []switched
	active  []models.SeverityRuling // not withdrawn so far, oldest first
}

// switched is one switch of the computed severity, with the lots or the ruling that caused it.
type switched struct {
	from, to sampling.Severity
	reason   sampling.Reason
	after    *pastLot // the last lot before it; nil at the start of the series
	ruling   *models.SeverityRuling
}

// fold computes the severity of a class from the history of its series (ISO
// 2859-1:1999, 9.3; Z1.4, 8.3). It is pure. A lot counts when it was sampled by
// the class's present AQL; rulings take effect where they stand between the lots.
func fold(rules models.SamplingRules, c models.ClassRule, h history) (*classFold, error) {
	aql, err := sampling.ParseAQL(c.AQL)
	if err != nil {
		return nil, planError(err)
	}
	f := &classFold{
		class: c.Class,
		rules: sampling.Rules{Scheme: sampling.Scheme(rules.Scheme), Level: sampling.Level(level(rules, c.Level)), AQL: aql},
		state: sampling.State{Severity: sampling.Normal},
		why:   models.Text{EN: "Normal inspection: the series starts.", ZH: "正常检验：系列开始。"},
	}
	rulings := h.rulings
	for n := range h.lots {
		lot := &h.lots[n]
		if lot.Class != c.Class || lot.AQL != string(aql) {
			continue
		}
		for len(rulings) > 0 && before(rulings[0], lot) {
			f.rule(rulings[0], c.Class)
			rulings = rulings[1:]
		}
		if err := f.step(lot); err != nil {
			return nil, fmt.Errorf("severity of class %s: %w", c.Class, planError(err))
		}
	}
	for _, r := range rulings {
		f.rule(r, c.Class)
	}
	return f, nil
}

// before reports whether a ruling takes effect before a lot: it was ruled before
// the day of the visit, or on that day before the record was submitted.
func before(r models.SeverityRuling, lot *pastLot) bool {
	if r.EffectiveOn != lot.InspectedOn {
		return r.EffectiveOn < lot.InspectedOn
	}
	return r.RuledAt.Before(lot.SubmittedAt)
}

func (f *classFold) step(past *pastLot) error {
	used := sampling.Plan{CodeLetter: past.CodeLetter, PlanLetter: past.PlanLetter, SampleSize: past.SampleSize, Ac: past.Ac, Re: past.Re, InspectAll: past.InspectAll}
	from := f.state.Severity
	next, line, err := f.rules.Step(f.state, sampling.Lot{
		Size: past.LotSize, Found: past.Found, Original: true, Steady: f.ruling(models.RuleIrregular) == nil, Approved: f.ruling(models.RuleReduced) != nil,
		Plan: &used, Used: sampling.Severity(past.Severity),
	})
	if err != nil {
		return err
	}
	f.state, f.lots = next, append(f.lots, past)
	f.settle(from, line.Reason, nil)
	return nil
}

// settle notes a reason, and the change where the severity is another than before.
func (f *classFold) settle(from sampling.Severity, why sampling.Reason, by *models.SeverityRuling) {
	f.why = models.Text{EN: why.Text("en"), ZH: why.Text("zh")}
	if f.state.Severity == from {
		return
	}
	c := switched{from: from, to: f.state.Severity, reason: why, ruling: by}
	if n := len(f.lots); n > 0 {
		c.after = f.lots[n-1]
	}
	f.changes = append(f.changes, c)
}

// rule applies a ruling about the class, or about every class.
func (f *classFold) rule(r models.SeverityRuling, class models.DefectClass) {
	if r.Class != "" && r.Class != class {
		return
	}
	from := f.state.Severity
	next, why, changed := f.state, sampling.Reason{}, false
	switch r.Kind {
	case models.RuleResume:
		next, why, changed = f.rules.Resume(f.state)
		why.EN, why.ZH = why.EN+": "+r.Reason, why.ZH+"："+r.Reason
	case models.RuleWithdraw:
		f.withdraw(r)
	default:
		f.active = append(f.active, r)
	}
	if r.Kind != models.RuleResume {
		next, why, changed = f.rules.Ruled(f.state, f.ruling(models.RuleIrregular) == nil, f.ruling(models.RuleReduced) != nil)
	}
	if changed {
		f.state = next
		f.settle(from, why, &r)
	}
}

func (f *classFold) withdraw(by models.SeverityRuling) {
	var kept []models.SeverityRuling
	for _, r := range f.active {
		if by.WithdrawsID == nil || r.ID != *by.WithdrawsID {
			kept = append(kept, r)
		}
	}
	f.active = kept
}

// ruling is the newest ruling of a kind in force, or nil.
func (f *classFold) ruling(kind models.RulingKind) *models.SeverityRuling {
	for n := len(f.active) - 1; n >= 0; n-- {
		if f.active[n].Kind == kind {
			return &f.active[n]
		}
	}
	return nil
}

// inForce is the severity that the next lot is inspected by: the computed one,
// in its place one set by hand, and under a supplier's measure at least
// tightened. A discontinued series stays so, whatever was set.
func (f *classFold) inForce(m *models.SupplierMeasure) InForceSeverity {
	now := InForceSeverity{Severity: f.state.Severity, Why: f.why}
	if now.Severity == sampling.Discontinued {
		return now
	}
	if r := f.ruling(models.RuleOverride); r != nil {
		now = InForceSeverity{Severity: sampling.Severity(r.Severity), Why: models.Say(
			"Set to %[1]s by hand by %[2]s on %[3]s: %[4]s (computed: %[5]s)", "%[3]s 由%[2]s人工设为%[6]s：%[4]s（计算结果：%[7]s）",
			r.Severity, r.RuledByName, r.EffectiveOn, r.Reason, f.state.Severity.Text("en"),
			sampling.Severity(r.Severity).Text("zh"), f.state.Severity.Text("zh"))}
	}
	if m != nil && (now.Severity == sampling.Normal || now.Severity == sampling.Reduced) {
		now = InForceSeverity{Severity: sampling.Tightened, Why: models.Say(
			"Tightened for all goods of this supplier since %[1]s: %[2]s (otherwise %[3]s)", "自 %[1]s 起该供应商全部商品加严检验：%[2]s（否则为%[4]s）",
			models.DateOf(m.ConfirmedAt), m.Reason, now.Severity.Text("en"), now.Severity.Text("zh"))}
	}
	if r := f.ruling(models.RuleLimiting); r != nil {
		now.limiting = &limiting{quality: r.LimitingQuality, ac: *r.Ac, why: models.Say(
			"By limiting quality %[1]s %% as %[2]s ruled on %[3]s: %[4]s", "%[3]s 由%[2]s裁定按极限质量 %[1]s %% 抽样：%[4]s", r.LimitingQuality, r.RuledByName, r.EffectiveOn, r.Reason)}
	}
	return now
}
