package contracts

import (
	"context"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"recourse/models"
)

// ReplaceLines makes the lines of an open contract the ones given: those of the
// same number are changed, others added or removed. A line that lots or
// shipments refer to isn't removed, keeps its product and isn't shrunk below them.
func ReplaceLines(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int, in LinesInput) (*Entered, error) {
	c, err := openContractAt(ctx, tx, by, id, version)
	if err != nil {
		return nil, err
	}
	// Locked, since a lot of a line may be entered at the same moment.
	var old []models.ContractLine
	if err := locked(ctx, tx).Where("contract_id = ?", id).Order("line_no").Find(&old).Error; err != nil {
		return nil, err
	}
	lines, err := checkLines(ctx, tx, by, c, old, in.Lines)
	if err != nil {
		return nil, err
	}
	uses, err := usesOf(ctx, tx, old)
	if err != nil {
		return nil, err
	}
	if err := uses.allow(old, lines); err != nil {
		return nil, err
	}
	if err := writeLines(ctx, tx, old, lines); err != nil {
		return nil, err
	}
	if err := update[models.Contract](ctx, tx, by, "lines", "contract", id, version, changes{}, in); err != nil {
		return nil, err
	}
	return entered(ctx, tx, by, id)
}

// FeedLine says which purchase lines feed a sales line. Purchasing may say so
// too: the purchase is often made after the sale.
func FeedLine(ctx context.Context, tx *gorm.DB, by models.Actor, contract, line models.ID, version int, in FeedInput) (*Entered, error) {
	c, err := GetContract(ctx, tx, by, contract)
	if err != nil {
		return nil, err
	}
	if err := allow(by, "links of contract lines", "合同行关联", models.Purchasing, models.Sales); err != nil {
		return nil, err
	}
	if err := mustBeOpen("", c); err != nil {
		return nil, err
	}
	l := lineOf(c, line)
	if l == nil {
		return nil, lineNotFound(nil)
	}
	l.FedBy = nil
	var ids []models.ID
	for _, x := range in.FedBy {
		l.FedBy = append(l.FedBy, models.LineLink{SalesLineID: line, PurchaseLineID: x.PurchaseLineID})
		ids = append(ids, x.PurchaseLineID)
	}
	var k known
	if k.purchases, err = purchaseLines(ctx, tx, by, ids); err != nil {
		return nil, err
	}
	if err := k.checkFeeds(c, l); err != nil {
		return nil, err
	}
	if err := replaceLinks(ctx, tx, []models.ID{line}, l.FedBy); err != nil {
		return nil, err
	}
	if err := update[models.Contract](ctx, tx, by, "feed", "contract", contract, version, changes{}, in); err != nil {
		return nil, err
	}
	return entered(ctx, tx, by, contract)
}

func lineOf(c *models.Contract, id models.ID) *models.ContractLine {
	for i := range c.Lines {
		if c.Lines[i].ID == id {
			return &c.Lines[i]
		}
	}
	return nil
}

// locked is a read that sees the latest rows and keeps others from changing
// them. SQLite, where one transaction writes at a time, needs and knows none.
func locked(ctx context.Context, tx *gorm.DB) *gorm.DB {
	return tx.WithContext(ctx).Clauses(clause.Locking{Strength: "UPDATE"})
}

// uses is what refers to lines.
type uses struct {
	lots    map[models.ID]models.Quantity // in lots of a purchase line
	shipped map[models.ID]models.Quantity // in shipments of a sales line
	feeding map[models.ID]bool            // a purchase line feeds a sale
}

func usesOf(ctx context.Context, tx *gorm.DB, lines []models.ContractLine) (uses, error) {
	u := uses{map[models.ID]models.Quantity{}, map[models.ID]models.Quantity{}, map[models.ID]bool{}}
	ids := make([]models.ID, len(lines))
	for i, l := range lines {
		ids[i] = l.ID
	}
	var lots []models.Lot
	if err := locked(ctx, tx).Where("line_id IN ?", ids).Find(&lots).Error; err != nil {
		return u, err
	}
	for _, l := range lots {
		u.lots[l.LineID] += l.Quantity
	}
	var shipped []models.ShipmentLot
	if err := locked(ctx, tx).Where("sales_line_id IN ?", ids).Find(&shipped).Error; err != nil {
		return u, err
	}
	for _, s := range shipped {
		u.shipped[s.SalesLineID] += s.Quantity
	}
	links, err := gorm.G[models.LineLink](tx).Where("purchase_line_id IN ?", ids).Find(ctx)
	for _, l := range links {
		u.feeding[l.PurchaseLineID] = true
	}
	return u, err
}

