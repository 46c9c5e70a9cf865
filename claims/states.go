package claims

import (
	"context"
	"strings"

	"gorm.io/gorm"

	"recourse/models"
)

// stateZH is a state's Chinese word.
func stateZH(s models.ClaimState) string { return models.ClaimStateWords.Of(string(s)).ZH }

// ReasonInput gives the reason of a move.
type ReasonInput struct {
	Reason string `json:"reason" validate:"required,max=4000"`
}

// Acknowledge says that the customer was told that the claim is here.
func Acknowledge(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int) (*models.Claim, error) {
	return move(ctx, tx, by, id, version, models.ClaimAcknowledged, nil, func(*models.Claim) (map[string]any, error) {
		return map[string]any{"acknowledged_at": models.Now(by.At)}, nil
	})
}

// Investigate starts gathering facts, or goes back to it.
func Investigate(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int) (*models.Claim, error) {
	return move(ctx, tx, by, id, version, models.ClaimInvestigating, nil, func(c *models.Claim) (map[string]any, error) {
		if c.State == models.ClaimClosed {
			return nil, models.Conflict("state", "%s is closed: reopen it with a reason.", "%s 已结案：请说明理由后重新打开。", c.Number)
		}
		return map[string]any{}, nil
	})
}

// Assess says that we know our answer: every item has one.
func Assess(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int) (*models.Claim, error) {
	return move(ctx, tx, by, id, version, models.ClaimAssessed, nil, func(c *models.Claim) (map[string]any, error) {
		return map[string]any{}, mustBeAnswered(ctx, tx, by, c)
	})
}

// Negotiate says that our answer is with the customer and the talks go on.
func Negotiate(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int) (*models.Claim, error) {
	return move(ctx, tx, by, id, version, models.ClaimNegotiating, nil, func(c *models.Claim) (map[string]any, error) {
		return answered(by, c), mustBeAnswered(ctx, tx, by, c)
	})
}

// Settle says that the customer takes what the answers grant, which is something.
func Settle(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int) (*models.Claim, error) {
	return move(ctx, tx, by, id, version, models.ClaimSettled, nil, func(c *models.Claim) (map[string]any, error) {
		set := answered(by, c)
		set["settled_at"] = models.Now(by.At)
		if err := mustBeAnswered(ctx, tx, by, c); err != nil {
			return nil, err
		}
		for _, i := range c.Items {
			if i.Granted != nil {
				return set, nil
			}
		}
		return nil, models.Conflict("items", "%s grants nothing: reject it, or answer an item otherwise.", "%s 未同意任何金额：请拒绝索赔，或修改答复。", c.Number)
	})
}

// Reject says that the claim ends with a no to every item.
func Reject(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int) (*models.Claim, error) {
	return move(ctx, tx, by, id, version, models.ClaimRejected, nil, func(c *models.Claim) (map[string]any, error) {
		if err := mustBeAnswered(ctx, tx, by, c); err != nil {
			return nil, err
		}
		for _, i := range c.Items {
			if i.Granted != nil {
				return nil, models.Conflict("items", "Item %[1]d of %[2]s is granted %[3]s: settle the claim, or answer the item otherwise.",
					"%[2]s 第 %[1]d 项已同意 %[3]s：请和解，或修改答复。", i.ItemNo, c.Number, i.Granted)
			}
		}
		return answered(by, c), nil
	})
}

// Withdraw says that the customer takes the claim back; its quantities are free for other claims.
func Withdraw(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int, in ReasonInput) (*models.Claim, error) {
	return move(ctx, tx, by, id, version, models.ClaimWithdrawn, in, func(c *models.Claim) (map[string]any, error) {
		if err := reasoned(in.Reason); err != nil {
			return nil, err
		}
		return map[string]any{"closed_reason": in.Reason, "withdrawn_at": models.Now(by.At)}, release(ctx, tx, c.Items)
	})
}

// CloseInput may say why a claim is closed; without, the reason of a withdrawal stays.
type CloseInput struct {
	Reason string `json:"reason" validate:"max=4000"`
}

