package inspections

import (
	"context"
	"crypto/sha256"
	"errors"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/database"
	"recourse/models"
	"recourse/sampling"
)

// PlanInput asks for a visit. ID may be made by the client (a UUIDv7), so that
// a repeated request has one effect.
type PlanInput struct {
	ID         *models.ID            `json:"id"`
	Kind       models.InspectionKind `json:"kind" validate:"required,oneof=initial during_production pre_shipment container_loading re_inspection"`
	ContractID models.ID             `json:"contract_id" validate:"required"` // purchase contract
	PlannedOn  models.Date           `json:"planned_on" validate:"required"`
	Place      string                `json:"place" validate:"max=300"`
	Inspectors []models.ID           `json:"inspectors" validate:"max=20"`
	// PreviousID names the inspection that a re-inspection repeats.
	PreviousID *models.ID  `json:"previous_id"`
	Lots       []models.ID `json:"lots" validate:"required,min=1,max=50"`
}

// Plan stores a planned inspection with its sampling plans and drawn cartons.
// seed must come from a source of randomness that nobody chose; each lot's own
// seed is SHA-256(seed ‖ lot id) and is stored before the visit.
func Plan(ctx context.Context, tx *gorm.DB, by models.Actor, in PlanInput, seed models.SHA256) (*models.Inspection, error) {
	if in.ID != nil {
		known, err := head(ctx, tx, by, *in.ID)
		if err == nil {
			return repeated(ctx, tx, by, known, in)
		} else if !models.IsCode(err, models.CodeNotFound) {
			return nil, err
		}
	}
	i, err := draft(ctx, tx, by, in, seed)
	if err != nil {
		return nil, err
	}
	if err := insert(ctx, tx, by, i); err != nil {
		return nil, err
	}
	if err := audit.Record(ctx, tx, by, "plan", "inspection", i.ID, planDetail(i, in, seed)); err != nil {
		return nil, err
	}
	return i, load(ctx, tx, by, i)
}

// draft plans a visit without storing it.
func draft(ctx context.Context, tx *gorm.DB, by models.Actor, in PlanInput, seed models.SHA256) (*models.Inspection, error) {
	contract, err := purchaseContract(ctx, tx, by, in.ContractID)
	if err != nil {
		return nil, err
	}
	i := &models.Inspection{
		ID: models.NewID(), Kind: in.Kind, State: models.Planned, ContractID: contract.ID, SupplierID: contract.PartyID,
		PlannedOn: in.PlannedOn, Place: in.Place, Verdict: models.Pending, Deviations: []string{}, Equipment: []models.Equipment{},
		Version: 1, CreatedAt: models.Now(by.At), UpdatedAt: models.Now(by.At),
	}
	if in.ID != nil {
		i.ID = *in.ID
	}
	if !by.UserID.IsZero() {
		i.CreatedBy = &by.UserID
	}
	i.ChainID = i.ID
	if err := chain(ctx, tx, by, i, in.PreviousID); err != nil {
		return nil, err
	}
	known, err := goodsOf(ctx, tx, in.Lots)
	if err != nil {
		return nil, err
	}
	histories := map[Series]history{} // the lots of a visit are mostly of one series
	for n, id := range in.Lots {
		l, err := planLot(ctx, tx, i, contract, known[id], histories, seed)
		if err != nil {
			return nil, models.At(field("lots", n), err)
		}
		l.Position = n + 1
		i.Lots = append(i.Lots, *l)
	}
	if i.Inspectors, err = inspectorsOf(ctx, tx, by, in.Inspectors); err != nil {
		return nil, err
	}
	i.Number, err = database.NextNumber(ctx, tx, "INS", by.At.Year())
	return i, err
}

// planDetail is what the log keeps of a plan.
func planDetail(i *models.Inspection, in PlanInput, seed models.SHA256) map[string]any {
	return map[string]any{"number": i.Number, "kind": i.Kind, "contract_id": i.ContractID, "planned_on": i.PlannedOn, "lots": in.Lots, "seed": seed}
}