// allow refuses what would leave lots, shipments or links without their line.
func (u uses) allow(old, lines []models.ContractLine) error {
	position := map[models.ID]int{}
	for i, l := range lines {
		position[l.ID] = i
	}
	for _, before := range old {
		lots, shipped := u.lots[before.ID], u.shipped[before.ID]
		i, kept := position[before.ID]
		switch {
		case !kept && lots > 0:
			return models.Conflict("lines", "Line %d has lots (%s %s): it can't be removed.", "第 %d 行已有批次（%s %s）：不能删除。", before.LineNo, lots, before.Unit)
		case !kept && shipped > 0:
			return models.Conflict("lines", "Of line %d %s %s were shipped: it can't be removed.", "第 %d 行已发运 %s %s：不能删除。", before.LineNo, shipped, before.Unit)
		case !kept && u.feeding[before.ID]:
			return models.Conflict("lines", "Line %d feeds a sales line: end that link first.", "第 %d 行供应某销售合同行：请先解除关联。", before.LineNo)
		case !kept || lots+shipped == 0:
			continue
		case lines[i].ProductID != before.ProductID:
			return models.Conflict(at("lines", i, "product_id"), "Line %d has lots or shipments: it keeps its product.", "第 %d 行已有批次或发运：商品不可更换。", before.LineNo)
		case lines[i].Unit != before.Unit:
			return models.Conflict(at("lines", i, "unit"), "Line %d has lots or shipments: it keeps its unit.", "第 %d 行已有批次或发运：单位不可更换。", before.LineNo)
		case lines[i].MaxQuantity() < lots:
			return models.Conflict(at("lines", i, "quantity"), "The lots of line %d hold %s; with %s the line would allow %s at most.",
				"第 %d 行的批次合计 %s；数量为 %s 时该行最多允许 %s。", before.LineNo, lots, lines[i].Quantity, lines[i].MaxQuantity())
		case lines[i].MaxQuantity() < shipped:
			return models.Conflict(at("lines", i, "quantity"), "Of line %d %s were shipped; with %s the line would allow %s at most.",
				"第 %d 行已发运 %s；数量为 %s 时该行最多允许 %s。", before.LineNo, shipped, lines[i].Quantity, lines[i].MaxQuantity())
		}
	}
	return nil
}

func insertLines(ctx context.Context, tx *gorm.DB, lines []models.ContractLine) error {
	if len(lines) == 0 {
		return nil
	}
	if err := gorm.G[models.ContractLine](tx).CreateInBatches(ctx, &lines, 100); err != nil {
		return err
	}
	var links []models.LineLink
	for _, l := range lines {
		links = append(links, l.FedBy...)
	}
	return insertLinks(ctx, tx, links)
}

func insertLinks(ctx context.Context, tx *gorm.DB, links []models.LineLink) error {
	if len(links) == 0 {
		return nil
	}
	return gorm.G[models.LineLink](tx).CreateInBatches(ctx, &links, 200)
}

func replaceLinks(ctx context.Context, tx *gorm.DB, salesLines []models.ID, links []models.LineLink) error {
	if _, err := gorm.G[models.LineLink](tx).Where("sales_line_id IN ?", salesLines).Delete(ctx); err != nil {
		return err
	}
	return insertLinks(ctx, tx, links)
}

// writeLines turns the old lines into the new ones.
func writeLines(ctx context.Context, tx *gorm.DB, old, lines []models.ContractLine) error {
	existed := map[models.ID]bool{}
	for _, l := range old {
		existed[l.ID] = true
	}
	var all, removed []models.ID
	var links []models.LineLink
	var added []models.ContractLine
	kept := map[models.ID]bool{}
	for _, l := range lines {
		if !existed[l.ID] {
			added = append(added, l)
			continue
		}
		kept[l.ID] = true
		links = append(links, l.FedBy...)
		if err := updateLine(ctx, tx, l); err != nil {
			return err
		}
	}
	for _, l := range old {
		all = append(all, l.ID)
		if !kept[l.ID] {
			removed = append(removed, l.ID)
		}
	}
	if err := replaceLinks(ctx, tx, all, links); err != nil {
		return err
	}
	if len(removed) > 0 {
		if _, err := gorm.G[models.ContractLine](tx).Where("id IN ?", removed).Delete(ctx); err != nil {
			return err
		}
	}
	return insertLines(ctx, tx, added)
}

func updateLine(ctx context.Context, tx *gorm.DB, l models.ContractLine) error {
	return fresh[models.ContractLine](tx).WithContext(ctx).Where("id = ?", l.ID).UpdateColumns(map[string]any{
		"product_id": l.ProductID, "specification": l.Specification, "attributes": jsonText(l.Attributes), "quantity": l.Quantity, "unit": l.Unit,
		"tolerance_percent": l.TolerancePercent, "tolerance_option": l.ToleranceOption, "tolerance_price": l.TolerancePrice,
		"unit_price": l.UnitPrice, "standard_id": l.StandardID,
	}).Error
}
