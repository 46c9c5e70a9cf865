package recovery

import (
	"context"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/messages"
	"recourse/models"
)

// noteForChange loads a note at the version the change is based on.
func noteForChange(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int) (*models.DebitNote, error) {
	if err := allow(by, models.Finance); err != nil {
		return nil, err
	}
	n, err := noteOf(ctx, tx, by, id)
	if err == nil && n.Version != version {
		err = database.Stale(n.Version)
	}
	return n, err
}

// move takes an open note to its next state, if the table of transitions has
// that move. A closed one only opens again by a reversal.
func move(n *models.DebitNote, next models.DebitNoteState) error {
	if !n.State.Open() || !n.State.MayBecome(next) {
		return models.Conflict("state", "%[1]s is %[2]s: it can't become %[3]s.", "%[1]s 处于“%[4]s”状态，不能变为“%[5]s”。", n.Number, n.State, next, stateZH(n.State), stateZH(next))
	}
	n.State = next
	return nil
}

// stateZH is a note's state in Chinese.
func stateZH(s models.DebitNoteState) string { return models.NoteStateWords.Of(string(s)).ZH }

// writeNote stores what may change of a note, guarded by its version. Amount,
// dates and content are not among it.
func writeNote(ctx context.Context, tx *gorm.DB, by models.Actor, n *models.DebitNote) error {
	n.UpdatedAt = models.Now(by.At)
	err := database.Update[models.DebitNote](ctx, tx, n.ID, n.Version, map[string]any{
		"state": n.State, "reopens_as": n.ReopensAs, "settled": n.Settled, "accepted_minor": n.AcceptedMinor,
		"objection": n.Objection, "cancel_reason": n.CancelReason, "updated_at": n.UpdatedAt,
	})
	n.Version++
	return err
}

// answered stores a party's reply to a note and tells it.
func answered(ctx context.Context, tx *gorm.DB, by models.Actor, n *models.DebitNote, action string, detail any) (*Note, error) {
	if err := writeNote(ctx, tx, by, n); err != nil {
		return nil, err
	}
	if err := record(ctx, tx, by, action, "debit_note", n.ID, detail); err != nil {
		return nil, err
	}
	return showNote(ctx, tx, *n)
}

// Acknowledge records that the party accepts the note, or withdraws its objection.
func Acknowledge(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int) (*Note, error) {
	n, err := noteForChange(ctx, tx, by, id, version)
	if err != nil {
		return nil, err
	}
	if err := move(n, models.NoteAcknowledged); err != nil {
		return nil, err
	}
	n.AcceptedMinor = nil
	return answered(ctx, tx, by, n, "acknowledge", nil)
}

// ObjectInput is the party's objection, in its words.
type ObjectInput struct {
	Objection string `json:"objection" validate:"required,max=4000"`
}

// Object records the party's objection; one that comes late is recorded too,
// since what it is worth is for people to say.
func Object(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int, in ObjectInput) (*Note, error) {
	n, err := noteForChange(ctx, tx, by, id, version)
	if err != nil {
		return nil, err
	}
	if err := reasoned("objection", in.Objection); err != nil {
		return nil, err
	}
	if err := move(n, models.NoteDisputed); err != nil {
		return nil, err
	}
	n.Objection, n.AcceptedMinor = in.Objection, nil
	out, err := answered(ctx, tx, by, n, "object", map[string]any{"objection": in.Objection, "late": today(by) > n.ObjectionUntil})
	if err != nil {
		return nil, err
	}
	return out, announce(ctx, tx, by, messages.DebitNoteObjected, *n, models.Say("%s: the party objects to debit note %[1]s.", "扣款通知 %s：对方提出异议。", n.Number))
}

// PartInput is the part that the party accepts, in the note's currency.
type PartInput struct {
	Amount models.Money `json:"amount"`
	Reason string       `json:"reason" validate:"max=4000"` // theirs, for not accepting the rest
}

// AcceptInPart records that the party accepts a part, at least what it settled already.
func AcceptInPart(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int, in PartInput) (*Note, error) {
	n, err := noteForChange(ctx, tx, by, id, version)
	if err != nil {
		return nil, err
	}
	switch {
	case in.Amount.Currency != n.Amount.Currency:
		return nil, models.Invalid("amount.currency", "The note is in %s.", "该通知以 %s 计。", n.Amount.Currency)
	case in.Amount.Minor <= 0 || in.Amount.Minor >= n.Amount.Minor:
		return nil, models.Invalid("amount", "A part is more than 0 and less than %s: record the whole as acknowledged.", "部分接受须大于 0 且小于 %s：全部接受请记为确认。", n.Amount)
	case in.Amount.Minor < n.Settled:
		return nil, models.Invalid("amount", "%s is settled already: the part accepted is not less.", "已结清 %s：接受金额不得更少。", models.Money{Minor: n.Settled, Currency: n.Amount.Currency})
	}
	if err := move(n, models.NoteInPart); err != nil {
		return nil, err
	}
	n.AcceptedMinor = &in.Amount.Minor
	if in.Reason != "" {
		n.Objection = in.Reason
	}
	return answered(ctx, tx, by, n, "accept_in_part", in)
}

// CancelInput says why a note is taken back.
type CancelInput struct {
	Reason string `json:"reason" validate:"required,max=4000"`
}

// Cancel takes a note back while nothing of it is settled; its number stays used
// and its amount may be debited again.
func Cancel(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int, in CancelInput) (*Note, error) {
	n, err := noteForChange(ctx, tx, by, id, version)
	if err != nil {
		return nil, err
	}
	if err := reasoned("reason", in.Reason); err != nil {
		return nil, err
	}
	if n.Settled > 0 {
		return nil, models.Conflict("state", "%s of %s is settled: reverse that first.", "%[2]s 已结清 %[1]s：请先冲销。", models.Money{Minor: n.Settled, Currency: n.Amount.Currency}, n.Number)
	}
	if err := move(n, models.NoteCancelled); err != nil {
		return nil, err
	}
	n.CancelReason = in.Reason
	out, err := answered(ctx, tx, by, n, "cancel", in)
	if err != nil {
		return nil, err
	}
	r, err := one[models.RecoveryCase](ctx, fresh[models.RecoveryCase](tx), "recovery case", "追偿案", n.CaseID)
	if err != nil {
		return nil, err
	}
	r.Debited -= n.Amount.Minor
	return out, writeCase(ctx, tx, by, r)
}
