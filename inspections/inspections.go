// Package inspections answers for the visit to the factory: planning its
// samples, recording what was found, judging it, the decision, and the lock. It
// does not keep contracts or files, and knows neither HTTP nor paper. Its
// invariants: nothing counts as passed that nobody checked; a verdict is
// computed from the record, the pinned snapshot and the plan alone; a final
// inspection never changes, a correction is a new revision.
package inspections

import (
	"context"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/models"
)

// visible limits a query on inspections to what the reader may see: an
// inspector their own visits, a sales user with own customers only what feeds
// those customers' contracts, everybody else all.
func visible(tx *gorm.DB, by models.Actor) *gorm.DB {
	q := tx.Session(&gorm.Session{NewDB: true}).Model(&models.Inspection{})
	switch {
	case by.OnlyInspects():
		return q.Where("inspections.id IN (SELECT inspection_id FROM inspection_inspectors WHERE user_id = ?) OR inspections.created_by = ?", by.UserID, by.UserID)
	case by.OwnOnly:
		return q.Where(`inspections.contract_id IN (
			SELECT purchase.contract_id FROM contract_lines purchase
			JOIN line_links ON line_links.purchase_line_id = purchase.id
			JOIN contract_lines sold ON sold.id = line_links.sales_line_id
			JOIN contracts ON contracts.id = sold.contract_id
			JOIN parties ON parties.id = contracts.party_id
			WHERE parties.owner_id = ?)`, by.UserID)
	}
	return q
}

// head loads an inspection without its parts. An inspection the reader may not
// see does not exist for them.
func head(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID) (*models.Inspection, error) {
	var rows []models.Inspection
	if err := visible(tx, by).WithContext(ctx).Where("inspections.id = ?", id).Limit(1).Find(&rows).Error; err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, models.NotFound("inspection", "验货")
	}
	return &rows[0], nil
}

// headAt is head for a change: version is the one the change is based on.
func headAt(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int) (*models.Inspection, error) {
	i, err := head(ctx, tx, by, id)
	if err != nil {
		return nil, err
	}
	if i.Version != version {
		return nil, database.Stale(i.Version)
	}
	return i, nil
}

// Get loads a whole inspection.
func Get(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID) (*models.Inspection, error) {
	i, err := head(ctx, tx, by, id)
	if err != nil {
		return nil, err
	}
	return i, load(ctx, tx, by, i)
}

// ByNumber loads the newest revision of an inspection by the number people quote.
func ByNumber(ctx context.Context, tx *gorm.DB, by models.Actor, number string) (*models.Inspection, error) {
	var rows []models.Inspection
	err := visible(tx, by).WithContext(ctx).Where("number = ?", number).Order("revision DESC").Limit(1).Find(&rows).Error
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, models.NotFound("inspection", "验货")
	}
	return &rows[0], load(ctx, tx, by, &rows[0])
}

// move checks the transition in the table of states.
func move(i *models.Inspection, next models.InspectionState) error {
	if i.State.MayBecome(next) {
		return nil
	}
	return wrongState(i)
}

// wrongState says what the state of an inspection does not allow, and the way out.
func wrongState(i *models.Inspection) error {
	en, zh := "%[1]s is %[2]s: this step is not open to it.", "%[1]s 处于“%[3]s”状态，不能执行此操作。"
	switch i.State {
	case models.Planned:
		en, zh = "%s is %s: record the visit first.", "%[1]s 处于“%[3]s”状态：请先录入验货记录。"
	case models.InProgress:
		en, zh = "%s is %s: submit it first.", "%[1]s 处于“%[3]s”状态：请先提交。"
	case models.Submitted:
		en, zh = "%s is %s and signed: it waits for the decision and is no longer edited.", "%[1]s 处于“%[3]s”状态并已签字：等待处置，不能再修改。"
	case models.Final:
		en, zh = "%s is %s and locked: make a new revision to correct it.", "%[1]s 处于“%[3]s”状态并已锁定：如需更正请新建修订版。"
	case models.Aborted:
		en, zh = "%s is %s: plan a new inspection.", "%[1]s 处于“%[3]s”状态：请重新安排验货。"
	}
	return models.Conflict("state", en, zh, i.Number, i.State, models.InspectionStateWords.Of(string(i.State)).ZH)
}
