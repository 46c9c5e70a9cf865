package inspections

import (
	"recourse/models"
	"recourse/sampling"
)

// planFor computes the samples of every class and characteristic of a snapshot
// for a lot of that many units, by the severities in force. It is pure.
func planFor(content models.StandardContent, lotSize int, force Force) (models.Plan, error) {
	rules := content.Sampling
	p := models.Plan{Scheme: rules.Scheme, LotSize: lotSize, Classes: []models.ClassPlan{}, Characteristics: []models.CharacteristicPlan{}}
	letter, err := sampling.CodeLetter(lotSize, sampling.Level(rules.Level))
	if err != nil {
		return p, planError(err)
	}
	p.CodeLetter = letter
	if p.Classes, err = classPlans(rules, lotSize, force); err != nil {
		return p, planError(err)
	}
	for _, c := range p.Classes {
		p.Units = max(p.Units, c.SampleSize)
	}
	for _, c := range content.Characteristics {
		plan, err := characteristicPlan(rules, c, p, force)
		if err != nil {
			return p, models.At("characteristics."+c.Code, planError(err))
		}
		p.Characteristics = append(p.Characteristics, plan)
		p.Units = max(p.Units, plan.SampleSize)
	}
	return p, nil
}

// classPlans gives each class its own sample, or all AQL classes a common one;
// classes of which nothing is allowed come last, over the whole sample of the others.
func classPlans(rules models.SamplingRules, lotSize int, force Force) ([]models.ClassPlan, error) {
	plans, risks := make([]sampling.Plan, len(rules.Classes)), make([]sampling.LQPlan, len(rules.Classes))
	var asked []sampling.PlanRequest
	for n, c := range rules.Classes {
		var err error
		limit := force[c.Class].limiting
		switch {
		case c.Rule == models.RuleAQL && limit != nil:
			plans[n], risks[n], err = limit.plan(lotSize, c.AQL)
		case c.Rule == models.RuleAQL:
			r := request(rules, lotSize, c.Level, c.AQL, force[c.Class].Severity)
			asked = append(asked, r)
			plans[n], err = sampling.PlanFor(r)
		case c.Rule == models.RuleFixed:
			plans[n], err = sampling.FixedPlan(lotSize, c.SampleSize, c.Ac)
		case c.Rule == models.RuleAll:
			plans[n], err = sampling.EveryUnit(lotSize, c.Ac)
		}
		if err != nil {
			return nil, err
		}
	}
	if rules.CommonN && len(asked) > 1 {
		common, err := sampling.CommonPlans(asked)
		if err != nil {
			return nil, err
		}
		for n, c := range rules.Classes {
			if c.Rule == models.RuleAQL && force[c.Class].limiting == nil {
				plans[n], common = common[0], common[1:]
			}
		}
	}
	var others []sampling.Plan
	for n, c := range rules.Classes {
		if c.Rule != models.RuleNotAllowed {
			others = append(others, plans[n])
		}
	}
	out := make([]models.ClassPlan, len(rules.Classes))
	for n, c := range rules.Classes {
		if c.Rule == models.RuleNotAllowed {
			var err error
			if plans[n], err = sampling.NotAllowed(lotSize, others...); err != nil {
				return nil, err
			}
		}
		out[n] = classPlan(rules, c, plans[n], force[c.Class])
		out[n].ConsumerRisk = risks[n].PAccept
		if risks[n].ProducerRisk != nil {
			out[n].ProducerRisk = *risks[n].ProducerRisk
		}
	}
	return out, nil
}

func classPlan(rules models.SamplingRules, c models.ClassRule, p sampling.Plan, force InForceSeverity) models.ClassPlan {
	out := models.ClassPlan{
		Class: c.Class, Rule: c.Rule, SampleSize: p.SampleSize, Ac: p.Ac, Re: p.Re, InspectAll: p.InspectAll,
		CodeLetter: p.CodeLetter, PlanLetter: p.PlanLetter,
	}
	switch {
	case c.Rule == models.RuleAQL && force.limiting != nil:
		out.Rule, out.LimitingQuality, out.Why = models.RuleFixed, force.limiting.quality, force.limiting.why
	case c.Rule == models.RuleAQL:
		aql, _ := sampling.ParseAQL(c.AQL) // the plan was read with it
		out.AQL, out.Per100, out.Level = string(aql), aql.Per100(), level(rules, c.Level)
		out.Severity, out.Why = string(force.Severity), force.Why
	}
	return out
}

// characteristicPlan is the sample of one characteristic: fixed, every unit, or
// by its own level and AQL at its class's severity.
func characteristicPlan(rules models.SamplingRules, c models.Characteristic, p models.Plan, force Force) (models.CharacteristicPlan, error) {
	out := models.CharacteristicPlan{Code: c.Code}
	class, _ := rules.Class(c.Class)
	aql := c.AQL
	if aql == "" && class.Rule == models.RuleAQL {
		aql = class.AQL
	}
	var plan sampling.Plan
	var err error
	switch {
	case c.All:
		plan, err = sampling.EveryUnit(p.LotSize, c.Ac)
	case c.SampleSize > 0:
		plan, err = sampling.FixedPlan(p.LotSize, c.SampleSize, c.Ac)
	case aql != "":
		lvl := c.Level
		if lvl == "" {
			lvl = class.Level
		}
		r := request(rules, p.LotSize, lvl, aql, force[c.Class].Severity)
		plan, err = sampling.PlanFor(r)
		if a, aqlErr := sampling.ParseAQL(aql); aqlErr == nil {
			out.AQL = string(a)
		}
		out.Level, out.Severity = string(r.Level), string(r.Severity)
	default:
		// Nothing is allowed in this class: c = 0 over the sample that its class has.
		for _, k := range p.Classes {
			if k.Class == c.Class {
				plan, err = sampling.FixedPlan(p.LotSize, k.SampleSize, 0)
			}
		}
	}
	out.CodeLetter, out.PlanLetter, out.SampleSize = plan.CodeLetter, plan.PlanLetter, plan.SampleSize
	out.Ac, out.Re, out.InspectAll = plan.Ac, plan.Re, plan.InspectAll
	return out, err
}

func request(rules models.SamplingRules, lotSize int, lvl, aql string, severity sampling.Severity) sampling.PlanRequest {
	if severity == "" {
		severity = sampling.Normal
	}
	return sampling.PlanRequest{
		Scheme: sampling.Scheme(rules.Scheme), Lot: lotSize, Level: sampling.Level(level(rules, lvl)), AQL: sampling.AQL(aql), Severity: severity,
	}
}

func level(rules models.SamplingRules, own string) string {
	if own != "" {
		return own
	}
	return rules.Level
}
