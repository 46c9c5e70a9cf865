package recovery_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"
	"pgregory.net/rapid"

	"recourse/audit"
	"recourse/models"
	"recourse/recovery"
)

// simple is what a recovery case should be, in as few words as possible.
type simple struct {
	share, debited, recovered int64
	notes                     []*simpleNote
}

type simpleNote struct {
	amount, settled int64
	open, cancelled bool
	state           models.DebitNoteState
	before          models.DebitNoteState // it was closed
	moves           []simpleMove
	note            *recovery.Note
}

type simpleMove struct {
	amount   int64
	writeOff bool
	reversed bool
	id       models.ID
}

// step does one random thing to the case and to the simple one, and compares.
func (m *simple) step(rt *rapid.T, b *book, r recovery.Case) {
	var n *simpleNote
	if len(m.notes) > 0 {
		n = rapid.SampledFrom(m.notes).Draw(rt, "note")
	}
	what := rapid.SampledFrom([]string{"issue", "settle", "settle", "settle", "reverse", "cancel", "acknowledge", "object", "part"}).Draw(rt, "what")
	if n == nil {
		what = "issue"
	}
	amount := rapid.Int64Range(1, m.share/2).Draw(rt, "amount")
	switch what {
	case "issue":
		a := cny(amount)
		note, err := b.issue(recovery.IssueInput{CaseID: r.ID, Amount: &a})
		if m.agree(rt, what, err, m.debited+amount <= m.share) {
			m.debited += amount
			m.notes = append(m.notes, &simpleNote{amount: amount, open: true, state: models.NoteIssued, note: note})
		}
	case "settle":
		m.settle(rt, b, n, amount)
	case "reverse":
		m.reverse(rt, b, n)
	case "cancel":
		note, err := b.cancel(n.note)
		if m.agree(rt, what, err, n.open && n.settled == 0) {
			m.debited -= n.amount
			n.open, n.cancelled, n.state, n.note = false, true, models.NoteCancelled, note
		}
	default:
		m.reply(rt, b, n, what, amount)
	}
}

// agree fails unless the verb worked exactly when it should, and reports whether it did.
func (m *simple) agree(rt *rapid.T, what string, err error, should bool) bool {
	if (err == nil) != should {
		rt.Fatalf("%s = %v, want it to work: %v", what, err, should)
	}
	return should
}

func (m *simple) settle(rt *rapid.T, b *book, n *simpleNote, amount int64) {
	if rapid.Bool().Draw(rt, "all of it") {
		amount = max(n.amount-n.settled, 1)
	}
	kind := rapid.SampledFrom(models.SettlementKinds).Draw(rt, "kind")
	note, err := b.settle(n.note, fmt.Sprintf(`{"kind":%q,"amount":{"amount":%q,"currency":"CNY"},"reason":"r"}`, kind, cny(amount).Amount()))
	if !m.agree(rt, "settle", err, n.open && n.settled+amount <= n.amount) {
		return
	}
	n.settled, n.note = n.settled+amount, note
	move := simpleMove{amount: amount, writeOff: kind == "write_off", id: note.Settlements[len(note.Settlements)-1].ID}
	n.moves = append(n.moves, move)
	if !move.writeOff {
		m.recovered += amount
	}
	if n.settled == n.amount {
		n.open, n.before, n.state = false, n.state, models.NoteSettled
		if move.writeOff {
			n.state = models.NoteWrittenOff
		}
	}
}

func (m *simple) reverse(rt *rapid.T, b *book, n *simpleNote) {
	if len(n.moves) == 0 {
		return
	}
	move := &n.moves[rapid.IntRange(0, len(n.moves)-1).Draw(rt, "move")]
	note, err := try(b, func(ctx context.Context, tx *gorm.DB) (*recovery.Note, error) {
		return recovery.Reverse(ctx, tx, b.by, n.note.ID, move.id, n.note.Version, recovery.ReverseInput{Reason: "r"})
	})
	if !m.agree(rt, "reverse", err, !move.reversed) {
		return
	}
	move.reversed, n.note = true, note
	n.settled -= move.amount
	if !move.writeOff {
		m.recovered -= move.amount
	}
	if !n.open {
		n.open, n.state = true, n.before
	}
}

