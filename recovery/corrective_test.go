package recovery_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"recourse/database"
	"recourse/inspections"
	"recourse/models"
	"recourse/recovery"
)

// action is a corrective action under test.
type action struct {
	*book
	*models.CorrectiveAction
}

func (b *book) action(in recovery.ActionInput) action {
	b.t.Helper()
	return action{b, must(b, func(ctx context.Context, tx *gorm.DB) (*models.CorrectiveAction, error) {
		return recovery.OpenAction(ctx, tx, b.by, in)
	})}
}

// then applies a verb; what it answers becomes the action.
func (a *action) then(verb func(ctx context.Context, tx *gorm.DB) (*models.CorrectiveAction, error)) error {
	a.t.Helper()
	next, err := try(a.book, verb)
	if err == nil {
		a.CorrectiveAction = next
	}
	return err
}

func (a *action) answer(step string) error {
	return a.then(func(ctx context.Context, tx *gorm.DB) (*models.CorrectiveAction, error) {
		return recovery.AnswerStep(ctx, tx, a.by, a.ID, step, a.Version, recovery.AnswerInput{Answer: "做了 " + step})
	})
}

func (a *action) review(step string, accepted bool, note string) error {
	return a.then(func(ctx context.Context, tx *gorm.DB) (*models.CorrectiveAction, error) {
		return recovery.ReviewStep(ctx, tx, a.by, a.ID, step, a.Version, recovery.ReviewInput{Accepted: accepted, Note: note})
	})
}

func (a *action) verify(inspection models.ID, effective bool) error {
	return a.then(func(ctx context.Context, tx *gorm.DB) (*models.CorrectiveAction, error) {
		return recovery.Verify(ctx, tx, a.by, a.ID, a.Version, recovery.VerifyInput{InspectionID: inspection, Effective: effective, Verification: "no broken corner in 315"})
	})
}

func TestCorrectiveAction(t *testing.T) {
	b := newBook(t)
	early := b.inspected("2026-04-20", 2, inspections.DecideInput{Decision: models.Release, Reason: "accepted"})
	a := b.action(recovery.ActionInput{ClaimID: &b.claim.ID, Problem: "corners crushed"})
	var due []models.Date
	for _, s := range a.Steps {
		due = append(due, s.DueOn)
	}
	if diff := cmp.Diff([]models.Date{"2026-08-02", "2026-08-08", "2026-08-15", "2026-08-26", "2026-08-31"}, due); diff != "" || a.Number != "CA-2026-000001" {
		t.Errorf("%s: due dates (-want +got):\n%s", a.Number, diff)
	}
	if a.SupplierID != b.purchase.PartyID || a.ProductID == nil || *a.ProductID != b.purchase.Lines[0].ProductID || a.NextDueOn != "2026-08-02" {
		t.Errorf("action = %+v, want the claim's supplier and product", a.CorrectiveAction)
	}
	refused(t, "reviewed before it is answered", a.review("containment", true, ""), models.CodeConflict, "step")
	refused(t, "effectiveness answered", a.answer("effectiveness"), models.CodeConflict, "step")
	refused(t, "an unknown step", a.answer("excuse"), models.CodeNotFound, "")
	for _, step := range []string{"containment", "root_cause", "correction", "prevention"} {
		if a.State != models.ActionOpen {
			t.Errorf("before %s: %s, want open", step, a.State)
		}
		if err := a.answer(step); err != nil {
			t.Fatal(err)
		}
	}
	if a.State != models.ActionAnswered || a.NextDueOn != "2026-08-31" {
		t.Errorf("all answered: %s, next due %s, want answered, 2026-08-31", a.State, a.NextDueOn)
	}
	refused(t, "rejected without a note", a.review("root_cause", false, ""), models.CodeInvalid, "note")
	if err := a.review("root_cause", false, "a cause is not «carelessness»"); err != nil || a.State != models.ActionOpen || a.NextDueOn != "2026-08-08" {
		t.Errorf("rejected: %v, %s, next due %s, want open, 2026-08-08", err, a.State, a.NextDueOn)
	}
	if err := a.answer("root_cause"); err != nil {
		t.Fatal(err)
	}
	refused(t, "verified before it is accepted", a.verify(early.ID, true), models.CodeConflict, "state")
	for _, step := range []string{"containment", "root_cause", "correction", "prevention"} {
		if err := a.review(step, true, ""); err != nil {
			t.Fatal(err)
		}
	}
	if a.State != models.ActionAccepted {
		t.Errorf("all accepted: %s", a.State)
	}
	refused(t, "an earlier inspection", a.verify(early.ID, true), models.CodeInvalid, "inspection_id")
	refused(t, "an unknown inspection", a.verify(models.NewID(), true), models.CodeInvalid, "inspection_id")
	a.book = b.on("2026-09-01")
	later := a.inspected("2026-08-30", 1, inspections.DecideInput{Decision: models.Release, Reason: "accepted"})
	if err := a.verify(later.ID, true); err != nil || a.State != models.ActionEffective || a.VerifiedOn != "2026-08-30" || a.ClosedAt == nil || !a.NextDueOn.IsZero() {
		t.Errorf("verified: %v, %+v", err, a.CorrectiveAction)
	}
	refused(t, "an answer after the end", a.answer("prevention"), models.CodeConflict, "state")
	stored := must(b, func(ctx context.Context, tx *gorm.DB) (*models.CorrectiveAction, error) {
		return recovery.GetAction(ctx, tx, b.by, a.ID)
	})
	if diff := cmp.Diff(a.CorrectiveAction, stored); diff != "" {
		t.Errorf("what was answered differs from what is stored (-answered +stored):\n%s", diff)
	}
}

