package scorecards

import (
	"context"

	"github.com/shopspring/decimal"
	"gorm.io/gorm"

	"recourse/models"
)

// shippedLots is every lot of a supplier that went with a shipment of a known
// date, at the price of its sale. SQLite follows the joins in the order written,
// from the supplier, since they are CROSS.
const shippedLots = `SELECT l.product_id, COALESCE(s.loaded_on, s.delivered_on) AS day, COALESCE(s.delivered_on, s.loaded_on) AS handed_on,
	p.latest_shipment, sl.quantity, sold.unit_price, sc.currency
	FROM contracts p CROSS JOIN contract_lines l ON l.contract_id = p.id CROSS JOIN lots t ON t.line_id = l.id
	CROSS JOIN shipment_lots sl ON sl.lot_id = t.id CROSS JOIN shipments s ON s.id = sl.shipment_id
	CROSS JOIN contract_lines sold ON sold.id = sl.sales_line_id CROSS JOIN contracts sc ON sc.id = sold.contract_id
	WHERE p.party_id = ? AND COALESCE(s.loaded_on, s.delivered_on) BETWEEN ? AND ?`

// shipments adds up what went, whether it was on time, and its sales value.
func (t *tally) shipments(ctx context.Context, tx *gorm.DB) error {
	var found []struct {
		ProductID      models.ID
		Day            models.Date
		HandedOn       models.Date
		LatestShipment models.Date
		Quantity       models.Quantity
		UnitPrice      models.Decimal
		Currency       string
	}
	first, last := t.days()
	if err := tx.WithContext(ctx).Raw(shippedLots, t.supplier, first, last).Scan(&found).Error; err != nil {
		return err
	}
	for _, f := range found {
		month := models.MonthOf(f.Day)
		t.addBoth(f.ProductID, month, func(row *models.SupplierMonth) {
			row.Shipped++
			if f.LatestShipment.IsZero() {
				return
			}
			row.ShippedDated++
			if f.HandedOn <= f.LatestShipment {
				row.ShippedOnTime++
			}
		})
		value := decimal.New(int64(f.Quantity), -3).Mul(f.UnitPrice.Exact())
		t.amount(f.ProductID, month, value, f.Currency, func(c *models.SupplierCounts, minor int64) { c.ShippedMinor += minor })
	}
	return nil
}

// actions adds up the steps of corrective actions that were due: those answered,
// and those whose day is over. The last step is ours.
func (t *tally) actions(ctx context.Context, tx *gorm.DB) error {
	_, last := t.days()
	all, err := gorm.G[models.CorrectiveAction](tx).Select("id", "product_id", "steps").
		Where("supplier_id = ? AND state <> ? AND opened_on <= ?", t.supplier, models.ActionCancelled, last).Find(ctx)
	if err != nil {
		return err
	}
	for _, a := range all {
		var product models.ID
		if a.ProductID != nil {
			product = *a.ProductID
		}
		for _, s := range a.Steps {
			month := models.MonthOf(s.DueOn)
			answered := !s.AnsweredOn.IsZero()
			if s.Step == models.StepEffectiveness || month < t.from || month > t.to || !answered && s.DueOn >= t.today {
				continue
			}
			t.addBoth(product, month, func(row *models.SupplierMonth) {
				row.Steps++
				if answered && s.AnsweredOn <= s.DueOn {
					row.StepsOnTime++
				}
			})
		}
	}
	return nil
}