// repeated answers a request whose id exists already: the same visit is the
// same answer, anything else is refused.
func repeated(ctx context.Context, tx *gorm.DB, by models.Actor, known *models.Inspection, in PlanInput) (*models.Inspection, error) {
	if err := load(ctx, tx, by, known); err != nil {
		return nil, err
	}
	same := known.Kind == in.Kind && known.ContractID == in.ContractID && len(known.Lots) == len(in.Lots)
	for n := range in.Lots {
		same = same && known.Lots[n].LotID == in.Lots[n]
	}
	if !same {
		return nil, models.Conflict("id", "An inspection with this id exists with other content: make a new id.", "此 ID 的验货已存在且内容不同：请使用新的 ID。")
	}
	return known, nil
}

// chain links a re-inspection to what it repeats.
func chain(ctx context.Context, tx *gorm.DB, by models.Actor, i *models.Inspection, previousID *models.ID) error {
	if (i.Kind == models.ReInspection) != (previousID != nil) {
		return models.Invalid("previous_id", "A re-inspection, and only that, names the inspection it repeats.", "复验必须且只有复验才注明前次验货。")
	}
	if previousID == nil {
		return nil
	}
	previous, err := head(ctx, tx, by, *previousID)
	if err != nil {
		return models.At("previous_id", err)
	}
	if previous.State != models.Final || previous.SupersededByID != nil {
		return models.Conflict("previous_id", "%s is not a final inspection in its newest revision: a re-inspection follows a decision.",
			"%s 不是最新修订版的已定稿验货：复验须在处置之后进行。", previous.Number)
	}
	if previous.ContractID != i.ContractID {
		return models.Invalid("previous_id", "%s belongs to another contract.", "%s 属于另一份合同。", previous.Number)
	}
	var reworked int64
	err = tx.WithContext(ctx).Model(&models.Decision{}).
		Where("inspection_id = ? AND decision IN ?", previous.ID, []models.DecisionKind{models.ReworkAndRetry, models.SortAll}).Count(&reworked).Error
	if err != nil {
		return err
	}
	if reworked == 0 {
		return models.Conflict("previous_id", "%s was not decided as rework or sorting: there is nothing to re-inspect.", "%s 的处置不是返工或全检挑选：无需复验。", previous.Number)
	}
	i.PreviousID, i.ChainID, i.ChainNo = previousID, previous.ChainID, previous.ChainNo+1
	return nil
}

func purchaseContract(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID) (*models.Contract, error) {
	c, err := database.Take[models.Contract](ctx, tx, "purchase contract", "采购合同", "id = ? AND kind = ?", id, models.PurchaseContract)
	return c, models.At("contract_id", err)
}

// goods is what the plan of a lot is made from: the lot, its line, and the
// standard that the line pins.
type goods struct {
	ID                 models.ID
	Batch              string
	Quantity           models.Quantity
	Cartons, PerCarton int
	CartonFrom         int
	LineID             models.ID
	LineNo             int
	ContractID         models.ID
	ProductID          models.ID
	Ordered            models.Quantity
	Attributes         map[string]string `gorm:"serializer:json"`
	StandardID         *models.ID
	StandardCode       string
	Content            models.StandardContent `gorm:"serializer:json"`
}

// goodsOf reads the goods of lots in one statement; a lot that doesn't exist is missing.
func goodsOf(ctx context.Context, tx *gorm.DB, lots []models.ID) (map[models.ID]*goods, error) {
	var rows []goods
	err := tx.WithContext(ctx).Table("lots").
		Select(`lots.id, lots.batch, lots.quantity, lots.cartons, lots.per_carton, lots.carton_from, lots.line_id,
			contract_lines.line_no, contract_lines.contract_id, contract_lines.product_id, contract_lines.quantity AS ordered, contract_lines.attributes, contract_lines.standard_id,
			COALESCE(quality_standards.code, '') AS standard_code, COALESCE(quality_standards.content, '{}') AS content`).
		Joins("JOIN contract_lines ON contract_lines.id = lots.line_id").
		Joins("LEFT JOIN quality_standards ON quality_standards.id = contract_lines.standard_id").
		Where("lots.id IN ?", lots).Scan(&rows).Error
	known := make(map[models.ID]*goods, len(rows))
	for n := range rows {
		known[rows[n].ID] = &rows[n]
	}
	return known, err
}

