package recovery

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"recourse/models"
)

// origin is where the claimed goods come from.
type origin struct {
	items     []models.ClaimItem
	lots      map[models.ID][]models.ID // item → its lots
	lotIDs    []models.ID
	contracts []models.Contract // purchase contracts
	suppliers []models.ID
}

// originOf follows each item to its lot, or to the lots that the claim's
// shipment carried for its line; without any, to the purchases that feed the line.
func originOf(ctx context.Context, tx *gorm.DB, c *models.Claim) (*origin, error) {
	o := &origin{lots: map[models.ID][]models.ID{}}
	var err error
	if o.items, err = gorm.G[models.ClaimItem](tx).Where("claim_id = ?", c.ID).Order("item_no").Find(ctx); err != nil {
		return nil, err
	}
	var shipped []models.ShipmentLot
	if c.ShipmentID != nil {
		if shipped, err = gorm.G[models.ShipmentLot](tx).Where("shipment_id = ?", *c.ShipmentID).Order("lot_id").Find(ctx); err != nil {
			return nil, err
		}
	}
	var unknown []models.ID // sales lines of items whose lot nobody knows
	for _, i := range o.items {
		lots := lotsOf(i, shipped)
		o.lots[i.ID] = lots
		for _, id := range lots {
			if !slices.Contains(o.lotIDs, id) {
				o.lotIDs = append(o.lotIDs, id)
			}
		}
		if len(lots) == 0 {
			unknown = append(unknown, i.SalesLineID)
		}
	}
	err = fresh[models.Contract](tx).WithContext(ctx).Where(`contracts.id IN (SELECT l.contract_id FROM contract_lines l JOIN lots ON lots.line_id = l.id WHERE lots.id IN ?)
		OR contracts.id IN (SELECT l.contract_id FROM contract_lines l JOIN line_links ON line_links.purchase_line_id = l.id WHERE line_links.sales_line_id IN ?)`,
		o.lotIDs, unknown).Order("contracts.id").Find(&o.contracts).Error
	for _, p := range o.contracts {
		if !slices.Contains(o.suppliers, p.PartyID) {
			o.suppliers = append(o.suppliers, p.PartyID)
		}
	}
	return o, err
}

func lotsOf(i models.ClaimItem, shipped []models.ShipmentLot) []models.ID {
	if i.LotID != nil {
		return []models.ID{*i.LotID}
	}
	var out []models.ID
	for _, s := range shipped {
		if s.SalesLineID == i.SalesLineID {
			out = append(out, s.LotID)
		}
	}
	return out
}

// evidenceOf holds the ids that a share may rest on: inspections of the claim's
// lots, their findings and decisions, and the claim's own pieces of evidence.
func evidenceOf(ctx context.Context, tx *gorm.DB, c *models.Claim, o *origin) (map[models.ID]bool, error) {
	known := map[models.ID]bool{}
	for _, q := range []struct {
		statement string
		arg       any
	}{
		{"SELECT inspection_id FROM inspection_lots WHERE lot_id IN ?", o.lotIDs},
		{"SELECT findings.id FROM findings JOIN inspection_lots il ON il.id = findings.inspection_lot_id WHERE il.lot_id IN ?", o.lotIDs},
		{"SELECT d.id FROM inspection_decisions d JOIN inspection_lots il ON il.id = d.inspection_lot_id WHERE il.lot_id IN ?", o.lotIDs},
		{"SELECT id FROM claim_evidence WHERE claim_id = ?", c.ID},
	} {
		var ids []models.ID
		if err := tx.WithContext(ctx).Raw(q.statement, q.arg).Scan(&ids).Error; err != nil {
			return nil, err
		}
		for _, id := range ids {
			known[id] = true
		}
	}
	return known, nil
}
