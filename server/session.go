package server

import (
	"net/http"
	"time"

	"gorm.io/gorm"

	"recourse/auth"
	"recourse/models"
)

func sessionRoutes() []Route {
	return []Route{
		{Method: "POST", Path: "/api/v1/setup", Roles: Public, Handle: outside(setup), Status: http.StatusCreated, Tag: "session", Summary: "Make the first administrator with the one-time code, and sign in"},
		{Method: "POST", Path: "/api/v1/session", Roles: Public, Handle: outside(signIn), Status: http.StatusCreated, Tag: "session", Summary: "Sign in"},
		{Method: "DELETE", Path: "/api/v1/session", Handle: with(signOut), SessionOnly: true, Tag: "session", Summary: "Sign out"},
		{Method: "GET", Path: "/api/v1/me", Handle: with(me), Tag: "session", Summary: "Who is signed in"},
		{Method: "PATCH", Path: "/api/v1/me", Handle: with(changeMe), IfMatch: true, SessionOnly: true, Tag: "session", Summary: "Change one's own name and language"},
		{Method: "PUT", Path: "/api/v1/me/password", Handle: outside(changePassword), SessionOnly: true, Tag: "session", Summary: "Change one's own password; ends all other sessions"},
	}
}

func setup(s *Server, r *Request, in auth.SetupInput) (*auth.SignedIn, error) {
	signed, err := auth.Setup(r.Ctx, s.DB, s.Passwords, r.By, r.visit(), in)
	return s.welcome(r, signed, err)
}

func signIn(s *Server, r *Request, in auth.SignInInput) (*auth.SignedIn, error) {
	signed, err := auth.SignIn(r.Ctx, s.DB, s.Passwords, r.By, r.visit(), in)
	return s.welcome(r, signed, err)
}

// welcome gives a new session to the browser.
func (s *Server) welcome(r *Request, signed *auth.SignedIn, err error) (*auth.SignedIn, error) {
	if err != nil {
		return nil, err
	}
	s.setCookie(r, signed.Secret, signed.ExpiresAt)
	return signed, nil
}

func signOut(s *Server, r *Request, _ none) (none, error) {
	s.setCookie(r, "", time.Unix(0, 0))
	return none{}, auth.SignOut(r.Ctx, r.Tx, r.By, r.caller.Session)
}

func me(_ *Server, r *Request, _ none) (*models.User, error) {
	return auth.User(r.Ctx, r.Tx, r.By.UserID)
}

// meInput is what users may change of themselves.
type meInput struct {
	Name *string `json:"name" validate:"omitempty,min=1,max=200"`
	Lang *string `json:"lang" validate:"omitempty,oneof=zh en"`
}

func changeMe(_ *Server, r *Request, in meInput) (*models.User, error) {
	return auth.ChangeUser(r.Ctx, r.Tx, r.By, r.By.UserID, r.Version, auth.ChangeUserInput{Name: in.Name, Lang: in.Lang})
}

func changePassword(s *Server, r *Request, in auth.ChangePasswordInput) (none, error) {
	return none{}, auth.ChangePassword(r.Ctx, s.DB, s.Passwords, r.By, r.caller.Session, in)
}

// hashed hashes a password before the transaction begins, then runs f in one.
func hashed[T any](s *Server, r *Request, password, login string, f func(tx *gorm.DB, hash string) (T, error)) (T, error) {
	var out T
	hash, err := s.Passwords.Hash(r.Ctx, "password", password, login)
	if err != nil {
		return out, err
	}
	err = s.DB.Tx(r.Ctx, func(tx *gorm.DB) (err error) {
		out, err = f(tx, hash)
		return err
	})
	return out, err
}
