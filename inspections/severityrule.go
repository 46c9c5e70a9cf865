package inspections

import (
	"context"
	"slices"
	"strings"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/database"
	"recourse/models"
	"recourse/sampling"
)

// RulingInput is what purchasing rules about the severity of a series. Class is
// empty for every class that is sampled by an AQL.
type RulingInput struct {
	SupplierID         models.ID          `json:"supplier_id" validate:"required"`
	ProductID          models.ID          `json:"product_id" validate:"required"`
	StandardCode       string             `json:"standard_code" validate:"required,max=60"`
	Class              models.DefectClass `json:"class" validate:"omitempty,oneof=critical major minor"`
	Kind               models.RulingKind  `json:"kind" validate:"required,oneof=approve_reduced override irregular resume limiting_quality"`
	Severity           string             `json:"severity" validate:"omitempty,oneof=normal tightened reduced"` // of an override
	LimitingQuality    models.Decimal     `json:"limiting_quality"`                                             // per cent
	Ac                 *int               `json:"ac" validate:"omitempty,min=0,max=10"`                         // with a limiting quality; default 0
	Reason             string             `json:"reason" validate:"required,max=1000"`
	CorrectiveActionID *models.ID         `json:"corrective_action_id"` // of a resume
}

// WithdrawInput says why a ruling ends.
type WithdrawInput struct {
	Reason string `json:"reason" validate:"required,max=1000"`
}

// Rule stores a ruling. It takes effect for every lot planned from now on; what
// was planned before keeps its plan.
func Rule(ctx context.Context, tx *gorm.DB, by models.Actor, in RulingInput) (*models.SeverityRuling, error) {
	if err := mayRule(by, in.Reason); err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	standard, err := standardOf(ctx, tx, in.StandardCode)
	if err != nil {
		return nil, models.At("standard_code", err)
	}
	if err := exist(ctx, tx, in.SupplierID, in.ProductID); err != nil {
		return nil, err
	}
	h, err := Series{in.SupplierID, in.ProductID, standard.Code}.read(ctx, tx)
	if err != nil {
		return nil, err
	}
	folds, err := h.folds(standard.Content.Sampling, in.Class)
	if err != nil {
		return nil, err
	}
	if err := in.allowed(ctx, tx, h, folds); err != nil {
		return nil, err
	}
	r := models.SeverityRuling{
		SupplierID: in.SupplierID, ProductID: in.ProductID, StandardCode: standard.Code, Class: in.Class, Kind: in.Kind, Severity: in.Severity,
		LimitingQuality: in.LimitingQuality, Ac: in.Ac, Reason: in.Reason, CorrectiveActionID: in.CorrectiveActionID,
	}
	if in.Kind == models.RuleLimiting && in.Ac == nil {
		r.Ac = new(int)
	}
	return storeRuling(ctx, tx, by, h, r)
}

