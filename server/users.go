package server

import (
	"net/http"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/auth"
	"recourse/database"
	"recourse/models"
)

func userRoutes() []Route {
	admin := []models.Role{models.Admin}
	return []Route{
		{Method: "GET", Path: "/api/v1/users", Roles: []models.Role{models.Admin, models.Purchasing}, Handle: with(listUsers), List: &auth.Users, Tag: "users", Summary: "List users"},
		{Method: "POST", Path: "/api/v1/users", Roles: admin, Handle: outside(addUser), Status: http.StatusCreated, Tag: "users", Summary: "Add a user"},
		{Method: "GET", Path: "/api/v1/users/{id}", Roles: admin, Handle: with(getUser), Tag: "users", Summary: "One user"},
		{Method: "PATCH", Path: "/api/v1/users/{id}", Roles: admin, Handle: with(changeUser), IfMatch: true, Tag: "users", Summary: "Change a user"},
		{Method: "POST", Path: "/api/v1/users/{id}/disable", Roles: admin, Handle: with(disableUser), IfMatch: true, Tag: "users", Summary: "Disable a user: ends their password, sessions and tokens at once"},
		{Method: "POST", Path: "/api/v1/users/{id}/enable", Roles: admin, Handle: with(enableUser), IfMatch: true, Tag: "users", Summary: "Let a disabled user sign in again"},
		{Method: "PUT", Path: "/api/v1/users/{id}/password", Roles: admin, Handle: outside(setPassword), Tag: "users", Summary: "Give a user a new password; ends their sessions"},
	}
}

func listUsers(_ *Server, r *Request, _ none) (database.Page[models.User], error) {
	return auth.FindUsers(r.Ctx, r.Tx, r.Query)
}

func addUser(s *Server, r *Request, in auth.AddUserInput) (*models.User, error) {
	return hashed(s, r, in.Password, in.Login, func(tx *gorm.DB, hash string) (*models.User, error) {
		return auth.AddUser(r.Ctx, tx, r.By, in, hash)
	})
}

func getUser(_ *Server, r *Request, _ none) (*models.User, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	return auth.User(r.Ctx, r.Tx, id)
}

func changeUser(_ *Server, r *Request, in auth.ChangeUserInput) (*models.User, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	return auth.ChangeUser(r.Ctx, r.Tx, r.By, id, r.Version, in)
}

func disableUser(_ *Server, r *Request, _ none) (*models.User, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	return auth.Disable(r.Ctx, r.Tx, r.By, id, r.Version)
}

func enableUser(_ *Server, r *Request, _ none) (*models.User, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	return auth.Enable(r.Ctx, r.Tx, r.By, id, r.Version)
}

// passwordInput is a password given by an administrator.
type passwordInput struct {
	Password string `json:"password" validate:"required,max=256"`
}

func setPassword(s *Server, r *Request, in passwordInput) (none, error) {
	id, err := r.ID("id")
	if err != nil {
		return none{}, err
	}
	return hashed(s, r, in.Password, "", func(tx *gorm.DB, hash string) (none, error) {
		return none{}, auth.SetPassword(r.Ctx, tx, r.By, id, hash, models.SHA256{})
	})
}

func tokenRoutes() []Route {
	return []Route{
		{Method: "GET", Path: "/api/v1/tokens", Handle: with(listTokens), List: &auth.Tokens, Tag: "tokens", Summary: "List one's own API tokens; an administrator sees everybody's"},
		{Method: "POST", Path: "/api/v1/tokens", Handle: with(addToken), SessionOnly: true, Status: http.StatusCreated, Tag: "tokens", Summary: "Make an API token; its secret is shown this once"},
		{Method: "DELETE", Path: "/api/v1/tokens/{id}", Handle: with(revokeToken), Tag: "tokens", Summary: "Revoke an API token"},
	}
}

func listTokens(_ *Server, r *Request, _ none) (database.Page[models.Token], error) {
	return auth.FindTokens(r.Ctx, r.Tx, r.By, r.Query)
}

func addToken(_ *Server, r *Request, in auth.AddTokenInput) (*auth.NewToken, error) {
	owner, err := auth.User(r.Ctx, r.Tx, r.By.UserID)
	if err != nil {
		return nil, err
	}
	return auth.AddToken(r.Ctx, r.Tx, r.By, *owner, in)
}

func revokeToken(_ *Server, r *Request, _ none) (none, error) {
	id, err := r.ID("id")
	if err != nil {
		return none{}, err
	}
	return none{}, auth.RevokeToken(r.Ctx, r.Tx, r.By, id)
}

func auditRoutes() []Route {
	return []Route{
		{Method: "GET", Path: "/api/v1/audit", Roles: []models.Role{models.Admin}, Handle: with(listAudit), List: &audit.Entries, Tag: "audit", Summary: "What was done, the newest first"},
	}
}

func listAudit(_ *Server, r *Request, _ none) (database.Page[models.AuditEntry], error) {
	return audit.Find(r.Ctx, r.Tx, r.Query)
}
