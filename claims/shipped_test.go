package claims_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"gorm.io/gorm"

	"recourse/claims"
	"recourse/contracts"
	"recourse/models"
)

// carry makes the deal's shipment carry so much of its lot; nothing: no lot.
func (d deal) carry(quantity models.Quantity) error {
	_, err := do(d, func(ctx context.Context, tx *gorm.DB) (*contracts.Shipped, error) {
		s, err := contracts.GetShipment(ctx, tx, d.by, d.shipment.ID)
		if err != nil {
			return nil, err
		}
		lots := []contracts.ShipmentLotInput{}
		if quantity > 0 {
			lots = append(lots, contracts.ShipmentLotInput{LotID: d.lot.ID, SalesLineID: d.sales.Lines[0].ID, Quantity: quantity})
		}
		return contracts.UpdateShipment(ctx, tx, d.by, s.ID, s.Version, contracts.ShipmentPatch{Lots: &lots})
	})
	return err
}

func (d deal) shippedOnLine() models.Quantity {
	d.t.Helper()
	var sum int64
	if err := d.db.Read.Table("shipment_lots").Where("sales_line_id = ?", d.sales.Lines[0].ID).Select("COALESCE(SUM(quantity), 0)").Scan(&sum).Error; err != nil {
		d.t.Fatal(err)
	}
	return models.Quantity(sum)
}

func TestNoLessIsShippedThanClaimed(t *testing.T) {
	d := newDeal(t)
	if err := d.carry(models.Pieces(11000)); err != nil {
		t.Fatalf("less shipped while nothing is claimed: %v", err)
	}
	c := d.mustOpen()
	err := d.carry(models.Pieces(1439))
	refused(t, "less shipped than claimed", err, models.CodeConflict, "lots[0].quantity")
	var e *models.Error
	if errors.As(err, &e) && (!strings.Contains(e.Message.EN, "1440") || !strings.Contains(e.Message.EN, "1439") || !strings.Contains(e.Message.ZH, "1440")) {
		t.Errorf("the refusal says %+v, want both quantities", e.Message)
	}
	refused(t, "nothing shipped of what is claimed", d.carry(0), models.CodeConflict, "lots")
	if got := d.shippedOnLine(); got != models.Pieces(11000) {
		t.Errorf("after refusals %s are shipped, want 11000", got)
	}
	if err := d.carry(models.Pieces(1440)); err != nil {
		t.Errorf("just what is claimed: %v", err)
	}
	d.mustMove(c, withdraw)
	if err := d.carry(0); err != nil || d.shippedOnLine() != 0 {
		t.Errorf("nothing, once the claim is withdrawn: %v, %s shipped", err, d.shippedOnLine())
	}
}

// TestClaimsAndShipmentAtOnce lets claims come while the shipment is made smaller,
// with and without a claim before: never is more claimed than shipped.
func TestClaimsAndShipmentAtOnce(t *testing.T) {
	for _, before := range []bool{false, true} {
		for range 5 {
			d := newDeal(t)
			if before {
				d.mustOpen(func(in *claims.OpenInput) { in.Items[0].Quantity = models.Pieces(1) })
			}
			var all sync.WaitGroup
			errs := make([]error, 6)
			for n := range errs {
				all.Go(func() {
					if n%2 == 0 {
						errs[n] = d.carry(models.Pieces(4000 + int64(n)))
						return
					}
					_, errs[n] = d.open(d.by, d.input(func(in *claims.OpenInput) { in.Items[0].Quantity = models.Pieces(3000) }))
				})
			}
			all.Wait()
			for n, err := range errs {
				if err != nil && !models.IsCode(err, models.CodeConflict) && !models.IsCode(err, models.CodeInvalid) && !models.IsCode(err, models.CodeStale) && !models.IsCode(err, models.CodeUnavailable) {
					t.Errorf("%d: %v", n, err)
				}
			}
			if claimed, shipped := d.claimed(), d.shippedOnLine(); claimed > shipped || claimed < models.Pieces(3000) {
				t.Errorf("with a claim before %v: %s claimed of %s shipped", before, claimed, shipped)
			}
		}
	}
}
