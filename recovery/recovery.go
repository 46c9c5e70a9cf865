// Package recovery answers for the money: what a claim cost, which party bears
// which share of it, debit notes with their objections and settlements,
// balances, and what the supplier must change. It doesn't answer claims and
// draws no paper. Its invariants: money is integer minor units and the shares
// equal the loss; a debit note is issued once under a number without gaps and
// never edited; settlements are only added; for each claim and party what is
// debited and what is recovered never exceed the share, whatever runs at the
// same time.
package recovery

import (
	"context"
	"strings"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/database"
	"recourse/models"
)

// ownClaims are the claims of the customers assigned to a user.
const ownClaims = `SELECT claims.id FROM claims JOIN parties ON parties.id = claims.customer_id
	WHERE parties.kind = 'customer' AND parties.owner_id = ?`

func fresh[T any](tx *gorm.DB) *gorm.DB {
	return tx.Session(&gorm.Session{NewDB: true}).Model(new(T))
}

// scoped limits a query on rows of a claim to what the reader may see; column
// holds the claim's id.
func scoped[T any](tx *gorm.DB, by models.Actor, column string) *gorm.DB {
	q := fresh[T](tx)
	if by.OwnOnly {
		q = q.Where(column+" IN ("+ownClaims+")", by.UserID)
	}
	return q
}

func one[T any](ctx context.Context, q *gorm.DB, en, zh string, id models.ID) (*T, error) {
	var rows []T
	if err := q.WithContext(ctx).Where("id = ?", id).Limit(1).Find(&rows).Error; err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, models.NotFound(en, zh)
	}
	return &rows[0], nil
}

// oneAt is one for a change: version is the one that the change is based on.
func oneAt[T any](ctx context.Context, q *gorm.DB, en, zh string, id models.ID, version int, of func(*T) int) (*T, error) {
	row, err := one[T](ctx, q, en, zh, id)
	if err == nil && of(row) != version {
		err = database.Stale(of(row))
	}
	return row, err
}

func claimOf(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID) (*models.Claim, error) {
	return one[models.Claim](ctx, scoped[models.Claim](tx, by, "claims.id"), "claim", "索赔", id)
}

func claimAt(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int) (*models.Claim, error) {
	return oneAt(ctx, scoped[models.Claim](tx, by, "claims.id"), "claim", "索赔", id, version, func(c *models.Claim) int { return c.Version })
}

// touch raises the claim's version: who writes loss or liability holds the whole claim.
func touch(ctx context.Context, tx *gorm.DB, by models.Actor, c *models.Claim) error {
	err := database.Update[models.Claim](ctx, tx, c.ID, c.Version, map[string]any{"updated_at": models.Now(by.At)})
	c.Version++
	return err
}

// mayRead refuses who sees no amounts.
func mayRead(by models.Actor) error {
	if by.SeesPrices() {
		return nil
	}
	return models.Errorf(models.CodeForbidden, "", "Amounts are shown to purchasing, sales and finance only.", "金额仅对采购、销售和财务角色显示。")
}

// allow refuses an actor who has none of the roles.
func allow(by models.Actor, roles ...models.Role) error {
	if by.Is(roles...) {
		return nil
	}
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = string(r)
	}
	return models.Errorf(models.CodeForbidden, "", "This needs the role %s.", "此操作需要角色 %s。", strings.Join(names, " / "))
}

// today is the date of the act, in the time zone that the actor's time carries.
func today(by models.Actor) models.Date { return models.DateOf(by.At) }

// dated takes a given date of the past, or today.
func dated(field string, given models.Date, by models.Actor, notBefore models.Date) (models.Date, error) {
	switch {
	case given.IsZero():
		return today(by), nil
	case given > today(by):
		return "", models.Invalid(field, "%s lies in the future.", "日期 %s 在未来。", given)
	case given < notBefore:
		return "", models.Invalid(field, "%s is before %s: the dates are out of order.", "%s 早于 %s：日期顺序不对。", given, notBefore)
	}
	return given, nil
}

// reasoned refuses an empty reason.
func reasoned(field, text string) error {
	if strings.TrimSpace(text) == "" {
		return models.Invalid(field, "Give the reason.", "请填写理由。")
	}
	return nil
}

// author is the user who acts, nil for the program itself.
func author(by models.Actor) *models.ID {
	if by.UserID.IsZero() {
		return nil
	}
	return &by.UserID
}

func record(ctx context.Context, tx *gorm.DB, by models.Actor, action, entity string, id models.ID, detail any) error {
	return audit.Record(ctx, tx, by, action, entity, id, detail)
}
