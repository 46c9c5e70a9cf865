package inspections

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"recourse/models"
	"recourse/sampling"
)

// Series names the lots that one severity is computed from.
type Series struct {
	SupplierID   models.ID
	ProductID    models.ID
	StandardCode string
}

// InForceSeverity is the severity that the next lot of a class is inspected by.
type InForceSeverity struct {
	Severity sampling.Severity
	Why      models.Text
	resumed  bool
}

// Force is the severity in force per defect class.
type Force map[models.DefectClass]InForceSeverity

// InForce recomputes the severities of a series from the history of its
// original inspections, in the order of their visits (ISO 2859-1:1999, 9.3).
// Only classes sampled by AQL have one.
func InForce(ctx context.Context, tx *gorm.DB, s Series, rules models.SamplingRules) (Force, error) {
	history, err := originals(ctx, tx, s)
	if err != nil {
		return nil, err
	}
	force := Force{}
	for _, c := range rules.Classes {
		if c.Rule != models.RuleAQL {
			continue
		}
		if force[c.Class], err = foldClass(rules, c, history); err != nil {
			return nil, err
		}
	}
	return force, nil
}

// originals are the judged lots of the series: original inspections in their
// newest revision, oldest first.
func originals(ctx context.Context, tx *gorm.DB, s Series) ([]models.InspectionLot, error) {
	var lots []models.InspectionLot
	err := tx.WithContext(ctx).Model(&models.InspectionLot{}).
		Select("inspection_lots.plan, inspection_lots.judgement, inspection_lots.verdict").
		Joins("JOIN inspections ON inspections.id = inspection_lots.inspection_id").
		Where("inspection_lots.supplier_id = ? AND inspection_lots.product_id = ? AND inspection_lots.standard_code = ?", s.SupplierID, s.ProductID, s.StandardCode).
		Where("inspections.chain_no = 0 AND inspections.superseded_by_id IS NULL AND inspections.state IN ?", []models.InspectionState{models.Submitted, models.Final}).
		Where("inspections.kind = ?", models.PreShipment).
		Order("inspection_lots.inspected_on, inspections.submitted_at, inspection_lots.position").Find(&lots).Error
	return lots, err
}

func foldClass(rules models.SamplingRules, c models.ClassRule, history []models.InspectionLot) (InForceSeverity, error) {
	r := sampling.Rules{Scheme: sampling.Scheme(rules.Scheme), Level: sampling.Level(level(rules, c.Level)), AQL: sampling.AQL(c.AQL)}
	state := sampling.State{}
	now := InForceSeverity{Severity: sampling.Normal, Why: models.Text{EN: "Normal inspection: the series starts.", ZH: "正常检验：系列开始。"}}
	for _, past := range history {
		lot, counted := seriesLot(past, c)
		if !counted {
			continue
		}
		next, outcome, err := r.Step(state, lot)
		if err != nil {
			return now, fmt.Errorf("severity of class %s: %w", c.Class, planError(err))
		}
		state = next
		now.Severity = outcome.Next
		now.Why = models.Text{EN: outcome.Reason.Text("en"), ZH: outcome.Reason.Text("zh")}
	}
	return now, nil
}

// seriesLot is a past lot as its class's series sees it; a lot whose class was
// not sampled by the same AQL, or not judged, doesn't count.
func seriesLot(past models.InspectionLot, c models.ClassRule) (sampling.Lot, bool) {
	if past.Judgement == nil {
		return sampling.Lot{}, false
	}
	aql, err := sampling.ParseAQL(c.AQL)
	if err != nil {
		return sampling.Lot{}, false
	}
	for n, p := range past.Plan.Classes {
		if p.Class != c.Class || p.Rule != models.RuleAQL || p.AQL != string(aql) || n >= len(past.Judgement.Classes) {
			continue
		}
		j := past.Judgement.Classes[n]
		if j.Class != c.Class || j.Verdict == models.Pending {
			return sampling.Lot{}, false
		}
		used := sampling.Plan{CodeLetter: p.CodeLetter, PlanLetter: p.PlanLetter, SampleSize: p.SampleSize, Ac: p.Ac, Re: p.Re, InspectAll: p.InspectAll}
		return sampling.Lot{Size: past.Plan.LotSize, Found: j.Found, Original: true, Steady: true, Resume: p.Resumed, Plan: &used}, true
	}
	return sampling.Lot{}, false
}

// blocked refuses a plan where inspection is discontinued.
func (f Force) blocked() error {
	for _, class := range models.DefectClasses {
		if s := f[class]; s.Severity == sampling.Discontinued {
			return models.Conflict("resume", "Sampling of these goods is discontinued for %[1]s defects: %[3]s Name the accepted corrective action in «resume» to go on at tightened inspection.",
				"此商品的%[2]s缺陷抽样检验已暂停：%[4]s 请在 resume 中注明已接受的纠正措施，方可按加严检验恢复。",
				class, classZH[class], s.Why.EN, s.Why.ZH)
		}
	}
	return nil
}

var classZH = map[models.DefectClass]string{models.Critical: "致命", models.Major: "主要", models.Minor: "次要"}

// resumed is the force after a corrective action was accepted: discontinued
// classes go on at tightened inspection (ISO 2859-1:1999, 9.4).
func (f Force) resumed(action string) Force {
	if action == "" {
		return f
	}
	out := Force{}
	for class, s := range f {
		if s.Severity == sampling.Discontinued {
			s = InForceSeverity{
				Severity: sampling.Tightened, resumed: true,
				Why: models.Text{EN: "Tightened inspection resumed after corrective action: " + action, ZH: "纠正措施被接受后恢复加严检验：" + action},
			}
		}
		out[class] = s
	}
	return out
}
