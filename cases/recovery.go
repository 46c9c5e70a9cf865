package cases

import (
	"encoding/json"
	"fmt"

	"recourse/claims"
	"recourse/contracts"
	"recourse/models"
	"recourse/recovery"
	"recourse/wire"
)

// Recovery is what a claim cost, who answers for it and what came back.
type Recovery struct {
	BaseCurrency     string            `json:"base_currency" validate:"required"`
	Rate             map[string]string `json:"rate"` // per currency, and "date"
	Loss             []LossLine        `json:"loss" validate:"dive"`
	ExpectedLoss     *json.RawMessage  `json:"expected_loss"`
	Liability        []Share           `json:"liability" validate:"dive"`
	ExpectedShares   *json.RawMessage  `json:"expected_shares"`
	DebitNote        *DebitNote        `json:"debit_note"`
	RoundingExamples []Rounding        `json:"rounding_examples"`
}

// LossLine is one cost.
type LossLine struct {
	What     string `json:"what" validate:"required"`
	Amount   string `json:"amount" validate:"required"`
	Currency string `json:"currency" validate:"required"`
}

// Share is one party's liability.
type Share struct {
	Party   models.PartyKind `json:"party" validate:"required"`
	Percent models.Decimal   `json:"percent"`
	Basis   string           `json:"basis" validate:"required"`
}

// DebitNote is the note to one party: SetOff and Paid are entered, the other
// figures are what the program must reach.
type DebitNote struct {
	Party       models.PartyKind `json:"party" validate:"required"`
	Amount      string           `json:"amount"`
	InWordsZH   string           `json:"in_words_zh"`
	SetOff      string           `json:"set_off"`
	Paid        string           `json:"paid"`
	Outstanding string           `json:"outstanding"`
}

// Rounding is an amount split by percentages, as an example of the rounding rule.
type Rounding struct {
	Total     string   `json:"total"`
	Percent   []string `json:"percent"`
	Shares    []string `json:"shares,omitempty"`
	SharesSum string   `json:"shares_sum,omitempty"`
}

// RecoveryResult is what was computed about the money, under the keys of a case file.
type RecoveryResult struct {
	ExpectedLoss     map[string]string           `json:"expected_loss"`
	ExpectedShares   map[models.PartyKind]string `json:"expected_shares"`
	DebitNote        *noteFigures                `json:"debit_note,omitempty"`
	RoundingExamples []Rounding                  `json:"rounding_examples,omitempty"`
}

type noteFigures struct {
	Number string `json:"number"`
	DebitNote
}

// recover enters loss, liability and the debit note as far as the file goes.
func (w *writer) recover(r *Result) error {
	in := w.file.Recovery
	if in == nil {
		return nil
	}
	if w.opened == nil {
		return models.Invalid("", "A recovery needs the claim in the same file.", "追偿需要同一文件中的索赔。")
	}
	r.Recovery = &RecoveryResult{ExpectedLoss: map[string]string{}, ExpectedShares: map[models.PartyKind]string{}}
	if err := w.loss(in, r.Recovery); err != nil {
		return err
	}
	if err := w.liability(in, r.Recovery); err != nil {
		return err
	}
	if in.DebitNote != nil {
		if err := w.debit(in, r.Recovery); err != nil {
			return models.At("debit_note", err)
		}
	}
	for n, example := range in.RoundingExamples {
		got, err := example.split(in.BaseCurrency)
		if err != nil {
			return models.At(fmt.Sprintf("rounding_examples[%d]", n), err)
		}
		r.Recovery.RoundingExamples = append(r.Recovery.RoundingExamples, got)
	}
	return nil
}

func (w *writer) loss(in *Recovery, r *RecoveryResult) error {
	var set recovery.LossInput
	for n, l := range in.Loss {
		at := fmt.Sprintf("loss[%d]", n)
		amount, err := models.ParseMoney(at, l.Amount, l.Currency)
		if err != nil {
			return err
		}
		line := recovery.LossLineInput{What: l.What, Amount: amount}
		if l.Currency != in.BaseCurrency {
			if line.Rate, err = models.ParseDecimal("rate."+l.Currency, in.Rate[l.Currency]); err != nil {
				return err
			}
			if line.RateOn, err = models.ParseDate("rate.date", in.Rate["date"]); err != nil {
				return err
			}
		}
		set.Lines = append(set.Lines, line)
	}
	if err := wire.Validate(&set); err != nil {
		return err
	}
	loss, err := recovery.SetLoss(w.ctx, w.tx, w.by, w.opened.ID, w.opened.Version, set, in.BaseCurrency)
	if err != nil {
		return err
	}
	for _, l := range loss.Lines {
		r.ExpectedLoss[l.What] = l.Base.Amount()
	}
	r.ExpectedLoss["total"] = loss.Total.Amount()
	return w.reload()
}

