package auth

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"strings"
	"time"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/models"
)

const setupLife = 24 * time.Hour

// setupCode is the one-time code that makes the first administrator.
type setupCode struct {
	CodeHash  models.SHA256 `gorm:"primaryKey"`
	CreatedAt time.Time
	ExpiresAt time.Time
}

// SetupInput makes the first administrator.
type SetupInput struct {
	Code     string `json:"code" validate:"required,max=100"`
	Login    string `json:"login" validate:"required,min=2,max=100"`
	Name     string `json:"name" validate:"required,max=200"`
	Lang     string `json:"lang" validate:"omitempty,oneof=zh en"`
	Password string `json:"password" validate:"required,max=256"`
}

// plainCode ignores how a code was typed.
func plainCode(s string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' {
			return -1
		}
		return r
	}, s))
}

// OpenSetup makes a fresh one-time code, valid for a day, while there is no
// user; codes made before end. It returns "" when there is a user. A given code
// is used instead of a random one.
func OpenSetup(ctx context.Context, db *database.DB, now time.Time, given string) (string, error) {
	code := given
	if code == "" {
		var b [10]byte
		_, _ = rand.Read(b[:]) // never fails
		s := base32.StdEncoding.EncodeToString(b[:])
		code = s[:4] + "-" + s[4:8] + "-" + s[8:12] + "-" + s[12:]
	}
	open := false
	err := db.Tx(ctx, func(tx *gorm.DB) error {
		users, err := gorm.G[models.User](tx).Count(ctx, "id")
		if open = err == nil && users == 0; !open {
			return err
		}
		if _, err := gorm.G[setupCode](tx).Where("created_at <= ?", models.Now(now)).Delete(ctx); err != nil {
			return err
		}
		at := models.Now(now)
		return gorm.G[setupCode](tx).Create(ctx, &setupCode{hashOf(plainCode(code)), at, at.Add(setupLife)})
	})
	if err != nil || !open {
		return "", err
	}
	return code, nil
}

// Setup makes the first administrator with the one-time code and signs them in.
// Tries are limited by address.
func Setup(ctx context.Context, db *database.DB, p *Passwords, by models.Actor, from Visit, in SetupInput) (*SignedIn, error) {
	limits := limitsFor("", from.Address)
	if err := db.Tx(ctx, func(tx *gorm.DB) error { return countTry(ctx, tx, limits, by.At) }); err != nil {
		return nil, err
	}
	wrong := models.Errorf(models.CodeForbidden, "code", "The code is wrong, used or older than a day: start the server again for a fresh one.", "设置码错误、已使用或已过期（24 小时）：请重新启动服务器获取新的设置码。")
	now := models.Now(by.At)
	hash := hashOf(plainCode(in.Code))
	good, err := gorm.G[setupCode](db.Read).Where("code_hash = ? AND expires_at > ?", hash, now).Count(ctx, "code_hash")
	if err != nil {
		return nil, err
	}
	if good == 0 {
		return nil, wrong
	}
	passwordHash, err := p.Hash(ctx, "password", in.Password, in.Login)
	if err != nil {
		return nil, err
	}
	var out *SignedIn
	err = db.Tx(ctx, func(tx *gorm.DB) error {
		used, err := gorm.G[setupCode](tx).Where("code_hash = ? AND expires_at > ?", hash, now).Delete(ctx)
		if err != nil {
			return err
		}
		users, err := gorm.G[models.User](tx).Count(ctx, "id")
		if err != nil {
			return err
		}
		if used != 1 || users > 0 {
			return wrong
		}
		by.Name, by.Via = "setup code", "session"
		u, err := AddUser(ctx, tx, by, AddUserInput{Login: in.Login, Name: in.Name, Roles: []models.Role{models.Admin}, Lang: in.Lang}, passwordHash)
		if err != nil {
			return err
		}
		if err := forgetTry(ctx, tx, limits); err != nil {
			return err
		}
		out, err = openSession(ctx, tx, by, from, u)
		return err
	})
	return out, err
}
