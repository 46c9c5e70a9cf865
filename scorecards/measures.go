package scorecards

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/database"
	"recourse/models"
)

// MeasureInput confirms a consequence for a supplier, with the card it follows from.
type MeasureInput struct {
	SupplierID  models.ID  `json:"supplier_id" validate:"required"`
	Kind        string     `json:"kind" validate:"required,oneof=watch tightened no_new_contract"`
	ScorecardID *models.ID `json:"scorecard_id"`
	Reason      string     `json:"reason" validate:"required,max=2000"`
}

// LiftInput ends a measure.
type LiftInput struct {
	Reason string `json:"reason" validate:"required,max=2000"`
}

// MeasureList is what a list of measures may be filtered and sorted by.
var MeasureList = database.List{
	Default: "-id",
	Sorts:   []string{"id"},
	Filters: map[string]database.Filter{
		"supplier_id": {SQL: "supplier_measures.supplier_id = ?", Kind: database.FilterID},
		"kind":        {SQL: "supplier_measures.kind = ?", Values: models.Measures},
		"in_force":    {SQL: "(supplier_measures.lifted_at IS NULL) = ?", Kind: database.FilterBool},
	},
}

// ListMeasures reads one page of the measures.
func ListMeasures(ctx context.Context, tx *gorm.DB, by models.Actor, q database.Query) (database.Page[models.SupplierMeasure], error) {
	if err := mayRead(by); err != nil {
		return database.Page[models.SupplierMeasure]{}, err
	}
	return database.Find[models.SupplierMeasure](ctx, tx.Model(&models.SupplierMeasure{}), MeasureList, q)
}

// measuresInForce are a supplier's measures that are not lifted.
func measuresInForce(ctx context.Context, tx *gorm.DB, supplier models.ID) ([]models.SupplierMeasure, error) {
	return gorm.G[models.SupplierMeasure](tx).Where("supplier_id = ? AND lifted_at IS NULL", supplier).Order("id").Find(ctx)
}

// Confirm puts a measure in force. A band only proposes it.
func Confirm(ctx context.Context, tx *gorm.DB, by models.Actor, in MeasureInput) (*models.SupplierMeasure, error) {
	if err := mayPublish(by); err != nil {
		return nil, err
	}
	if _, err := supplierOf(ctx, tx, in.SupplierID); err != nil {
		return nil, models.At("supplier_id", err)
	}
	if in.ScorecardID != nil {
		card, err := Get(ctx, tx, by, *in.ScorecardID)
		if err != nil {
			return nil, models.At("scorecard_id", err)
		}
		if card.SupplierID != in.SupplierID {
			return nil, models.Invalid("scorecard_id", "Scorecard %s is another supplier's.", "评分 %s 属于另一供应商。", card.Number)
		}
	}
	inForce, err := measuresInForce(ctx, tx, in.SupplierID)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(inForce, func(m models.SupplierMeasure) bool { return m.Kind == in.Kind }) {
		return nil, models.Conflict("kind", "This measure is in force for the supplier already.", "该供应商已有此项措施生效。")
	}
	m := models.SupplierMeasure{
		ID: models.NewID(), SupplierID: in.SupplierID, Kind: in.Kind, InForce: new(true), ScorecardID: in.ScorecardID, Reason: in.Reason,
		ConfirmedBy: userOf(by), ConfirmedName: by.Name, ConfirmedAt: models.Now(by.At), Version: 1, CreatedAt: models.Now(by.At), UpdatedAt: models.Now(by.At),
	}
	if err := gorm.G[models.SupplierMeasure](tx).Create(ctx, &m); err != nil {
		return nil, err
	}
	return &m, audit.Record(ctx, tx, by, "confirm", "supplier_measure", m.ID, in)
}

// Lift ends a measure at version.
func Lift(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int, in LiftInput) (*models.SupplierMeasure, error) {
	if err := mayPublish(by); err != nil {
		return nil, err
	}
	m, err := database.Take[models.SupplierMeasure](ctx, tx, "measure", "措施", "id = ?", id)
	if err != nil {
		return nil, err
	}
	if m.LiftedAt != nil {
		return nil, models.Conflict("", "The measure was lifted before.", "此项措施已解除。")
	}
	now := models.Now(by.At)
	err = database.Update[models.SupplierMeasure](ctx, tx, id, version, map[string]any{
		"in_force": nil, "lifted_by": userOf(by), "lifted_at": now, "lift_reason": in.Reason, "updated_at": now,
	})
	if err != nil {
		return nil, err
	}
	m.InForce, m.LiftedBy, m.LiftedAt, m.LiftReason, m.UpdatedAt, m.Version = nil, userOf(by), &now, in.Reason, now, version+1
	return m, audit.Record(ctx, tx, by, "lift", "supplier_measure", id, in)
}

func userOf(by models.Actor) *models.ID {
	if by.UserID.IsZero() {
		return nil
	}
	id := by.UserID
	return &id
}

// MeasureProposal is a consequence of a published band that purchasing has not confirmed.
type MeasureProposal struct {
	SupplierID  models.ID      `json:"supplier_id"`
	ScorecardID models.ID      `json:"scorecard_id"`
	Number      string         `json:"number"`
	Score       models.Percent `json:"score"`
	Band        string         `json:"band"`
	Kind        string         `json:"kind"`
}

// MeasureProposals are the proposals of a period's published cards.
func MeasureProposals(ctx context.Context, tx *gorm.DB, by models.Actor, in PeriodInput) ([]MeasureProposal, error) {
	if err := mayRead(by); err != nil {
		return nil, err
	}
	period, err := in.parse(today(by.At))
	if err != nil {
		return nil, err
	}
	cards, err := gorm.G[models.Scorecard](tx).Where("period_kind = ? AND to_month = ? AND superseded_by_id IS NULL", period.Kind, period.To).Order("score, number").Find(ctx)
	if err != nil {
		return nil, err
	}
	inForce, err := gorm.G[models.SupplierMeasure](tx).Where("lifted_at IS NULL").Find(ctx)
	out := []MeasureProposal{}
	for _, c := range cards {
		kind := c.Content.Result.Measure
		confirmed := slices.ContainsFunc(inForce, func(m models.SupplierMeasure) bool { return m.SupplierID == c.SupplierID && m.Kind == kind })
		if c.Score != nil && kind != "" && !confirmed {
			out = append(out, MeasureProposal{c.SupplierID, c.ID, c.Number, *c.Score, c.Band, kind})
		}
	}
	return out, err
}
