package audit

import (
	"context"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/models"
)

// Entries is what may be asked of the list of audit entries.
var Entries = database.List{
	Filters: map[string]database.Filter{
		"entity_id": {SQL: "entity_id = ?", Kind: database.FilterID},
	},
	Sorts: []string{"id"}, Default: "-id",
}

// Find lists audit entries, the newest first. Only administrators may see all of
// them: the caller's role is checked where it is asked.
func Find(ctx context.Context, tx *gorm.DB, q database.Query) (database.Page[models.AuditEntry], error) {
	return database.Find[models.AuditEntry](ctx, tx, Entries, q)
}

// Waiting reports whether an entry waits for its seal, without writing anything.
func Waiting(ctx context.Context, tx *gorm.DB) (bool, error) {
	rows, err := gorm.G[auditUnsealed](tx).Limit(1).Find(ctx)
	return len(rows) > 0, err
}

// Of is the entries about an action on the records with those ids, the oldest first.
func Of(ctx context.Context, tx *gorm.DB, entity, action string, ids []models.ID) ([]models.AuditEntry, error) {
	return gorm.G[models.AuditEntry](tx).Where("entity_id IN ? AND entity = ? AND action = ?", ids, entity, action).Order("id").Find(ctx)
}

// NotIn is the entries about an action on records that a query of ids lacks, the oldest first.
func NotIn(ctx context.Context, tx *gorm.DB, entity, action string, ids *gorm.DB) ([]models.AuditEntry, error) {
	return gorm.G[models.AuditEntry](tx).Where("entity = ? AND action = ? AND entity_id NOT IN (?)", entity, action, ids).Order("id").Find(ctx)
}
