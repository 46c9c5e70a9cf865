package auth

import (
	"context"
	"time"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/database"
	"recourse/models"
)

// SignInInput is a try to sign in.
type SignInInput struct {
	Login    string `json:"login" validate:"required,max=100"`
	Password string `json:"password" validate:"required,max=256"`
}

// Visit is where a try to sign in comes from.
type Visit struct {
	Address string
	Agent   string
}

// SignedIn is a new session: its secret is known here only.
type SignedIn struct {
	User      models.User `json:"user"`
	ExpiresAt time.Time   `json:"expires_at"`
	Secret    string      `json:"-"`
}

// SignIn checks a password and opens a session. A wrong login and a wrong
// password are told apart neither by the answer nor by its time. by carries the
// time and the request. It must not run inside a transaction: hashing is slow.
func SignIn(ctx context.Context, db *database.DB, p *Passwords, by models.Actor, from Visit, in SignInInput) (*SignedIn, error) {
	limits := limitsFor(models.Key(in.Login), from.Address)
	if err := db.Tx(ctx, func(tx *gorm.DB) error { return countTry(ctx, tx, limits, by.At) }); err != nil {
		return nil, err
	}
	u, err := database.Take[models.User](ctx, db.Read, "user", "用户", "login_key = ?", models.Key(in.Login))
	if models.IsCode(err, models.CodeNotFound) {
		u = &models.User{}
	} else if err != nil {
		return nil, err
	}
	good, err := p.matches(ctx, u.PasswordHash, in.Password)
	if err != nil {
		return nil, err
	}
	if !good || u.DisabledAt != nil {
		return nil, models.Errorf(models.CodeUnauthenticated, "", "Login or password is wrong.", "登录名或密码错误。")
	}
	var out *SignedIn
	err = db.Tx(ctx, func(tx *gorm.DB) error {
		if err := forgetTry(ctx, tx, limits); err != nil {
			return err
		}
		now, err := enabledUser(ctx, tx, u.ID)
		if err != nil {
			return err
		}
		if now.PasswordHash != u.PasswordHash { // changed while we hashed
			return nobody()
		}
		out, err = openSession(ctx, tx, by, from, now)
		return err
	})
	return out, err
}

func openSession(ctx context.Context, tx *gorm.DB, by models.Actor, from Visit, u *models.User) (*SignedIn, error) {
	now := models.Now(by.At)
	secret := newSecret()
	agent := []rune(from.Agent)
	s := models.Session{
		TokenHash: hashOf(secret), UserID: u.ID, CreatedAt: now, SeenAt: now,
		ExpiresAt: now.Add(sessionLife), Agent: string(agent[:min(len(agent), 300)]),
	}
	if err := gorm.G[models.Session](tx).Create(ctx, &s); err != nil {
		return nil, err
	}
	by.UserID, by.Name, by.Via = u.ID, u.Name, "session"
	detail := map[string]any{"address": from.Address, "agent": s.Agent}
	if err := audit.Record(ctx, tx, by, "sign_in", "user", u.ID, detail); err != nil {
		return nil, err
	}
	return &SignedIn{User: *u, ExpiresAt: s.ExpiresAt, Secret: secret}, nil
}

// SignOut ends the caller's session.
func SignOut(ctx context.Context, tx *gorm.DB, by models.Actor, session models.SHA256) error {
	if _, err := gorm.G[models.Session](tx).Where("token_hash = ?", session).Delete(ctx); err != nil {
		return err
	}
	return audit.Record(ctx, tx, by, "sign_out", "user", by.UserID, nil)
}

// endSessions ends all sessions of a user but the one to keep.
func endSessions(ctx context.Context, tx *gorm.DB, user models.ID, keep models.SHA256) error {
	_, err := gorm.G[models.Session](tx).Where("user_id = ? AND token_hash <> ?", user, keep[:]).Delete(ctx)
	return err
}

// ChangePasswordInput is a user's change of their own password.
type ChangePasswordInput struct {
	Current  string `json:"current" validate:"required,max=256"`
	Password string `json:"password" validate:"required,max=256"`
}

// ChangePassword sets the caller's password after checking the current one, and
// ends their other sessions. Wrong tries count as failures to sign in. It must
// not run inside a transaction.
func ChangePassword(ctx context.Context, db *database.DB, p *Passwords, by models.Actor, keep models.SHA256, in ChangePasswordInput) error {
	u, err := User(ctx, db.Read, by.UserID)
	if err != nil {
		return err
	}
	limits := limitsFor(u.LoginKey, "")[1:]
	if err := db.Tx(ctx, func(tx *gorm.DB) error { return countTry(ctx, tx, limits, by.At) }); err != nil {
		return err
	}
	good, err := p.matches(ctx, u.PasswordHash, in.Current)
	if err != nil {
		return err
	}
	if !good {
		return models.Invalid("current", "is not your present password.", "与当前密码不符。")
	}
	hash, err := p.Hash(ctx, "password", in.Password, u.Login)
	if err != nil {
		return err
	}
	return db.Tx(ctx, func(tx *gorm.DB) error {
		if err := forgetTry(ctx, tx, limits); err != nil {
			return err
		}
		return SetPassword(ctx, tx, by, u.ID, hash, keep)
	})
}
