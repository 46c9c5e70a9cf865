package auth

import (
	"context"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"recourse/audit"
	"recourse/database"
	"recourse/models"
)

// Users is what may be asked of the list of users.
var Users = database.List{
	Filters: map[string]database.Filter{
		"login": {SQL: "login_key = ?", Kind: database.FilterKey},
	},
	Sorts: []string{"id"}, Default: "id",
}

// AddUserInput is a new user.
type AddUserInput struct {
	Login    string        `json:"login" validate:"required,min=2,max=100"`
	Name     string        `json:"name" validate:"required,max=200"`
	Email    string        `json:"email" validate:"omitempty,email,max=254"`
	Roles    []models.Role `json:"roles" validate:"required,min=1,unique,dive,oneof=admin inspector purchasing sales finance viewer"`
	Lang     string        `json:"lang" validate:"omitempty,oneof=zh en"`
	OwnOnly  bool          `json:"own_only"`
	Password string        `json:"password" validate:"required,max=256"`
}

// ChangeUserInput changes what is given of a user.
type ChangeUserInput struct {
	Name    *string        `json:"name" validate:"omitempty,min=1,max=200"`
	Email   *string        `json:"email" validate:"omitempty,max=254"`
	Roles   *[]models.Role `json:"roles" validate:"omitempty,min=1,unique,dive,oneof=admin inspector purchasing sales finance viewer"`
	Lang    *string        `json:"lang" validate:"omitempty,oneof=zh en"`
	OwnOnly *bool          `json:"own_only"`
}

// FindUsers lists users.
func FindUsers(ctx context.Context, tx *gorm.DB, q database.Query) (database.Page[models.User], error) {
	return database.Find[models.User](ctx, tx, Users, q)
}

// User loads one user by id.
func User(ctx context.Context, tx *gorm.DB, id models.ID) (*models.User, error) {
	return database.Take[models.User](ctx, tx, "user", "用户", "id = ?", id)
}

// UserByLogin loads one user by login, in any case.
func UserByLogin(ctx context.Context, tx *gorm.DB, login string) (*models.User, error) {
	return database.Take[models.User](ctx, tx, "user", "用户", "login_key = ?", models.Key(login))
}

// AddUser makes a user; hash comes from Passwords.Hash, which must run before
// the transaction. A login in use is a conflict.
func AddUser(ctx context.Context, tx *gorm.DB, by models.Actor, in AddUserInput, hash string) (*models.User, error) {
	key := models.Key(in.Login)
	taken, err := gorm.G[models.User](tx).Where("login_key = ?", key).Count(ctx, "id")
	if err != nil {
		return nil, err
	}
	if taken > 0 {
		return nil, models.Conflict("login", "The login %q is in use.", "登录名 %q 已被使用。", in.Login)
	}
	now := models.Now(by.At)
	u := models.User{
		ID: models.NewID(), Login: in.Login, LoginKey: key, Name: in.Name, Email: in.Email, Roles: in.Roles, Lang: in.Lang,
		OwnOnly: in.OwnOnly, PasswordHash: hash, Version: 1, CreatedAt: now, UpdatedAt: now,
	}
	if u.Lang == "" {
		u.Lang = "zh"
	}
	if err := gorm.G[models.User](tx).Create(ctx, &u); err != nil {
		return nil, err
	}
	return &u, audit.Record(ctx, tx, by, "add", "user", u.ID, u)
}

// ChangeUser changes a user at that version. The last administrator stays one.
func ChangeUser(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int, in ChangeUserInput) (*models.User, error) {
	u, err := User(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if in.Roles != nil && slices.Contains(u.Roles, models.Admin) && !slices.Contains(*in.Roles, models.Admin) {
		if err := keepAdmin(ctx, tx, id, "roles"); err != nil {
			return nil, err
		}
	}
	set(&u.Name, in.Name)
	set(&u.Email, in.Email)
	set(&u.Roles, in.Roles)
	set(&u.Lang, in.Lang)
	set(&u.OwnOnly, in.OwnOnly)
	u.UpdatedAt = models.Now(by.At)
	err = database.Update[models.User](ctx, tx, id, version, map[string]any{
		"name": u.Name, "email": u.Email, "roles": rolesText(u.Roles), "lang": u.Lang, "own_only": u.OwnOnly, "updated_at": u.UpdatedAt,
	})
	if err != nil {
		return nil, err
	}
	u.Version = version + 1
	return u, audit.Record(ctx, tx, by, "change", "user", id, in)
}

func set[T any](field *T, given *T) {
	if given != nil {
		*field = *given
	}
}

// keepAdmin refuses to lose the last administrator who can sign in. It locks the
// administrators, so that two can't remove each other at the same moment.
func keepAdmin(ctx context.Context, tx *gorm.DB, leaving models.ID, field string) error {
	var others []models.ID
	err := tx.WithContext(ctx).Model(&models.User{}).Clauses(clause.Locking{Strength: "UPDATE"}).
		Where("roles LIKE ? AND disabled_at IS NULL", `%"admin"%`).Pluck("id", &others).Error
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(others, func(id models.ID) bool { return id != leaving }) {
		return models.Conflict(field, "This is the last administrator: make another one first.", "这是最后一名管理员：请先指定另一名管理员。")
	}
	return nil
}

// Disable ends everything of a user at once: password, sessions and tokens.
func Disable(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int) (*models.User, error) {
	if err := keepAdmin(ctx, tx, id, ""); err != nil {
		return nil, err
	}
	now := models.Now(by.At)
	if err := switchUser(ctx, tx, by, id, version, "disable", map[string]any{"disabled_at": now, "updated_at": now}); err != nil {
		return nil, err
	}
	if err := endSessions(ctx, tx, id, models.SHA256{}); err != nil {
		return nil, err
	}
	if _, err := gorm.G[models.Token](tx).Where("user_id = ? AND revoked_at IS NULL", id).Update(ctx, "revoked_at", now); err != nil {
		return nil, err
	}
	return User(ctx, tx, id)
}

// Enable lets a disabled user sign in again with their password; revoked tokens stay revoked.
func Enable(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int) (*models.User, error) {
	err := switchUser(ctx, tx, by, id, version, "enable", map[string]any{"disabled_at": nil, "updated_at": models.Now(by.At)})
	if err != nil {
		return nil, err
	}
	return User(ctx, tx, id)
}

func switchUser(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int, action string, values map[string]any) error {
	if err := database.Update[models.User](ctx, tx, id, version, values); err != nil {
		return err
	}
	return audit.Record(ctx, tx, by, action, "user", id, nil)
}

// SetPassword stores a new password's hash and ends the user's sessions but the one to keep.
func SetPassword(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, hash string, keep models.SHA256) error {
	u, err := User(ctx, tx, id)
	if err != nil {
		return err
	}
	values := map[string]any{"password_hash": hash, "updated_at": models.Now(by.At)}
	if err := database.Update[models.User](ctx, tx, id, u.Version, values); err != nil {
		return err
	}
	if err := endSessions(ctx, tx, id, keep); err != nil {
		return err
	}
	return audit.Record(ctx, tx, by, "set_password", "user", id, nil)
}
