package contracts

import (
	"context"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"recourse/models"
)

// claimedLine is how much of a sales line is claimed, over all claims. Claims
// write it; here it is only held against what was shipped.
type claimedLine struct {
	SalesLineID models.ID `gorm:"primaryKey"`
	Claimed     models.Quantity
}

// changeLots replaces what a stored shipment carries. No less is left shipped of
// a sales line than is claimed of it.
func changeLots(ctx context.Context, tx *gorm.DB, by models.Actor, s *models.Shipment, in []ShipmentLotInput) error {
	contract, err := salesOf(ctx, tx, by, s.SalesContractID)
	if err != nil {
		return err
	}
	claimed, err := holdClaimed(ctx, tx, contract)
	if err != nil {
		return err
	}
	if err := writeLots(ctx, tx, contract, s.ID, in); err != nil {
		return err
	}
	return checkClaimed(ctx, tx, contract, claimed, in)
}

// holdClaimed reads what is claimed of a contract's lines and keeps it from
// growing until the transaction ends. A line that nobody claimed yet gets its
// row, so that there is one to hold: a first claim waits as well. Claims take
// these rows before any others, in the same order; so they are taken first here.
func holdClaimed(ctx context.Context, tx *gorm.DB, contract *models.Contract) (map[models.ID]models.Quantity, error) {
	ids := lineIDs(contract)
	slices.SortFunc(ids, func(a, b models.ID) int { return slices.Compare(a[:], b[:]) })
	claimed := map[models.ID]models.Quantity{}
	for _, id := range ids {
		if err := tx.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&claimedLine{SalesLineID: id}).Error; err != nil {
			return nil, err
		}
		var row claimedLine
		if err := locked(ctx, tx).Where("sales_line_id = ?", id).Take(&row).Error; err != nil {
			return nil, err
		}
		claimed[id] = row.Claimed
	}
	return claimed, nil
}

// checkClaimed holds what is now shipped of each line against what is claimed.
func checkClaimed(ctx context.Context, tx *gorm.DB, contract *models.Contract, claimed map[models.ID]models.Quantity, in []ShipmentLotInput) error {
	var rows []models.ShipmentLot
	if err := locked(ctx, tx).Where("sales_line_id IN ?", lineIDs(contract)).Find(&rows).Error; err != nil {
		return err
	}
	shipped := map[models.ID]models.Quantity{}
	for _, r := range rows {
		shipped[r.SalesLineID] += r.Quantity
	}
	for _, l := range contract.Lines {
		if claimed[l.ID] <= shipped[l.ID] {
			continue
		}
		field := "lots"
		if i := slices.IndexFunc(in, func(x ShipmentLotInput) bool { return x.SalesLineID == l.ID }); i >= 0 {
			field = at("lots", i, "quantity")
		}
		return models.Conflict(field, "%[3]s of line %[1]d of %[2]s are claimed, and only %[4]s would be left shipped: correct the claims first.",
			"%[2]s 第 %[1]d 行已索赔 %[3]s，而发运数量将只有 %[4]s：请先更正索赔。", l.LineNo, contract.Number, claimed[l.ID], shipped[l.ID])
	}
	return nil
}

func lineIDs(contract *models.Contract) []models.ID {
	ids := make([]models.ID, len(contract.Lines))
	for i, l := range contract.Lines {
		ids[i] = l.ID
	}
	return ids
}
