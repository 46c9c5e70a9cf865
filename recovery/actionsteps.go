package recovery

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/models"
)

// AnswerInput is the supplier's answer to one step.
type AnswerInput struct {
	Answer     string      `json:"answer" validate:"required,max=8000"`
	AnsweredOn models.Date `json:"answered_on"` // without: today
}

// ReviewInput is our view of an answer.
type ReviewInput struct {
	Accepted bool   `json:"accepted"`
	Note     string `json:"note" validate:"max=4000"` // required for a rejection
}

// VerifyInput says what a later inspection showed.
type VerifyInput struct {
	InspectionID models.ID `json:"inspection_id" validate:"required"`
	Effective    bool      `json:"effective"`
	Verification string    `json:"verification" validate:"required,max=4000"`
}

// actionForChange loads an open action at the version the change is based on.
func actionForChange(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int) (*models.CorrectiveAction, error) {
	if err := allow(by, models.Purchasing); err != nil {
		return nil, err
	}
	a, err := GetAction(ctx, tx, by, id)
	if err != nil {
		return nil, err
	}
	if a.Version != version {
		return nil, database.Stale(a.Version)
	}
	if a.ClosedAt != nil {
		return nil, wrongActionState(a)
	}
	return a, nil
}

func wrongActionState(a *models.CorrectiveAction) error {
	return models.Conflict("state", "%s is %s: this step is not open to it.", "%[1]s 处于“%[3]s”状态，不能执行此操作。", a.Number, a.State, actionStateZH[a.State])
}

var actionStateZH = map[string]string{
	models.ActionOpen: "进行中", models.ActionAnswered: "已答复", models.ActionAccepted: "已认可",
	models.ActionEffective: "有效", models.ActionNotEffective: "无效", models.ActionCancelled: "已取消",
}

// supplierStep finds a step that is the supplier's to answer.
func supplierStep(a *models.CorrectiveAction, name string) (*models.CAStep, error) {
	n := stepNo(a.Steps, name)
	if n < 0 {
		return nil, models.NotFound("step", "步骤")
	}
	if name == models.StepEffectiveness {
		return nil, models.Conflict("step", "Effectiveness is verified at a later inspection, not answered.", "有效性须在后续验货中验证，不作答复。")
	}
	return &a.Steps[n], nil
}

// AnswerStep records the supplier's answer to one step; a new answer to a rejected one replaces it.
func AnswerStep(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, step string, version int, in AnswerInput) (*models.CorrectiveAction, error) {
	a, err := actionForChange(ctx, tx, by, id, version)
	if err != nil {
		return nil, err
	}
	s, err := supplierStep(a, step)
	if err != nil {
		return nil, err
	}
	if err := reasoned("answer", in.Answer); err != nil {
		return nil, err
	}
	if s.Accepted != nil && *s.Accepted {
		return nil, models.Conflict("step", "The answer to this step is accepted already.", "此步骤的答复已认可。")
	}
	on, err := dated("answered_on", in.AnsweredOn, by, a.OpenedOn)
	if err != nil {
		return nil, err
	}
	s.Answer, s.AnsweredOn, s.Accepted, s.Note = in.Answer, on, nil, ""
	return writeAction(ctx, tx, by, a, "answer", map[string]any{"step": step, "answer": in.Answer, "on": on})
}

// ReviewStep accepts or rejects the supplier's answer to one step.
func ReviewStep(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, step string, version int, in ReviewInput) (*models.CorrectiveAction, error) {
	a, err := actionForChange(ctx, tx, by, id, version)
	if err != nil {
		return nil, err
	}
	s, err := supplierStep(a, step)
	if err != nil {
		return nil, err
	}
	switch {
	case s.Answer == "":
		return nil, models.Conflict("step", "There is no answer to this step yet.", "此步骤尚无答复。")
	case a.State == models.ActionAccepted:
		return nil, wrongActionState(a)
	case !in.Accepted:
		if err := reasoned("note", in.Note); err != nil {
			return nil, err
		}
	}
	s.Accepted, s.Note = &in.Accepted, in.Note
	return writeAction(ctx, tx, by, a, "review", map[string]any{"step": step, "accepted": in.Accepted, "note": in.Note})
}

// progress is where the supplier's steps stand together.
func progress(steps []models.CAStep) string {
	state := models.ActionAccepted
	for _, s := range steps {
		switch {
		case s.Step == models.StepEffectiveness:
		case s.Answer == "" || s.Accepted != nil && !*s.Accepted:
			return models.ActionOpen
		case s.Accepted == nil:
			state = models.ActionAnswered
		}
	}
	return state
}

