package inspections

import (
	"context"
	"strings"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/models"
)

// AbortInput says why a visit came to nothing, and against whom it counts.
type AbortInput struct {
	Reason string           `json:"reason" validate:"required,max=4000"`
	Blame  models.PartyKind `json:"blame" validate:"omitempty,oneof=supplier customer carrier forwarder insurer own_company other"` // default: supplier
}

// Abort ends a planned or begun inspection without a verdict ("goods not ready").
func Abort(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int, in AbortInput) (*models.Inspection, error) {
	i, err := headAt(ctx, tx, by, id, version)
	if err != nil {
		return nil, err
	}
	if err := move(i, models.Aborted); err != nil {
		return nil, err
	}
	if strings.TrimSpace(in.Reason) == "" {
		return nil, models.Invalid("reason", "Give the reason.", "请填写理由。")
	}
	now := models.Now(by.At)
	i.State, i.AbortedAt, i.AbortReason, i.AbortBlame, i.UpdatedAt = models.Aborted, &now, in.Reason, in.Blame, now
	if i.AbortBlame == "" {
		i.AbortBlame = models.PartySupplier
	}
	if err := writeHead(ctx, tx, i); err != nil {
		return nil, err
	}
	if err := load(ctx, tx, by, i); err != nil {
		return nil, err
	}
	return i, audit.Record(ctx, tx, by, "abort", "inspection", i.ID, in)
}
