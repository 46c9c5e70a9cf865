package contracts

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/database"
	"recourse/models"
)

// LotInput makes a lot of a purchase line. ID may be the client's own. Zero
// cartons, per carton and carton numbers mean "not known yet".
type LotInput struct {
	ID           *models.ID      `json:"id"`
	Batch        string          `json:"batch" validate:"required,max=100"` // the factory's batch number
	ProducedFrom models.Date     `json:"produced_from"`
	ProducedTo   models.Date     `json:"produced_to"`
	Quantity     models.Quantity `json:"quantity" validate:"gt=0"`
	Cartons      int             `json:"cartons" validate:"min=0,max=10000000"`
	PerCarton    int             `json:"per_carton" validate:"min=0,max=10000000"`
	CartonFrom   int             `json:"carton_from" validate:"min=0,max=100000000"`
	CartonTo     int             `json:"carton_to" validate:"min=0,max=100000000"`
}

// LotPatch changes what it gives.
type LotPatch struct {
	Batch        *string          `json:"batch,omitempty" validate:"omitempty,min=1,max=100"`
	ProducedFrom *models.Date     `json:"produced_from,omitempty"`
	ProducedTo   *models.Date     `json:"produced_to,omitempty"`
	Quantity     *models.Quantity `json:"quantity,omitempty" validate:"omitempty,gt=0"`
	Cartons      *int             `json:"cartons,omitempty" validate:"omitempty,min=0,max=10000000"`
	PerCarton    *int             `json:"per_carton,omitempty" validate:"omitempty,min=0,max=10000000"`
	CartonFrom   *int             `json:"carton_from,omitempty" validate:"omitempty,min=0,max=100000000"`
	CartonTo     *int             `json:"carton_to,omitempty" validate:"omitempty,min=0,max=100000000"`
}

// LotList is what a list of lots may be filtered and sorted by.
var LotList = database.List{
	Filters: map[string]database.Filter{
		"line_id":     {SQL: "lots.line_id = ?", Kind: database.FilterID},
		"batch":       {SQL: "lots.batch_key = ?", Kind: database.FilterKey},
		"contract_id": {SQL: "lots.line_id IN (SELECT x.id FROM contract_lines x WHERE x.contract_id = ?)", Kind: database.FilterID},
	},
	Sorts:   []string{"id"},
	Default: "id",
}

// lotWriters also counts inspectors: a lot's keys are seen in the factory.
var lotWriters = []models.Role{models.Purchasing, models.Inspector}

// CreateLot enters a lot of a purchase line. All the lots of a line hold at most
// what the line lets through.
func CreateLot(ctx context.Context, tx *gorm.DB, by models.Actor, lineID models.ID, in LotInput) (*models.Lot, error) {
	if again, err := repeated(ctx, tx, "lot", in.ID, lotCreated{lineID, in}); err != nil {
		return nil, err
	} else if again {
		return GetLot(ctx, tx, by, *in.ID)
	}
	l := models.Lot{
		ID: idOr(in.ID), LineID: lineID, Batch: in.Batch, ProducedFrom: in.ProducedFrom, ProducedTo: in.ProducedTo, Quantity: in.Quantity,
		Cartons: in.Cartons, PerCarton: in.PerCarton, CartonFrom: in.CartonFrom, CartonTo: in.CartonTo,
		Version: 1, CreatedAt: models.Now(by.At), UpdatedAt: models.Now(by.At),
	}
	if err := checkLot(ctx, tx, by, &l); err != nil {
		return nil, err
	}
	if err := gorm.G[models.Lot](tx).Create(ctx, &l); err != nil {
		return nil, err
	}
	return &l, audit.Record(ctx, tx, by, "create", "lot", l.ID, lotCreated{lineID, in})
}

// lotCreated is what a lot was made of.
type lotCreated struct {
	LineID models.ID `json:"line_id"`
	LotInput
}