// writeAction brings the state in line with the steps, along the table of
// transitions, and stores both.
func writeAction(ctx context.Context, tx *gorm.DB, by models.Actor, a *models.CorrectiveAction, action string, detail any) (*models.CorrectiveAction, error) {
	if a.ClosedAt == nil {
		next := progress(a.Steps)
		if a.State == models.ActionOpen && next == models.ActionAccepted { // the last answer was reviewed before the others came
			a.State = models.ActionAnswered
		}
		if next != a.State && !a.MayBecome(next) {
			return nil, wrongActionState(a)
		}
		a.State, a.NextDueOn = next, nextDue(a.Steps)
	}
	a.UpdatedAt = models.Now(by.At)
	update := tx.WithContext(ctx).Model(a).Select("steps", "state", "next_due_on", "verified_by", "verified_on", "verification", "closed_at", "version", "updated_at")
	before := a.Version
	a.Version++
	r := update.Where("version = ?", before).Updates(a)
	if r.Error != nil {
		return nil, r.Error
	}
	if r.RowsAffected == 0 {
		return nil, database.Stale(a.Version)
	}
	return a, record(ctx, tx, by, action, "corrective_action", a.ID, detail)
}

// Verify closes an accepted action by what a later inspection of the same
// supplier and product showed.
func Verify(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int, in VerifyInput) (*models.CorrectiveAction, error) {
	a, err := actionForChange(ctx, tx, by, id, version)
	if err != nil {
		return nil, err
	}
	next := models.ActionNotEffective
	if in.Effective {
		next = models.ActionEffective
	}
	if !a.MayBecome(next) {
		return nil, models.Conflict("state", "%s is %s: accept the supplier's answers first.", "%[1]s 处于“%[3]s”状态：请先认可供应商的答复。", a.Number, a.State, actionStateZH[a.State])
	}
	if err := reasoned("verification", in.Verification); err != nil {
		return nil, err
	}
	on, err := laterVisit(ctx, tx, a, in.InspectionID)
	if err != nil {
		return nil, err
	}
	s := &a.Steps[stepNo(a.Steps, models.StepEffectiveness)]
	s.Answer, s.AnsweredOn, s.Accepted = in.Verification, on, &in.Effective
	a.VerifiedBy, a.VerifiedOn, a.Verification = &in.InspectionID, on, in.Verification
	return closeAction(ctx, tx, by, a, next, "verify", in)
}

// laterVisit is the day of an inspection that can show the effect: submitted or
// final, of the same supplier and product, after the action was opened.
func laterVisit(ctx context.Context, tx *gorm.DB, a *models.CorrectiveAction, id models.ID) (models.Date, error) {
	rows, err := gorm.G[models.Inspection](tx).Where("id = ? AND supplier_id = ?", id, a.SupplierID).Find(ctx)
	if err != nil {
		return "", err
	}
	lots, err := gorm.G[models.InspectionLot](tx).Select("id, product_id").Where("inspection_id = ?", id).Find(ctx)
	if err != nil {
		return "", err
	}
	same := slices.ContainsFunc(lots, func(l models.InspectionLot) bool { return a.ProductID == nil || l.ProductID == *a.ProductID })
	if len(rows) == 0 || !same {
		return "", models.Invalid("inspection_id", "This is no inspection of the same supplier and product.", "这不是同一供应商、同一商品的验货。")
	}
	i := rows[0]
	if i.State != models.Submitted && i.State != models.Final {
		return "", models.Conflict("inspection_id", "%s has no result yet: submit it first.", "%s 尚无结果：请先提交。", i.Number)
	}
	if i.InspectedOn <= a.OpenedOn {
		return "", models.Invalid("inspection_id", "%s was on %s, not after %s: it can't show an effect.", "%s 在 %s，未晚于 %s：不能证明效果。", i.Number, i.InspectedOn, a.OpenedOn)
	}
	return i.InspectedOn, nil
}

// CancelAction ends an action that is not needed any more.
func CancelAction(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int, in CancelInput) (*models.CorrectiveAction, error) {
	a, err := actionForChange(ctx, tx, by, id, version)
	if err != nil {
		return nil, err
	}
	if err := reasoned("reason", in.Reason); err != nil {
		return nil, err
	}
	if !a.MayBecome(models.ActionCancelled) {
		return nil, wrongActionState(a)
	}
	return closeAction(ctx, tx, by, a, models.ActionCancelled, "cancel", in)
}

func closeAction(ctx context.Context, tx *gorm.DB, by models.Actor, a *models.CorrectiveAction, state, action string, detail any) (*models.CorrectiveAction, error) {
	a.State, a.NextDueOn, a.ClosedAt = state, "", new(models.Now(by.At))
	return writeAction(ctx, tx, by, a, action, detail)
}
