package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/models"
	"recourse/recovery"
)

const (
	debitNotes  = 100_000
	ageingTries = 40
)

// measureAgeing measures what all parties owe by age, over HTTP. Every note is
// open, so that each counts.
func measureAgeing(ctx context.Context, b *bench) error {
	for _, e := range b.engines() {
		l, err := b.list(ctx, e, smallList)
		if err != nil {
			return fmt.Errorf("%s: %w", e.name, err)
		}
		begun := time.Now()
		if err := l.demand(ctx, debitNotes); err != nil {
			return fmt.Errorf("%s: %w", e.name, err)
		}
		b.note(fmt.Sprintf("fill %d debit notes, %s", debitNotes, e.name), seconds(time.Since(begun).Seconds()))
		var times []float64
		for range ageingTries {
			begun := time.Now()
			text, err := l.site.do(ctx, "GET", "/api/v1/ageing", nil)
			if err != nil {
				return err
			}
			times = append(times, time.Since(begun).Seconds())
			if err := aged(text, debitNotes); err != nil {
				return err
			}
		}
		name := fmt.Sprintf("ageing of %d debit notes, %s", debitNotes, e.name)
		b.atMost(name+": p50", median(times), 0.1, seconds)
		b.atMost(name+": p99", percentile(times, 99), 0.1, seconds)
	}
	return nil
}

// aged refuses a report that doesn't count every note.
func aged(text []byte, want int) error {
	var report recovery.AgeingReport
	if err := json.Unmarshal(text, &report); err != nil {
		return err
	}
	n := 0
	for _, party := range report.Items {
		n += party.Notes
	}
	if n != want {
		return fmt.Errorf("the ageing counts %d notes, not %d", n, want)
	}
	return nil
}

// demand writes so many debit notes, each on a claim and a recovery case of its
// own: one is issued as the program does it, the others are made like it.
func (f *filling) demand(ctx context.Context, count int) error {
	note, err := f.issue(ctx)
	if err != nil {
		return err
	}
	for first := 0; first < count-1; first += fillBatch {
		err := f.company.db.Tx(ctx, func(tx *gorm.DB) error { return f.notes(ctx, tx, note, first, min(first+fillBatch, count-1)) })
		if err != nil {
			return err
		}
	}
	if f.company.db.Dialect == database.SQLite {
		return nil
	}
	return f.company.db.Write.WithContext(ctx).Exec("ANALYZE TABLE claims, claim_items, recovery_cases, debit_notes").Error
}

// issue debits the supplier behind the first claim with 60 % of what it cost.
func (f *filling) issue(ctx context.Context) (note *models.DebitNote, err error) {
	c := f.company
	loss := recovery.LossInput{Lines: []recovery.LossLineInput{{What: "survey", Amount: models.Money{Minor: 250_000, Currency: "CNY"}}}}
	shares := recovery.LiabilityInput{Shares: []recovery.ShareInput{
		{Party: models.PartySupplier, Percent: models.MustDecimal("60"), Basis: "corner protection missing against contract"},
		{Party: models.PartyCarrier, Percent: models.MustDecimal("40"), Basis: "exception noted at discharge"},
	}}
	err = c.db.Tx(ctx, func(tx *gorm.DB) error {
		now, err := recovery.GetLoss(ctx, tx, c.by, f.claims[0], "CNY")
		if err != nil {
			return err
		}
		if now, err = recovery.SetLoss(ctx, tx, c.by, f.claims[0], now.Version, loss, "CNY"); err != nil {
			return err
		}
		if _, err := recovery.SetLiability(ctx, tx, c.by, f.claims[0], now.Version, shares, "CNY"); err != nil {
			return err
		}
		owing, err := gorm.G[models.RecoveryCase](tx).Where("claim_id = ? AND party_kind = ?", f.claims[0], models.PartySupplier).Take(ctx)
		if err != nil {
			return err
		}
		issued, err := recovery.IssueDebitNote(ctx, tx, c.by, recovery.IssueInput{CaseID: owing.ID})
		if err == nil {
			note = &issued.DebitNote
		}
		return err
	})
	return note, err
}

// notes copies the note with its claim and case for each of the numbers: to other
// parties, in two currencies, in every open state, up to 200 days old, a third settled in part.
func (f *filling) notes(ctx context.Context, tx *gorm.DB, note *models.DebitNote, first, end int) error {
	d := f.company.db.Dialect
	n := fmt.Sprintf("m.n + %d", first)
	claim, owing := numberedSQL(d, kindClaim, n), numberedSQL(d, kindCase, n)
	var dates, states []string
	for k, age := range []int{5, 20, 35, 50, 65, 80, 95, 200} {
		dates = append(dates, fmt.Sprintf("WHEN %d THEN '%s'", k, models.DateOf(f.company.by.At).AddDays(-age)))
	}
	for k, state := range models.OpenNoteStates {
		states = append(states, fmt.Sprintf("WHEN %d THEN '%s'", k, state))
	}
	amount := "1000 + (m.n * 37) % 300000"
	for _, t := range []struct {
		table string
		set   map[string]string
		where string
		arg   models.ID
	}{
		{"claims", map[string]string{"id": claim, "number": joined(d, "'CLM-2027-'", digits(d, n, 8))}, "s.id = ?", note.ClaimID},
		{"claim_items", map[string]string{"id": claim, "claim_id": claim}, "s.item_no = 1 AND s.claim_id = ?", note.ClaimID},
		{"recovery_cases", map[string]string{"id": owing, "claim_id": claim, "number": joined(d, "'REC-2027-'", digits(d, n, 8)), "party_id": "m.supplier", "share_minor": "1000000"}, "s.id = ?", note.CaseID},
		{"debit_notes", map[string]string{"id": numberedSQL(d, kindNote, n), "case_id": owing, "claim_id": claim, "number": joined(d, "'DN-2027-'", digits(d, n, 8)), "party_id": "m.supplier",
			"amount_minor": amount, "settled": "CASE WHEN m.n % 3 = 0 THEN 500 ELSE 0 END", "amount_currency": "CASE WHEN m.n % 7 = 0 THEN 'USD' ELSE 'CNY' END",
			"state": "CASE m.n % 4 " + strings.Join(states, " ") + " END", "issued_on": "CASE m.n % 8 " + strings.Join(dates, " ") + " END"}, "s.id = ?", note.ID},
	} {
		from := fmt.Sprintf("%s s CROSS JOIN bench_numbers m WHERE %s AND m.n < %d", t.table, t.where, end-first)
		if err := copyRows(ctx, tx, t.table, t.set, from, t.arg); err != nil {
			return err
		}
	}
	return nil
}