func TestCorrectiveActionIsRefused(t *testing.T) {
	b := newBook(t)
	open := func(by models.Actor, in recovery.ActionInput) error {
		in.Problem = "corners"
		_, err := try(b, func(ctx context.Context, tx *gorm.DB) (*models.CorrectiveAction, error) {
			return recovery.OpenAction(ctx, tx, by, in)
		})
		return err
	}
	other := models.NewID()
	refused(t, "of nothing", open(b.by, recovery.ActionInput{}), models.CodeInvalid, "claim_id")
	refused(t, "an unknown claim", open(b.by, recovery.ActionInput{ClaimID: &other}), models.CodeNotFound, "claim_id")
	refused(t, "an unknown inspection", open(b.by, recovery.ActionInput{InspectionID: &other}), models.CodeInvalid, "inspection_id")
	refused(t, "another supplier", open(b.by, recovery.ActionInput{ClaimID: &b.claim.ID, SupplierID: &other}), models.CodeInvalid, "supplier_id")
	refused(t, "another product", open(b.by, recovery.ActionInput{ClaimID: &b.claim.ID, ProductID: &other}), models.CodeInvalid, "product_id")
	refused(t, "due before it is opened", open(b.by, recovery.ActionInput{ClaimID: &b.claim.ID, Due: []recovery.StepDue{{Step: "containment", DueOn: "2026-07-01"}}}), models.CodeInvalid, "due[0].due_on")
	refused(t, "dates out of order", open(b.by, recovery.ActionInput{ClaimID: &b.claim.ID, Due: []recovery.StepDue{{Step: "containment", DueOn: "2026-08-20"}}}), models.CodeInvalid, "due")
	finance := models.Actor{UserID: models.NewID(), Roles: []models.Role{models.Finance}, At: now}
	refused(t, "by finance", open(finance, recovery.ActionInput{ClaimID: &b.claim.ID}), models.CodeForbidden, "")

	a := b.action(recovery.ActionInput{ClaimID: &b.claim.ID, Problem: "corners"})
	overdue := func(day string) int {
		page := must(b, func(ctx context.Context, tx *gorm.DB) (database.Page[models.CorrectiveAction], error) {
			return recovery.ListActions(ctx, tx, b.by, database.Query{Filters: map[string]string{"due_before": day}})
		})
		return len(page.Items)
	}
	if overdue("2026-08-02") != 0 || overdue("2026-08-03") != 1 {
		t.Errorf("overdue = %d on the day it is due, %d after, want 0, 1", overdue("2026-08-02"), overdue("2026-08-03"))
	}
	err := a.then(func(ctx context.Context, tx *gorm.DB) (*models.CorrectiveAction, error) {
		return recovery.CancelAction(ctx, tx, b.by, a.ID, a.Version, recovery.CancelInput{Reason: "the supplier closed down"})
	})
	if err != nil || a.State != models.ActionCancelled || overdue("2027-01-01") != 0 {
		t.Errorf("cancelled: %v, %s, %d overdue, want cancelled, none", err, a.State, overdue("2027-01-01"))
	}
}