// UpdateLot changes a lot that is at version; not below what was shipped of it.
// What a signed inspection says of its lot stays: batch, dates and quantity.
func UpdateLot(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int, in LotPatch) (*models.Lot, error) {
	l, err := GetLot(ctx, tx, by, id)
	if err != nil {
		return nil, err
	}
	if l.Version != version {
		return nil, database.Stale(l.Version)
	}
	before, c := *l, changes{}
	give(c, "batch", &l.Batch, in.Batch)
	give(c, "produced_from", &l.ProducedFrom, in.ProducedFrom)
	give(c, "produced_to", &l.ProducedTo, in.ProducedTo)
	give(c, "quantity", &l.Quantity, in.Quantity)
	if l.Batch != before.Batch || l.ProducedFrom != before.ProducedFrom || l.ProducedTo != before.ProducedTo || l.Quantity != before.Quantity {
		if err := notInspected(ctx, tx, &before); err != nil {
			return nil, err
		}
	}
	give(c, "cartons", &l.Cartons, in.Cartons)
	give(c, "per_carton", &l.PerCarton, in.PerCarton)
	give(c, "carton_from", &l.CartonFrom, in.CartonFrom)
	give(c, "carton_to", &l.CartonTo, in.CartonTo)
	if err := checkLot(ctx, tx, by, l); err != nil {
		return nil, err
	}
	if err := notBelowShipped(ctx, tx, l); err != nil {
		return nil, err
	}
	c["batch"], c["batch_key"] = l.Batch, l.BatchKey
	if err := update[models.Lot](ctx, tx, by, "update", "lot", id, version, c, in); err != nil {
		return nil, err
	}
	l.Version++
	l.UpdatedAt = models.Now(by.At)
	return l, nil
}

// notInspected refuses to change what a signed inspection of the lot is about.
func notInspected(ctx context.Context, tx *gorm.DB, l *models.Lot) error {
	var numbers []string
	err := fresh[models.Inspection](tx).WithContext(ctx).Joins("JOIN inspection_lots ON inspection_lots.inspection_id = inspections.id").
		Where("inspection_lots.lot_id = ? AND inspections.state IN ?", l.ID, []models.InspectionState{models.Submitted, models.Final}).
		Order("inspections.id").Limit(1).Pluck("inspections.number", &numbers).Error
	if err != nil || len(numbers) == 0 {
		return err
	}
	return models.Conflict("", "Lot %s was inspected and signed for in %s: enter other goods as another lot.", "批次 %s 已在 %s 中验货并签字：其他货物请另建批次。", l.Batch, numbers[0])
}

func notBelowShipped(ctx context.Context, tx *gorm.DB, l *models.Lot) error {
	var shipped []models.ShipmentLot
	if err := locked(ctx, tx).Where("lot_id = ?", l.ID).Find(&shipped).Error; err != nil {
		return err
	}
	var sum models.Quantity
	for _, s := range shipped {
		sum += s.Quantity
	}
	if l.Quantity < sum {
		return models.Conflict("quantity", "%[2]s of lot %[1]s were shipped already: it can't hold less.", "批次 %[1]s 已发运 %[2]s：数量不能少于此数。", l.Batch, sum)
	}
	return nil
}

// GetLot loads a lot.
func GetLot(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID) (*models.Lot, error) {
	return one[models.Lot](ctx, visibleLots(tx, by), "lot", "批次", "lots.id = ?", id)
}

// LotByBatch finds a lot of a line by the factory's batch number.
func LotByBatch(ctx context.Context, tx *gorm.DB, by models.Actor, lineID models.ID, batch string) (*models.Lot, error) {
	return one[models.Lot](ctx, visibleLots(tx, by), "lot", "批次", "lots.line_id = ? AND lots.batch_key = ?", lineID, models.Key(batch))
}

// ListLots reads a page of lots.
func ListLots(ctx context.Context, tx *gorm.DB, by models.Actor, q database.Query) (database.Page[models.Lot], error) {
	return database.Find[models.Lot](ctx, visibleLots(tx, by), LotList, q)
}