// planLot computes the plan of one lot from its line's pinned standard.
func planLot(ctx context.Context, tx *gorm.DB, i *models.Inspection, contract *models.Contract, of *goods, histories map[Series]history, seed models.SHA256) (*models.InspectionLot, error) {
	if of == nil {
		return nil, models.NotFound("lot", "批")
	}
	if of.ContractID != contract.ID {
		return nil, models.Invalid("", "Lot %s belongs to another contract than %s.", "批 %s 不属于合同 %s。", of.Batch, contract.Number)
	}
	if of.StandardID == nil {
		return nil, models.Conflict("", "Line %d of %s pins no quality standard: set it before planning.", "合同 %[2]s 第 %[1]d 行未指定质量标准：请先指定。", of.LineNo, contract.Number)
	}
	l := &models.InspectionLot{
		ID: models.NewID(), InspectionID: i.ID, LotID: of.ID, LineID: of.LineID, ProductID: of.ProductID, SupplierID: i.SupplierID,
		StandardID: *of.StandardID, StandardCode: of.StandardCode, Snapshot: of.Content.For(of.Attributes), QuantityOrdered: &of.Ordered,
		Seed: models.SHA256(sha256.Sum256(append(seed[:], of.ID[:]...))), Verdict: models.Pending,
		CartonsOpened: []int{}, Overlaps: []models.UnitOverlap{}, Decisions: []models.Decision{},
	}
	var err error
	if l.SnapshotHash, err = contentHash(l.Snapshot); err != nil {
		return nil, err
	}
	series := Series{SupplierID: i.SupplierID, ProductID: of.ProductID, StandardCode: of.StandardCode}
	if _, known := histories[series]; !known {
		if histories[series], err = series.read(ctx, tx); err != nil {
			return nil, err
		}
	}
	force, err := histories[series].inForce(l.Snapshot.Sampling)
	if err != nil {
		return nil, err
	}
	if err := force.blocked(); err != nil {
		return nil, err
	}
	if l.Plan, err = planFor(l.Snapshot, of.Quantity.Whole(), force); err != nil {
		return nil, err
	}
	return l, drawCartons(&l.Plan, models.Lot{Cartons: of.Cartons, PerCarton: of.PerCarton, CartonFrom: of.CartonFrom}, l.Seed)
}

// drawCartons fills the cartons to open, numbered as the lot's cartons are.
func drawCartons(p *models.Plan, lot models.Lot, seed models.SHA256) error {
	p.Cartons, p.CartonNumbers = lot.Cartons, []int{}
	p.CartonsToOpen = sampling.CartonsToOpen(lot.Cartons, lot.PerCarton, p.Units)
	if p.CartonsToOpen == 0 {
		return nil
	}
	drawn, err := sampling.DrawCartons(seed[:], lot.Cartons, p.CartonsToOpen)
	if err != nil {
		return planError(err)
	}
	for n := range drawn {
		drawn[n] += max(lot.CartonFrom, 1) - 1
	}
	p.CartonNumbers = drawn
	return nil
}

// inspectorsOf are those who go: enabled users with the role inspector. An
// inspector who names nobody goes alone.
func inspectorsOf(ctx context.Context, tx *gorm.DB, by models.Actor, ids []models.ID) ([]models.InspectorName, error) {
	if len(ids) == 0 && by.OnlyInspects() {
		ids = []models.ID{by.UserID}
	}
	names := make([]models.InspectorName, len(ids))
	for n, userID := range ids {
		u, err := database.Take[models.User](ctx, tx, "user", "用户", "id = ? AND disabled_at IS NULL", userID)
		if err != nil {
			return nil, models.At(field("inspectors", n), err)
		}
		if !(models.Actor{Roles: u.Roles}).Is(models.Inspector) {
			return nil, models.Invalid(field("inspectors", n), "%s is not an inspector: give them the role first.", "%s 不是验货员：请先授予该角色。", u.Name)
		}
		names[n] = models.InspectorName{UserID: u.ID, Name: u.Name}
	}
	return names, nil
}

// planError turns a refusal of package sampling into the program's error.
func planError(err error) error {
	var e *sampling.Error
	if errors.As(err, &e) {
		return models.Invalid(e.Field, "%[1]s", "%[2]s", e.Text("en"), e.Text("zh"))
	}
	return err
}
