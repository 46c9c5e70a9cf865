package scorecards_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"recourse/claims"
	"recourse/contracts"
	"recourse/inspections"
	"recourse/models"
	"recourse/recovery"
	"recourse/scorecards"
)

func TestFollowFindsWhatRebuildFinds(t *testing.T) {
	s := newStory(t)
	s.follow(today, 7)
	if diff := cmp.Diff(figures, counts(s.table(s.names()))); diff != "" {
		t.Errorf("Follow from the start (-want +got):\n%s", diff)
	}
	pending := func() int64 {
		t.Helper()
		return must(s.firm, func(ctx context.Context, tx *gorm.DB) (int64, error) { return scorecards.Pending(ctx, tx) })
	}
	if n := pending(); n != 0 {
		t.Errorf("Pending after Follow = %d, want 0", n)
	}
	s.inspected(s.b, "2026-03-03", good, s.lot(s.b, 0))
	if n := pending(); n == 0 {
		t.Error("Pending after an inspection = 0, want its entries")
	}
	s.follow(today, 7)
	if n := pending(); n != 0 {
		t.Errorf("Pending after Follow = %d, want 0", n)
	}
}

// TestLateInspectionTouchesItsMonth marks every row, then lets an inspection and
// its correction come in late: only the rows of their months are written.
func TestLateInspectionTouchesItsMonth(t *testing.T) {
	s := newStory(t)
	s.follow(today, 100)
	const marked = 777
	// check marks the rows, lets something happen and says which months lost their marks.
	check := func(what string, happen func(), want ...models.Month) map[string]models.SupplierMonth {
		t.Helper()
		if err := s.db.Write.Exec("UPDATE supplier_months SET units = ?", marked).Error; err != nil {
			t.Fatal(err)
		}
		happen()
		s.follow(today, 100)
		rows := s.table(s.names())
		for k, row := range rows {
			if written := row.Units != marked; written != (k[0] == 'A' && slices.Contains(want, row.Month)) {
				t.Errorf("%s: row %s written: %v, want the rows of A in %v alone", what, k, written, want)
			}
		}
		return rows
	}
	var late *models.Inspection
	rows := check("a late inspection", func() { late = s.inspected(s.a, "2026-02-20", bad, s.lot(s.a, 1)) }, "2026-02")
	if p2, all := rows["A 2026-02 P2"], rows["A 2026-02 all"]; p2.Lots != 1 || p2.LotsAccepted != 0 || all.Lots != 1 || all.Units != 80 {
		t.Errorf("after a late inspection: %+v, %+v", p2, all)
	}
	rows = check("its correction", func() {
		revision := must(s.firm, func(ctx context.Context, tx *gorm.DB) (*models.Inspection, error) {
			return inspections.Revise(ctx, tx, s.by, late.ID, late.Version, inspections.ReviseInput{Reason: "another day"})
		})
		moved, err := s.decided(revision, "2026-03-01", good)
		ok(s.firm, moved, err)
	}, "2026-02", "2026-03")
	if _, there := rows["A 2026-02 P2"]; there || rows["A 2026-02 all"].Lots != 0 || rows["A 2026-03 P2"].LotsAccepted != 1 {
		t.Errorf("after its correction: %v %+v", there, rows["A 2026-03 P2"])
	}
}

func TestDayTurns(t *testing.T) {
	s := newStory(t)
	s.follow("2026-08-15", 100)
	for _, c := range []struct {
		today models.Date
		steps int64
	}{{"2026-08-16", 3}, {"2026-08-15", 3}, {"2026-11-20", 4}} {
		s.follow(c.today, 100)
		if got := s.table(s.names())["A 2026-08 all"].Steps; got != c.steps {
			t.Errorf("on %s: %d steps, want %d", c.today, got, c.steps)
		}
	}
	idle := must(s.firm, func(ctx context.Context, tx *gorm.DB) (bool, error) { return scorecards.Waiting(ctx, tx, today) })
	next := must(s.firm, func(ctx context.Context, tx *gorm.DB) (bool, error) {
		return scorecards.Waiting(ctx, tx, today.AddDays(1))
	})
	if idle || !next {
		t.Errorf("Waiting = %v today and %v tomorrow, want false and true", idle, next)
	}
}

// TestClaimLeavesASupplier: what concerned a supplier before is computed anew too.
func TestClaimLeavesASupplier(t *testing.T) {
	f := newFirm(t)
	p := f.product()
	a, b := f.purchase("", p), f.purchase("", p)
	sale := f.sale(append(a.Lines, b.Lines...), b.Lines)
	names := map[models.ID]string{a.PartyID: "A", b.PartyID: "B", p: "P"}
	la, lb := f.lot(a, 0), f.lot(b, 0)
	shipped, err := f.ship(sale, "", "2026-04-02", carried(la, sale, 0), carried(lb, sale, 1))
	ok(f, shipped, err)
	c, err := f.claim(sale, "2026-06-01", complaint(sale, 0, nil, models.ReasonQuality, 500))
	ok(f, c, err)
	check := func(what string, wantA, wantB int64) {
		t.Helper()
		f.follow(today, 100)
		rows := f.table(names)
		if gotA, gotB := rows["A 2026-06 all"].Claims, rows["B 2026-06 all"].Claims; gotA != wantA || gotB != wantB {
			t.Errorf("%s: %d claims on A and %d on B, want %d and %d", what, gotA, gotB, wantA, wantB)
		}
	}
	check("only A shipped on the line", 1, 0)
	other, err := f.ship(sale, "", "2026-04-05", carried(f.lot(b, 0), sale, 0))
	ok(f, other, err)
	check("B shipped on it too", 0, 0)
	change := func(no int, in claims.ItemInput) {
		t.Helper()
		c = must(f, func(ctx context.Context, tx *gorm.DB) (*models.Claim, error) {
			return claims.ChangeItem(ctx, tx, f.by, c.ID, no, c.Items[no-1].Version, in)
		})
	}
	change(1, complaint(sale, 0, la, models.ReasonQuality, 500))
	check("the item names A's lot", 1, 0)
	change(1, complaint(sale, 1, lb, models.ReasonQuality, 500))
	check("it names B's instead", 0, 1)
	must(f, func(ctx context.Context, tx *gorm.DB) (*models.Claim, error) {
		return claims.Withdraw(ctx, tx, f.by, c.ID, c.Version, claims.ReasonInput{Reason: "sorted out"})
	})
	check("it is withdrawn", 0, 0)
}

