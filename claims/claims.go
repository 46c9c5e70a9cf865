// Package claims answers for the customer's demand: intake with its items, the
// evidence asked for, the log of contacts, the answer per item, the states a
// claim goes through, the deadlines that run, and what our inspections are worth
// against it. It doesn't share out the loss, moves no money and draws no letter.
// Its invariants: no more of a sales line is claimed than was shipped on it,
// whatever runs at the same time; nothing is granted beyond what was claimed; a
// claim moves only as the table of states allows; a deadline is computed from
// the contract's clause or from a dated rule that names its source.
package claims

import (
	"context"
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/database"
	"recourse/models"
)

// ofOwnVisits are the claims on lots that a user inspected: the item names the
// lot, or the claim's shipment carried it for the item's line.
const ofOwnVisits = `SELECT items.claim_id FROM claim_items items
	JOIN inspection_lots il ON il.lot_id = items.lot_id
	JOIN inspection_inspectors ii ON ii.inspection_id = il.inspection_id WHERE ii.user_id = ?
	UNION SELECT items.claim_id FROM claim_items items
	JOIN claims own ON own.id = items.claim_id
	JOIN shipment_lots sl ON sl.shipment_id = own.shipment_id AND sl.sales_line_id = items.sales_line_id
	JOIN inspection_lots il ON il.lot_id = sl.lot_id
	JOIN inspection_inspectors ii ON ii.inspection_id = il.inspection_id WHERE items.lot_id IS NULL AND ii.user_id = ?`

// visible limits a query on claims to what the reader may see: an inspector the
// claims on lots they inspected, a sales user with own customers only theirs,
// everybody else all.
func visible(tx *gorm.DB, by models.Actor) *gorm.DB {
	q := fresh[models.Claim](tx)
	switch {
	case by.OnlyInspects():
		// The derived table is found once; MySQL would look into a bare UNION for every row.
		return q.Where("claims.id IN (SELECT mine.claim_id FROM ("+ofOwnVisits+") mine)", by.UserID, by.UserID)
	case by.OwnOnly:
		return q.Where("claims.customer_id IN (SELECT parties.id FROM parties WHERE parties.kind = 'customer' AND parties.owner_id = ?)", by.UserID)
	}
	return q
}

// head loads a claim without its parts. A claim the reader may not see does not
// exist for them.
func head(ctx context.Context, tx *gorm.DB, by models.Actor, where string, arg any) (*models.Claim, error) {
	var rows []models.Claim
	if err := visible(tx, by).WithContext(ctx).Where(where, arg).Limit(1).Find(&rows).Error; err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, models.NotFound("claim", "索赔")
	}
	return &rows[0], nil
}

// forSales loads a whole claim for a change by sales.
func forSales(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID) (*models.Claim, error) {
	c, err := head(ctx, tx, by, "claims.id = ?", id)
	if err != nil {
		return nil, err
	}
	if !by.Is(models.Sales) {
		return nil, models.Errorf(models.CodeForbidden, "", "Changing claims needs the role %s.", "修改索赔需要角色 %s。", models.Sales)
	}
	return c, load(ctx, tx, c)
}

// forSalesAt is forSales for a change based on a version of the claim.
func forSalesAt(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int) (*models.Claim, error) {
	c, err := forSales(ctx, tx, by, id)
	if err == nil && c.Version != version {
		err = database.Stale(c.Version)
	}
	return c, err
}

// mustBeOpen refuses a change of a claim that is decided.
func mustBeOpen(c *models.Claim) error {
	if c.State.Open() {
		return nil
	}
	return models.Conflict("state", "%[1]s is %[2]s: its content is no longer changed; reopen it first.", "%[1]s 处于“%[3]s”状态，内容不能再修改：请先重新打开。", c.Number, c.State, stateZH(c.State))
}

