package recovery

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/models"
)

// ActionList is what a list of corrective actions may be filtered and sorted by.
// What is overdue is what waits and was due before today.
var ActionList = database.List{
	Default: "-id",
	Sorts:   []string{"id"},
	Filters: map[string]database.Filter{
		"state":         {SQL: "corrective_actions.state = ?", Values: []string{"open", "answered", "accepted", "effective", "not_effective", "cancelled"}},
		"supplier_id":   {SQL: "corrective_actions.supplier_id = ?", Kind: database.FilterID},
		"claim_id":      {SQL: "corrective_actions.claim_id = ?", Kind: database.FilterID},
		"inspection_id": {SQL: "corrective_actions.inspection_id = ?", Kind: database.FilterID},
		"number":        {SQL: "corrective_actions.number = ?"},
		"due_before":    {SQL: "corrective_actions.closed_at IS NULL AND corrective_actions.next_due_on < ?", Kind: database.FilterDate},
	},
}

// ActionInput opens a corrective action from a claim, an inspection or both.
// Supplier and product are theirs where not given; Due replaces default dates.
type ActionInput struct {
	ClaimID      *models.ID `json:"claim_id"`
	InspectionID *models.ID `json:"inspection_id"`
	SupplierID   *models.ID `json:"supplier_id"`
	ProductID    *models.ID `json:"product_id"`
	Problem      string     `json:"problem" validate:"required,max=8000"`
	Due          []StepDue  `json:"due" validate:"max=5,dive"`
}

// StepDue sets the due date of one step.
type StepDue struct {
	Step  string      `json:"step" validate:"required,oneof=containment root_cause correction prevention effectiveness"`
	DueOn models.Date `json:"due_on" validate:"required"`
}

// mayReadActions refuses inspectors: claims and suppliers' answers are not theirs.
func mayReadActions(by models.Actor) error {
	if by.OnlyInspects() {
		return models.Errorf(models.CodeForbidden, "", "Corrective actions are not shown to inspectors.", "纠正措施不对验货员显示。")
	}
	return nil
}

// visibleActions limits a query to what the reader may see: of claims, those of their scope.
func visibleActions(tx *gorm.DB, by models.Actor) *gorm.DB {
	q := fresh[models.CorrectiveAction](tx)
	if by.OwnOnly {
		q = q.Where("(corrective_actions.claim_id IN ("+ownClaims+"))", by.UserID)
	}
	return q
}

// ListActions reads one page of corrective actions.
func ListActions(ctx context.Context, tx *gorm.DB, by models.Actor, q database.Query) (database.Page[models.CorrectiveAction], error) {
	if err := mayReadActions(by); err != nil {
		return database.Page[models.CorrectiveAction]{}, err
	}
	return database.Find[models.CorrectiveAction](ctx, visibleActions(tx, by), ActionList, q)
}

// GetAction reads one corrective action.
func GetAction(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID) (*models.CorrectiveAction, error) {
	if err := mayReadActions(by); err != nil {
		return nil, err
	}
	return one[models.CorrectiveAction](ctx, visibleActions(tx, by), "corrective action", "纠正措施", id)
}

// OpenAction asks a supplier for a corrective action, with a due date per step.
func OpenAction(ctx context.Context, tx *gorm.DB, by models.Actor, in ActionInput) (*models.CorrectiveAction, error) {
	if err := allow(by, models.Purchasing); err != nil {
		return nil, err
	}
	if err := reasoned("problem", in.Problem); err != nil {
		return nil, err
	}
	a := models.CorrectiveAction{
		ID: models.NewID(), ClaimID: in.ClaimID, InspectionID: in.InspectionID, ProductID: in.ProductID, Problem: in.Problem, State: models.ActionOpen,
		OpenedOn: today(by), Version: 1, CreatedAt: models.Now(by.At), UpdatedAt: models.Now(by.At),
	}
	suppliers, products, err := concerned(ctx, tx, by, in)
	if err != nil {
		return nil, err
	}
	if a.SupplierID, err = choose("supplier_id", in.SupplierID, suppliers); err != nil {
		return nil, err
	}
	if in.ProductID == nil && len(products) == 1 {
		a.ProductID = &products[0]
	} else if in.ProductID != nil && !slices.Contains(products, *in.ProductID) {
		return nil, models.Invalid("product_id", "This product is not part of the claim or inspection.", "该商品不属于该索赔或验货。")
	}
	if a.Steps, err = planSteps(a.OpenedOn, in.Due); err != nil {
		return nil, err
	}
	a.NextDueOn = nextDue(a.Steps)
	if a.Number, err = database.NextNumber(ctx, tx, "CA", by.At.Year()); err != nil {
		return nil, err
	}
	if err := gorm.G[models.CorrectiveAction](tx).Create(ctx, &a); err != nil {
		return nil, err
	}
	return &a, record(ctx, tx, by, "open", "corrective_action", a.ID, in)
}