// errBroken stops a transaction in its middle.
var errBroken = errors.New("broken")

// TestStoppedSweepGoesOn stops a rebuild after each supplier.
func TestStoppedSweepGoesOn(t *testing.T) {
	s := newStory(t)
	for range 20 {
		ctx, cancel := context.WithCancel(t.Context())
		n, err := scorecards.Follow(ctx, s.db, "CNY", today, 1)
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			break
		}
	}
	if diff := cmp.Diff(figures, counts(s.table(s.names()))); diff != "" {
		t.Errorf("after single steps (-want +got):\n%s", diff)
	}
}

// chance is a company in which anything may happen.
type chance struct {
	*firm
	r           *rand.Rand
	purchases   []*models.Contract
	sale        *models.Contract
	lots        []*models.Lot
	of          map[models.ID]*models.Contract
	visits      []*models.Inspection // planned
	finals      []*models.Inspection
	shipments   []*contracts.Shipped
	claims      []models.ID
	cases       []*models.RecoveryCase
	notes       []*recovery.Note
	actions     []*models.CorrectiveAction
	rates       map[string]int
	done, tried map[string]int
}

func newChance(t testing.TB, seed uint64) *chance {
	c := &chance{firm: newFirm(t), r: rand.New(rand.NewPCG(seed, 1)), of: map[models.ID]*models.Contract{}, rates: map[string]int{}, done: map[string]int{}, tried: map[string]int{}}
	p, q := c.product(), c.product()
	c.purchases = []*models.Contract{c.purchase("2026-04-15", p, q), c.purchase("", p), c.purchase("2026-05-31", q)}
	c.sale = c.firm.sale(append(c.purchases[0].Lines[:1:1], c.purchases[1].Lines...), append(c.purchases[0].Lines[1:2:2], c.purchases[2].Lines...))
	for range 12 {
		c.newLot()
	}
	return c
}

func (c *chance) newLot() {
	purchase := pick(c, c.purchases)
	l := c.lot(purchase, c.r.IntN(len(purchase.Lines)))
	c.lots, c.of[l.ID] = append(c.lots, l), purchase
}

func pick[T any](c *chance, list []T) T { return list[c.r.IntN(len(list))] }

// day is one of the first ten months, or the day given.
func (c *chance) day() models.Date { return models.Date("2026-01-01").AddDays(c.r.IntN(300)) }

// line is the line of the sale that a lot may go on.
func (c *chance) line(l *models.Lot) int {
	for n, line := range c.sale.Lines {
		for _, fed := range line.FedBy {
			if fed.PurchaseLineID == l.LineID {
				return n
			}
		}
	}
	c.t.Fatalf("no line for lot %s", l.Batch)
	return 0
}

// happenings is what may happen, as often as it stands here.
var happenings = []string{"plan", "plan", "decide", "decide", "abort", "revise", "revise", "again", "ship", "move", "rate", "claim", "claim", "answer", "change", "withdraw", "loss", "loss", "note", "note", "settle", "settle", "reverse", "cancel", "action", "reply", "price"}

// step does one random thing. What the verbs refuse has not happened.
func (c *chance) step() {
	c.t.Helper()
	acts := c.acts()
	name := pick(c, happenings)
	c.tried[name]++
	err := acts[name]()
	var refusal *models.Error
	switch {
	case err == nil:
		c.done[name]++
	case !errors.As(err, &refusal) && !errors.Is(err, errBroken):
		c.t.Fatalf("%s: %v", name, err)
	}
}

func TestFollowEqualsRebuild(t *testing.T) {
	all := map[string]int{}
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			c := newChance(t, seed)
			day := models.Date("2026-06-01")
			for n := range 200 {
				c.step()
				if c.r.IntN(6) == 0 {
					day = max(day, c.day())
					c.follow(day, 1+c.r.IntN(20))
				}
				if n%50 == 49 {
					c.follow(day, 20)
					c.compare(day)
				}
			}
			t.Logf("done %v of %v", c.done, c.tried)
			for name, n := range c.done {
				all[name] += n
			}
		})
	}
	for _, name := range happenings {
		if all[name] == 0 {
			t.Errorf("%s never worked: the stories don't tell of it", name)
		}
	}
}

// compare holds what was followed against a rebuild.
func (c *chance) compare(day models.Date) {
	c.t.Helper()
	followed := c.table(nil)
	if err := c.db.Write.Exec("DELETE FROM supplier_months").Error; err != nil {
		c.t.Fatal(err)
	}
	c.rebuild(day)
	if diff := cmp.Diff(c.table(nil), followed); diff != "" {
		c.t.Fatalf("Follow on %s (-rebuilt +followed):\n%s", day, diff)
	}
}
