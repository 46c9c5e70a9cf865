package inspections

import (
	"context"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/models"
)

// Filters are what a list of inspections may be asked for.
var Filters = database.List{
	Default: "-id",
	Sorts:   []string{"id", "planned_on"},
	Filters: map[string]database.Filter{
		"state":        {SQL: "inspections.state = ?", Values: []string{"planned", "in_progress", "submitted", "final", "aborted"}},
		"kind":         {SQL: "inspections.kind = ?", Values: []string{"initial", "during_production", "pre_shipment", "container_loading", "re_inspection"}},
		"verdict":      {SQL: "inspections.verdict = ?", Values: []string{"accepted", "not_accepted", "pending"}},
		"supplier_id":  {SQL: "inspections.supplier_id = ?", Kind: database.FilterID},
		"contract_id":  {SQL: "inspections.contract_id = ?", Kind: database.FilterID},
		"number":       {SQL: "inspections.number = ?"},
		"lot_id":       {SQL: "inspections.id IN (SELECT inspection_id FROM inspection_lots WHERE lot_id = ?)", Kind: database.FilterID},
		"batch":        {SQL: "inspections.id IN (SELECT il.inspection_id FROM inspection_lots il JOIN lots ON lots.id = il.lot_id WHERE lots.batch_key = ?)", Kind: database.FilterKey},
		"inspector_id": {SQL: "inspections.id IN (SELECT inspection_id FROM inspection_inspectors WHERE user_id = ?)", Kind: database.FilterID},
		"planned_from": {SQL: "inspections.planned_on >= ?", Kind: database.FilterDate},
		"planned_to":   {SQL: "inspections.planned_on <= ?", Kind: database.FilterDate},
	},
}

// Summary is an inspection as a list shows it, with the names to read.
type Summary struct {
	models.Inspection
	Supplier       models.Text  `json:"supplier"`
	ContractNumber string       `json:"contract_number"`
	Goods          []LotSummary `json:"goods"`
}

// LotSummary is one lot of a listed inspection.
type LotSummary struct {
	InspectionID models.ID           `json:"-"`
	LotID        models.ID           `json:"lot_id"`
	Batch        string              `json:"batch"`
	Product      string              `json:"product"`
	Verdict      models.Verdict      `json:"verdict"`
	Decision     models.DecisionKind `json:"decision"`
	NcCritical   int                 `json:"nc_critical"`
	NcMajor      int                 `json:"nc_major"`
	NcMinor      int                 `json:"nc_minor"`
}

// List reads one page of the inspections the reader may see, in five statements
// whatever its length.
func List(ctx context.Context, tx *gorm.DB, by models.Actor, q database.Query) (database.Page[Summary], error) {
	page, err := database.Find[models.Inspection](ctx, visible(tx, by), Filters, q)
	out := database.Page[Summary]{Items: make([]Summary, len(page.Items)), NextCursor: page.NextCursor}
	if err != nil || len(page.Items) == 0 {
		return out, err
	}
	ids, contractIDs, supplierIDs := make([]models.ID, len(page.Items)), make([]models.ID, len(page.Items)), make([]models.ID, len(page.Items))
	for n, i := range page.Items {
		ids[n], contractIDs[n], supplierIDs[n] = i.ID, i.ContractID, i.SupplierID
	}
	contracts, err := gorm.G[models.Contract](tx).Select("id, number").Where("id IN ?", contractIDs).Find(ctx)
	if err != nil {
		return out, err
	}
	suppliers, err := gorm.G[models.Party](tx).Select("id, name_zh, name_en").Where("id IN ?", supplierIDs).Find(ctx)
	if err != nil {
		return out, err
	}
	var goods []LotSummary
	err = tx.WithContext(ctx).Table("inspection_lots").
		Select("inspection_lots.inspection_id, lots.id AS lot_id, lots.batch, products.code AS product, inspection_lots.verdict, inspection_lots.decision, nc_critical, nc_major, nc_minor").
		Joins("JOIN lots ON lots.id = inspection_lots.lot_id").Joins("JOIN products ON products.id = inspection_lots.product_id").
		Where("inspection_lots.inspection_id IN ?", ids).Order("inspection_lots.position").Scan(&goods).Error
	if err != nil {
		return out, err
	}
	number, name, lots := map[models.ID]string{}, map[models.ID]models.Text{}, map[models.ID][]LotSummary{}
	for _, c := range contracts {
		number[c.ID] = c.Number
	}
	for _, s := range suppliers {
		name[s.ID] = s.Name
	}
	for _, g := range goods {
		lots[g.InspectionID] = append(lots[g.InspectionID], g)
	}
	for n, i := range page.Items {
		out.Items[n] = Summary{Inspection: i, Supplier: name[i.SupplierID], ContractNumber: number[i.ContractID], Goods: lots[i.ID]}
	}
	return out, nil
}
