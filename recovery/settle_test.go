package recovery_test

import (
	"context"
	"strings"
	"testing"

	"gorm.io/gorm"

	"recourse/models"
	"recourse/recovery"
)

func TestSettlementIsRefused(t *testing.T) {
	b := newBook(t)
	n := b.issued(recovery.IssueInput{CaseID: b.shared().ID})
	for what, c := range map[string]struct {
		body  string
		code  models.Code
		field string
	}{
		"above the balance":       {`{"kind":"payment","amount":{"amount":"3883.54","currency":"CNY"}}`, models.CodeConflict, "amount"},
		"nothing":                 {`{"kind":"payment","amount":{"amount":"0.00","currency":"CNY"}}`, models.CodeInvalid, "amount"},
		"negative":                {`{"kind":"payment","amount":{"amount":"-5.00","currency":"CNY"}}`, models.CodeInvalid, "amount"},
		"three decimals":          {`{"kind":"payment","amount":{"amount":"5.005","currency":"CNY"}}`, models.CodeInvalid, "amount.amount"},
		"another currency":        {`{"kind":"payment","amount":{"amount":"5.00","currency":"USD"}}`, models.CodeInvalid, "amount.currency"},
		"paid without a rate":     {`{"kind":"payment","amount":{"amount":"5.00","currency":"CNY"},"paid":{"amount":"1.00","currency":"USD"}}`, models.CodeInvalid, "rate"},
		"rate without paid":       {`{"kind":"payment","amount":{"amount":"5.00","currency":"CNY"},"rate":"7"}`, models.CodeInvalid, "rate"},
		"paid otherwise":          {`{"kind":"payment","amount":{"amount":"5.00","currency":"CNY"},"paid":{"amount":"6.00","currency":"CNY"}}`, models.CodeInvalid, "paid"},
		"unknown kind":            {`{"kind":"gift","amount":{"amount":"5.00","currency":"CNY"}}`, models.CodeInvalid, "kind"},
		"write-off, no reason":    {`{"kind":"write_off","amount":{"amount":"5.00","currency":"CNY"}}`, models.CodeInvalid, "reason"},
		"write-off of a payment":  {`{"kind":"write_off","reason":"r","amount":{"amount":"5.00","currency":"CNY"},"paid":{"amount":"1.00","currency":"USD"},"rate":"7"}`, models.CodeInvalid, "paid"},
		"before it was issued":    {`{"kind":"payment","amount":{"amount":"5.00","currency":"CNY"},"settled_on":"2026-07-31"}`, models.CodeInvalid, "settled_on"},
		"tomorrow":                {`{"kind":"payment","amount":{"amount":"5.00","currency":"CNY"},"settled_on":"2026-08-02"}`, models.CodeInvalid, "settled_on"},
		"an amount to be changed": {`{"kind":"payment","amount":{"amount":"5.00","currency":"CNY"},"note_amount":"1"}`, models.CodeMalformed, "note_amount"},
	} {
		_, err := b.settle(n, c.body)
		refused(t, what, err, c.code, c.field)
	}
	half := b.settled(n, `{"kind":"goods","amount":{"amount":"1000.00","currency":"CNY"},"reference":"87 sheets"}`)
	_, err := b.settle(n, `{"kind":"payment","amount":{"amount":"5.00","currency":"CNY"}}`)
	refused(t, "a stale version", err, models.CodeStale, "")
	_, err = b.cancel(half)
	refused(t, "cancelling what is settled in part", err, models.CodeConflict, "state")
	done := b.settled(half, `{"kind":"write_off","reason":"not worth a suit","amount":{"amount":"2883.53","currency":"CNY"}}`)
	if done.State != models.NoteWrittenOff || b.cases()[models.PartySupplier].Recovered != cny(100000) {
		t.Errorf("written off: %s with %s recovered, want written_off and CNY 1000.00", done.State, b.cases()[models.PartySupplier].Recovered)
	}
	_, err = b.settle(done, `{"kind":"payment","amount":{"amount":"5.00","currency":"CNY"}}`)
	refused(t, "a payment on a closed note", err, models.CodeConflict, "state")
	_, err = try(b, func(ctx context.Context, tx *gorm.DB) (*recovery.Note, error) {
		return recovery.Acknowledge(ctx, tx, b.by, done.ID, done.Version)
	})
	refused(t, "acknowledging a closed note", err, models.CodeConflict, "state")
}

