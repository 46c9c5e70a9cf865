package documents

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/models"
	"recourse/reports"
)

// suppliers finds who feeds the claimed lines, all of whom editions hide, and
// what each of them supplied of the claimed goods.
func (f *claimParts) suppliers(ctx context.Context, tx *gorm.DB) error {
	lines := make([]models.ID, len(f.Claim.Items))
	for n, i := range f.Claim.Items {
		lines[n] = i.SalesLineID
	}
	var found []models.Contract
	err := tx.WithContext(ctx).Where("id IN (?)", tx.Table("line_links").Select("contract_lines.contract_id").
		Joins("JOIN contract_lines ON contract_lines.id = line_links.purchase_line_id").Where("line_links.sales_line_id IN ?", lines)).
		Order("number_key").Find(&found).Error
	if err != nil {
		return err
	}
	f.Purchase = found
	for _, c := range found {
		if slices.ContainsFunc(f.Suppliers, func(p models.Party) bool { return p.ID == c.PartyID }) {
			continue
		}
		s, err := database.Take[models.Party](ctx, tx, "supplier", "供应商", "id = ?", c.PartyID)
		if err != nil {
			return err
		}
		f.Suppliers = append(f.Suppliers, *s)
	}
	return f.claimed(ctx, tx, lines)
}

// goodsLot is a lot of the claimed lines, with the contract that it was bought by.
type goodsLot struct {
	ID          models.ID
	Batch       string
	ContractID  models.ID
	SalesLineID models.ID // on which it was shipped; zero where it was not
}

// claimed says of each supplier which items and lots concern them: the lot that
// an item names, else all lots shipped on its line, with the claim's shipment
// where that is known; while nothing was shipped, the contracts that feed the line.
func (f *claimParts) claimed(ctx context.Context, tx *gorm.DB, lines []models.ID) error {
	named := []models.ID{}
	for _, i := range f.Claim.Items {
		if i.LotID != nil {
			named = append(named, *i.LotID)
		}
	}
	var lots, shipped []goodsLot
	of := func() *gorm.DB {
		return tx.WithContext(ctx).Table("lots").Joins("JOIN contract_lines ON contract_lines.id = lots.line_id").Order("lots.batch, lots.id")
	}
	if err := of().Select("lots.id, lots.batch, contract_lines.contract_id").Where("lots.id IN ?", named).Find(&lots).Error; err != nil {
		return err
	}
	q := of().Distinct("lots.id, lots.batch, contract_lines.contract_id, shipment_lots.sales_line_id").Joins("JOIN shipment_lots ON shipment_lots.lot_id = lots.id").
		Where("shipment_lots.sales_line_id IN ?", lines)
	if f.Shipment != nil {
		q = q.Where("shipment_lots.shipment_id = ?", f.Shipment.ID)
	}
	if err := q.Find(&shipped).Error; err != nil {
		return err
	}
	var feeds []goodsLot
	err := tx.WithContext(ctx).Table("line_links").Select("line_links.sales_line_id, contract_lines.contract_id").
		Joins("JOIN contract_lines ON contract_lines.id = line_links.purchase_line_id").Where("line_links.sales_line_id IN ?", lines).Find(&feeds).Error
	for _, i := range f.Claim.Items {
		f.assign(i, lots, shipped, feeds)
	}
	return err
}

// assign gives an item to the suppliers whom it concerns.
func (f *claimParts) assign(i models.ClaimItem, lots, shipped, feeds []goodsLot) {
	concerns := func(l goodsLot) bool { return i.LotID != nil && l.ID == *i.LotID }
	from := lots
	if i.LotID == nil {
		from, concerns = shipped, func(l goodsLot) bool { return l.SalesLineID == i.SalesLineID }
		if !slices.ContainsFunc(shipped, concerns) {
			from = feeds
		}
	}
	for _, l := range from {
		n := slices.IndexFunc(f.Purchase, func(c models.Contract) bool { return c.ID == l.ContractID })
		if !concerns(l) || n < 0 {
			continue
		}
		g := f.goods[f.Purchase[n].PartyID]
		if g == nil {
			g = &reports.ClaimedGoods{}
			f.goods[f.Purchase[n].PartyID] = g
		}
		if !slices.ContainsFunc(g.Purchase, func(c models.Contract) bool { return c.ID == l.ContractID }) {
			g.Purchase = append(g.Purchase, f.Purchase[n])
		}
		if !slices.Contains(g.Items, i.ItemNo) {
			g.Items = append(g.Items, i.ItemNo)
		}
		if l.Batch != "" && !slices.Contains(g.Lots, l.Batch) {
			g.Lots = append(g.Lots, l.Batch)
		}
		if i.LotID == nil && l.Batch != "" && !slices.Contains(g.AllShipped, i.ItemNo) {
			g.AllShipped = append(g.AllShipped, i.ItemNo)
		}
	}
}