func (m *simple) reply(rt *rapid.T, b *book, n *simpleNote, what string, amount int64) {
	next := map[string]models.DebitNoteState{"acknowledge": models.NoteAcknowledged, "object": models.NoteDisputed, "part": models.NoteInPart}[what]
	note, err := try(b, func(ctx context.Context, tx *gorm.DB) (*recovery.Note, error) {
		switch what {
		case "acknowledge":
			return recovery.Acknowledge(ctx, tx, b.by, n.note.ID, n.note.Version)
		case "object":
			return recovery.Object(ctx, tx, b.by, n.note.ID, n.note.Version, recovery.ObjectInput{Objection: "no"})
		}
		return recovery.AcceptInPart(ctx, tx, b.by, n.note.ID, n.note.Version, recovery.PartInput{Amount: cny(amount)})
	})
	should := n.open && n.state != next
	if what == "part" {
		should = should && amount < n.amount && amount >= n.settled
	}
	if m.agree(rt, what, err, should) {
		n.state, n.note = next, note
	}
}

// TestNotesFollowTheSimpleModel does random things one after the other.
func TestNotesFollowTheSimpleModel(t *testing.T) {
	b := newBook(t)
	claims, issued := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		claims++
		b.claim = b.newClaim(fmt.Sprintf("CLM-P-%d", claims))
		r := b.shared()
		m := simple{share: r.Share.Minor}
		for range rapid.IntRange(1, 15).Draw(rt, "steps") {
			m.step(rt, b, r)
		}
		issued += len(m.notes)
		got := b.cases()[models.PartySupplier]
		if got.Debited != cny(m.debited) || got.Recovered != cny(m.recovered) || m.recovered > m.share {
			rt.Fatalf("case: %s debited, %s recovered, want %d, %d", got.Debited, got.Recovered, m.debited, m.recovered)
		}
		for _, n := range m.notes {
			now := must(b, func(ctx context.Context, tx *gorm.DB) (*recovery.Note, error) {
				return recovery.GetNote(ctx, tx, b.by, n.note.ID)
			})
			if now.State != n.state || now.Settled != cny(n.settled) || now.Amount != cny(n.amount) {
				rt.Fatalf("%s: %s, %s of %s settled, want %s, %d of %d", now.Number, now.State, now.Settled, now.Amount, n.state, n.settled, n.amount)
			}
		}
	})
	b.checkNumbers(issued)
}

// checkNumbers wants the numbers of all notes to be 1, 2, 3 … n.
func (b *book) checkNumbers(n int) {
	b.t.Helper()
	var numbers []string
	if err := b.db.Read.Model(&models.DebitNote{}).Order("number").Pluck("number", &numbers).Error; err != nil {
		b.t.Fatal(err)
	}
	if n >= 0 && len(numbers) != n {
		b.t.Errorf("%d notes, want %d", len(numbers), n)
	}
	for i, number := range numbers {
		if want := fmt.Sprintf("DN-2026-%04d", i+1); number != want {
			b.t.Fatalf("note %d is %s, want %s", i+1, number, want)
		}
	}
}

var errBroken = errors.New("the transaction ends here")

// TestNothingIsRecoveredTwice lets several actors do whatever they like to two
// claims at the same time, a third of them breaking off their transaction at its
// end, while the shares change. Afterwards every sum must be right.
func TestNothingIsRecoveredTwice(t *testing.T) {
	b := newBook(t)
	second := *b
	second.claim = b.newClaim("CLM-2026-000002")
	books := []*book{b, &second}
	var cases []models.ID
	for _, k := range books {
		k.shared()
		for _, c := range k.cases() {
			cases = append(cases, c.ID)
		}
	}
	const actors, each = 6, 40
	var wg sync.WaitGroup
	for actor := range actors {
		wg.Go(func() {
			dice := rand.New(rand.NewPCG(7, uint64(actor)))
			for range each {
				err := b.db.Tx(t.Context(), func(tx *gorm.DB) error {
					err := anything(t.Context(), tx, b.by, dice, books, cases)
					if err == nil && dice.IntN(3) == 0 {
						err = errBroken
					}
					return err
				})
				var known *models.Error
				if err != nil && !errors.Is(err, errBroken) && !errors.As(err, &known) {
					t.Errorf("actor %d: %v", actor, err)
				}
			}
		})
	}
	wg.Wait()
	b.checkNumbers(-1)
	b.checkSums(cases)
	b.do(func(ctx context.Context, tx *gorm.DB) error {
		for {
			if n, err := audit.Seal(ctx, tx, 1000); err != nil || n == 0 {
				return err
			}
		}
	})
	report, err := audit.Verify(t.Context(), b.db.Read, now.Add(time.Hour))
	if err != nil || len(report.Problems) > 0 {
		t.Errorf("audit chain: %v, %v", report.Problems, err)
	}
}

