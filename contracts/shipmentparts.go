package contracts

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"recourse/models"
)

// withParts fills lots, containers and documents of shipments in three statements.
func withParts(ctx context.Context, tx *gorm.DB, shipments []models.Shipment) error {
	ids := make([]models.ID, len(shipments))
	at := make(map[models.ID]*models.Shipment, len(shipments))
	for i := range shipments {
		s := &shipments[i]
		s.Lots, s.Containers, s.Documents = []models.ShipmentLot{}, []models.Container{}, []models.ShipmentDocument{}
		ids[i], at[s.ID] = s.ID, s
	}
	lots, err := gorm.G[models.ShipmentLot](tx).Where("shipment_id IN ?", ids).Order("shipment_id, lot_id, sales_line_id").Find(ctx)
	if err != nil {
		return err
	}
	for _, l := range lots {
		at[l.ShipmentID].Lots = append(at[l.ShipmentID].Lots, l)
	}
	containers, err := gorm.G[models.Container](tx).Where("shipment_id IN ?", ids).Order("shipment_id, number_key").Find(ctx)
	if err != nil {
		return err
	}
	for _, c := range containers {
		at[c.ShipmentID].Containers = append(at[c.ShipmentID].Containers, c)
	}
	documents, err := gorm.G[models.ShipmentDocument](tx).Where("shipment_id IN ?", ids).Order("shipment_id, id").Find(ctx)
	for _, d := range documents {
		at[d.ShipmentID].Documents = append(at[d.ShipmentID].Documents, d)
	}
	return err
}

// writeLots makes what a shipment carries the lots given. A lot goes where its
// line is sold to, and nothing is shipped beyond a lot or a sales line. The rows
// that are summed are locked: two shipments at one moment can't take the same goods.
func writeLots(ctx context.Context, tx *gorm.DB, contract *models.Contract, shipment models.ID, in []ShipmentLotInput) error {
	if _, err := gorm.G[models.ShipmentLot](tx).Where("shipment_id = ?", shipment).Delete(ctx); err != nil {
		return err
	}
	if len(in) == 0 {
		return nil
	}
	held, err := holdLots(ctx, tx, contract, in)
	if err != nil {
		return err
	}
	rows := make([]models.ShipmentLot, len(in))
	for i, x := range in {
		if err := held.take(contract, x); err != nil {
			return models.At(at("lots", i, ""), err)
		}
		rows[i] = models.ShipmentLot{ShipmentID: shipment, LotID: x.LotID, SalesLineID: x.SalesLineID, Quantity: x.Quantity}
	}
	return gorm.G[models.ShipmentLot](tx).CreateInBatches(ctx, &rows, 200)
}

// held is what is there to ship, and what went already.
type held struct {
	lots  map[models.ID]models.Lot
	ofLot map[models.ID]models.Quantity // shipped of a lot
	sold  map[models.ID]models.Quantity // shipped of a sales line
	twice map[[2]models.ID]bool
}

func holdLots(ctx context.Context, tx *gorm.DB, contract *models.Contract, in []ShipmentLotInput) (held, error) {
	h := held{map[models.ID]models.Lot{}, map[models.ID]models.Quantity{}, map[models.ID]models.Quantity{}, map[[2]models.ID]bool{}}
	var lotIDs []models.ID
	for _, x := range in {
		lotIDs = append(lotIDs, x.LotID)
	}
	var lines []models.ContractLine
	if err := locked(ctx, tx).Where("contract_id = ?", contract.ID).Order("id").Find(&lines).Error; err != nil {
		return h, err
	}
	var lots []models.Lot
	if err := locked(ctx, tx).Where("id IN ?", lotIDs).Order("id").Find(&lots).Error; err != nil {
		return h, err
	}
	for _, l := range lots {
		h.lots[l.ID] = l
	}
	var rows []models.ShipmentLot
	if err := locked(ctx, tx).Where("lot_id IN ? OR sales_line_id IN ?", lotIDs, lineIDs(contract)).Find(&rows).Error; err != nil {
		return h, err
	}
	for _, r := range rows {
		h.ofLot[r.LotID] += r.Quantity
		h.sold[r.SalesLineID] += r.Quantity
	}
	return h, nil
}

// take ships a part of a lot as a part of a sales line, or says why it can't be.
func (h held) take(contract *models.Contract, x ShipmentLotInput) error {
	line := lineOf(contract, x.SalesLineID)
	if line == nil {
		return models.Invalid("sales_line_id", "Contract %s has no such line.", "合同 %s 没有此行。", contract.Number)
	}
	lot, ok := h.lots[x.LotID]
	if !ok || !slices.ContainsFunc(line.FedBy, func(l models.LineLink) bool { return l.PurchaseLineID == lot.LineID }) {
		return models.Invalid("lot_id", "Line %d of %s is not fed by this lot's purchase line: link the lines first.", "第 %d 行（%s）未关联此批次的采购合同行：请先关联。", line.LineNo, contract.Number)
	}
	if h.twice[[2]models.ID{x.LotID, x.SalesLineID}] {
		return models.Invalid("lot_id", "Lot %s is given twice for line %d.", "批次 %s 在第 %d 行重复。", lot.Batch, line.LineNo)
	}
	h.twice[[2]models.ID{x.LotID, x.SalesLineID}] = true
	if x.Quantity <= 0 {
		return models.Invalid("quantity", "must be greater than 0.", "须大于 0。")
	}
	if left := lot.Quantity - h.ofLot[lot.ID]; x.Quantity > left {
		return models.Invalid("quantity", "Lot %[1]s holds %[2]s, of which %[3]s are left to ship: %[4]s is too much.", "批次 %[1]s 共 %[2]s，可发运 %[3]s：%[4]s 超出。", lot.Batch, lot.Quantity, left, x.Quantity)
	}
	if most, before := line.MaxQuantity(), h.sold[line.ID]; before+x.Quantity > most {
		return models.Invalid("quantity", "Line %[1]d lets %[2]s through with its tolerance, of which %[3]s were shipped: %[4]s is too much.",
			"第 %[1]d 行含溢短装共 %[2]s，已发运 %[3]s：%[4]s 超出。", line.LineNo, most, before, x.Quantity)
	}
	h.ofLot[lot.ID] += x.Quantity
	h.sold[line.ID] += x.Quantity
	return nil
}

// writeContainers makes the containers of a shipment the ones given.
func writeContainers(ctx context.Context, tx *gorm.DB, shipment models.ID, in []ContainerInput) error {
	if _, err := gorm.G[models.Container](tx).Where("shipment_id = ?", shipment).Delete(ctx); err != nil {
		return err
	}
	if len(in) == 0 {
		return nil
	}
	rows := make([]models.Container, len(in))
	seen := map[string]bool{}
	for i, x := range in {
		number, err := containerNumber(x.Number)
		if err != nil {
			return models.At(at("containers", i, ""), err)
		}
		if seen[number] {
			return models.Invalid(at("containers", i, "number"), "%s is given twice.", "%s 重复。", number)
		}
		seen[number] = true
		rows[i] = models.Container{ID: models.NewID(), ShipmentID: shipment, Number: number, NumberKey: models.Key(number), Seal: x.Seal}
	}
	return gorm.G[models.Container](tx).CreateInBatches(ctx, &rows, 200)
}
