package auth

import (
	"context"
	"encoding/json"
	"time"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/database"
	"recourse/models"
)

// Tokens is what may be asked of the list of tokens.
var Tokens = database.List{
	Filters: map[string]database.Filter{
		"user_id": {SQL: "user_id = ?", Kind: database.FilterID},
	},
	Sorts: []string{"id"}, Default: "id",
}

// AddTokenInput is a new API token. Its roles are at most its owner's; read-only
// tokens can't change anything.
type AddTokenInput struct {
	Name      string        `json:"name" validate:"required,max=100"`
	Roles     []models.Role `json:"roles" validate:"required,min=1,unique,dive,oneof=admin inspector purchasing sales finance viewer"`
	ReadOnly  bool          `json:"read_only"`
	ExpiresAt *time.Time    `json:"expires_at"`
}

// NewToken is a token with its secret, which is shown this once.
type NewToken struct {
	models.Token
	Secret string `json:"secret"`
}

// AddToken makes a token for a user. by must be that user or the program itself.
func AddToken(ctx context.Context, tx *gorm.DB, by models.Actor, owner models.User, in AddTokenInput) (*NewToken, error) {
	for _, r := range in.Roles {
		if a := (models.Actor{Roles: owner.Roles}); !a.Is(r) {
			return nil, models.Invalid("roles", "You do not have the role %s yourself.", "您本人没有角色 %s。", string(r))
		}
	}
	now := models.Now(by.At)
	if in.ExpiresAt != nil {
		if !in.ExpiresAt.After(now) {
			return nil, models.Invalid("expires_at", "must be in the future.", "须为将来的时间。")
		}
		end := models.Now(*in.ExpiresAt)
		in.ExpiresAt = &end
	}
	secret := tokenPrefix + newSecret()
	t := models.Token{
		ID: models.NewID(), UserID: owner.ID, Name: in.Name, TokenHash: hashOf(secret),
		Roles: in.Roles, ReadOnly: in.ReadOnly, ExpiresAt: in.ExpiresAt, CreatedAt: now,
	}
	if err := gorm.G[models.Token](tx).Create(ctx, &t); err != nil {
		return nil, err
	}
	return &NewToken{t, secret}, audit.Record(ctx, tx, by, "add", "token", t.ID, t)
}

// FindTokens lists the caller's tokens; an administrator sees everybody's.
func FindTokens(ctx context.Context, tx *gorm.DB, by models.Actor, q database.Query) (database.Page[models.Token], error) {
	return database.Find[models.Token](ctx, ownTokens(tx, by), Tokens, q)
}

func ownTokens(tx *gorm.DB, by models.Actor) *gorm.DB {
	if by.Is(models.Admin) {
		return tx
	}
	return tx.Where("user_id = ?", by.UserID)
}

// RevokeToken ends a token of the caller's; an administrator may end any.
func RevokeToken(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID) error {
	r := ownTokens(tx.WithContext(ctx).Model(&models.Token{}), by).Where("id = ? AND revoked_at IS NULL", id).
		UpdateColumn("revoked_at", models.Now(by.At))
	if r.Error != nil {
		return r.Error
	}
	if r.RowsAffected == 0 {
		return models.NotFound("token", "令牌")
	}
	return audit.Record(ctx, tx, by, "revoke", "token", id, nil)
}

// rolesText is the stored form of roles.
func rolesText(roles []models.Role) string {
	b, _ := json.Marshal(roles) // strings cannot fail
	return string(b)
}