// checkLot checks a lot before it is written and fills its key.
func checkLot(ctx context.Context, tx *gorm.DB, by models.Actor, l *models.Lot) (err error) {
	if err := allow(by, "lots", "批次", lotWriters...); err != nil {
		return err
	}
	if l.Batch, l.BatchKey, err = code("batch", l.Batch, 100); err != nil {
		return err
	}
	if err := checkCartons(l); err != nil {
		return err
	}
	if !l.ProducedFrom.IsZero() && !l.ProducedTo.IsZero() && l.ProducedTo < l.ProducedFrom {
		return models.Invalid("produced_to", "%s is before produced_from (%s).", "%s 早于 produced_from（%s）。", l.ProducedTo, l.ProducedFrom)
	}
	line, contract, err := Line(ctx, tx, by, l.LineID)
	if err != nil {
		return err
	}
	if contract.Kind != models.PurchaseContract {
		return models.Invalid("line_id", "Lots belong to purchase lines; %s is a sales contract.", "批次属于采购合同行；%s 是销售合同。", contract.Number)
	}
	if err := mustBeOpen("line_id", contract); err != nil {
		return err
	}
	if err := free[models.Lot](ctx, tx, l.ID, "batch", l.Batch, "line_id = ? AND batch_key = ?", l.LineID, l.BatchKey); err != nil {
		return err
	}
	return fitsLine(ctx, tx, l, line.LineNo)
}

// fitsLine refuses a lot that, with the others of its line, is more than the
// line lets through. Line and lots are locked: two lots entered at one moment are
// summed one after the other.
func fitsLine(ctx context.Context, tx *gorm.DB, l *models.Lot, lineNo int) error {
	var line models.ContractLine
	if err := locked(ctx, tx).Where("id = ?", l.LineID).Take(&line).Error; err != nil {
		return err
	}
	var lots []models.Lot
	if err := locked(ctx, tx).Where("line_id = ?", l.LineID).Find(&lots).Error; err != nil {
		return err
	}
	lots = slices.DeleteFunc(lots, func(other models.Lot) bool { return other.ID == l.ID })
	var others models.Quantity
	for _, other := range lots {
		others += other.Quantity
	}
	if most := line.MaxQuantity(); others+l.Quantity > most {
		return models.Invalid("quantity", "%[1]s is more than line %[2]d allows: %[3]s with its tolerance, of which other lots hold %[4]s.",
			"%[1]s 超出第 %[2]d 行允许的数量：含溢短装共 %[3]s，其他批次已占 %[4]s。", l.Quantity, lineNo, most, others)
	}
	return nil
}

// checkCartons: full cartons but the last make the quantity, and the numbers
// count the cartons.
func checkCartons(l *models.Lot) error {
	if l.Quantity <= 0 {
		return models.Invalid("quantity", "must be greater than 0.", "须大于 0。")
	}
	if units := l.Quantity.Whole(); l.Cartons > 0 && l.PerCarton > 0 && (units > l.Cartons*l.PerCarton || units <= (l.Cartons-1)*l.PerCarton) {
		return models.Invalid("cartons", "%[1]d cartons of %[2]d hold %[3]d, not %[4]s: only the last one may be short.",
			"%[1]d 箱、每箱 %[2]d 共 %[3]d，与数量 %[4]s 不符：仅最后一箱可不满。", l.Cartons, l.PerCarton, l.Cartons*l.PerCarton, l.Quantity)
	}
	if (l.CartonFrom == 0) != (l.CartonTo == 0) {
		return models.Invalid("carton_to", "Give carton_from and carton_to together.", "carton_from 与 carton_to 须同时填写。")
	}
	if l.CartonTo < l.CartonFrom {
		return models.Invalid("carton_to", "%d is below carton_from (%d).", "%d 小于 carton_from（%d）。", l.CartonTo, l.CartonFrom)
	}
	if numbers := l.CartonTo - l.CartonFrom + 1; l.CartonFrom > 0 && l.Cartons > 0 && numbers != l.Cartons {
		return models.Invalid("carton_to", "Numbers %[1]d to %[2]d count %[3]d cartons, not %[4]d.", "箱号 %[1]d 至 %[2]d 共 %[3]d 箱，不是 %[4]d 箱。", l.CartonFrom, l.CartonTo, numbers, l.Cartons)
	}
	return nil
}
