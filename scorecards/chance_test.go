package scorecards_test

import (
	"context"

	"gorm.io/gorm"

	"recourse/claims"
	"recourse/contracts"
	"recourse/inspections"
	"recourse/models"
	"recourse/recovery"
)

// acts are what may happen to a company. errBroken says that there is nothing yet
// that it could happen to.
func (c *chance) acts() map[string]func() error {
	return map[string]func() error{
		"plan": c.planned, "decide": c.decides, "abort": c.aborts, "revise": c.revises, "again": c.inspectsAgain,
		"ship": c.ships, "move": c.moves, "rate": c.setsRate, "price": c.changesPrice,
		"claim": c.claimsSomething, "answer": c.answers, "change": c.changesItem, "withdraw": c.withdraws,
		"loss": c.setsLoss, "note": c.issues, "settle": c.settles, "reverse": c.reverses, "cancel": c.cancels,
		"action": c.opensAction, "reply": c.replies,
	}
}

func (c *chance) planned() error {
	l := pick(c, c.lots)
	ids := []models.ID{l.ID}
	if other := pick(c, c.lots); other.ID != l.ID && c.of[other.ID] == c.of[l.ID] {
		ids = append(ids, other.ID)
	}
	i, err := c.visit(c.of[l.ID], c.day(), nil, ids...)
	if err == nil {
		c.visits = append(c.visits, i)
	}
	return err
}

// take removes a random planned visit.
func (c *chance) take() (*models.Inspection, bool) {
	if len(c.visits) == 0 {
		return nil, false
	}
	n := c.r.IntN(len(c.visits))
	i := c.visits[n]
	c.visits = append(c.visits[:n:n], c.visits[n+1:]...)
	return i, true
}

func (c *chance) decides() error {
	i, there := c.take()
	if !there {
		return errBroken
	}
	results := []found{good, {"COR": 3, "BUB": 2}, {"BUB": 1}, bad, {"MLD": 2, "COR": 1}}
	i, err := c.decided(i, c.day(), pick(c, results), pick(c, results))
	if err == nil {
		c.finals = append(c.finals, i)
	}
	return err
}

func (c *chance) aborts() error {
	i, there := c.take()
	if !there {
		return errBroken
	}
	_, err := c.aborted(i, pick(c, []models.PartyKind{models.PartySupplier, models.PartySupplier, models.PartyOwn}))
	return err
}

func (c *chance) revises() error {
	if len(c.finals) == 0 {
		return errBroken
	}
	old := pick(c, c.finals)
	i, err := try(c.firm, func(ctx context.Context, tx *gorm.DB) (*models.Inspection, error) {
		now, err := inspections.Get(ctx, tx, c.by, old.ID)
		if err != nil {
			return nil, err
		}
		return inspections.Revise(ctx, tx, c.by, old.ID, now.Version, inspections.ReviseInput{Reason: "miscounted"})
	})
	if err == nil {
		c.visits = append(c.visits, i)
	}
	return err
}

func (c *chance) inspectsAgain() error {
	if len(c.finals) == 0 {
		return errBroken
	}
	previous := pick(c, c.finals)
	var lots []models.ID
	for _, l := range previous.Lots {
		lots = append(lots, l.LotID)
	}
	i, err := c.visit(c.of[lots[0]], c.day(), &previous.ID, lots...)
	if err == nil {
		c.visits = append(c.visits, i)
	}
	return err
}

func (c *chance) ships() error {
	c.newLot()
	l, other := pick(c, c.lots), c.lots[len(c.lots)-1]
	carries := []contracts.ShipmentLotInput{carried(l, c.sale, c.line(l))}
	if other.ID != l.ID {
		carries = append(carries, carried(other, c.sale, c.line(other)))
	}
	delivered := models.Date("2026-01-01").AddDays(c.r.IntN(150))
	loaded := pick(c, []models.Date{"", delivered.AddDays(c.r.IntN(40))})
	s, err := c.ship(c.sale, pick(c, []models.Date{"", delivered}), loaded, carries...)
	if err == nil {
		c.shipments = append(c.shipments, s)
	}
	return err
}