// Close puts a decided claim aside.
func Close(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int, in CloseInput) (*models.Claim, error) {
	return move(ctx, tx, by, id, version, models.ClaimClosed, in, func(*models.Claim) (map[string]any, error) {
		set := map[string]any{"closed_at": models.Now(by.At)}
		if strings.TrimSpace(in.Reason) != "" {
			set["closed_reason"] = in.Reason
		}
		return set, nil
	})
}

// Reopen takes up a closed claim again, with a reason. One that was withdrawn
// claims its quantities anew, as far as other claims left them.
func Reopen(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int, in ReasonInput) (*models.Claim, error) {
	return move(ctx, tx, by, id, version, models.ClaimInvestigating, in, func(c *models.Claim) (map[string]any, error) {
		if c.State != models.ClaimClosed {
			return nil, models.Conflict("state", "%[1]s is %[2]s: only a closed claim is reopened.", "%[1]s 处于“%[3]s”状态：只有已结案的索赔可重新打开。", c.Number, c.State, stateZH(c.State))
		}
		if err := reasoned(in.Reason); err != nil {
			return nil, err
		}
		set := map[string]any{"reopen_reason": in.Reason, "closed_at": nil, "settled_at": nil, "withdrawn_at": nil}
		if c.WithdrawnAt == nil {
			return set, nil
		}
		return set, hold(ctx, tx, c.Items, itemField)
	})
}

// move takes a claim that is at version into the next state: the table of
// transitions allows it, step gives the columns that go with it.
func move(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int, next models.ClaimState, asked any, step func(*models.Claim) (map[string]any, error)) (*models.Claim, error) {
	c, err := forSalesAt(ctx, tx, by, id, version)
	if err != nil {
		return nil, err
	}
	if !c.State.MayBecome(next) {
		return nil, wrongMove(c, next)
	}
	set, err := step(c)
	if err != nil {
		return nil, err
	}
	was := c.State
	set["state"] = next
	c.State = next
	if err := write(ctx, tx, by, c, string(next), set, map[string]any{"from": was, "to": next, "input": asked}); err != nil {
		return nil, err
	}
	if err := announceMoved(ctx, tx, by, c, was); err != nil {
		return nil, err
	}
	return Get(ctx, tx, by, id)
}

// wrongMove says what may be done instead.
func wrongMove(c *models.Claim, next models.ClaimState) error {
	var en, zh []string
	for _, s := range models.ClaimStates {
		if c.State.MayBecome(s) {
			en, zh = append(en, string(s)), append(zh, stateZH(s))
		}
	}
	return models.Conflict("state", "%[1]s is %[2]s and can't become %[3]s; from here it may become: %[4]s.", "%[1]s 处于“%[5]s”状态，不能变为“%[6]s”；可变为：%[7]s。",
		c.Number, c.State, next, strings.Join(en, ", "), stateZH(c.State), stateZH(next), strings.Join(zh, "、"))
}

// mustBeAnswered wants an answer to every item that holds against its period as
// it is known now: a date may have come to light since the answer was given.
func mustBeAnswered(ctx context.Context, tx *gorm.DB, by models.Actor, c *models.Claim) error {
	for _, i := range c.Items {
		if i.Answer == "" {
			return models.Conflict("items", "Item %[1]d of %[2]s has no answer yet.", "%[2]s 第 %[1]d 项尚未答复。", i.ItemNo, c.Number)
		}
	}
	clocks, err := ClocksOf(ctx, tx, []models.Claim{*c}, by.At)
	if err != nil {
		return err
	}
	for n, i := range c.Items {
		given := AnswerInput{Answer: i.Answer, Ground: i.Ground, Text: i.AnswerText}
		if err := given.checkPeriod(periodOf(clocks[c.ID], i.ItemNo)); err != nil {
			return models.At(itemField(n), err)
		}
	}
	return nil
}

// answered are the columns of the first time that our answer goes out.
func answered(by models.Actor, c *models.Claim) map[string]any {
	if c.AnsweredAt != nil {
		return map[string]any{}
	}
	return map[string]any{"answered_at": models.Now(by.At)}
}

func reasoned(text string) error {
	if strings.TrimSpace(text) == "" {
		return models.Invalid("reason", "Give the reason.", "请填写理由。")
	}
	return nil
}