func TestReversal(t *testing.T) {
	b := newBook(t)
	n := b.issued(recovery.IssueInput{CaseID: b.shared().ID})
	n = must(b, func(ctx context.Context, tx *gorm.DB) (*recovery.Note, error) {
		return recovery.Acknowledge(ctx, tx, b.by, n.ID, n.Version)
	})
	n = b.settled(n, `{"kind":"payment","amount":{"amount":"3883.53","currency":"CNY"},"paid":{"amount":"540.00","currency":"USD"},"rate":"7.20"}`)
	first := n.Settlements[0]
	reverse := func(n *recovery.Note, id models.ID) (*recovery.Note, error) {
		return try(b, func(ctx context.Context, tx *gorm.DB) (*recovery.Note, error) {
			return recovery.Reverse(ctx, tx, b.by, n.ID, id, n.Version, recovery.ReverseInput{Reason: "cheque bounced"})
		})
	}
	back, err := reverse(n, first.ID)
	if err != nil {
		t.Fatal(err)
	}
	if back.State != models.NoteAcknowledged || back.Outstanding != cny(388353) || len(back.Settlements) != 2 {
		t.Errorf("after the reversal: %s, %s outstanding, %d movements, want acknowledged as before, all of it, 2", back.State, back.Outstanding, len(back.Settlements))
	}
	r := back.Settlements[1]
	if r.Amount != cny(-388353) || r.Fx.Minor != -first.Fx.Minor || first.Fx != cny(447) || r.Paid.Minor != -54000 || *r.ReversesID != first.ID {
		t.Errorf("reversal = %+v of %+v, want the opposite in every figure", r, first)
	}
	if got := b.cases()[models.PartySupplier]; got.Recovered != cny(0) || got.State != "open" {
		t.Errorf("case after the reversal = %s, %s recovered, want open, nothing", got.State, got.Recovered)
	}
	_, err = reverse(back, first.ID)
	refused(t, "reversed twice", err, models.CodeConflict, "")
	_, err = reverse(back, r.ID)
	refused(t, "the reversal reversed", err, models.CodeConflict, "")
	_, err = reverse(back, models.NewID())
	refused(t, "an unknown movement", err, models.CodeNotFound, "")
	if _, err := b.cancel(back); err != nil {
		t.Errorf("cancelling a note whose payment was reversed: %v", err)
	}
}

func TestReplies(t *testing.T) {
	b := newBook(t)
	n := b.issued(recovery.IssueInput{CaseID: b.shared().ID})
	part := func(n *recovery.Note, m models.Money) (*recovery.Note, error) {
		return try(b, func(ctx context.Context, tx *gorm.DB) (*recovery.Note, error) {
			return recovery.AcceptInPart(ctx, tx, b.by, n.ID, n.Version, recovery.PartInput{Amount: m, Reason: "half is carriage"})
		})
	}
	_, err := part(n, cny(388353))
	refused(t, "a part that is the whole", err, models.CodeInvalid, "amount")
	_, err = part(n, cny(0))
	refused(t, "a part that is nothing", err, models.CodeInvalid, "amount")
	n = must(b, func(ctx context.Context, tx *gorm.DB) (*recovery.Note, error) {
		return recovery.Object(ctx, tx, b.by, n.ID, n.Version, recovery.ObjectInput{Objection: "不是我们的责任"})
	})
	if n.State != models.NoteDisputed || n.Objection != "不是我们的责任" {
		t.Errorf("after the objection: %s, %q", n.State, n.Objection)
	}
	n, err = part(n, cny(200000))
	if err != nil || n.State != models.NoteInPart || *n.Accepted != cny(200000) {
		t.Fatalf("AcceptInPart = %+v, %v", n, err)
	}
	n = must(b, func(ctx context.Context, tx *gorm.DB) (*recovery.Note, error) {
		return recovery.Acknowledge(ctx, tx, b.by, n.ID, n.Version)
	})
	if n.State != models.NoteAcknowledged || n.Accepted != nil {
		t.Errorf("acknowledged after a part: %s, accepted %v, want the whole", n.State, n.Accepted)
	}
	_, err = try(b, func(ctx context.Context, tx *gorm.DB) (*recovery.Note, error) {
		return recovery.Acknowledge(ctx, tx, b.by, n.ID, n.Version)
	})
	refused(t, "acknowledged twice", err, models.CodeConflict, "state")
}

func TestOpenFilterIsTheOpenStates(t *testing.T) {
	quoted := make([]string, len(models.OpenNoteStates))
	for n, s := range models.OpenNoteStates {
		quoted[n] = "'" + string(s) + "'"
	}
	want := "(debit_notes.state IN (" + strings.Join(quoted, ", ") + ")) = ?"
	if got := recovery.NoteList.Filters["open"].SQL; got != want {
		t.Errorf("filter open = %s, want %s", got, want)
	}
}