// Withdraw ends a ruling; what it ended or kept off follows the rules again from now on.
func Withdraw(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, in WithdrawInput) (*models.SeverityRuling, error) {
	if err := mayRule(by, in.Reason); err != nil {
		return nil, err
	}
	old, err := database.Take[models.SeverityRuling](ctx, tx, "ruling", "裁定", "id = ?", id)
	if err != nil {
		return nil, err
	}
	if old.Kind == models.RuleResume || old.Kind == models.RuleWithdraw {
		return nil, models.Conflict("kind", "A ruling «%s» is an event, not withdrawn: rule anew what is to hold.", "“%s”裁定是一次性事件，不能撤回：请作出新的裁定。", old.Kind)
	}
	h, err := Series{old.SupplierID, old.ProductID, old.StandardCode}.read(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, r := range h.rulings {
		if r.WithdrawsID != nil && *r.WithdrawsID == id {
			return nil, models.Conflict("", "%s withdrew this ruling already on %s.", "%s 已于 %s 撤回此裁定。", r.RuledByName, r.EffectiveOn)
		}
	}
	return storeRuling(ctx, tx, by, h, models.SeverityRuling{
		SupplierID: old.SupplierID, ProductID: old.ProductID, StandardCode: old.StandardCode, Class: old.Class, Kind: models.RuleWithdraw,
		Reason: in.Reason, WithdrawsID: &old.ID,
	})
}

func mayRule(by models.Actor, reason string) error {
	if !by.Is(models.Purchasing) {
		return models.Errorf(models.CodeForbidden, "", "Only purchasing rules on severity.", "只有采购可以裁定严格度。")
	}
	if strings.TrimSpace(reason) == "" {
		return models.Invalid("reason", "Give the reason.", "请填写理由。")
	}
	return nil
}

// check refuses inputs that don't belong to the kind of ruling, or are missing.
func (in RulingInput) check() error {
	for _, f := range []struct {
		field string
		given bool
		of    models.RulingKind
	}{
		{"severity", in.Severity != "", models.RuleOverride},
		{"limiting_quality", in.LimitingQuality.IsSet(), models.RuleLimiting},
		{"corrective_action_id", in.CorrectiveActionID != nil, models.RuleResume},
	} {
		if f.given != (in.Kind == f.of) {
			return models.Invalid(f.field, "A ruling «%[1]s», and only that, names it.", "“%[1]s”裁定必须且只有该裁定才注明此项。", f.of)
		}
	}
	if in.Ac != nil && in.Kind != models.RuleLimiting {
		return models.Invalid("ac", "Only a ruling «%s» has an acceptance number.", "只有“%s”裁定才有接收数。", models.RuleLimiting)
	}
	return nil
}

// allowed holds a ruling against what stands: the same is not ruled twice, and
// only a discontinued series resumes.
func (in RulingInput) allowed(ctx context.Context, tx *gorm.DB, h history, folds []*classFold) error {
	var stopped []*classFold
	for _, f := range folds {
		class := f.class
		if old := f.ruling(in.Kind); old != nil {
			return models.Conflict("kind", "%[1]s ruled this on %[2]s already for %[3]s defects: withdraw that ruling first.",
				"%[1]s 已于 %[2]s 对%[4]s缺陷作出此裁定：请先撤回。", old.RuledByName, old.EffectiveOn, class, classZH[class])
		}
		if f.state.Severity == sampling.Discontinued {
			stopped = append(stopped, f)
		}
		if in.Kind == models.RuleOverride && f.state.Severity == sampling.Discontinued {
			return models.Conflict("kind", "Sampling is discontinued for %[1]s defects: a severity set by hand does not lift that. Rule «resume» with an accepted corrective action.",
				"%[2]s缺陷的抽样检验已暂停：人工设定严格度不能解除。请凭已认可的纠正措施作出“resume”裁定。", class, classZH[class])
		}
		if in.Kind == models.RuleLimiting {
			if _, err := offered(1000, in.LimitingQuality, string(f.rules.AQL)); err != nil || f.rules.AQL.Per100() {
				return limitError(f.rules.AQL)
			}
		}
	}
	if in.Kind != models.RuleResume {
		return nil
	}
	if len(stopped) == 0 {
		return models.Conflict("kind", "Sampling of these goods is not discontinued: there is nothing to resume.", "此商品的抽样检验未暂停：无需恢复。")
	}
	return in.remedied(ctx, tx, stopped)
}

// remedied checks that the corrective action answers the discontinuation: of
// this supplier and these goods, accepted, opened because of what was found or
// after it, and not the one that resumed the series before.
func (in RulingInput) remedied(ctx context.Context, tx *gorm.DB, stopped []*classFold) error {
	const field = "corrective_action_id"
	a, err := database.Take[models.CorrectiveAction](ctx, tx, "corrective action", "纠正措施", "id = ?", *in.CorrectiveActionID)
	if err != nil {
		return models.At(field, err)
	}
	if a.SupplierID != in.SupplierID || a.ProductID != nil && *a.ProductID != in.ProductID {
		return models.Invalid(field, "%s is about another supplier or product.", "%s 涉及其他供应商或商品。", a.Number)
	}
	if a.State != models.ActionAccepted && a.State != models.ActionEffective {
		return models.Conflict(field, "%s is %s: every answer of the supplier must be accepted first.", "%s 处于“%s”状态：须先认可供应商的全部答复。", a.Number, a.State)
	}
	var about []models.ID // the visit that the action was opened from, whatever its revision
	if a.InspectionID != nil {
		if err := tx.WithContext(ctx).Model(&models.Inspection{}).Where("id = ?", *a.InspectionID).Pluck("chain_id", &about).Error; err != nil {
			return err
		}
	}
	for _, f := range stopped {
		stop := f.changes[len(f.changes)-1]
		caused := slices.ContainsFunc(f.named(stop.reason.Lots), func(l *pastLot) bool { return slices.Contains(about, l.ChainID) })
		if a.OpenedOn < stop.after.InspectedOn && !caused {
			return models.Conflict(field, "%[1]s was opened on %[2]s, before sampling was discontinued for %[3]s defects on %[4]s: name one that answers it.",
				"%[1]s 于 %[2]s 开立，早于%[5]s缺陷抽样检验暂停之日 %[4]s：请注明针对此次暂停的纠正措施。", a.Number, a.OpenedOn, f.class, stop.after.InspectedOn, classZH[f.class])
		}
		for _, c := range f.changes {
			if c.ruling != nil && c.ruling.CorrectiveActionID != nil && *c.ruling.CorrectiveActionID == a.ID {
				return models.Conflict(field, "%[1]s resumed these goods before, and they failed again: ask for a new corrective action.", "%[1]s 曾用于恢复检验，但再次不合格：请要求新的纠正措施。", a.Number)
			}
		}
	}
	return nil
}

// storeRuling dates a ruling after all that is known of its series and stores it.
func storeRuling(ctx context.Context, tx *gorm.DB, by models.Actor, h history, r models.SeverityRuling) (*models.SeverityRuling, error) {
	r.ID, r.RuledByName, r.RuledAt, r.EffectiveOn = models.NewID(), by.Name, models.Now(by.At), models.DateOf(by.At)
	if !by.UserID.IsZero() {
		r.RuledBy = &by.UserID
	}
	for _, l := range h.lots {
		r.EffectiveOn = max(r.EffectiveOn, l.InspectedOn)
	}
	for _, old := range h.rulings {
		r.EffectiveOn = max(r.EffectiveOn, old.EffectiveOn)
	}
	if err := gorm.G[models.SeverityRuling](tx).Create(ctx, &r); err != nil {
		return nil, err
	}
	return &r, audit.Record(ctx, tx, by, string(r.Kind), "severity_ruling", r.ID, r)
}

// exist refuses a supplier or product that isn't there.
func exist(ctx context.Context, tx *gorm.DB, supplier, product models.ID) error {
	if _, err := database.Take[models.Party](ctx, tx, "supplier", "供应商", "id = ? AND kind = ?", supplier, models.PartySupplier); err != nil {
		return models.At("supplier_id", err)
	}
	_, err := database.Take[models.Product](ctx, tx, "product", "商品", "id = ?", product)
	return models.At("product_id", err)
}

// standardOf is the version of a quality standard that a series is looked at by:
// the newest active one, or the newest of those retired.
func standardOf(ctx context.Context, tx *gorm.DB, code string) (*models.Standard, error) {
	rows, err := gorm.G[models.Standard](tx).Where("code_key = ? AND state <> ?", models.Key(code), models.StandardDraft).Order("state, version_no DESC").Limit(1).Find(ctx)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, models.NotFound("quality standard", "质量标准")
	}
	return &rows[0], nil // "active" sorts before "retired"
}

// folds are the folded classes that a ruling about class concerns.
func (h history) folds(rules models.SamplingRules, class models.DefectClass) ([]*classFold, error) {
	var out []*classFold
	for _, c := range rules.Classes {
		if c.Rule != models.RuleAQL || class != "" && c.Class != class {
			continue
		}
		f, err := fold(rules, c, h)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	if len(out) == 0 {
		return nil, models.Invalid("class", "These defects are not sampled by an AQL: they have no severity.", "此缺陷等级不按 AQL 抽样：没有严格度。")
	}
	return out, nil
}

// named are the lots of a Reason's numbers.
func (f *classFold) named(numbers []int) []*pastLot {
	var out []*pastLot
	for _, n := range numbers {
		if n >= 1 && n <= len(f.lots) {
			out = append(out, f.lots[n-1])
		}
	}
	return out
}
