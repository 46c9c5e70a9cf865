package scorecards

import "recourse/models"

// forReader leaves out of a card what the reader may not see: amounts for who
// sees no prices, claims for who sees their own customers only.
func forReader(c *models.CardContent, by models.Actor) {
	if by.OwnOnly {
		c.Claims = []models.CardClaim{}
	}
	if by.SeesPrices() {
		return
	}
	hideAmounts(&c.Counts, &c.Result)
	for n := range c.Claims {
		c.Claims[n].Claimed, c.Claims[n].Loss, c.Claims[n].Debited, c.Claims[n].Recovered = nil, 0, 0, 0
	}
	for n := range c.Trend {
		hideAmounts(&c.Trend[n].Counts, nil)
	}
}

// hideAmounts leaves rates and points, which say no price.
func hideAmounts(c *models.SupplierCounts, r *models.ScoreResult) {
	c.ShippedMinor, c.ClaimedMinor, c.GrantedMinor, c.LossMinor, c.DebitedMinor, c.RecoveredMinor = 0, 0, 0, 0, 0, 0
	if r == nil {
		return
	}
	for n := range r.Indicators {
		if _, i := place(r.Indicators[n].Code); i.money {
			r.Indicators[n].Numerator, r.Indicators[n].Denominator = 0, 0
		}
	}
}
