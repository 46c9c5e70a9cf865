package demo

import (
	"context"
	"time"

	"gorm.io/gorm"

	"recourse/claims"
	"recourse/database"
	"recourse/models"
	"recourse/recovery"
)

// The courses that the company's claims take, in turn.
const (
	claimSettled  = iota // granted in part, recovered from the factory
	claimRejected        // came after the contract's period
	claimLate            // under enquiry, and the answer is overdue
	claimCourses
)

// claimEvery is how many shipments there are for each claim.
const claimEvery = 11

// baseRates are what foreign money is worth in the base currency, roughly.
var baseRates = map[string]string{"USD": "7.18", "EUR": "7.85", "GBP": "9.10"}

// mayClaim has the customer claim about every eleventh shipment.
func (d *deal) mayClaim(arrived time.Time, s *models.Shipment) {
	if d.shipped++; d.shipped%claimEvery != 0 || baseRates[d.sales.Currency] == "" {
		return
	}
	course := d.claimed % claimCourses
	d.claimed++
	received := after(arrived, 12)
	if course == claimLate && received.Before(d.now.AddDate(0, -6, 0)) {
		course = claimSettled // nobody waits for years
	}
	if course == claimRejected {
		received = after(arrived, 70)
	}
	d.later(d.clock(received, 10, 0), func(at time.Time) error { return d.takeClaim(at, received, s.ID, course) })
}

// takeClaim enters the claim and acknowledges it within the day.
func (d *deal) takeClaim(at, received time.Time, shipment models.ID, course int) error {
	standard, err := database.Take[models.Standard](d.ctx, d.tx, "quality standard", "质量标准", "id = ?", *d.purchase.Lines[0].StandardID)
	if err != nil {
		return err
	}
	quantity := models.Pieces(int64(d.good[0].Quantity.Whole()) * 4 / 100)
	c, err := claims.Open(d.ctx, d.tx, d.as(d.customer.Sales, at), claims.OpenInput{
		SalesContractID: d.sales.ID, ShipmentID: &shipment, CustomerReference: "Claim " + d.number, ReceivedOn: models.DateOf(received),
		Items: []claims.ItemInput{{
			Reason: models.ReasonQuality, SalesLineID: d.sales.Lines[0].ID, Defect: standard.Content.Defects[0].Code, Quantity: quantity,
			Claimed: models.Money{Minor: 180000, Currency: d.sales.Currency}, Apparent: new(true), Text: "About 4 % of the goods arrived damaged; photographs follow.",
		}},
	})
	if err != nil {
		return err
	}
	d.step(d.clock(received, 15, 0), c.ID, claims.Acknowledge)
	d.step(d.clock(after(received, 1), 9, 0), c.ID, claims.Investigate)
	if course != claimLate {
		d.later(d.clock(after(received, 9), 14, 0), func(at time.Time) error { return d.answerClaim(at, c.ID, course) })
	}
	return nil
}

// step moves the claim along when its time has come.
func (d *deal) step(when time.Time, id models.ID, move func(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int) (*models.Claim, error)) {
	d.later(when, func(at time.Time) error {
		by := d.as(d.customer.Sales, at)
		c, err := claims.Get(d.ctx, d.tx, by, id)
		if err != nil {
			return err
		}
		_, err = move(d.ctx, d.tx, by, id, c.Version)
		return err
	})
}

// answerClaim answers the item, assesses the claim and ends it.
func (d *deal) answerClaim(at time.Time, id models.ID, course int) error {
	by := d.as(d.customer.Sales, at)
	in := claims.AnswerInput{Answer: models.AnswerReject, Ground: "time_barred", Text: "The claim came after the period that the contract gives."}
	end := claims.Reject
	if course == claimSettled {
		in = claims.AnswerInput{Answer: models.AnswerInPart, Ground: "goodwill", Text: "We meet a part of the loss in goodwill.", Granted: &models.Money{Minor: 70000, Currency: d.sales.Currency}}
		end = claims.Settle
	}
	if _, err := claims.Answer(d.ctx, d.tx, by, id, 1, 1, in); err != nil {
		return err
	}
	d.step(at.Add(time.Hour), id, claims.Assess)
	d.step(d.clock(after(at, 3), 11, 0), id, end)
	if course == claimSettled {
		d.later(d.clock(after(at, 4), 10, 0), func(at time.Time) error { return d.recoverClaim(at, id) })
	}
	return nil
}

// recoverClaim books the loss, lays the factory's share down and demands it; a
// part is set off a month later.
func (d *deal) recoverClaim(at time.Time, id models.ID) error {
	by := d.as("finance", at)
	c, err := claims.Get(d.ctx, d.tx, by, id)
	if err != nil {
		return err
	}
	loss := recovery.LossInput{Lines: []recovery.LossLineInput{
		{What: "settlement", Amount: models.Money{Minor: 70000, Currency: d.sales.Currency}, Rate: models.MustDecimal(baseRates[d.sales.Currency]), RateOn: models.DateOf(at), Document: "remittance " + d.number},
		{What: "courier", Amount: models.Money{Minor: 18000, Currency: "CNY"}},
	}}
	entered, err := recovery.SetLoss(d.ctx, d.tx, by, id, c.Version, loss, "CNY")
	if err != nil {
		return err
	}
	shares := recovery.LiabilityInput{Shares: []recovery.ShareInput{
		{Party: models.PartySupplier, PartyID: &d.purchase.PartyID, Percent: models.MustDecimal("70"), Basis: "packing weaker than the contract asks for"},
		{Party: models.PartyOwn, Percent: models.MustDecimal("30"), Basis: "granted in goodwill"},
	}}
	if _, err := recovery.SetLiability(d.ctx, d.tx, by, id, entered.Version, shares, "CNY"); err != nil {
		return err
	}
	owed, err := database.Take[models.RecoveryCase](d.ctx, d.tx, "recovery case", "追偿案", "claim_id = ?", id)
	if err != nil {
		return err
	}
	note, err := recovery.IssueDebitNote(d.ctx, d.tx, by, recovery.IssueInput{CaseID: owed.ID})
	if err != nil {
		return err
	}
	d.later(d.clock(after(at, 30), 10, 0), func(at time.Time) error {
		half := models.Money{Minor: note.Amount.Minor / 2, Currency: note.Amount.Currency}
		_, err := recovery.Settle(d.ctx, d.tx, d.as("finance", at), note.ID, note.Version, recovery.SettleInput{Kind: "set_off", Amount: half, Reference: "against invoice " + d.number})
		return err
	})
	return nil
}
