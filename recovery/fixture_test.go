package recovery_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"recourse/contracts/contractstest"
	"recourse/database"
	"recourse/database/databasetest"
	"recourse/models"
	"recourse/recovery"
	"recourse/wire"
)

var now = time.Date(2026, 8, 1, 8, 0, 0, 0, time.UTC)

// book is a database with one claim of three items on 12000 shipped sheets.
type book struct {
	t        testing.TB
	db       *database.DB
	by       models.Actor
	purchase *models.Contract
	sales    *models.Contract
	lot      *models.Lot
	claim    models.Claim
}

func newBook(t testing.TB) *book {
	t.Helper()
	b := &book{t: t, db: databasetest.Open(t), by: models.System("test", now)}
	b.purchase = contractstest.MustPurchase(t, b.db)
	b.sales = contractstest.MustSales(t, b.db, b.purchase)
	b.lot = contractstest.MustLot(t, b.db, b.purchase.Lines[0].ID)
	b.claim = b.newClaim("CLM-2026-000001")
	return b
}

// newClaim stores a claim on the book's goods.
func (b *book) newClaim(number string) models.Claim {
	b.t.Helper()
	c := models.Claim{
		ID: models.NewID(), Number: number, CustomerReference: "Rekl. 26/118", CustomerID: b.sales.PartyID, SalesContractID: b.sales.ID,
		ReceivedOn: "2026-06-30", State: models.ClaimNegotiating, Version: 1, CreatedAt: now, UpdatedAt: now,
	}
	usd := func(minor int64) models.Money { return models.Money{Minor: minor, Currency: "USD"} }
	granted := usd(62640)
	items := []models.ClaimItem{
		{ItemNo: 1, Reason: models.ReasonQuality, Defect: "COR", Quantity: models.Pieces(1440), Claimed: usd(208800), LotID: &b.lot.ID, Answer: models.AnswerInPart, Granted: &granted},
		{ItemNo: 2, Reason: models.ReasonQuantity, Quantity: models.Pieces(300), Claimed: usd(43500), LotID: &b.lot.ID, Answer: models.AnswerReject},
	}
	b.do(func(ctx context.Context, tx *gorm.DB) error {
		if err := gorm.G[models.Claim](tx).Create(ctx, &c); err != nil {
			return err
		}
		for _, i := range items {
			i.ID, i.ClaimID, i.SalesLineID, i.Version = models.NewID(), c.ID, b.sales.Lines[0].ID, 1
			if err := gorm.G[models.ClaimItem](tx).Create(ctx, &i); err != nil {
				return err
			}
		}
		return nil
	})
	return c
}

func (b *book) do(f func(ctx context.Context, tx *gorm.DB) error) {
	b.t.Helper()
	if err := b.db.Tx(b.t.Context(), func(tx *gorm.DB) error { return f(b.t.Context(), tx) }); err != nil {
		b.t.Fatal(err)
	}
}

// try runs a verb in a transaction of its own.
func try[T any](b *book, verb func(ctx context.Context, tx *gorm.DB) (T, error)) (out T, err error) {
	b.t.Helper()
	err = b.db.Tx(b.t.Context(), func(tx *gorm.DB) error {
		out, err = verb(b.t.Context(), tx)
		return err
	})
	return out, err
}

// must is try for what has to work.
func must[T any](b *book, verb func(ctx context.Context, tx *gorm.DB) (T, error)) T {
	b.t.Helper()
	out, err := try(b, verb)
	if err != nil {
		b.t.Fatal(err)
	}
	return out
}

// read decodes an input as it comes over the wire.
func read[T any](text string) (in T, err error) {
	err = wire.Read([]byte(text), &in)
	return in, err
}

// version is the claim's present one.
func (b *book) version(claim models.ID) int {
	b.t.Helper()
	return must(b, func(ctx context.Context, tx *gorm.DB) (*recovery.Loss, error) {
		return recovery.GetLoss(ctx, tx, b.by, claim, "CNY")
	}).Version
}

