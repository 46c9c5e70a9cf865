// Package auth answers for who may act: users and their roles, passwords,
// browser sessions, API tokens, the limits on signing in and the one-time code
// that makes the first administrator. It knows no HTTP and decides nothing about
// single records. Its invariants: a secret is stored only as a hash and appears
// in no log, error or audit entry; disabling a user ends everything of theirs at
// once; there is always an administrator who can sign in.
package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/models"
)

const (
	sessionLife = 30 * 24 * time.Hour
	sessionIdle = 7 * 24 * time.Hour
	seenStep    = 10 * time.Minute // how exactly "last seen" is kept
	tokenPrefix = "rct_"
)

// newSecret is 256 random bits as text.
func newSecret() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// hashOf is what is stored of a secret. Secrets are random, so no salt is needed.
func hashOf(secret string) models.SHA256 { return sha256.Sum256([]byte(secret)) }

// Caller is who stands behind a request: the actor, and by which credential.
type Caller struct {
	Actor    models.Actor
	ReadOnly bool
	Session  models.SHA256 // of a browser's session; zero for a token
	// Touch says that the credential's last use is worth writing down with Seen.
	Touch bool
	token models.ID
}

// nobody is the answer to every credential that isn't good, whatever the reason.
func nobody() error {
	return models.Errorf(models.CodeUnauthenticated, "", "You are not signed in, or your sign-in has ended: sign in again.", "尚未登录或登录已失效：请重新登录。")
}

func actorOf(u models.User, roles []models.Role, via string, now time.Time) models.Actor {
	return models.Actor{UserID: u.ID, Name: u.Name, Roles: roles, Lang: u.Lang, OwnOnly: u.OwnOnly, Via: via, At: now}
}

// enabledUser loads a user who may act.
func enabledUser(ctx context.Context, tx *gorm.DB, id models.ID) (*models.User, error) {
	u, err := database.Take[models.User](ctx, tx, "user", "用户", "id = ? AND disabled_at IS NULL", id)
	if models.IsCode(err, models.CodeNotFound) {
		return nil, nobody()
	}
	return u, err
}

// BySession finds the caller behind a session's secret.
func BySession(ctx context.Context, tx *gorm.DB, secret string, now time.Time) (Caller, error) {
	s, err := database.Take[models.Session](ctx, tx, "session", "会话", "token_hash = ?", hashOf(secret))
	if models.IsCode(err, models.CodeNotFound) || err == nil && (!now.Before(s.ExpiresAt) || now.Sub(s.SeenAt) > sessionIdle) {
		return Caller{}, nobody()
	}
	if err != nil {
		return Caller{}, err
	}
	u, err := enabledUser(ctx, tx, s.UserID)
	if err != nil {
		return Caller{}, err
	}
	return Caller{Actor: actorOf(*u, u.Roles, "session", now), Session: s.TokenHash, Touch: now.Sub(s.SeenAt) > seenStep}, nil
}

// ByToken finds the caller behind an API token. Its roles are those of the token
// that its owner still has.
func ByToken(ctx context.Context, tx *gorm.DB, secret string, now time.Time) (Caller, error) {
	if !strings.HasPrefix(secret, tokenPrefix) {
		return Caller{}, nobody()
	}
	t, err := database.Take[models.Token](ctx, tx, "token", "令牌", "token_hash = ? AND revoked_at IS NULL", hashOf(secret))
	if models.IsCode(err, models.CodeNotFound) || err == nil && t.ExpiresAt != nil && !now.Before(*t.ExpiresAt) {
		return Caller{}, nobody()
	}
	if err != nil {
		return Caller{}, err
	}
	u, err := enabledUser(ctx, tx, t.UserID)
	if err != nil {
		return Caller{}, err
	}
	owner := models.Actor{Roles: u.Roles}
	roles := slices.DeleteFunc(slices.Clone(t.Roles), func(r models.Role) bool { return !owner.Is(r) })
	return Caller{
		Actor: actorOf(*u, roles, "token", now), ReadOnly: t.ReadOnly, token: t.ID,
		Touch: t.UsedAt == nil || now.Sub(*t.UsedAt) > seenStep,
	}, nil
}

// Seen writes down that a credential was used.
func Seen(ctx context.Context, tx *gorm.DB, c Caller) error {
	now := models.Now(c.Actor.At)
	if c.Session.IsZero() {
		_, err := gorm.G[models.Token](tx).Where("id = ?", c.token).Update(ctx, "used_at", now)
		return err
	}
	_, err := gorm.G[models.Session](tx).Where("token_hash = ?", c.Session).Update(ctx, "seen_at", now)
	return err
}

// Purge removes what has ended: sessions, counted failures, setup codes.
func Purge(ctx context.Context, tx *gorm.DB, now time.Time) error {
	now = models.Now(now)
	if _, err := gorm.G[models.Session](tx).Where("expires_at <= ? OR seen_at < ?", now, now.Add(-sessionIdle)).Delete(ctx); err != nil {
		return err
	}
	if _, err := gorm.G[loginFailure](tx).Where("since < ?", now.Add(-limitWindow)).Delete(ctx); err != nil {
		return err
	}
	_, err := gorm.G[setupCode](tx).Where("expires_at <= ?", now).Delete(ctx)
	return err
}