// reload reads the claim again: its version moved.
func (w *writer) reload() (err error) {
	w.opened, err = claims.Get(w.ctx, w.tx, w.by, w.opened.ID)
	return err
}

func (w *writer) liability(in *Recovery, r *RecoveryResult) error {
	var set recovery.LiabilityInput
	for _, s := range in.Liability {
		share := recovery.ShareInput{Party: s.Party, Percent: s.Percent, Basis: s.Basis}
		if s.Party == models.PartySupplier && w.file.Supplier != nil {
			supplier, err := contracts.PartyByCode(w.ctx, w.tx, w.by, w.file.Supplier.Code)
			if err != nil {
				return err
			}
			share.PartyID = &supplier.ID
		}
		set.Shares = append(set.Shares, share)
	}
	if len(set.Shares) == 0 {
		return nil
	}
	if err := wire.Validate(&set); err != nil {
		return err
	}
	shares, err := recovery.SetLiability(w.ctx, w.tx, w.by, w.opened.ID, w.opened.Version, set, in.BaseCurrency)
	if err != nil {
		return err
	}
	for _, s := range shares.Shares {
		r.ExpectedShares[s.Party] = s.Share.Amount()
	}
	return w.reload()
}

// debit issues the note for the party's whole share and books what came in.
func (w *writer) debit(in *Recovery, r *RecoveryResult) error {
	var c models.RecoveryCase
	err := w.tx.WithContext(w.ctx).Where("claim_id = ? AND party_kind = ?", w.opened.ID, in.DebitNote.Party).Take(&c).Error
	if err != nil {
		return models.Invalid("party", "%s bears no share that is to be recovered.", "%s 没有须追偿的份额。", in.DebitNote.Party)
	}
	note, err := recovery.IssueDebitNote(w.ctx, w.tx, w.by, recovery.IssueInput{CaseID: c.ID})
	if err != nil {
		return err
	}
	for _, m := range []struct{ kind, amount string }{{"set_off", in.DebitNote.SetOff}, {"payment", in.DebitNote.Paid}} {
		if m.amount == "" {
			continue
		}
		amount, err := models.ParseMoney(m.kind, m.amount, in.BaseCurrency)
		if err != nil {
			return err
		}
		if amount.Minor == 0 {
			continue
		}
		if note, err = recovery.Settle(w.ctx, w.tx, w.by, note.ID, note.Version, recovery.SettleInput{Kind: m.kind, Amount: amount, Reference: "case file"}); err != nil {
			return models.At(m.kind, err)
		}
	}
	r.DebitNote = &noteFigures{note.Number, DebitNote{
		Party: note.Party, Amount: note.Amount.Amount(), InWordsZH: note.InWords.ZH, SetOff: in.DebitNote.SetOff, Paid: in.DebitNote.Paid, Outstanding: note.Outstanding.Amount(),
	}}
	return nil
}

// split works an example of the rounding rule.
func (x Rounding) split(currency string) (Rounding, error) {
	total, err := models.ParseMoney("total", x.Total, currency)
	if err != nil {
		return x, err
	}
	weights := make([]int, len(x.Percent))
	for n, p := range x.Percent {
		d, err := models.ParseDecimal(fmt.Sprintf("percent[%d]", n), p)
		if err != nil {
			return x, err
		}
		hundredths, exact := d.Scaled(2)
		if !exact {
			return x, models.Invalid(fmt.Sprintf("percent[%d]", n), "%s has more than two decimals.", "%s 超过两位小数。", p)
		}
		weights[n] = int(hundredths)
	}
	out, sum := Rounding{Total: x.Total, Percent: x.Percent}, int64(0)
	for _, s := range recovery.Shares(total.Minor, weights) {
		out.Shares = append(out.Shares, models.Money{Minor: s, Currency: currency}.Amount())
		sum += s
	}
	out.SharesSum = models.Money{Minor: sum, Currency: currency}.Amount()
	return out, nil
}
