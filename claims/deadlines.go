package claims

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"recourse/messages"
	"recourse/models"
)

// warnings are the days before a deadline on which it is announced; the day
// after it, it is announced as missed.
var warnings = []int{1, 3, 7}

// warnBatch bounds the claims looked at in one step.
const warnBatch = 200

// WarnDeadlines announces the deadlines of open claims that we must keep: 7, 3
// and 1 days ahead and when missed, each once. After a pause only the nearest
// that was passed is announced. by acts in the company's time zone. It returns
// the last claim looked at; the zero id when none is left after from.
func WarnDeadlines(ctx context.Context, tx *gorm.DB, by models.Actor, from models.ID) (models.ID, error) {
	open := make([]models.ClaimState, 0, len(models.ClaimStates))
	for _, s := range models.ClaimStates {
		if s.Open() {
			open = append(open, s)
		}
	}
	q := tx.WithContext(ctx).Where("state IN ?", open)
	if !from.IsZero() {
		q = q.Where("id > ?", from)
	}
	var batch []models.Claim
	if err := q.Order("id").Limit(warnBatch).Find(&batch).Error; err != nil || len(batch) == 0 {
		return models.ID{}, err
	}
	for n := range batch {
		if err := load(ctx, tx, &batch[n]); err != nil {
			return models.ID{}, err
		}
	}
	clocks, err := ClocksOf(ctx, tx, batch, by.At)
	if err != nil {
		return models.ID{}, err
	}
	for _, c := range batch {
		for _, k := range clocks[c.ID] {
			if err := warn(ctx, tx, by, c, k); err != nil {
				return models.ID{}, err
			}
		}
	}
	return batch[len(batch)-1].ID, nil
}

// warn announces one clock where it is near or missed. The customer's own period
// is theirs to keep, and what was done needs no warning.
func warn(ctx context.Context, tx *gorm.DB, by models.Actor, c models.Claim, k Clock) error {
	if k.DaysLeft == nil || k.Period || k.Protected {
		return nil
	}
	step, near := nearest(*k.DaysLeft)
	if !near {
		return nil
	}
	h := messages.Happening{
		Event: messages.DeadlineNear, EntityID: c.ID, Path: "/claims/" + c.ID.String(), Once: fmt.Sprintf("deadline:%s:%s:%s:%s:%d", c.ID, k.Code, k.Contract, k.EndsOn, step),
		Subject: models.Say("%[1]s: %[2]s ends on %[4]s", "%[1]s：%[3]s 于 %[4]s 届满", c.Number, k.Name.EN, k.Name.ZH, k.EndsOn),
		Body:    models.Say("%[1]d days are left. %[2]s", "还剩 %[1]d 天。%[3]s", *k.DaysLeft, k.Rule.EN, k.Rule.ZH),
	}
	if step < 0 {
		h.Event = messages.DeadlineMissed
		h.Subject = models.Say("%[1]s: %[2]s was missed", "%[1]s：%[3]s 已错过", c.Number, k.Name.EN, k.Name.ZH)
		h.Body = models.Say("It ended on %[1]s. %[2]s", "已于 %[1]s 届满。%[3]s", k.EndsOn, k.Rule.EN, k.Rule.ZH)
	}
	return messages.Enqueue(ctx, tx, by, h)
}

// nearest is the warning that a number of days left has reached: the smallest
// step not below it, or -1 when the deadline is over.
func nearest(left int) (step int, near bool) {
	if left < 0 {
		return -1, true
	}
	for _, step := range warnings {
		if left <= step {
			return step, true
		}
	}
	return 0, false
}
