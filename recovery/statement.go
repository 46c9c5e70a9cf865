package recovery

import (
	"cmp"
	"context"
	"slices"

	"gorm.io/gorm"

	"recourse/models"
)

// StatementInput is the period of a statement; without: this year to today.
type StatementInput struct {
	From models.Date `json:"from"`
	To   models.Date `json:"to"`
}

// Statement is a party's account with us over a period.
type Statement struct {
	Party    models.Party `json:"party"`
	From     models.Date  `json:"from"`
	To       models.Date  `json:"to"`
	Accounts []Account    `json:"accounts"` // one per currency
}

// Account is the movements in one currency: opening + Σ movements = closing.
type Account struct {
	Currency  string       `json:"currency"`
	Opening   models.Money `json:"opening"`
	Movements []Entry      `json:"movements"`
	Closing   models.Money `json:"closing"`
}

// Entry is one line of an account. What the party owes more is positive.
type Entry struct {
	On        models.Date  `json:"on"`
	Kind      string       `json:"kind"` // debit_note, cancellation, set_off, payment …, reversal
	NoteID    models.ID    `json:"note_id"`
	Number    string       `json:"number"` // of the debit note
	Reference string       `json:"reference"`
	Amount    models.Money `json:"amount"`
	Balance   models.Money `json:"balance"` // after it
	at        int64        // orders the entries of a day
}

// StatementOf draws the account of a supplier or other party in the books.
func StatementOf(ctx context.Context, tx *gorm.DB, by models.Actor, partyID models.ID, in StatementInput) (*Statement, error) {
	if err := mayRead(by); err != nil {
		return nil, err
	}
	p, err := one[models.Party](ctx, fresh[models.Party](tx).Where("kind <> ?", models.PartyCustomer), "supplier", "供应商", partyID)
	if err != nil {
		return nil, err
	}
	s := Statement{Party: *p, From: in.From, To: in.To, Accounts: []Account{}}
	if s.To.IsZero() {
		s.To = today(by)
	}
	if s.From.IsZero() {
		s.From = s.To[:4] + "-01-01"
	}
	if s.From > s.To {
		return nil, models.Invalid("from", "%s is after %s: the dates are out of order.", "%s 晚于 %s：日期顺序不对。", s.From, s.To)
	}
	entries, err := entriesOf(ctx, tx, by, partyID, s.To)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		a := s.account(e.Amount.Currency)
		a.Closing.Minor += e.Amount.Minor
		if e.On < s.From {
			a.Opening.Minor += e.Amount.Minor
			continue
		}
		e.Balance = a.Closing
		a.Movements = append(a.Movements, e)
	}
	slices.SortFunc(s.Accounts, func(a, b Account) int { return cmp.Compare(a.Currency, b.Currency) })
	return &s, nil
}

func (s *Statement) account(currency string) *Account {
	n := slices.IndexFunc(s.Accounts, func(a Account) bool { return a.Currency == currency })
	if n < 0 {
		zero := models.Money{Currency: currency}
		n, s.Accounts = len(s.Accounts), append(s.Accounts, Account{Currency: currency, Opening: zero, Closing: zero, Movements: []Entry{}})
	}
	return &s.Accounts[n]
}

// entriesOf reads every movement up to a day, in order, in two statements.
func entriesOf(ctx context.Context, tx *gorm.DB, by models.Actor, partyID models.ID, to models.Date) ([]Entry, error) {
	var notes []models.DebitNote
	err := scoped[models.DebitNote](tx, by, "debit_notes.claim_id").WithContext(ctx).Omit("content").
		Where("party_id = ? AND issued_on <= ?", partyID, to).Find(&notes).Error
	if err != nil {
		return nil, err
	}
	var moves []models.Settlement
	mine := scoped[models.DebitNote](tx, by, "debit_notes.claim_id").Select("debit_notes.id").Where("debit_notes.party_id = ?", partyID)
	if err := fresh[models.Settlement](tx).WithContext(ctx).Where("settled_on <= ? AND note_id IN (?)", to, mine).Find(&moves).Error; err != nil {
		return nil, err
	}
	var out []Entry
	numbers := make(map[models.ID]string, len(notes))
	for _, n := range notes {
		numbers[n.ID] = n.Number
		e := Entry{On: n.IssuedOn, Kind: "debit_note", NoteID: n.ID, Number: n.Number, Amount: n.Amount, at: n.CreatedAt.UnixMilli()}
		out = append(out, e)
		// A cancelled note is never written again, so its last change is the cancellation.
		if on := models.DateOf(n.UpdatedAt.In(by.At.Location())); n.State == models.NoteCancelled && on <= to {
			e.On, e.Kind, e.Reference, e.Amount.Minor, e.at = on, "cancellation", n.CancelReason, -e.Amount.Minor, n.UpdatedAt.UnixMilli()
			out = append(out, e)
		}
	}
	for _, m := range moves {
		kind := m.Kind
		if m.ReversesID != nil {
			kind = "reversal"
		}
		amount := models.Money{Minor: -m.Amount.Minor, Currency: m.Amount.Currency}
		out = append(out, Entry{On: m.SettledOn, Kind: kind, NoteID: m.NoteID, Number: numbers[m.NoteID], Reference: m.Reference, Amount: amount, at: m.CreatedAt.UnixMilli()})
	}
	slices.SortStableFunc(out, func(a, b Entry) int { return cmp.Or(cmp.Compare(a.On, b.On), cmp.Compare(a.at, b.at)) })
	return out, nil
}
