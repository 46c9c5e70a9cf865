package recovery

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"recourse/models"
)

// WhatIfInput changes the shares, the offer to the customer, or both; what is
// not given stays as it is.
type WhatIfInput struct {
	Offer  *models.Money  `json:"offer"` // to the customer, in place of the settlement lines
	Rate   models.Decimal `json:"rate"`  // of the offer; without: the settlement line's
	Shares []WhatIfShare  `json:"shares" validate:"max=50,dive"`
}

// WhatIfShare is a party's share tried out.
type WhatIfShare struct {
	Party   models.PartyKind `json:"party" validate:"required,oneof=supplier customer carrier forwarder insurer own_company other"`
	Percent models.Decimal   `json:"percent"`
}

// Outcome is what a loss comes to for us.
type Outcome struct {
	Loss        models.Money   `json:"loss"`
	Recoverable models.Money   `json:"recoverable"` // from others than ourselves
	Borne       models.Money   `json:"borne"`       // by ourselves
	Shares      []OutcomeShare `json:"shares"`
}

// OutcomeShare is one party's part of an outcome.
type OutcomeShare struct {
	Party   models.PartyKind `json:"party"`
	Percent models.Percent   `json:"percent"`
	Amount  models.Money     `json:"amount"`
}

// Comparison is the outcome as recorded and as tried out.
type Comparison struct {
	Now  Outcome `json:"now"`
	Then Outcome `json:"then"`
}

// WhatIf works out what a loss in base amounts comes to with these shares.
func WhatIf(loss []models.LossLine, shares []OutcomeShare, base string) (Outcome, error) {
	percents := make([]models.Percent, len(shares))
	for n, s := range shares {
		percents[n] = s.Percent
	}
	out := Outcome{Loss: total(loss, base)}
	if err := checkWhole("shares", percents); err != nil {
		return out, err
	}
	out.Recoverable.Currency, out.Borne.Currency = out.Loss.Currency, out.Loss.Currency
	for n, amount := range split(out.Loss, percents) {
		s := shares[n]
		s.Amount = amount
		out.Shares = append(out.Shares, s)
		if s.Party == models.PartyOwn {
			out.Borne.Minor += amount.Minor
		} else {
			out.Recoverable.Minor += amount.Minor
		}
	}
	return out, nil
}

// offered replaces the settlement lines of a loss by one offer.
func offered(loss []models.LossLine, offer models.Money, rate models.Decimal, base string) ([]models.LossLine, error) {
	var out []models.LossLine
	for _, l := range loss {
		if l.What != "settlement" {
			out = append(out, l)
		} else if !rate.IsSet() && l.Amount.Currency == offer.Currency && offer.Currency != base {
			rate = l.Rate
		}
	}
	if offer.Minor < 0 {
		return nil, models.Invalid("offer", "An offer is not negative.", "报价不得为负。")
	}
	worth, err := Base(offer, rate, base)
	return append(out, models.LossLine{What: "settlement", Amount: offer, Rate: rate, Base: worth}), err
}

// Compare tries other shares or another offer on a claim, and stores nothing.
func Compare(ctx context.Context, tx *gorm.DB, by models.Actor, claimID models.ID, in WhatIfInput, base string) (*Comparison, error) {
	now, err := GetLiability(ctx, tx, by, claimID, base)
	if err != nil {
		return nil, err
	}
	lines, err := gorm.G[models.LossLine](tx).Where("claim_id = ?", claimID).Order("position").Find(ctx)
	if err != nil {
		return nil, err
	}
	shares := []OutcomeShare{{Party: models.PartyOwn, Percent: models.Whole}} // until somebody else is liable
	if len(now.Shares) > 0 {
		shares = nil
	}
	for _, s := range now.Shares {
		shares = append(shares, OutcomeShare{Party: s.Party, Percent: s.Percent})
	}
	var out Comparison
	if out.Now, err = WhatIf(lines, shares, base); err != nil {
		return nil, err
	}
	if in.Offer != nil {
		if lines, err = offered(lines, *in.Offer, in.Rate, base); err != nil {
			return nil, err
		}
	}
	if len(in.Shares) > 0 {
		shares = nil
	}
	for n, s := range in.Shares {
		p, err := models.ParsePercent(fmt.Sprintf("shares[%d].percent", n), s.Percent)
		if err != nil {
			return nil, err
		}
		shares = append(shares, OutcomeShare{Party: s.Party, Percent: p})
	}
	out.Then, err = WhatIf(lines, shares, base)
	return &out, err
}