func (b *book) setLoss(text string) (*recovery.Loss, error) {
	b.t.Helper()
	in, err := read[recovery.LossInput](text)
	if err != nil {
		return nil, err
	}
	version := b.version(b.claim.ID)
	return try(b, func(ctx context.Context, tx *gorm.DB) (*recovery.Loss, error) {
		return recovery.SetLoss(ctx, tx, b.by, b.claim.ID, version, in, "CNY")
	})
}

func (b *book) setLiability(text string) (*recovery.Liability, error) {
	b.t.Helper()
	in, err := read[recovery.LiabilityInput](text)
	if err != nil {
		return nil, err
	}
	version := b.version(b.claim.ID)
	return try(b, func(ctx context.Context, tx *gorm.DB) (*recovery.Liability, error) {
		return recovery.SetLiability(ctx, tx, b.by, b.claim.ID, version, in, "CNY")
	})
}

const lossText = `{"lines":[{"what":"settlement","amount":{"amount":"626.40","currency":"USD"},"rate":"7.18","rate_on":"2026-07-28","document":"CN-118"},
	{"what":"survey","amount":{"amount":"250.00","currency":"USD"},"rate":"7.18","rate_on":"2026-07-28"},
	{"what":"courier","amount":{"amount":"180.00","currency":"CNY"}}]}`

const liabilityText = `{"shares":[{"party":"supplier","percent":"60","basis":"corner protection missing against contract"},
	{"party":"carrier","percent":40,"basis":"exception noted at discharge"}]}`

// shared sets loss and shares and returns the supplier's case.
func (b *book) shared() recovery.Case {
	b.t.Helper()
	if _, err := b.setLoss(lossText); err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.setLiability(liabilityText); err != nil {
		b.t.Fatal(err)
	}
	return b.cases()[models.PartySupplier]
}

// cases are the claim's by party.
func (b *book) cases() map[models.PartyKind]recovery.Case {
	b.t.Helper()
	page := must(b, func(ctx context.Context, tx *gorm.DB) (database.Page[recovery.Case], error) {
		return recovery.ListCases(ctx, tx, b.by, database.Query{Filters: map[string]string{"claim_id": b.claim.ID.String()}})
	})
	out := map[models.PartyKind]recovery.Case{}
	for _, c := range page.Items {
		out[c.Party] = c
	}
	return out
}

func (b *book) issue(in recovery.IssueInput) (*recovery.Note, error) {
	b.t.Helper()
	return try(b, func(ctx context.Context, tx *gorm.DB) (*recovery.Note, error) {
		return recovery.IssueDebitNote(ctx, tx, b.by, in)
	})
}

func (b *book) issued(in recovery.IssueInput) *recovery.Note {
	b.t.Helper()
	n, err := b.issue(in)
	if err != nil {
		b.t.Fatal(err)
	}
	return n
}

func (b *book) settle(n *recovery.Note, text string) (*recovery.Note, error) {
	b.t.Helper()
	in, err := read[recovery.SettleInput](text)
	if err != nil {
		return nil, err
	}
	return try(b, func(ctx context.Context, tx *gorm.DB) (*recovery.Note, error) {
		return recovery.Settle(ctx, tx, b.by, n.ID, n.Version, in)
	})
}

func (b *book) settled(n *recovery.Note, text string) *recovery.Note {
	b.t.Helper()
	out, err := b.settle(n, text)
	if err != nil {
		b.t.Fatal(err)
	}
	return out
}

func (b *book) cancel(n *recovery.Note) (*recovery.Note, error) {
	b.t.Helper()
	return try(b, func(ctx context.Context, tx *gorm.DB) (*recovery.Note, error) {
		return recovery.Cancel(ctx, tx, b.by, n.ID, n.Version, recovery.CancelInput{Reason: "wrong clause"})
	})
}

func cny(minor int64) models.Money { return models.Money{Minor: minor, Currency: "CNY"} }

// refused fails the test unless err has the code and names the field, in both languages.
func refused(t testing.TB, what string, err error, code models.Code, field string) {
	t.Helper()
	e, ok := err.(*models.Error)
	if !ok || e.Code != code || e.Field != field || e.Message.ZH == "" || strings.Contains(e.Message.ZH+e.Message.EN, "%!") {
		t.Errorf("%s: error %#v, want %s on %q in both languages", what, err, code, field)
	}
}
