package demo

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"time"

	"gorm.io/gorm"

	"recourse/claims"
	"recourse/models"
	"recourse/recovery"
)

// complaint is a claim that a customer makes, with all that comes of it.
type complaint struct {
	Supplier string            `json:"supplier"`
	Back     int               `json:"back"` // which contract with the supplier: 0 is the latest
	Days     int               `json:"days"` // from arrival to the claim
	Ago      int               `json:"ago"`  // instead of days: before today, for what is still open
	Summary  string            `json:"summary"`
	Items    []complained      `json:"items"`
	Survey   int               `json:"survey"`   // days from arrival to the survey; 0: there was none
	Answered int               `json:"answered"` // days from the claim to our answer
	Talks    int               `json:"talks"`    // days from our answer to the settlement; 0: seven
	State    models.ClaimState `json:"state"`    // how far it goes
	Closed   bool              `json:"closed"`   // and is put aside
	Reason   string            `json:"reason"`   // of a withdrawal
	Costs    []cost            `json:"costs"`    // besides the settlement
	Shares   []blame           `json:"shares"`
	Note     []move            `json:"note"` // what happens to the debit note; none is issued without shares of the supplier
	Action   *demand           `json:"action"`
}

// complained is one item with our answer.
type complained struct {
	Reason         models.ClaimReason `json:"reason"`
	Defect         string             `json:"defect"`
	Characteristic string             `json:"characteristic"`
	Percent        float64            `json:"percent"` // of what was shipped
	Worth          float64            `json:"worth"`   // claimed, as a share of the price of these goods
	Amount         string             `json:"amount"`  // claimed, where it isn't that, in the contract's currency
	Apparent       bool               `json:"apparent"`
	Text           string             `json:"text"`
	Answer         models.Answer      `json:"answer"`
	Ground         string             `json:"ground"`
	AnswerText     string             `json:"answer_text"`
	Granted        int64              `json:"granted"` // per cent of what is claimed, of a part
}

// claiming is a complaint that came.
type claiming struct {
	*deal
	*complaint
	shipment          *models.Shipment
	arrived, received time.Time
	claim             *models.Claim
	note              models.ID
}

// complain notes the claims that a shipment will bring.
func (d *deal) complain(arrived time.Time, s *models.Shipment) {
	for i := range d.story.complaints {
		w := &d.story.complaints[i]
		if w.Supplier != d.supplier.Party.Code || w.Back != d.back {
			continue
		}
		received := after(arrived, w.Days)
		if w.Ago > 0 {
			received = d.day(-w.Ago)
		}
		if received.After(arrived) { // a ship that is later than usual spares us the claim
			c := &claiming{deal: d, complaint: w, shipment: s, arrived: arrived, received: received}
			d.later(d.clock(received, 10, 0), c.take)
		}
	}
}

// take enters the claim and notes what follows, as far as it goes.
func (c *claiming) take(at time.Time) (err error) {
	in := claims.OpenInput{
		SalesContractID: c.sales.ID, ShipmentID: &c.shipment.ID, CustomerReference: fmt.Sprintf("%s-CL-%s", c.customer.Mark, c.number),
		ReceivedOn: models.DateOf(c.received), Summary: c.Summary, AssignedTo: new(c.people[c.customer.Sales].ID),
	}
	if c.Survey > 0 {
		in.SurveyBody, in.SurveyOn = "SGS", models.DateOf(after(c.arrived, c.Survey))
	}
	for n := range c.Items {
		item, err := c.item(&c.Items[n])
		if err != nil {
			return err
		}
		in.Items = append(in.Items, item)
	}
	if c.claim, err = claims.Open(c.ctx, c.tx, c.as(c.customer.Sales, at), in); err != nil {
		return err
	}
	if err := c.contact(at, "in", c.Summary); err != nil {
		return err
	}
	c.follow()
	return nil
}

// follow notes the steps up to the state that the claim reaches.
func (c *claiming) follow() {
	if c.State == models.ClaimReceived {
		return
	}
	c.step(0, 15, claims.Acknowledge)
	if c.State == models.ClaimAcknowledged {
		return
	}
	c.step(1, 9, claims.Investigate)
	c.on(1, 11, c.ask)
	c.on(6, 10, c.weigh)
	switch c.State {
	case models.ClaimInvestigating:
		return
	case models.ClaimWithdrawn:
		c.step(c.Answered, 14, func(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int) (*models.Claim, error) {
			return claims.Withdraw(ctx, tx, by, id, version, claims.ReasonInput{Reason: c.Reason})
		})
		c.putAside(c.Answered + 2)
		return
	}
	c.on(c.Answered, 14, c.answer)
	c.step(c.Answered, 16, claims.Assess)
	switch c.State {
	case models.ClaimAssessed:
		return
	case models.ClaimRejected:
		c.step(c.Answered+1, 10, claims.Reject)
		c.putAside(c.Answered + 40)
		return
	}
	c.step(c.Answered+1, 10, claims.Negotiate)
	if c.State == models.ClaimSettled {
		settled := c.Answered + 1 + cmp.Or(c.Talks, 7)
		c.step(settled, 15, claims.Settle)
		c.on(settled+3, 10, c.charge)
		c.putAside(settled + 130)
	}
}

