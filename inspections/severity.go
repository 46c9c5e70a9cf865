package inspections

import (
	"context"

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
	limiting *limiting // in place of the AQL's plan
}

// Force is the severity in force per defect class.
type Force map[models.DefectClass]InForceSeverity

// InForce recomputes the severities of a series from the history of its
// original inspections, in the order of their visits (ISO 2859-1:1999, 9.3), and
// from what people ruled in between. Only classes sampled by AQL have one.
func InForce(ctx context.Context, tx *gorm.DB, s Series, rules models.SamplingRules) (Force, error) {
	h, err := s.read(ctx, tx)
	if err != nil {
		return nil, err
	}
	return h.inForce(rules)
}

func (h history) inForce(rules models.SamplingRules) (Force, error) {
	force := Force{}
	for _, c := range rules.Classes {
		if c.Rule != models.RuleAQL {
			continue
		}
		f, err := fold(rules, c, h)
		if err != nil {
			return nil, err
		}
		force[c.Class] = f.inForce(h.measure)
	}
	return force, nil
}

// tightening is the confirmed measure by which a supplier's goods are inspected
// at least at tightened; nil where there is none.
func tightening(ctx context.Context, tx *gorm.DB, supplier models.ID) (*models.SupplierMeasure, error) {
	rows, err := gorm.G[models.SupplierMeasure](tx).Where("supplier_id = ? AND kind = ? AND lifted_at IS NULL", supplier, "tightened").Order("confirmed_at").Limit(1).Find(ctx)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}

// blocked refuses a plan where inspection is discontinued.
func (f Force) blocked() error {
	for _, class := range models.DefectClasses {
		if s := f[class]; s.Severity == sampling.Discontinued {
			return models.Conflict("severity", "Sampling of these goods is discontinued for %[1]s defects: %[3]s. Ask the supplier for a corrective action; when it is accepted, purchasing rules «resume» at /severity/rulings, and inspection goes on at tightened.",
				"此商品的%[2]s缺陷抽样检验已暂停：%[4]s。请要求供应商采取纠正措施；措施被认可后，由采购在 /severity/rulings 作出“resume”裁定，即按加严检验恢复。",
				class, classZH[class], s.Why.EN, s.Why.ZH)
		}
	}
	return nil
}

var classZH = map[models.DefectClass]string{models.Critical: "致命", models.Major: "主要", models.Minor: "次要", "": "各级"}

// limiting asks for plans by limiting quality: a lot with that many per cent
// nonconforming is accepted with at most 10 %, at the acceptance number ac.
type limiting struct {
	quality models.Decimal
	ac      int
	why     models.Text
}

// consumersRisk is the chance at which goods of the limiting quality may still be accepted (ISO 2859-2).
const consumersRisk = 0.10

// plan is the smallest sample of a lot for the limiting quality, with both
// risks; good is the AQL in per cent. In a small lot an acceptance number that
// even 100 % inspection can't reject gives way to the largest that it can.
func (q limiting) plan(lotSize int, good string) (sampling.Plan, sampling.LQPlan, error) {
	plans, err := offered(lotSize, q.quality, good)
	if err != nil {
		return sampling.Plan{}, sampling.LQPlan{}, err
	}
	chosen := plans[min(q.ac, len(plans)-1)]
	p, err := sampling.FixedPlan(lotSize, chosen.N, chosen.C)
	return p, chosen, err
}

// offered are the plans of a lot for a limiting quality, by acceptance number from 0.
func offered(lotSize int, quality models.Decimal, good string) ([]sampling.LQPlan, error) {
	aql, err := models.ParseDecimal("aql", good)
	if err != nil {
		return nil, err
	}
	at := aql.Exact().InexactFloat64()
	return sampling.LQPlans(sampling.LQRequest{Lot: lotSize, LimitingQuality: quality.Exact().InexactFloat64(), Risk: consumersRisk, Good: &at})
}