// write stores columns of a claim at the version it was loaded with, and what was asked in the audit.
func write(ctx context.Context, tx *gorm.DB, by models.Actor, c *models.Claim, action string, set map[string]any, asked any) error {
	c.UpdatedAt = models.Now(by.At)
	set["updated_at"] = c.UpdatedAt
	if err := database.Update[models.Claim](ctx, tx, c.ID, c.Version, set); err != nil {
		return err
	}
	c.Version++
	return audit.Record(ctx, tx, by, action, "claim", c.ID, asked)
}

// touch raises the claim's version for a change of one of its parts that is
// guarded by the part's own version: two users who change different parts do not
// hinder each other, but the state they saw must still be.
func touch(ctx context.Context, tx *gorm.DB, by models.Actor, c *models.Claim, action string, asked any) error {
	r := fresh[models.Claim](tx).WithContext(ctx).Where("id = ? AND state = ?", c.ID, c.State).
		UpdateColumns(map[string]any{"version": gorm.Expr("version + 1"), "updated_at": models.Now(by.At)})
	if r.Error != nil {
		return r.Error
	}
	if r.RowsAffected != 1 {
		now, err := head(ctx, tx, by, "claims.id = ?", c.ID)
		if err != nil {
			return err
		}
		return database.Stale(now.Version)
	}
	return audit.Record(ctx, tx, by, action, "claim", c.ID, asked)
}

func fresh[T any](tx *gorm.DB) *gorm.DB {
	return tx.Session(&gorm.Session{NewDB: true}).Model(new(T))
}

// today is the date of the act, in the time zone that the actor's time carries.
func today(by models.Actor) models.Date { return models.DateOf(by.At) }

// author is the user who acts, nil for the program itself.
func author(by models.Actor) *models.ID {
	if by.UserID.IsZero() {
		return nil
	}
	return &by.UserID
}

// quoted trims a number that people quote and gives its key; empty is allowed.
func quoted(field, s string, max int) (clean, key string, err error) {
	clean = strings.TrimSpace(s)
	if strings.ContainsFunc(clean, unicode.IsControl) {
		return "", "", models.Invalid(field, "must not hold control characters or line breaks.", "不得包含控制字符或换行。")
	}
	key = models.Key(clean)
	if utf8.RuneCountInString(clean) > max || utf8.RuneCountInString(key) > max {
		return "", "", models.Invalid(field, "must have at most %d characters.", "最多 %d 个字符。", max)
	}
	return clean, key, nil
}

// repeated reports whether the claim with the id that the client made was
// opened from this same input before: then a lost answer is asked for again.
func repeated(ctx context.Context, tx *gorm.DB, id *models.ID, in any) (bool, error) {
	if id == nil {
		return false, nil
	}
	var entries []models.AuditEntry
	err := tx.WithContext(ctx).Where("entity_id = ? AND entity = 'claim' AND action = 'open'", *id).Limit(1).Find(&entries).Error
	if err != nil || len(entries) == 0 {
		return false, err
	}
	text, err := json.Marshal(in)
	if err != nil {
		return false, err
	}
	if entries[0].Detail != string(text) {
		return false, models.Conflict("id", "A claim with this id was opened with other content: change that one, or use a new id.",
			"此 ID 已用于内容不同的索赔：请修改原索赔，或使用新的 ID。")
	}
	return true, nil
}

// uploaded refuses a file that the user did not send: a hash alone ties nobody's
// file to a record.
func uploaded(ctx context.Context, tx *gorm.DB, by models.Actor, field string, hash models.SHA256) error {
	if hash.IsZero() {
		return nil
	}
	q := fresh[models.File](tx).WithContext(ctx).Where("sha256 = ?", hash)
	if !by.UserID.IsZero() {
		q = fresh[models.Upload](tx).WithContext(ctx).Where("sha256 = ? AND uploaded_by = ? AND done_at IS NOT NULL", hash, by.UserID)
	}
	var n int64
	if err := q.Count(&n).Error; err != nil {
		return err
	}
	if n == 0 {
		return models.Invalid(field, "You have sent no such file: upload it first.", "您尚未上传此文件：请先上传。")
	}
	return nil
}