// moves changes the day of a shipment, or what it carries.
func (c *chance) moves() error {
	if len(c.shipments) == 0 {
		return errBroken
	}
	n := c.r.IntN(len(c.shipments))
	s := c.shipments[n]
	loaded := models.Date("2026-01-01").AddDays(c.r.IntN(200))
	in := contracts.ShipmentPatch{LoadedOn: &loaded}
	if c.r.IntN(3) == 0 && len(s.Lots) > 1 {
		only := s.Lots[c.r.IntN(len(s.Lots))]
		in.Lots = &[]contracts.ShipmentLotInput{{LotID: only.LotID, SalesLineID: only.SalesLineID, Quantity: only.Quantity}}
	}
	s, err := try(c.firm, func(ctx context.Context, tx *gorm.DB) (*contracts.Shipped, error) {
		return contracts.UpdateShipment(ctx, tx, c.by, s.ID, s.Version, in)
	})
	if err == nil {
		c.shipments[n] = s
	}
	return err
}

func (c *chance) setsRate() error {
	month := models.Month("2026-01").Add(c.r.IntN(10))
	_, err := c.rate("USD", month, pick(c, []string{"7.1234", "6.9", "7.25551"}), c.rates[string(month)])
	if err == nil {
		c.rates[string(month)]++
	}
	return err
}

// changesPrice enters the sale's lines anew with another price.
func (c *chance) changesPrice() error {
	sale, err := try(c.firm, func(ctx context.Context, tx *gorm.DB) (*contracts.Entered, error) {
		now, err := contracts.GetContract(ctx, tx, c.by, c.sale.ID)
		if err != nil {
			return nil, err
		}
		var in contracts.LinesInput
		for _, l := range now.Lines {
			in.Lines = append(in.Lines, contracts.LineInput{LineNo: l.LineNo, ProductID: l.ProductID, Quantity: l.Quantity, StandardID: l.StandardID,
				UnitPrice: pick(c, []models.Decimal{models.MustDecimal("1.455"), models.MustDecimal("1.5"), {}}), FedBy: l.FedBy})
		}
		e, err := contracts.ReplaceLines(ctx, tx, c.by, now.ID, now.Version, in)
		if err != nil {
			println("PRICE", err.Error())
		}
		return e, err
	})
	if err == nil {
		c.sale = &sale.Contract
	}
	return err
}

func (c *chance) item() claims.ItemInput {
	reason := pick(c, []models.ClaimReason{models.ReasonQuality, models.ReasonPacking, models.ReasonInvoice, models.ReasonLateDelivery})
	if c.r.IntN(3) == 0 {
		return complaint(c.sale, c.r.IntN(len(c.sale.Lines)), nil, reason, c.r.Int64N(5000))
	}
	l := pick(c, c.lots)
	return complaint(c.sale, c.line(l), l, reason, c.r.Int64N(5000))
}

func (c *chance) claimsSomething() error {
	items := []claims.ItemInput{c.item()}
	if c.r.IntN(2) == 0 {
		items = append(items, c.item())
	}
	made, err := c.claim(c.sale, models.Date("2026-07-01").AddDays(c.r.IntN(130)), items...)
	if err == nil {
		c.claims = append(c.claims, made.ID)
	}
	return err
}

// some is a random claim as it is now.
func (c *chance) some() (*models.Claim, error) {
	if len(c.claims) == 0 {
		return nil, errBroken
	}
	return try(c.firm, func(ctx context.Context, tx *gorm.DB) (*models.Claim, error) {
		return claims.Get(ctx, tx, c.by, pick(c, c.claims))
	})
}

func (c *chance) answers() error {
	claim, err := c.some()
	if err != nil {
		return err
	}
	no := 1 + c.r.IntN(len(claim.Items))
	_, err = c.granted(claim, no, pick(c, []int64{0, claim.Items[no-1].Claimed.Minor, 1}))
	return err
}

func (c *chance) changesItem() error {
	claim, err := c.some()
	if err != nil {
		return err
	}
	no := 1 + c.r.IntN(len(claim.Items))
	_, err = try(c.firm, func(ctx context.Context, tx *gorm.DB) (*models.Claim, error) {
		return claims.ChangeItem(ctx, tx, c.by, claim.ID, no, claim.Items[no-1].Version, c.item())
	})
	return err
}

