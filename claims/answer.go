package claims

import (
	"context"
	"slices"
	"strings"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/models"
)

// AnswerInput is our reply to one item. Granted is needed for a part and may be
// left out otherwise: all of it for accept, nothing for reject.
type AnswerInput struct {
	Answer  models.Answer `json:"answer" validate:"required,oneof=accept accept_in_part reject"`
	Ground  string        `json:"ground" validate:"required,oneof=time_barred evidence_missing not_nonconforming conforming_at_dispatch arisen_after_risk_passed amount_not_shown liable goodwill"`
	Text    string        `json:"text" validate:"max=4000"`
	Granted *models.Money `json:"granted"`
}

// Answer answers one item of an open claim. version is the item's own, so
// that of two users who answer it at once the second is told.
func Answer(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, no, version int, in AnswerInput) (*models.Claim, error) {
	c, i, err := itemForSales(ctx, tx, by, id, no, version)
	if err != nil {
		return nil, err
	}
	granted, err := in.grants(i)
	if err != nil {
		return nil, err
	}
	clocks, err := ClocksOf(ctx, tx, []models.Claim{*c}, by.At)
	if err != nil {
		return nil, err
	}
	if err := in.checkPeriod(periodOf(clocks[c.ID], no)); err != nil {
		return nil, err
	}
	set := map[string]any{
		"answer": in.Answer, "ground": in.Ground, "answer_text": in.Text, "granted_minor": nil, "granted_currency": nil,
		"answered_by": author(by), "answered_at": models.Now(by.At),
	}
	if granted != nil {
		set["granted_minor"], set["granted_currency"] = granted.Minor, granted.Currency
	}
	if err := database.Update[models.ClaimItem](ctx, tx, i.ID, version, set); err != nil {
		return nil, err
	}
	if err := touch(ctx, tx, by, c, "answer", map[string]any{"item": no, "answer": in}); err != nil {
		return nil, err
	}
	return Get(ctx, tx, by, id)
}

// favourable are the grounds on which something is granted for its own sake.
var favourable = []string{"liable", "goodwill"}

// grants is what an answer gives: never more than the item claims.
func (in AnswerInput) grants(i *models.ClaimItem) (*models.Money, error) {
	g := in.Granted
	if g != nil && g.Currency != i.Claimed.Currency {
		return nil, models.Invalid("granted.currency", "The item is claimed in %s: grant in the same currency.", "此项以 %s 索赔：请以同一币种答复。", i.Claimed.Currency)
	}
	if g != nil && g.Minor < 0 {
		return nil, models.Invalid("granted.amount", "An amount granted is not negative.", "同意金额不得为负。")
	}
	if g != nil && g.Minor > i.Claimed.Minor {
		return nil, models.Invalid("granted.amount", "%s is above what the item claims (%s).", "%s 超过此项索赔金额（%s）。", g, i.Claimed)
	}
	switch in.Answer {
	case models.AnswerAccept:
		if g != nil && *g != i.Claimed {
			return nil, models.Invalid("granted.amount", "Accepting grants all of %s: for less, accept in part.", "接受即同意全部 %s：金额较少请选择部分接受。", i.Claimed)
		}
		if !slices.Contains(favourable, in.Ground) {
			return nil, models.Invalid("ground", "%s is a ground for rejecting: accept because we are liable, or out of goodwill.", "%s 是拒绝的理由：接受须因我方有责任或出于善意。", in.Ground)
		}
		return &i.Claimed, nil
	case models.AnswerInPart:
		if g == nil || g.Minor == 0 || *g == i.Claimed {
			return nil, models.Invalid("granted", "Give the part that is granted: more than nothing, less than %s.", "请填写部分同意的金额：大于零且小于 %s。", i.Claimed)
		}
		return g, nil
	}
	if g != nil && g.Minor != 0 {
		return nil, models.Invalid("granted.amount", "Rejecting grants nothing.", "拒绝不同意任何金额。")
	}
	if slices.Contains(favourable, in.Ground) {
		return nil, models.Invalid("ground", "%s is no ground for rejecting.", "%s 不是拒绝的理由。", in.Ground)
	}
	return nil, nil
}

// checkPeriod holds the answer against the customer's period under the contract,
// as far as it is known.
func (in AnswerInput) checkPeriod(period *Clock) error {
	if period == nil || period.InTime == nil {
		return nil
	}
	switch {
	case !*period.InTime && in.Answer != models.AnswerReject && strings.TrimSpace(in.Text) == "":
		return models.Invalid("text", "The item came after its period ended (%s): say why it is accepted all the same.",
			"此项在索赔期（至 %s）之后提出：请说明仍予接受的理由。", period.EndsOn)
	case *period.InTime && in.Ground == "time_barred":
		return models.Invalid("ground", "The item came within its period, which ends on %s: it is not time-barred.", "此项在索赔期（至 %s）内提出，并未逾期。", period.EndsOn)
	}
	return nil
}

// periodOf is the customer's period that an item falls under; nil when the contract names none.
func periodOf(clocks []Clock, item int) *Clock {
	for n := range clocks {
		if clocks[n].Period && slices.Contains(clocks[n].Items, item) {
			return &clocks[n]
		}
	}
	return nil
}
