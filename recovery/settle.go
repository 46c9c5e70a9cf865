package recovery

import (
	"context"

	"gorm.io/gorm"

	"recourse/models"
)

const writeOff = "write_off"

// SettleInput is one movement on a debit note. Amount is what it discharges, in
// the note's currency. Paid and Rate are given when another currency came: the
// rate is units of the note's currency per unit paid, and paid × rate less the
// amount is the exchange gain or loss.
type SettleInput struct {
	Kind      string         `json:"kind" validate:"required,oneof=set_off payment goods credit write_off"`
	Amount    models.Money   `json:"amount"`
	Paid      *models.Money  `json:"paid"`
	Rate      models.Decimal `json:"rate"`
	SettledOn models.Date    `json:"settled_on"` // without: today
	Reference string         `json:"reference" validate:"max=200"`
	Reason    string         `json:"reason" validate:"max=4000"` // of a write-off
}

// Settle adds a movement to a note, at most its balance. What closes the note by
// a write-off leaves it written off, anything else settled.
func Settle(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int, in SettleInput) (*Note, error) {
	n, err := noteForChange(ctx, tx, by, id, version)
	if err != nil {
		return nil, err
	}
	s, err := movement(by, n, in)
	if err != nil {
		return nil, err
	}
	n.Settled += s.Amount.Minor
	if n.Settled == n.Amount.Minor {
		before, closed := n.State, models.NoteSettled
		if s.Kind == writeOff {
			closed = models.NoteWrittenOff
		}
		if err := move(n, closed); err != nil {
			return nil, err
		}
		n.ReopensAs = before
	}
	return moved(ctx, tx, by, n, s, "settle")
}

// movement checks what is to be settled.
func movement(by models.Actor, n *models.DebitNote, in SettleInput) (models.Settlement, error) {
	none := models.Settlement{}
	switch owed := n.Outstanding(); {
	case !n.State.Open():
		return none, models.Conflict("state", "%[1]s is %[2]s: nothing is owed on it.", "%[1]s 处于“%[3]s”状态：无欠款。", n.Number, n.State, stateZH(n.State))
	case in.Amount.Currency != n.Amount.Currency:
		return none, models.Invalid("amount.currency", "The note is in %s: give what came in another currency as paid, with its rate.", "该通知以 %s 计：其他币种的来款请填写 paid 及汇率。", n.Amount.Currency)
	case in.Amount.Minor <= 0:
		return none, models.Invalid("amount", "An amount is greater than 0.", "金额须大于 0。")
	case in.Amount.Minor > owed.Minor:
		return none, models.Conflict("amount", "%s is above the balance of %s: %s.", "%s 超过 %s 的余额 %s。", in.Amount, n.Number, owed)
	}
	if in.Kind == writeOff {
		if err := reasoned("reason", in.Reason); err != nil {
			return none, err
		}
	}
	on, err := dated("settled_on", in.SettledOn, by, n.IssuedOn)
	if err != nil {
		return none, err
	}
	s := models.Settlement{
		ID: models.NewID(), NoteID: n.ID, Kind: in.Kind, Amount: in.Amount, SettledOn: on,
		Reference: in.Reference, Reason: in.Reason, CreatedBy: author(by), CreatedAt: models.Now(by.At),
	}
	return s, exchange(&s, in)
}

// exchange works out the gain or loss of what came in another currency.
func exchange(s *models.Settlement, in SettleInput) error {
	if in.Paid == nil || in.Paid.Currency == in.Amount.Currency {
		switch {
		case in.Rate.IsSet():
			return models.Invalid("rate", "A rate belongs to a payment in another currency.", "只有其他币种的来款才填写汇率。")
		case in.Paid != nil && *in.Paid != in.Amount:
			return models.Invalid("paid", "What is paid in the note's own currency is the amount.", "以本通知币种支付的，即为结算金额。")
		}
		return nil
	}
	if in.Kind == writeOff {
		return models.Invalid("paid", "Nothing is paid by a write-off.", "核销没有来款。")
	}
	if in.Paid.Minor <= 0 {
		return models.Invalid("paid", "An amount is greater than 0.", "金额须大于 0。")
	}
	worth, err := Base(*in.Paid, in.Rate, in.Amount.Currency)
	if err != nil {
		return err
	}
	s.Paid, s.Rate, s.FxMinor = in.Paid, in.Rate, worth.Minor-in.Amount.Minor
	return nil
}

