package inspections

import (
	"context"
	"strings"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/models"
)

// ReviseInput says what a revision corrects.
type ReviseInput struct {
	ID     *models.ID `json:"id"`
	Reason string     `json:"reason" validate:"required,max=4000"`
}

// Revise opens a correction of a final inspection: a new revision under the same
// number with the same plan, seed and record, to be changed, signed and decided
// anew. The final one stays as it is and stays readable.
func Revise(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int, in ReviseInput) (*models.Inspection, error) {
	old, err := headAt(ctx, tx, by, id, version)
	if err != nil {
		return nil, err
	}
	if old.State != models.Final || old.SupersededByID != nil {
		return nil, models.Conflict("state", "%s revision %d is not the newest final one: only that is revised.", "%s 修订版 %d 不是最新的已定稿版本：只能修订最新版。", old.Number, old.Revision)
	}
	if strings.TrimSpace(in.Reason) == "" {
		return nil, models.Invalid("reason", "Give the reason.", "请填写理由。")
	}
	var open int64
	if err := tx.WithContext(ctx).Model(&models.Inspection{}).Where("number = ? AND revision > ? AND state <> ?", old.Number, old.Revision, models.Aborted).Count(&open).Error; err != nil {
		return nil, err
	}
	if open > 0 {
		return nil, models.Conflict("", "A revision of %s is under way already.", "%s 已有进行中的修订版。", old.Number)
	}
	if err := load(ctx, tx, by, old); err != nil {
		return nil, err
	}
	i, err := copyOf(ctx, tx, by, old, in)
	if err != nil {
		return nil, err
	}
	judgeAll(i)
	if err := insert(ctx, tx, by, i); err != nil {
		return nil, err
	}
	detail := map[string]any{"number": i.Number, "revision": i.Revision, "revises_id": old.ID, "reason": in.Reason}
	if err := audit.Record(ctx, tx, by, "revise", "inspection", i.ID, detail); err != nil {
		return nil, err
	}
	return i, load(ctx, tx, by, i)
}

// copyOf is the next revision with the old one's record, unsigned and undecided.
func copyOf(ctx context.Context, tx *gorm.DB, by models.Actor, old *models.Inspection, in ReviseInput) (*models.Inspection, error) {
	c := *old
	c.ID = models.NewID()
	if in.ID != nil {
		c.ID = *in.ID
	}
	var last int
	if err := tx.WithContext(ctx).Model(&models.Inspection{}).Where("number = ?", old.Number).Select("MAX(revision)").Scan(&last).Error; err != nil {
		return nil, err
	}
	now := models.Now(by.At)
	c.Revision, c.RevisesID, c.RevisionReason, c.SupersededByID = last+1, &old.ID, in.Reason, nil
	c.State, c.StartedAt, c.SubmittedAt, c.DecidedAt = models.InProgress, &now, nil, nil
	c.Version, c.CreatedAt, c.UpdatedAt, c.CreatedBy = 1, now, now, nil
	c.Fingerprint, c.RecordHash, c.Signatures = models.SHA256{}, models.SHA256{}, nil
	if !by.UserID.IsZero() {
		c.CreatedBy = &by.UserID
	}
	newID := map[models.ID]models.ID{}
	c.Lots = append([]models.InspectionLot(nil), old.Lots...)
	for n := range c.Lots {
		l := &c.Lots[n]
		newID[l.ID] = models.NewID()
		l.ID, l.InspectionID, l.Decision, l.Decisions = newID[l.ID], c.ID, "", nil
		l.Findings = append([]models.Finding(nil), l.Findings...)
		for k := range l.Findings {
			f := &l.Findings[k]
			newID[f.ID] = models.NewID()
			f.ID, f.InspectionLotID = newID[f.ID], l.ID
		}
	}
	c.Photos = append([]models.Photo(nil), old.Photos...)
	for n := range c.Photos {
		p := &c.Photos[n]
		p.ID, p.InspectionID = models.NewID(), c.ID
		p.InspectionLotID, p.FindingID = mapped(newID, p.InspectionLotID), mapped(newID, p.FindingID)
	}
	return &c, nil
}

func mapped(newID map[models.ID]models.ID, id *models.ID) *models.ID {
	if id == nil {
		return nil
	}
	n := newID[*id]
	return &n
}
