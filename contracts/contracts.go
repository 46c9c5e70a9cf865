// Package contracts answers for what was agreed and with whom: suppliers,
// customers and other parties, products, quality standards in their versions,
// purchase and sales contracts with the links between their lines, lots, and
// shipments. It compares what we buy with what we sell. It doesn't plan or judge
// inspections and keeps no file's bytes. Its invariants: an active standard
// never changes; a line pins one version; no lot is larger than its line allows
// and nothing is shipped twice; every reader sees only what their scope holds.
package contracts

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

// ownParties are the customers assigned to a user.
const ownParties = "SELECT parties.id FROM parties WHERE parties.kind = 'customer' AND parties.owner_id = ?"

// feedsOwn are the purchase contracts that feed sales to those customers.
const feedsOwn = `SELECT bought.contract_id FROM contract_lines bought
	JOIN line_links ON line_links.purchase_line_id = bought.id
	JOIN contract_lines sold ON sold.id = line_links.sales_line_id
	JOIN contracts sales ON sales.id = sold.contract_id
	WHERE sales.party_id IN (` + ownParties + ")"

func fresh[T any](tx *gorm.DB) *gorm.DB {
	return tx.Session(&gorm.Session{NewDB: true}).Model(new(T))
}

// visibleParties limits a query on parties: who has own customers only sees no
// customer of others.
func visibleParties(tx *gorm.DB, by models.Actor) *gorm.DB {
	q := fresh[models.Party](tx)
	if by.OwnOnly {
		q = q.Where("(parties.kind <> 'customer' OR parties.owner_id = ?)", by.UserID)
	}
	return q
}

// visibleProducts limits a query on products: everybody sees all of them.
func visibleProducts(tx *gorm.DB, _ models.Actor) *gorm.DB { return fresh[models.Product](tx) }

// visibleStandards limits a query on quality standards: everybody sees all of them.
func visibleStandards(tx *gorm.DB, _ models.Actor) *gorm.DB { return fresh[models.Standard](tx) }

// visibleContracts limits a query on contracts: who has own customers only sees
// the sales to them and the purchases that feed those.
func visibleContracts(tx *gorm.DB, by models.Actor) *gorm.DB {
	q := fresh[models.Contract](tx)
	if by.OwnOnly {
		q = q.Where("(contracts.party_id IN ("+ownParties+") OR contracts.id IN ("+feedsOwn+"))", by.UserID, by.UserID)
	}
	return q
}

// visibleLots limits a query on lots to those of visible contracts.
func visibleLots(tx *gorm.DB, by models.Actor) *gorm.DB {
	q := fresh[models.Lot](tx)
	if by.OwnOnly {
		q = q.Where("lots.line_id IN (SELECT own.id FROM contract_lines own WHERE own.contract_id IN ("+feedsOwn+"))", by.UserID)
	}
	return q
}

// visibleShipments limits a query on shipments to those of visible sales contracts.
func visibleShipments(tx *gorm.DB, by models.Actor) *gorm.DB {
	q := fresh[models.Shipment](tx)
	if by.OwnOnly {
		q = q.Where("shipments.sales_contract_id IN (SELECT own.id FROM contracts own WHERE own.party_id IN ("+ownParties+"))", by.UserID)
	}
	return q
}

// one loads the single row of a scoped query, or a not_found in the words given.
func one[T any](ctx context.Context, scoped *gorm.DB, en, zh, where string, args ...any) (*T, error) {
	var rows []T
	if err := scoped.WithContext(ctx).Where(where, args...).Limit(1).Find(&rows).Error; err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, models.NotFound(en, zh)
	}
	return &rows[0], nil
}

// allow refuses an actor who has none of the roles.
func allow(by models.Actor, en, zh string, roles ...models.Role) error {
	if by.Is(roles...) {
		return nil
	}
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = string(r)
	}
	return models.Errorf(models.CodeForbidden, "", "Changing %[1]s needs the role %[3]s.", "修改%[2]s需要角色 %[3]s。", en, zh, strings.Join(names, " / "))
}

// code trims a code or number that people quote and gives its key. A column holds
// max characters of either; the key of one character may have many.
func code(field, s string, max int) (clean, key string, err error) {
	clean = strings.TrimSpace(s)
	if clean == "" {
		return "", "", models.Invalid(field, "is required.", "必须填写。")
	}
	if strings.ContainsFunc(clean, unicode.IsControl) {
		return "", "", models.Invalid(field, "must not hold control characters or line breaks.", "不得包含控制字符或换行。")
	}
	key = models.Key(clean)
	if utf8.RuneCountInString(clean) > max || utf8.RuneCountInString(key) > max {
		return "", "", models.Invalid(field, "must have at most %d characters.", "最多 %d 个字符。", max)
	}
	return clean, key, nil
}

// free refuses a key that another record has.
func free[T any](ctx context.Context, tx *gorm.DB, id models.ID, field, shown, where string, args ...any) error {
	var n int64
	if err := fresh[T](tx).WithContext(ctx).Where(where, args...).Where("id <> ?", id).Count(&n).Error; err != nil {
		return err
	}
	if n > 0 {
		return models.Conflict(field, "%s is already in use: choose another or change that record.", "%s 已被使用：请另选，或修改原记录。", shown)
	}
	return nil
}

// repeated reports whether the record with the id that the client made was
// created from this same input before: then a lost answer is asked for again.
// The entry of the creation keeps the input; another input is a conflict.
func repeated(ctx context.Context, tx *gorm.DB, entity string, id *models.ID, in any) (bool, error) {
	if id == nil {
		return false, nil
	}
	var entries []models.AuditEntry
	err := tx.WithContext(ctx).Where("entity_id = ? AND entity = ? AND action = 'create'", *id, entity).Limit(1).Find(&entries).Error
	if err != nil || len(entries) == 0 {
		return false, err
	}
	text, err := json.Marshal(in)
	if err != nil {
		return false, err
	}
	if entries[0].Detail != string(text) {
		return false, models.Conflict("id", "A record with this id was created with other content: change that one, or use a new id.",
			"此 ID 已用于内容不同的记录：请修改原记录，或使用新的 ID。")
	}
	return true, nil
}

// idOr is the client's id, or a new one.
func idOr(id *models.ID) models.ID {
	if id == nil {
		return models.NewID()
	}
	return *id
}

// changes are the columns that a change sets.
type changes map[string]any

// give sets the record's field and its column when the input has a value.
func give[T any](c changes, column string, field *T, value *T) {
	if value != nil {
		*field, c[column] = *value, *value
	}
}

// jsonText is a value as it lies in a column that gorm serializes.
func jsonText(v any) string {
	b, _ := json.Marshal(v) // the values are texts and numbers of models
	return string(b)
}

// update writes changes to the record of T that is at version, and what was
// asked to the audit.
func update[T any](ctx context.Context, tx *gorm.DB, by models.Actor, action, entity string, id models.ID, version int, c changes, in any) error {
	c["updated_at"] = models.Now(by.At)
	if err := database.Update[T](ctx, tx, id, version, c); err != nil {
		return err
	}
	return audit.Record(ctx, tx, by, action, entity, id, in)
}
