package recovery

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/messages"
	"recourse/models"
)

// defaultObjectionDays is how long a party may object where neither the request
// nor the purchase contract says otherwise.
const defaultObjectionDays = 10

// IssueInput asks for a debit note on a recovery case. Without an amount it is
// all of the share that is not debited; without a day, today.
type IssueInput struct {
	CaseID        models.ID     `json:"case_id" validate:"required"`
	Amount        *models.Money `json:"amount"`
	IssuedOn      models.Date   `json:"issued_on"`
	ObjectionDays *int          `json:"objection_days" validate:"omitempty,min=1,max=365"`
	ObjectTo      string        `json:"object_to" validate:"max=200"` // where to object: an address of ours
	Clause        string        `json:"clause" validate:"max=4000"`   // without: the purchase contract's own words
	Deviation     models.Text   `json:"deviation"`                    // without: the claim items in figures
	Evidence      []string      `json:"evidence" validate:"max=200,dive,max=300"`
	ReplacesID    *models.ID    `json:"replaces_id"` // the cancelled note that this one is issued anew for
}

// IssueDebitNote issues a numbered demand against a party's share. Number and
// note are written in one transaction, so that no number is lost; what all notes
// of a case claim never exceeds the share. The content is frozen.
func IssueDebitNote(ctx context.Context, tx *gorm.DB, by models.Actor, in IssueInput) (*Note, error) {
	if err := allow(by, models.Finance); err != nil {
		return nil, err
	}
	r, err := caseOf(ctx, tx, by, in.CaseID)
	if err != nil {
		return nil, err
	}
	c, err := claimOf(ctx, tx, by, r.ClaimID)
	if err != nil {
		return nil, err
	}
	amount, err := debitable(ctx, tx, r, in)
	if err != nil {
		return nil, err
	}
	if err := mayReplace(ctx, tx, r, in.ReplacesID); err != nil {
		return nil, err
	}
	issued, err := dated("issued_on", in.IssuedOn, by, c.ReceivedOn)
	if err != nil {
		return nil, err
	}
	content, err := contentFor(ctx, tx, c, r, in)
	if err != nil {
		return nil, err
	}
	n := models.DebitNote{
		ID: models.NewID(), CaseID: r.ID, ClaimID: c.ID, Party: r.Party, PartyID: r.PartyID, Amount: amount, State: models.NoteIssued,
		IssuedOn: issued, ObjectionUntil: issued.AddDays(content.ObjectionDays), ReplacesID: in.ReplacesID, Content: *content,
		Version: 1, CreatedAt: models.Now(by.At), UpdatedAt: models.Now(by.At),
	}
	// The number comes last: other notes wait for it until this transaction ends.
	if n.Number, err = database.NextGaplessNumber(ctx, tx, "DN", issued.Time().Year()); err != nil {
		return nil, err
	}
	if err := gorm.G[models.DebitNote](tx).Create(ctx, &n); err != nil {
		return nil, err
	}
	r.Debited += amount.Minor
	if err := writeCase(ctx, tx, by, r); err != nil {
		return nil, err
	}
	if err := record(ctx, tx, by, "issue", "debit_note", n.ID, map[string]any{"number": n.Number, "amount": n.Amount, "content": n.Content}); err != nil {
		return nil, err
	}
	if err := announce(ctx, tx, by, messages.DebitNoteIssued, n, models.Say("Debit note %s was issued: %s.", "已开具扣款通知 %s：%s。", n.Number, n.Amount)); err != nil {
		return nil, err
	}
	return showNote(ctx, tx, n)
}

func announce(ctx context.Context, tx *gorm.DB, by models.Actor, event string, n models.DebitNote, says models.Text) error {
	return messages.Enqueue(ctx, tx, by, messages.Happening{Event: event, EntityID: n.ID, Once: fmt.Sprintf("%s/%s/%d", event, n.ID, n.Version), Subject: says, Body: says, Path: "/debit-notes/" + n.ID.String()})
}

// debitable is the amount of a new note, at most what is left of the share.
func debitable(ctx context.Context, tx *gorm.DB, r *models.RecoveryCase, in IssueInput) (models.Money, error) {
	left := models.Money{Minor: r.Share.Minor - r.Debited, Currency: r.Share.Currency}
	if left.Minor == 0 {
		var numbers []string
		err := fresh[models.DebitNote](tx).WithContext(ctx).Where("case_id = ? AND state <> ?", r.ID, models.NoteCancelled).Order("number").Limit(1).Pluck("number", &numbers).Error
		if err != nil {
			return left, err
		}
		if len(numbers) == 0 {
			return left, models.Conflict("case_id", "The party of %s bears nothing: there is nothing to debit.", "%s 的责任方不承担份额：无可扣款。", r.Number)
		}
		return left, models.Conflict("case_id", "The whole share of %s is debited already by %s: cancel that note to issue it anew.",
			"%s 的全部份额已由 %s 扣款：如需重开请先取消该通知。", r.Number, numbers[0])
	}
	amount := left
	if in.Amount != nil {
		amount = *in.Amount
	}
	switch {
	case amount.Currency != left.Currency:
		return left, models.Invalid("amount.currency", "The share is in %s: debit it in that currency.", "责任份额以 %s 计：请以该币种扣款。", left.Currency)
	case amount.Minor <= 0:
		return left, models.Invalid("amount", "An amount is greater than 0.", "金额须大于 0。")
	case amount.Minor > left.Minor:
		return left, models.Conflict("amount", "%s is above what is left of the share: %s.", "%s 超过尚可扣款的份额：%s。", amount, left)
	}
	return amount, nil
}

// mayReplace refuses a predecessor that still stands, or was replaced already.
func mayReplace(ctx context.Context, tx *gorm.DB, r *models.RecoveryCase, id *models.ID) error {
	if id == nil {
		return nil
	}
	old, err := gorm.G[models.DebitNote](tx).Select("id, state").Where("id = ? AND case_id = ?", *id, r.ID).Find(ctx)
	if err != nil {
		return err
	}
	if len(old) == 0 {
		return models.Invalid("replaces_id", "There is no such debit note in this case.", "本追偿案中没有该扣款通知。")
	}
	if old[0].State != models.NoteCancelled {
		return models.Conflict("replaces_id", "The debit note to replace still stands: cancel it with a reason first.", "原扣款通知仍有效：请先说明理由取消。")
	}
	var n int64
	if err := fresh[models.DebitNote](tx).WithContext(ctx).Where("case_id = ? AND replaces_id = ?", r.ID, *id).Count(&n).Error; err != nil {
		return err
	}
	if n > 0 {
		return models.Conflict("replaces_id", "That debit note was replaced already.", "该扣款通知已重开。")
	}
	return nil
}