func (c *chance) withdraws() error {
	claim, err := c.some()
	if err != nil || c.r.IntN(3) > 0 {
		return err
	}
	_, err = try(c.firm, func(ctx context.Context, tx *gorm.DB) (*models.Claim, error) {
		return claims.Withdraw(ctx, tx, c.by, claim.ID, claim.Version, claims.ReasonInput{Reason: "sorted out"})
	})
	return err
}

func (c *chance) setsLoss() error {
	claim, err := c.some()
	if err != nil {
		return err
	}
	r, err := c.shared(claim, pick(c, c.purchases).PartyID, 1+c.r.Int64N(90000))
	if err == nil {
		c.cases = append(c.cases, r)
	}
	return err
}

func (c *chance) issues() error {
	if len(c.cases) == 0 {
		return errBroken
	}
	n, err := c.debited(pick(c, c.cases), 1+c.r.Int64N(20000), models.Date("2026-11-08").AddDays(c.r.IntN(10)))
	if err == nil {
		c.notes = append(c.notes, n)
	}
	return err
}

func (c *chance) settles() error {
	if len(c.notes) == 0 {
		return errBroken
	}
	k := c.r.IntN(len(c.notes))
	n := c.notes[k]
	minor := n.Amount.Minor - n.DebitNote.Settled
	if c.r.IntN(2) == 0 {
		minor = 1 + c.r.Int64N(n.Amount.Minor)
	}
	n, err := c.settled(n, pick(c, models.SettlementKinds), minor, n.IssuedOn.AddDays(c.r.IntN(3)))
	if err == nil {
		c.notes[k] = n
	}
	return err
}

func (c *chance) reverses() error {
	if len(c.notes) == 0 {
		return errBroken
	}
	k := c.r.IntN(len(c.notes))
	n := c.notes[k]
	if len(n.Settlements) == 0 {
		return errBroken
	}
	n, err := try(c.firm, func(ctx context.Context, tx *gorm.DB) (*recovery.Note, error) {
		return recovery.Reverse(ctx, tx, c.by, n.ID, pick(c, n.Settlements).ID, n.Version, recovery.ReverseInput{Reason: "booked twice"})
	})
	if err == nil {
		c.notes[k] = n
	}
	return err
}

func (c *chance) cancels() error {
	if len(c.notes) == 0 {
		return errBroken
	}
	k := c.r.IntN(len(c.notes))
	n, err := try(c.firm, func(ctx context.Context, tx *gorm.DB) (*recovery.Note, error) {
		return recovery.Cancel(ctx, tx, c.by, c.notes[k].ID, c.notes[k].Version, recovery.CancelInput{Reason: "wrong clause"})
	})
	if err == nil {
		c.notes[k] = n
	}
	return err
}

func (c *chance) opensAction() error {
	if len(c.finals) == 0 {
		return errBroken
	}
	i := pick(c, c.finals)
	a, err := try(c.firm, func(ctx context.Context, tx *gorm.DB) (*models.CorrectiveAction, error) {
		by := c.by
		by.At = c.day().Time()
		return recovery.OpenAction(ctx, tx, by, recovery.ActionInput{InspectionID: &i.ID, Problem: "corners crushed"})
	})
	if err == nil {
		c.actions = append(c.actions, a)
	}
	return err
}

func (c *chance) replies() error {
	if len(c.actions) == 0 {
		return errBroken
	}
	k := c.r.IntN(len(c.actions))
	a := c.actions[k]
	step := a.Steps[c.r.IntN(4)]
	a, err := try(c.firm, func(ctx context.Context, tx *gorm.DB) (*models.CorrectiveAction, error) {
		if c.r.IntN(8) == 0 {
			return recovery.CancelAction(ctx, tx, c.by, a.ID, a.Version, recovery.CancelInput{Reason: "not needed"})
		}
		return recovery.AnswerStep(ctx, tx, c.by, a.ID, step.Step, a.Version, recovery.AnswerInput{Answer: "done", AnsweredOn: min(step.DueOn.AddDays(c.r.IntN(4)-1), today)})
	})
	if err == nil {
		c.actions[k] = a
	}
	return err
}
