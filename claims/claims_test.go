package claims_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"recourse/claims"
	"recourse/contracts/contractstest"
	"recourse/database"
	"recourse/database/databasetest"
	"recourse/models"
)

// deal is a database with goods that were bought, sold and shipped: 12000
// sheets, loaded on 2026-04-24, arrived on 2026-06-06. It is 1 July.
type deal struct {
	t        testing.TB
	db       *database.DB
	by       models.Actor
	purchase *models.Contract
	sales    *models.Contract
	lot      *models.Lot
	shipment *models.Shipment
}

func newDeal(t testing.TB) deal {
	t.Helper()
	db := databasetest.Open(t)
	purchase := contractstest.MustPurchase(t, db)
	sales := contractstest.MustSales(t, db, purchase)
	lot := contractstest.MustLot(t, db, purchase.Lines[0].ID)
	shipment := contractstest.MustShipment(t, db, sales, lot)
	return deal{t, db, models.System("test", time.Date(2026, 7, 1, 8, 0, 0, 0, time.UTC)), purchase, sales, lot, shipment}
}

func usd(minor int64) models.Money { return models.Money{Minor: minor, Currency: "USD"} }

// item is a complaint about quality.
func (d deal) item(change ...func(*claims.ItemInput)) claims.ItemInput {
	in := claims.ItemInput{
		Reason: models.ReasonQuality, SalesLineID: d.sales.Lines[0].ID, Defect: "COR", Quantity: models.Pieces(1440), Claimed: usd(208800),
		Apparent: new(true), Text: "12 % of the sheets have broken corners",
	}
	for _, f := range change {
		f(&in)
	}
	return in
}

func (d deal) input(change ...func(*claims.OpenInput)) claims.OpenInput {
	in := claims.OpenInput{
		SalesContractID: d.sales.ID, ShipmentID: &d.shipment.ID, CustomerReference: "Rekl. 26/118", ReceivedOn: "2026-06-30", Items: []claims.ItemInput{d.item()},
	}
	for _, f := range change {
		f(&in)
	}
	return in
}

// do runs a verb in a transaction.
func do[T any](d deal, verb func(ctx context.Context, tx *gorm.DB) (T, error)) (T, error) {
	d.t.Helper()
	var got T
	err := d.db.Tx(d.t.Context(), func(tx *gorm.DB) (err error) {
		got, err = verb(d.t.Context(), tx)
		return err
	})
	return got, err
}

func (d deal) open(by models.Actor, in claims.OpenInput) (*models.Claim, error) {
	d.t.Helper()
	return do(d, func(ctx context.Context, tx *gorm.DB) (*models.Claim, error) { return claims.Open(ctx, tx, by, in) })
}

func (d deal) mustOpen(change ...func(*claims.OpenInput)) *models.Claim {
	d.t.Helper()
	c, err := d.open(d.by, d.input(change...))
	if err != nil {
		d.t.Fatalf("Open: %v", err)
	}
	return c
}

// step moves a claim.
type step func(context.Context, *gorm.DB, models.Actor, models.ID, int) (*models.Claim, error)

func (d deal) move(c *models.Claim, verb step) (*models.Claim, error) {
	d.t.Helper()
	return do(d, func(ctx context.Context, tx *gorm.DB) (*models.Claim, error) {
		return verb(ctx, tx, d.by, c.ID, c.Version)
	})
}

func (d deal) mustMove(c *models.Claim, verbs ...step) *models.Claim {
	d.t.Helper()
	for _, v := range verbs {
		var err error
		if c, err = d.move(c, v); err != nil {
			d.t.Fatalf("move: %v", err)
		}
	}
	return c
}

func withdraw(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int) (*models.Claim, error) {
	return claims.Withdraw(ctx, tx, by, id, version, claims.ReasonInput{Reason: "sold after all"})
}

func closeIt(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int) (*models.Claim, error) {
	return claims.Close(ctx, tx, by, id, version, claims.CloseInput{})
}

func reopen(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int) (*models.Claim, error) {
	return claims.Reopen(ctx, tx, by, id, version, claims.ReasonInput{Reason: "new photos"})
}

func (d deal) answer(c *models.Claim, no int, in claims.AnswerInput) (*models.Claim, error) {
	d.t.Helper()
	return do(d, func(ctx context.Context, tx *gorm.DB) (*models.Claim, error) {
		return claims.Answer(ctx, tx, d.by, c.ID, no, item(c, no).Version, in)
	})
}

func (d deal) mustAnswer(c *models.Claim, no int, in claims.AnswerInput) *models.Claim {
	d.t.Helper()
	c, err := d.answer(c, no, in)
	if err != nil {
		d.t.Fatalf("Answer: %v", err)
	}
	return c
}

func item(c *models.Claim, no int) models.ClaimItem {
	for _, i := range c.Items {
		if i.ItemNo == no {
			return i
		}
	}
	return models.ClaimItem{}
}

// refused checks that err is an Error with that code and field, in both languages.
func refused(t testing.TB, name string, err error, code models.Code, field string) {
	t.Helper()
	var e *models.Error
	if !errors.As(err, &e) {
		t.Errorf("%s: error = %v, want %s at %q", name, err, code, field)
		return
	}
	if e.Code != code || e.Field != field {
		t.Errorf("%s: error = %s at %q (%s), want %s at %q", name, e.Code, e.Field, e.Message.EN, code, field)
	}
	for _, text := range []string{e.Message.EN, e.Message.ZH} {
		if text == "" || strings.Contains(text, "%!") {
			t.Errorf("%s: message %+v isn't well formed", name, e.Message)
		}
	}
}

// claimed is what the counter of the deal's line says.
func (d deal) claimed() models.Quantity {
	d.t.Helper()
	var sum int64
	if err := d.db.Read.Table("claimed_lines").Where("sales_line_id = ?", d.sales.Lines[0].ID).Select("COALESCE(SUM(claimed), 0)").Scan(&sum).Error; err != nil {
		d.t.Fatal(err)
	}
	return models.Quantity(sum)
}
