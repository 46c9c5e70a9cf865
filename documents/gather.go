package documents

import (
	"context"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/models"
	"recourse/reports"
)

// gather loads what the inspection report names beside the record itself.
func gather(ctx context.Context, tx *gorm.DB, by models.Actor, record *models.Inspection) (reports.Inspection, error) {
	value := reports.Inspection{Record: *record}
	supplier, err := database.Take[models.Party](ctx, tx, "supplier", "供应商", "id = ?", record.SupplierID)
	if err != nil {
		return value, err
	}
	purchase, err := database.Take[models.Contract](ctx, tx, "purchase contract", "采购合同", "id = ?", record.ContractID)
	if err != nil {
		return value, err
	}
	value.Supplier, value.Purchase = *supplier, *purchase
	var lines []models.ID
	for _, l := range record.Lots {
		lot, err := inspectedLot(ctx, tx, l)
		if err != nil {
			return value, err
		}
		value.Lots = append(value.Lots, lot)
		lines = append(lines, l.LineID)
	}
	if err := sold(ctx, tx, &value, lines); err != nil {
		return value, err
	}
	hashes := make([]models.SHA256, 0, len(record.Photos)+len(record.Signatures))
	for _, p := range record.Photos {
		if p.Present { // a hash that was merely declared may name somebody else's file
			hashes = append(hashes, p.SHA256)
		}
	}
	for _, s := range record.Signatures {
		if !s.ImageSHA256.IsZero() {
			hashes = append(hashes, s.ImageSHA256)
		}
	}
	if value.Files, err = gorm.G[models.File](tx).Where("sha256 IN ?", hashes).Find(ctx); err != nil {
		return value, err
	}
	for _, other := range []struct {
		id *models.ID
		to *string
	}{{record.RevisesID, &value.Revises}, {record.SupersededByID, &value.SupersededBy}, {record.PreviousID, &value.Previous}} {
		if other.id == nil {
			continue
		}
		i, err := database.Take[models.Inspection](ctx, tx, "inspection", "验货", "id = ?", *other.id)
		if err != nil {
			return value, err
		}
		*other.to = quoted(*i)
	}
	return value, nil
}

func inspectedLot(ctx context.Context, tx *gorm.DB, l models.InspectionLot) (out reports.InspectedLot, err error) {
	lot, err := database.Take[models.Lot](ctx, tx, "lot", "批", "id = ?", l.LotID)
	if err != nil {
		return out, err
	}
	line, err := database.Take[models.ContractLine](ctx, tx, "contract line", "合同行", "id = ?", l.LineID)
	if err != nil {
		return out, err
	}
	product, err := database.Take[models.Product](ctx, tx, "product", "商品", "id = ?", l.ProductID)
	if err != nil {
		return out, err
	}
	standard, err := database.Take[models.Standard](ctx, tx, "quality standard", "质量标准", "id = ?", l.StandardID)
	if err != nil {
		return out, err
	}
	return reports.InspectedLot{Lot: *lot, Line: *line, Product: *product, Standard: *standard}, nil
}

// sold finds the sales contracts that the inspected lines feed, and their customers.
func sold(ctx context.Context, tx *gorm.DB, value *reports.Inspection, purchaseLines []models.ID) error {
	fed := tx.Table("line_links").Select("contract_lines.contract_id").
		Joins("JOIN contract_lines ON contract_lines.id = line_links.sales_line_id").Where("line_links.purchase_line_id IN ?", purchaseLines)
	var err error
	if value.Sales, err = gorm.G[models.Contract](tx).Where("id IN (?)", fed).Order("number_key").Find(ctx); err != nil {
		return err
	}
	customers := make([]models.ID, len(value.Sales))
	for n, c := range value.Sales {
		customers[n] = c.PartyID
	}
	value.Customers, err = gorm.G[models.Party](tx).Where("id IN ?", customers).Order("code_key").Find(ctx)
	return err
}
