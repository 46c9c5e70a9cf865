package demo

import (
	"time"

	"recourse/claims"
	"recourse/database"
	"recourse/models"
	"recourse/recovery"
)

// baseCurrency is the company's own.
const baseCurrency = "CNY"

// cost is a loss besides the settlement.
type cost struct {
	What   string       `json:"what"`
	Amount models.Money `json:"amount"` // in the base currency
}

// blame is a party's share of the loss.
type blame struct {
	Party   models.PartyKind `json:"party"`
	Percent models.Decimal   `json:"percent"`
	Basis   string           `json:"basis"`
}

// move is what happens to a debit note: the party's answer, or a settlement's kind.
type move struct {
	After   int    `json:"after"` // days after the note was issued
	Do      string `json:"do"`
	Percent int64  `json:"percent"` // of the note; 0: what is left of it
	Text    string `json:"text"`
}

// charge enters the loss and who bears it, and demands the supplier's share.
func (c *claiming) charge(at time.Time) error {
	by := c.as("finance", at)
	now, err := claims.Get(c.ctx, c.tx, by, c.claim.ID)
	if err != nil {
		return err
	}
	loss, err := recovery.SetLoss(c.ctx, c.tx, by, now.ID, now.Version, c.loss(at, now), baseCurrency)
	if err != nil {
		return err
	}
	var in recovery.LiabilityInput
	for _, s := range c.Shares {
		in.Shares = append(in.Shares, recovery.ShareInput{Party: s.Party, Percent: s.Percent, Basis: s.Basis})
	}
	if _, err := recovery.SetLiability(c.ctx, c.tx, by, now.ID, loss.Version, in, baseCurrency); err != nil {
		return err
	}
	if c.Note == nil {
		return nil
	}
	owed, err := database.Take[models.RecoveryCase](c.ctx, c.tx, "recovery case", "追偿案", "claim_id = ? AND party_kind = ?", now.ID, models.PartySupplier)
	if err != nil {
		return err
	}
	warned := recovery.NotifyInput{NoticeOn: models.DateOf(after(c.received, 1))}
	if _, err := recovery.Notify(c.ctx, c.tx, by, owed.ID, owed.Version, warned); err != nil {
		return err
	}
	issued, err := recovery.IssueDebitNote(c.ctx, c.tx, by, recovery.IssueInput{CaseID: owed.ID, ObjectTo: "finance@recourse.example"})
	if err != nil {
		return err
	}
	c.note = issued.ID
	for _, m := range c.Note {
		c.later(c.clock(after(c.dayOf(at), m.After), 14, 0), func(at time.Time) error { return c.moveNote(at, m) })
	}
	return nil
}

// loss is what was granted, at the rate of the day, and the other costs.
func (c *claiming) loss(at time.Time, now *models.Claim) recovery.LossInput {
	_, granted := claims.Totals(now.Items)
	var in recovery.LossInput
	for _, m := range granted {
		in.Lines = append(in.Lines, recovery.LossLineInput{
			What: "settlement", Amount: m, Rate: models.DecimalFromScaled(int64(c.customer.Rate*100+.5), 2), RateOn: models.DateOf(at), Document: "TT " + c.number,
		})
	}
	for _, x := range c.Costs {
		in.Lines = append(in.Lines, recovery.LossLineInput{What: x.What, Amount: x.Amount})
	}
	return in
}

// moveNote writes down what happened to the debit note.
func (c *claiming) moveNote(at time.Time, m move) error {
	by := c.as("finance", at)
	n, err := recovery.GetNote(c.ctx, c.tx, by, c.note)
	if err != nil {
		return err
	}
	amount := n.Outstanding
	if m.Percent > 0 {
		amount.Minor = n.Amount.Minor * m.Percent / 100
	}
	switch m.Do {
	case "acknowledge":
		_, err = recovery.Acknowledge(c.ctx, c.tx, by, n.ID, n.Version)
	case "object":
		_, err = recovery.Object(c.ctx, c.tx, by, n.ID, n.Version, recovery.ObjectInput{Objection: m.Text})
	case "accept_in_part":
		_, err = recovery.AcceptInPart(c.ctx, c.tx, by, n.ID, n.Version, recovery.PartInput{Amount: amount, Reason: m.Text})
	case "issue_anew":
		err = c.issueAnew(by, n, m.Text)
	case "write_off":
		_, err = recovery.Settle(c.ctx, c.tx, by, n.ID, n.Version, recovery.SettleInput{Kind: m.Do, Amount: amount, Reason: m.Text})
	default:
		_, err = recovery.Settle(c.ctx, c.tx, by, n.ID, n.Version, recovery.SettleInput{Kind: m.Do, Amount: amount, Reference: m.Text})
	}
	return err
}

// issueAnew takes a note with a mistake back and issues another in its place.
func (c *claiming) issueAnew(by models.Actor, n *recovery.Note, reason string) error {
	if _, err := recovery.Cancel(c.ctx, c.tx, by, n.ID, n.Version, recovery.CancelInput{Reason: reason}); err != nil {
		return err
	}
	again, err := recovery.IssueDebitNote(c.ctx, c.tx, by, recovery.IssueInput{CaseID: n.CaseID, ObjectTo: "finance@recourse.example", ReplacesID: &n.ID})
	if err == nil {
		c.note = again.ID
	}
	return err
}
