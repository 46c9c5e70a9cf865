package demo

import (
	"errors"
	"time"

	"recourse/inspections"
	"recourse/models"
)

// decide rules on each lot of a visit and notes what follows.
func (d *deal) decide(at time.Time, i *models.Inspection) error {
	var again []*models.Lot
	for n := range i.Lots {
		lot := d.lot(i.Lots[n].LotID)
		in := d.ruling(&i.Lots[n], i.ChainNo)
		if err := d.rule(at, i, &lot.ID, in); err != nil {
			return err
		}
		switch in.Decision {
		case models.ReworkAndRetry, models.SortAll:
			again = append(again, lot)
			continue
		case models.Release, models.ReleaseWaived:
			d.good = append(d.good, lot)
		}
		d.open--
	}
	if i.ChainNo == 0 {
		d.trust().seen = i.ID
		if err := errors.Join(d.verify(at.Add(time.Hour), i), d.mayRequire(at.Add(2*time.Hour), i)); err != nil {
			return err
		}
	}
	day := d.dayOf(at)
	if len(again) > 0 {
		visit := after(day, 6+d.rng.IntN(4))
		d.later(d.clock(after(visit, -2), 10, 30), func(at time.Time) error { return d.arrangeAgain(at, visit, i, again) })
	}
	if d.revised && i.ChainNo == 0 && i.Verdict == models.Accepted {
		d.revised = false
		d.later(d.clock(after(day, 2), 10, 0), func(at time.Time) error { return d.correct(at, i) })
	}
	switch {
	case d.open > 0:
	case len(d.good) > 0:
		d.later(d.clock(after(day, 4+d.rng.IntN(5)+d.slips+d.rolled), 17, 0), d.ship)
	default:
		d.later(d.clock(after(day, 20), 9, 0), d.close)
	}
	return nil
}

func (d *deal) lot(id models.ID) *models.Lot {
	for _, l := range d.lots {
		if l.ID == id {
			return l
		}
	}
	return nil
}

// rule writes a decision about one lot, or about all of them, and brings i up to date.
func (d *deal) rule(at time.Time, i *models.Inspection, lot *models.ID, in inspections.DecideInput) error {
	in.LotID = lot
	decided, err := inspections.Decide(d.ctx, d.tx, d.as("purchasing", at), i.ID, i.Version, in)
	if err == nil {
		*i = *decided
	}
	return err
}

// ruling is what purchasing makes of a verdict.
func (d *deal) ruling(l *models.InspectionLot, chainNo int) inspections.DecideInput {
	odds := d.rng.Float64()
	switch {
	case l.Verdict == models.Accepted:
		return inspections.DecideInput{Decision: models.Release, Reason: pick(d.rng, released...)}
	case l.NcCritical > 0 && chainNo == 0:
		return inspections.DecideInput{Decision: models.SortAll, Reason: "发现致命缺陷，全检挑选后复验。 Critical defect found: sort 100 %, then re-inspect."}
	case chainNo > 1, l.NcCritical > 0, l.Verdict == models.NotAccepted && odds < .07:
		return inspections.DecideInput{Decision: models.Reject, Reason: pick(d.rng, rejected...)}
	case l.Verdict == models.Pending, odds < .32:
		return d.waiver(l)
	case odds < .5:
		return inspections.DecideInput{Decision: models.SortAll, Reason: pick(d.rng, sorted...)}
	}
	return inspections.DecideInput{Decision: models.ReworkAndRetry, Reason: pick(d.rng, reworked...)}
}

// waiver lets a lot go at a price: some per cent of its value, and nothing where
// only a paper was missing.
func (d *deal) waiver(l *models.InspectionLot) inspections.DecideInput {
	allowance := models.Money{Currency: "CNY"}
	bears := models.PartySupplier
	if l.Verdict == models.NotAccepted {
		value := d.supplier.Price * float64(d.lot(l.LotID).Quantity) / 1000
		allowance.Minor = int64(value*(.01+.02*d.rng.Float64())) * 100
		if d.rng.Float64() < .3 {
			bears = models.PartyOwn
		}
	}
	return inspections.DecideInput{
		Decision: models.ReleaseWaived, Reason: pick(d.rng, waived...), Price: &allowance, BearsClaims: bears,
		Conditions: pick(d.rng, "下批整改。 To be corrected with the next lot.", "客户已书面同意。 Agreed by the customer in writing.", "扣款后付款。 Deducted from the payment."),
	}
}

// arrangeAgain plans the re-inspection of reworked lots.
func (d *deal) arrangeAgain(at, visit time.Time, previous *models.Inspection, lots []*models.Lot) error {
	i, stopped, err := d.plan(at, inspections.PlanInput{
		Kind: models.ReInspection, PlannedOn: models.DateOf(visit), PreviousID: &previous.ID, Lots: ids(lots),
	})
	switch {
	case err != nil:
		return err
	case stopped:
		return d.resumed(at, func(at time.Time) error { return d.arrangeAgain(at, after(d.dayOf(at), 2), previous, lots) })
	}
	d.visitOn(visit, i, .25)
	return nil
}

// correct revises a final inspection.
func (d *deal) correct(at time.Time, i *models.Inspection) error {
	inspector := d.as(d.supplier.Inspector, at.Add(time.Hour))
	revision, err := inspections.Revise(d.ctx, d.tx, d.as("purchasing", at), i.ID, i.Version, inspections.ReviseInput{
		Reason: "备注中的批号写错。 The batch number in the remark was wrong.",
	})
	if err != nil {
		return err
	}
	remark := "更正：批号以合同批次为准。 Corrected: the batch is that of the lot."
	if revision, err = inspections.RecordHead(d.ctx, d.tx, inspector, revision.ID, revision.Version, inspections.HeadInput{InspectorRemark: &remark}); err != nil {
		return err
	}
	if err := d.submit(at.Add(2*time.Hour), revision); err != nil {
		return err
	}
	return d.rule(at.Add(4*time.Hour), revision, nil, inspections.DecideInput{Decision: models.Release, Reason: "更正不影响判定。 The correction does not touch the verdict."})
}
