package claims

import (
	"context"

	"gorm.io/gorm"

	"recourse/models"
)

// Shown is a claim with the clocks that run on the day it is read.
type Shown struct {
	models.Claim
	Clocks []Clock `json:"clocks"`
}

// Get loads a whole claim.
func Get(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID) (*models.Claim, error) {
	c, err := head(ctx, tx, by, "claims.id = ?", id)
	if err != nil {
		return nil, err
	}
	if err := load(ctx, tx, c); err != nil {
		return nil, err
	}
	redact(by, c)
	return c, nil
}

// ByNumber loads a whole claim by the number people quote.
func ByNumber(ctx context.Context, tx *gorm.DB, by models.Actor, number string) (*models.Claim, error) {
	c, err := head(ctx, tx, by, "claims.number = ?", number)
	if err != nil {
		return nil, err
	}
	return Get(ctx, tx, by, c.ID)
}

// Show is Get with the clocks as of the actor's day.
func Show(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID) (*Shown, error) {
	c, err := Get(ctx, tx, by, id)
	if err != nil {
		return nil, err
	}
	all, err := ClocksOf(ctx, tx, []models.Claim{*c}, by.At)
	if err != nil {
		return nil, err
	}
	return &Shown{*c, all[c.ID]}, nil
}

// load fills the parts of a claim in three statements.
func load(ctx context.Context, tx *gorm.DB, c *models.Claim) (err error) {
	if c.Items, err = gorm.G[models.ClaimItem](tx).Where("claim_id = ?", c.ID).Order("item_no").Find(ctx); err != nil {
		return err
	}
	if c.Evidence, err = gorm.G[models.ClaimEvidence](tx).Where("claim_id = ?", c.ID).Order("item_no, id").Find(ctx); err != nil {
		return err
	}
	c.Contacts, err = gorm.G[models.ClaimContact](tx).Where("claim_id = ?", c.ID).Order("at, id").Find(ctx)
	return err
}

// redact takes away the amounts, and where they may stand in words, for who sees
// no prices; an inspector doesn't see the talks with the customer either.
func redact(by models.Actor, c *models.Claim) {
	if by.SeesPrices() {
		return
	}
	c.Proposal = ""
	for n := range c.Items {
		c.Items[n].Claimed, c.Items[n].Granted, c.Items[n].AnswerText = models.Money{}, nil, ""
	}
	if by.OnlyInspects() {
		c.Contacts = []models.ClaimContact{}
	}
}
