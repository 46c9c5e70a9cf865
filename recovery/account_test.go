package recovery_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"recourse/database"
	"recourse/models"
	"recourse/recovery"
)

// on is the book on a later day.
func (b *book) on(day models.Date) *book {
	later := *b
	later.by.At = day.Time().Add(8 * time.Hour)
	return &later
}

func TestStatementAndAgeing(t *testing.T) {
	b := newBook(t)
	supplier := b.shared()
	amount := func(minor int64) *models.Money { m := cny(minor); return &m }
	old := b.issued(recovery.IssueInput{CaseID: supplier.ID, Amount: amount(100000), IssuedOn: "2026-07-01"})
	old = b.settled(old, `{"kind":"set_off","amount":{"amount":"250.00","currency":"CNY"},"settled_on":"2026-07-10","reference":"PC-7"}`)
	wrong := b.issued(recovery.IssueInput{CaseID: supplier.ID, Amount: amount(5000)})
	if _, err := b.on("2026-08-20").cancel(wrong); err != nil {
		t.Fatal(err)
	}
	paid := b.on("2026-09-05").settled(old, `{"kind":"payment","amount":{"amount":"100.00","currency":"CNY"}}`)
	must(b.on("2026-09-06"), func(ctx context.Context, tx *gorm.DB) (*recovery.Note, error) {
		return recovery.Reverse(ctx, tx, b.on("2026-09-06").by, paid.ID, paid.Settlements[1].ID, paid.Version, recovery.ReverseInput{Reason: "bounced"})
	})
	b.on("2026-09-10").issued(recovery.IssueInput{CaseID: supplier.ID})

	later := b.on("2026-09-30")
	s := must(later, func(ctx context.Context, tx *gorm.DB) (*recovery.Statement, error) {
		return recovery.StatementOf(ctx, tx, later.by, *supplier.PartyID, recovery.StatementInput{From: "2026-08-01", To: "2026-09-08"})
	})
	var got []string
	for _, e := range s.Accounts[0].Movements {
		got = append(got, fmt.Sprintf("%s %s %s %s %s", e.On, e.Number, e.Kind, e.Amount.Amount(), e.Balance.Amount()))
	}
	want := []string{
		"2026-08-01 DN-2026-0002 debit_note 50.00 800.00",
		"2026-08-20 DN-2026-0002 cancellation -50.00 750.00",
		"2026-09-05 DN-2026-0001 payment -100.00 650.00",
		"2026-09-06 DN-2026-0001 reversal 100.00 750.00",
	}
	if diff := cmp.Diff(want, got); diff != "" || s.Accounts[0].Opening != cny(75000) || s.Accounts[0].Closing != cny(75000) {
		t.Errorf("statement from %s to %s (-want +got):\n%s", s.Accounts[0].Opening, s.Accounts[0].Closing, diff)
	}
	_, err := try(b, func(ctx context.Context, tx *gorm.DB) (*recovery.Statement, error) {
		return recovery.StatementOf(ctx, tx, b.by, *supplier.PartyID, recovery.StatementInput{From: "2026-08-02", To: "2026-08-01"})
	})
	refused(t, "a period that runs backwards", err, models.CodeInvalid, "from")

	ageing := must(later, func(ctx context.Context, tx *gorm.DB) (*recovery.AgeingReport, error) {
		return recovery.AgeingOf(ctx, tx, later.by, recovery.AgeingInput{PartyID: supplier.PartyID})
	})
	row := ageing.Items[0]
	if len(ageing.Items) != 1 || row.Notes != 2 || row.Days30 != cny(288353) || row.Days60 != cny(0) || row.Older != cny(75000) || row.Balance != cny(363353) || row.PartyName.EN == "" {
		t.Errorf("ageing = %+v, want 2883.53 young, 750.00 of 91 days", ageing.Items)
	}
	for day, want := range map[models.Date]func(recovery.Ageing) models.Money{
		"2026-07-31": func(a recovery.Ageing) models.Money { return a.Days30 }, // 30 days
		"2026-08-30": func(a recovery.Ageing) models.Money { return a.Days60 }, // 60
		"2026-08-31": func(a recovery.Ageing) models.Money { return a.Days90 }, // 61
	} {
		at := b.on(day)
		r := must(at, func(ctx context.Context, tx *gorm.DB) (*recovery.AgeingReport, error) {
			return recovery.AgeingOf(ctx, tx, at.by, recovery.AgeingInput{})
		})
		if got := want(r.Items[0]); got.Minor < 75000 {
			t.Errorf("ageing on %s = %+v, want CNY 750.00 in the other column", day, r.Items[0])
		}
	}
}

// BenchmarkAgeing sums 100 000 debit notes of 200 suppliers.
func BenchmarkAgeing(b *testing.B) {
	book := newBook(b)
	supplier := book.shared()
	book.notes(100_000, supplier)
	for b.Loop() {
		err := book.db.View(b.Context(), func(tx *gorm.DB) error {
			r, err := recovery.AgeingOf(b.Context(), tx, book.by, recovery.AgeingInput{})
			if err == nil && len(r.Items) != 200 {
				b.Fatalf("%d rows, want 200", len(r.Items))
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// notes stores n debit notes, two thirds of them open, over 200 parties.
func (b *book) notes(n int, r recovery.Case) {
	b.t.Helper()
	b.do(func(ctx context.Context, tx *gorm.DB) error {
		parties := make([]models.ID, 200)
		rows := [][]any{}
		for i := range parties {
			parties[i] = models.NewID()
			rows = append(rows, []any{parties[i], "supplier", fmt.Sprint("x", i), fmt.Sprint("x", i), "厂", "Factory", "CN", "", "", "", "", "", "", 1, now, now})
		}
		err := database.Insert(ctx, tx, "parties (id, kind, code, code_key, name_zh, name_en, country, place, address, contact, email, phone, search, version, created_at, updated_at)", rows)
		if err != nil {
			return err
		}
		rows = rows[:0]
		states := []string{"issued", "disputed", "settled", "acknowledged", "accepted_in_part", "written_off"}
		for i := range n {
			day := models.Date("2026-08-01").AddDays(-i % 400)
			rows = append(rows, []any{models.NewID(), fmt.Sprint("N-", i), r.ID, r.ClaimID, "supplier", parties[i%200], 100000, "CNY", i % 1000, states[i/200%6], "", string(day), "", "", "{}", 1, now, now})
		}
		return database.Insert(ctx, tx, "debit_notes (id, number, case_id, claim_id, party_kind, party_id, amount_minor, amount_currency, settled, state, reopens_as, issued_on, objection, cancel_reason, content, version, created_at, updated_at)", rows)
	})
}
