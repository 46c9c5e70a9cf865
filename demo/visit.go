package demo

import (
	"strings"
	"time"

	"recourse/inspections"
	"recourse/models"
)

// arrange enters the lots and plans the visit that decides about them.
func (d *deal) arrange(at, visit time.Time) error {
	if d.lots == nil {
		if err := d.enterLots(at); err != nil {
			return err
		}
	}
	i, stopped, err := d.plan(at, inspections.PlanInput{Kind: models.PreShipment, PlannedOn: models.DateOf(visit), Lots: ids(d.lots)})
	if err != nil {
		return err
	}
	if stopped {
		return d.resumed(at, func(at time.Time) error { return d.arrange(at, after(d.dayOf(at), 2)) })
	}
	switch {
	case d.stage == stagePlanned:
		return nil
	case d.aborts:
		d.aborts = false
		d.later(d.clock(visit, 10, 0), func(at time.Time) error {
			_, err := inspections.Abort(d.ctx, d.tx, d.as(d.supplier.Inspector, at), i.ID, i.Version, d.aborted())
			again := after(visit, 8)
			d.later(d.clock(after(visit, 1), 11, 0), func(at time.Time) error { return d.arrange(at, again) })
			return err
		})
		return nil
	case d.stage == stageInProgress:
		d.later(d.now.Add(-50*time.Minute), func(at time.Time) error { return d.record(at, i, 1) })
		return nil
	}
	d.visitOn(visit, i, 1)
	return nil
}

// aborted says why a visit came to nothing: mostly, the factory was not ready.
func (d *deal) aborted() inspections.AbortInput {
	if d.rng.Float64() < .15 {
		return inspections.AbortInput{Reason: pick(d.rng, roadClosed...), Blame: models.PartyOther}
	}
	return inspections.AbortInput{Reason: pick(d.rng, notReady...), Blame: models.PartySupplier}
}

// visitOn notes a visit on a day. quality multiplies the share of nonconforming units.
func (d *deal) visitOn(visit time.Time, i *models.Inspection, quality float64) {
	d.later(d.clock(visit, 14, 0), func(at time.Time) error { return d.record(at, i, quality) })
	d.later(d.clock(visit, 16, 0), func(at time.Time) error { return d.submit(at, i) })
	if d.stage == stageFinal {
		d.later(d.clock(after(visit, 1), 9, 30), func(at time.Time) error { return d.decide(at, i) })
	}
}

// visitEarly looks at the goods during production; a bad result is a warning in time.
func (d *deal) visitEarly(at time.Time) error {
	if err := d.enterLots(at); err != nil {
		return err
	}
	visit := after(d.visit, -10)
	i, stopped, err := d.plan(at, inspections.PlanInput{Kind: models.DuringProduction, PlannedOn: models.DateOf(visit), Lots: ids(d.lots[:1])})
	if err != nil || stopped {
		return err
	}
	d.later(d.clock(visit, 13, 0), func(at time.Time) error { return d.record(at, i, 1.4) })
	d.later(d.clock(visit, 15, 0), func(at time.Time) error { return d.submit(at, i) })
	d.later(d.clock(after(visit, 1), 9, 0), func(at time.Time) error {
		decision := inspections.DecideInput{Decision: models.Release, Reason: "产中检验合格，继续生产。 Production may go on."}
		if i.Verdict != models.Accepted {
			decision = inspections.DecideInput{Decision: models.SortAll, Reason: "工厂全检挑选已产部分后继续生产。 What is made is sorted before production goes on."}
		}
		return d.rule(at, i, nil, decision)
	})
	return nil
}

func ids(lots []*models.Lot) []models.ID {
	out := make([]models.ID, len(lots))
	for n, l := range lots {
		out[n] = l.ID
	}
	return out
}

// plan plans a visit, unless sampling of the goods is discontinued.
func (d *deal) plan(at time.Time, in inspections.PlanInput) (i *models.Inspection, stopped bool, err error) {
	in.ContractID, in.Place = d.purchase.ID, d.supplier.Party.Place+" "+pick(d.rng, "成品仓库", "一号仓库", "包装车间")
	in.Inspectors = []models.ID{d.people[d.supplier.Inspector].ID}
	var random models.SHA256
	for n := range random {
		random[n] = byte(d.rng.Uint32())
	}
	i, err = inspections.Plan(d.ctx, d.tx, d.as("purchasing", at), in, random)
	if e, ok := err.(*models.Error); ok && e.Code == models.CodeConflict && strings.HasSuffix(e.Field, "severity") {
		return nil, true, nil
	}
	return i, false, err
}

func (d *deal) dayOf(at time.Time) time.Time {
	t := at.In(d.zone)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, d.zone)
}

// record writes down what the inspector found and brings i up to date.
func (d *deal) record(at time.Time, i *models.Inspection, quality float64) error {
	by := d.as(d.supplier.Inspector, at)
	in := inspections.RecordInput{
		InspectedOn: models.DateOf(at.In(d.zone)), InspectorRemark: pick(d.rng, remarks...), DeviceTime: &at,
		Equipment: []models.Equipment{
			{Name: "数显卡尺 digital caliper", Number: "C-" + d.supplier.Inspector[len("inspecto"):], CalibratedTo: models.DateOf(after(at, 120)), Resolution: "0.01 mm"},
			{Name: "钢卷尺 steel tape 5 m", Number: "T-0" + d.supplier.Party.Code[3:], CalibratedTo: models.DateOf(after(at, 200)), Resolution: "1 mm"},
		},
	}
	if d.rng.Float64() < .12 {
		in.Deviations = []string{pick(d.rng, deviations...)}
	}
	if i.ChainNo > 0 {
		in.InspectorRemark = "返工后复验。 Re-inspection after rework."
	}
	for n := range i.Lots {
		l := d.findings(&i.Lots[n], quality)
		if err := d.photograph(by, &l); err != nil {
			return err
		}
		in.Lots = append(in.Lots, l)
	}
	if d.stage == stagePhotos {
		var missing models.SHA256
		for n := range missing {
			missing[n] = byte(d.rng.Uint32())
		}
		in.Lots[0].Photos = append(in.Lots[0].Photos, inspections.PhotoInput{SHA256: missing, Caption: "包装全景 packing, overview", TakenAt: &at})
	}
	if i.Verdict != models.Accepted && d.rng.Float64() < .3 {
		in.FactoryRemark = pick(d.rng, factoryRemarks...)
	}
	recorded, err := inspections.Record(d.ctx, d.tx, by, i.ID, i.Version, in, models.SHA256{})
	if err == nil {
		*i = *recorded
	}
	return err
}

// submit signs for both sides.
func (d *deal) submit(at time.Time, i *models.Inspection) error {
	by := d.as(d.supplier.Inspector, at)
	in := inspections.SubmitInput{
		Inspector: inspections.SignatureInput{Name: by.Name, Title: "验货员 inspector"},
		Factory:   inspections.SignatureInput{Name: d.supplier.Factory, Title: "厂方代表 factory representative"},
	}
	if i.Verdict != models.Accepted && d.rng.Float64() < .06 {
		in.Factory.Refused, in.Factory.Reason = true, "厂方不同意判定，拒绝签字。 Does not agree with the result."
	}
	submitted, err := inspections.Submit(d.ctx, d.tx, by, i.ID, i.Version, in)
	if err == nil {
		*i = *submitted
	}
	return err
}