// on notes an act n days after the claim came.
func (c *claiming) on(n, hour int, do func(at time.Time) error) {
	c.later(c.clock(after(c.received, n), hour, 0), do)
}

// step moves the claim along n days after it came.
func (c *claiming) step(n, hour int, move func(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int) (*models.Claim, error)) {
	c.on(n, hour, func(at time.Time) error {
		by := c.as(c.customer.Sales, at)
		now, err := claims.Get(c.ctx, c.tx, by, c.claim.ID)
		if err != nil {
			return err
		}
		_, err = move(c.ctx, c.tx, by, now.ID, now.Version)
		return err
	})
}

// putAside closes a claim of former years.
func (c *claiming) putAside(n int) {
	if c.Closed {
		c.step(n, 11, func(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int) (*models.Claim, error) {
			return claims.Close(ctx, tx, by, id, version, claims.CloseInput{})
		})
	}
}

// item is a complaint about a part of what was shipped, at its price.
func (c *claiming) item(w *complained) (in claims.ItemInput, err error) {
	shipped := 0
	for _, l := range c.good {
		shipped += l.Quantity.Whole()
	}
	quantity := math.Round(float64(shipped) * w.Percent / 100)
	in = claims.ItemInput{
		Reason: w.Reason, SalesLineID: c.sales.Lines[0].ID, Defect: w.Defect, Characteristic: w.Characteristic, Quantity: models.Pieces(int64(quantity)),
		Claimed:  models.Money{Minor: int64(math.Round(quantity * c.supplier.Price * 1.19 / c.customer.Rate * w.Worth * 100)), Currency: c.sales.Currency},
		Apparent: &w.Apparent, Text: w.Text,
	}
	if w.Reason == models.ReasonLateDelivery { // the goods are what they should be, and may be claimed otherwise
		in.Quantity = 0
	}
	if w.Defect+w.Characteristic != "" && quantity <= float64(c.good[0].Quantity.Whole()) {
		in.LotID = &c.good[0].ID // its batch stands on the cartons
	}
	if w.Amount != "" {
		in.Claimed, err = models.ParseMoney("amount", w.Amount, c.sales.Currency)
	}
	return in, err
}

// contact logs what was said to or by the customer.
func (c *claiming) contact(at time.Time, direction, text string) error {
	_, err := claims.AddContact(c.ctx, c.tx, c.as(c.customer.Sales, at), c.claim.ID, claims.ContactInput{
		At: &at, Channel: "e-mail", Direction: direction, With: c.customer.Name.EN, Text: text,
	})
	return err
}

// ask asks the customer for the evidence, and the supplier for a corrective action.
func (c *claiming) ask(at time.Time) error {
	for n := range c.claim.Evidence {
		if err := c.evidence(at, n, claims.EvidenceInput{AskedOn: models.DateOf(at)}); err != nil {
			return err
		}
	}
	if err := c.contact(at, "out", "We take this seriously and are looking into it. Please send the evidence listed; we admit nothing by asking for it."); err != nil {
		return err
	}
	if c.Action == nil {
		return nil
	}
	_, err := c.require(at, recovery.ActionInput{ClaimID: &c.claim.ID, Problem: c.Action.Problem}, *c.Action)
	return err
}

// weigh enters the evidence that came: not all of it, and a survey only where there was one.
func (c *claiming) weigh(at time.Time) error {
	for n, e := range c.claim.Evidence {
		if e.Kind == "survey_report" && c.Survey == 0 || e.Kind != "survey_report" && n%3 == 1 {
			continue
		}
		in := claims.EvidenceInput{AskedOn: models.DateOf(after(c.received, 1)), ReceivedOn: models.DateOf(at), Sufficient: new(n%3 == 0)}
		if err := c.evidence(at, n, in); err != nil {
			return err
		}
	}
	return nil
}

func (c *claiming) evidence(at time.Time, n int, in claims.EvidenceInput) error {
	by := c.as(c.customer.Sales, at)
	had := c.claim.Evidence[n]
	in.Item, in.Kind = had.ItemNo, had.Kind
	changed, err := claims.SetEvidence(c.ctx, c.tx, by, c.claim.ID, had.ID, had.Version, in)
	if err == nil {
		c.claim = changed
	}
	return err
}

// answer answers each item.
func (c *claiming) answer(at time.Time) error {
	by := c.as(c.customer.Sales, at)
	for n, i := range c.claim.Items {
		w := &c.Items[n]
		in := claims.AnswerInput{Answer: w.Answer, Ground: w.Ground, Text: w.AnswerText}
		if w.Answer == models.AnswerInPart {
			in.Granted = &models.Money{Minor: i.Claimed.Minor * w.Granted / 100, Currency: i.Claimed.Currency}
		}
		changed, err := claims.Answer(c.ctx, c.tx, by, c.claim.ID, i.ItemNo, i.Version, in)
		if err != nil {
			return err
		}
		c.claim = changed
	}
	return c.contact(at.Add(2*time.Hour), "out", "Our answer to each item, with our inspection report, is in the letter attached.")
}