// concerned finds the suppliers and products that the claim and the inspection are about.
func concerned(ctx context.Context, tx *gorm.DB, by models.Actor, in ActionInput) (suppliers, products []models.ID, err error) {
	if in.ClaimID == nil && in.InspectionID == nil {
		return nil, nil, models.Invalid("claim_id", "Name the claim or the inspection that shows the problem.", "请指明发现问题的索赔或验货。")
	}
	if in.InspectionID != nil {
		rows, err := gorm.G[models.InspectionLot](tx).Select("supplier_id, product_id").Where("inspection_id = ?", *in.InspectionID).Find(ctx)
		if err != nil {
			return nil, nil, err
		}
		if len(rows) == 0 {
			return nil, nil, models.Invalid("inspection_id", "There is no such inspection.", "没有此验货。")
		}
		for _, l := range rows {
			suppliers, products = add(suppliers, l.SupplierID), add(products, l.ProductID)
		}
	}
	if in.ClaimID == nil {
		return suppliers, products, nil
	}
	c, err := claimOf(ctx, tx, by, *in.ClaimID)
	if err != nil {
		return nil, nil, models.At("claim_id", err)
	}
	from, err := originOf(ctx, tx, c)
	if err != nil {
		return nil, nil, err
	}
	if in.InspectionID != nil && !slices.ContainsFunc(from.suppliers, func(id models.ID) bool { return slices.Contains(suppliers, id) }) {
		return nil, nil, models.Invalid("inspection_id", "Claim and inspection are about different suppliers.", "索赔与验货涉及不同的供应商。")
	}
	if in.InspectionID == nil {
		suppliers = from.suppliers
	}
	var more []models.ID
	err = fresh[models.ContractLine](tx).WithContext(ctx).Where("id IN (SELECT sales_line_id FROM claim_items WHERE claim_id = ?)", c.ID).Distinct().Pluck("product_id", &more).Error
	for _, id := range more {
		products = add(products, id)
	}
	return suppliers, products, err
}

func add(list []models.ID, id models.ID) []models.ID {
	if slices.Contains(list, id) {
		return list
	}
	return append(list, id)
}

// choose takes the given id if it is among those possible, or the only one.
func choose(field string, given *models.ID, among []models.ID) (models.ID, error) {
	switch {
	case given != nil && slices.Contains(among, *given):
		return *given, nil
	case given != nil:
		return models.ID{}, models.Invalid(field, "This supplier has nothing to do with the claim or inspection.", "该供应商与该索赔或验货无关。")
	case len(among) == 1:
		return among[0], nil
	}
	return models.ID{}, models.Invalid(field, "Say which supplier: %d are concerned.", "请指明供应商：涉及 %d 家。", len(among))
}

// planSteps gives each step its due date; they don't run backwards.
func planSteps(opened models.Date, due []StepDue) ([]models.CAStep, error) {
	steps := make([]models.CAStep, len(models.ActionSteps))
	for n, s := range models.ActionSteps {
		steps[n] = models.CAStep{Step: s.Step, DueOn: opened.AddDays(s.Days)}
	}
	for n, d := range due {
		steps[stepNo(steps, d.Step)].DueOn = d.DueOn
		if d.DueOn < opened {
			return nil, models.Invalid(fmt.Sprintf("due[%d].due_on", n), "%s is before %s: the dates are out of order.", "%s 早于 %s：日期顺序不对。", d.DueOn, opened)
		}
	}
	for n := 1; n < len(steps); n++ {
		if steps[n].DueOn < steps[n-1].DueOn {
			return nil, models.Invalid("due", "%s is due before %s: the dates are out of order.", "%s 的期限早于 %s：日期顺序不对。", steps[n].Step, steps[n-1].Step)
		}
	}
	return steps, nil
}

func stepNo(steps []models.CAStep, name string) int {
	return slices.IndexFunc(steps, func(s models.CAStep) bool { return s.Step == name })
}

// nextDue is the first due date of a step that still waits for its answer.
func nextDue(steps []models.CAStep) models.Date {
	for _, s := range steps {
		if s.Answer == "" || s.Accepted != nil && !*s.Accepted {
			return s.DueOn
		}
	}
	return ""
}