// ReverseInput says why a movement is taken back.
type ReverseInput struct {
	Reason string `json:"reason" validate:"required,max=4000"`
}

// Reverse takes a movement back by one of the opposite sign, once; a note that
// it had closed is open again as it stood before.
func Reverse(ctx context.Context, tx *gorm.DB, by models.Actor, id, settlementID models.ID, version int, in ReverseInput) (*Note, error) {
	n, err := noteForChange(ctx, tx, by, id, version)
	if err != nil {
		return nil, err
	}
	if err := reasoned("reason", in.Reason); err != nil {
		return nil, err
	}
	old, err := one[models.Settlement](ctx, fresh[models.Settlement](tx).Where("note_id = ?", n.ID), "settlement", "结算", settlementID)
	if err != nil {
		return nil, err
	}
	var reversed int64
	if err := fresh[models.Settlement](tx).WithContext(ctx).Where("reverses_id = ?", old.ID).Count(&reversed).Error; err != nil {
		return nil, err
	}
	if reversed > 0 || old.ReversesID != nil {
		return nil, models.Conflict("", "This movement is reversed already, or is itself a reversal: enter a new one.", "该笔已冲销，或本身即为冲销：请重新登记。")
	}
	s := models.Settlement{
		ID: models.NewID(), NoteID: n.ID, Kind: old.Kind, Amount: old.Amount, Paid: old.Paid, Rate: old.Rate, FxMinor: -old.FxMinor,
		SettledOn: max(today(by), old.SettledOn), Reference: old.Reference, Reason: in.Reason, ReversesID: &old.ID, CreatedBy: author(by), CreatedAt: models.Now(by.At),
	}
	s.Amount.Minor = -s.Amount.Minor
	if s.Paid != nil {
		s.Paid = &models.Money{Minor: -s.Paid.Minor, Currency: s.Paid.Currency}
	}
	n.Settled += s.Amount.Minor
	if !n.State.Open() {
		if !n.State.MayBecome(n.ReopensAs) {
			return nil, models.Conflict("state", "%[1]s is %[2]s: it can't be opened again.", "%[1]s 处于“%[3]s”状态，不能重新打开。", n.Number, n.State, stateZH(n.State))
		}
		n.State, n.ReopensAs = n.ReopensAs, ""
	}
	return moved(ctx, tx, by, n, s, "reverse")
}

// moved stores a movement with the note and its case. A write-off brings nothing back.
func moved(ctx context.Context, tx *gorm.DB, by models.Actor, n *models.DebitNote, s models.Settlement, action string) (*Note, error) {
	if err := writeNote(ctx, tx, by, n); err != nil {
		return nil, err
	}
	if err := gorm.G[models.Settlement](tx).Create(ctx, &s); err != nil {
		return nil, err
	}
	r, err := one[models.RecoveryCase](ctx, fresh[models.RecoveryCase](tx), "recovery case", "追偿案", n.CaseID)
	if err != nil {
		return nil, err
	}
	if s.Kind != writeOff {
		r.Recovered += s.Amount.Minor
	}
	if err := writeCase(ctx, tx, by, r); err != nil {
		return nil, err
	}
	if err := record(ctx, tx, by, action, "debit_note", n.ID, Settlement{s, models.Money{Minor: s.FxMinor, Currency: s.Amount.Currency}}); err != nil {
		return nil, err
	}
	return showNote(ctx, tx, *n)
}