// anything is one random act on a random case, by what the actor sees of it now.
func anything(ctx context.Context, tx *gorm.DB, by models.Actor, dice *rand.Rand, books []*book, cases []models.ID) error {
	if dice.IntN(12) == 0 {
		b := books[dice.IntN(len(books))]
		loss, err := recovery.GetLoss(ctx, tx, by, b.claim.ID, "CNY")
		if err != nil {
			return err
		}
		supplier := 55 + dice.IntN(11)
		in, err := read[recovery.LiabilityInput](fmt.Sprintf(`{"shares":[{"party":"supplier","percent":%d,"basis":"b"},{"party":"carrier","percent":%d,"basis":"b"}]}`, supplier, 100-supplier))
		if err == nil {
			_, err = recovery.SetLiability(ctx, tx, by, b.claim.ID, loss.Version, in, "CNY")
		}
		return err
	}
	caseID := cases[dice.IntN(len(cases))]
	notes, err := gorm.G[models.DebitNote](tx).Where("case_id = ?", caseID).Order("id").Find(ctx)
	if err != nil {
		return err
	}
	amount := cny(1 + dice.Int64N(200000))
	if len(notes) == 0 || dice.IntN(4) == 0 {
		_, err := recovery.IssueDebitNote(ctx, tx, by, recovery.IssueInput{CaseID: caseID, Amount: &amount})
		return err
	}
	n := notes[dice.IntN(len(notes))]
	switch dice.IntN(6) {
	case 0:
		_, err = recovery.Cancel(ctx, tx, by, n.ID, n.Version, recovery.CancelInput{Reason: "r"})
	case 1:
		_, err = recovery.Object(ctx, tx, by, n.ID, n.Version, recovery.ObjectInput{Objection: "no"})
	case 2:
		var moves []models.Settlement
		if moves, err = gorm.G[models.Settlement](tx).Where("note_id = ?", n.ID).Find(ctx); err == nil && len(moves) > 0 {
			_, err = recovery.Reverse(ctx, tx, by, n.ID, moves[dice.IntN(len(moves))].ID, n.Version, recovery.ReverseInput{Reason: "r"})
		}
	default:
		_, err = recovery.Settle(ctx, tx, by, n.ID, n.Version, recovery.SettleInput{Kind: models.SettlementKinds[dice.IntN(5)], Amount: amount, Reason: "r"})
	}
	return err
}

// checkSums adds everything up from the movements alone.
func (b *book) checkSums(cases []models.ID) {
	b.t.Helper()
	ctx := b.t.Context()
	moves := 0
	for _, id := range cases {
		r, err := gorm.G[models.RecoveryCase](b.db.Read).Where("id = ?", id).Take(ctx)
		if err != nil {
			b.t.Fatal(err)
		}
		notes, err := gorm.G[models.DebitNote](b.db.Read).Where("case_id = ?", id).Find(ctx)
		if err != nil {
			b.t.Fatal(err)
		}
		var debited, recovered int64
		for _, n := range notes {
			settlements, err := gorm.G[models.Settlement](b.db.Read).Where("note_id = ?", n.ID).Find(ctx)
			if err != nil {
				b.t.Fatal(err)
			}
			var settled int64
			var reversed []models.ID
			for _, s := range settlements {
				settled += s.Amount.Minor
				if s.Kind != "write_off" {
					recovered += s.Amount.Minor
				}
				if s.ReversesID != nil {
					if slices.Contains(reversed, *s.ReversesID) {
						b.t.Errorf("%s: a movement is reversed twice", n.Number)
					}
					reversed = append(reversed, *s.ReversesID)
				}
			}
			moves += len(settlements)
			closed := n.State == models.NoteSettled || n.State == models.NoteWrittenOff
			if settled != n.Settled || settled < 0 || settled > n.Amount.Minor || closed != (settled == n.Amount.Minor) {
				b.t.Errorf("%s is %s: movements sum to %d, it says %d of %d", n.Number, n.State, settled, n.Settled, n.Amount.Minor)
			}
			if n.State != models.NoteCancelled {
				debited += n.Amount.Minor
			}
		}
		if debited != r.Debited || recovered != r.Recovered || debited > r.Share.Minor || recovered > r.Share.Minor {
			b.t.Errorf("%s: %d debited, %d recovered by its notes; it says %d, %d of %d", r.Number, debited, recovered, r.Debited, r.Recovered, r.Share.Minor)
		}
	}
	if moves < 5 {
		b.t.Errorf("only %d movements: the test does too little", moves)
	}
}
