package recovery

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"recourse/messages"
	"recourse/models"
)

// dueSoon is how many days ahead an action's next step is announced.
const dueSoon = 3

// WarnActions announces the corrective actions whose next step is due within
// three days or overdue, each step once when near and once when missed. by acts in the
// company's time zone.
func WarnActions(ctx context.Context, tx *gorm.DB, by models.Actor) error {
	today := models.DateOf(by.At)
	var due []models.CorrectiveAction
	err := tx.WithContext(ctx).Where("state IN ? AND next_due_on <= ?", []string{models.ActionOpen, models.ActionAnswered, models.ActionAccepted}, today.AddDays(dueSoon)).Order("id").Find(&due).Error
	if err != nil {
		return err
	}
	for _, a := range due {
		when, words := "near", models.Say("%[1]s: the next step is due on %[2]s", "%[1]s：下一步骤于 %[2]s 到期", a.Number, a.NextDueOn)
		if a.NextDueOn < today {
			when, words = "missed", models.Say("%[1]s: a step was due on %[2]s", "%[1]s：有步骤已于 %[2]s 到期", a.Number, a.NextDueOn)
		}
		err := messages.Enqueue(ctx, tx, by, messages.Happening{
			Event: messages.CorrectiveActionDue, EntityID: a.ID, Path: "/corrective-actions/" + a.ID.String(), Subject: words, Body: models.Text{ZH: a.Problem, EN: a.Problem},
			Once: fmt.Sprintf("action:%s:%s:%s", a.ID, a.NextDueOn, when),
		})
		if err != nil {
			return err
		}
	}
	return nil
}
