package server

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"recourse/auth"
	"recourse/models"
)

const goodPassword = "correct horse battery"

// signedIn makes the first administrator by the one-time code; the client holds the cookie.
func signedIn(t *testing.T, s *site) *client {
	t.Helper()
	code, err := auth.OpenSetup(t.Context(), s.DB, s.now, "")
	if err != nil {
		t.Fatal(err)
	}
	c := s.anybody(t)
	c.want(201, "POST", "/api/v1/setup", auth.SetupInput{Code: code, Login: "admin", Name: "管理员", Lang: "zh", Password: goodPassword}, nil)
	return c
}

func TestSessionOverHTTP(t *testing.T) {
	s := newSite(t)
	c := signedIn(t, s)
	if c.cookie == nil || c.cookie.Name != "recourse" || !c.cookie.HttpOnly || c.cookie.SameSite != http.SameSiteLaxMode || c.cookie.Path != "/" {
		t.Fatalf("cookie = %+v, want HttpOnly, Lax, /", c.cookie)
	}
	var u models.User
	r := c.want(200, "GET", "/api/v1/me", nil, &u)
	if u.Login != "admin" || r.header.Get("ETag") != `"1"` || r.header.Get("Cache-Control") != "no-store" {
		t.Errorf("me = %+v with %v, want admin at version 1, not stored", u, r.header)
	}
	c.want(200, "PATCH", "/api/v1/me", `{"lang":"en"}`, &u, "If-Match", `"1"`)
	if u.Lang != "en" || u.Version != 2 {
		t.Errorf("changed = %+v, want en at version 2", u)
	}
	if p := c.refused(412, "", "PATCH", "/api/v1/me", `{"lang":"zh"}`, "If-Match", `"1"`); p.Current["version"] != 2.0 {
		t.Errorf("stale = %+v, want the current version 2", p)
	}
	c.refused(422, "current", "PUT", "/api/v1/me/password", `{"current":"no","password":"another password"}`)
	c.want(204, "PUT", "/api/v1/me/password", `{"current":"`+goodPassword+`","password":"another password"}`, nil)
	old := *c
	c.want(204, "DELETE", "/api/v1/session", nil, nil)
	old.cookie = &http.Cookie{Name: "recourse", Value: old.cookie.Value}
	old.refused(401, "", "GET", "/api/v1/me", nil)
	c.cookie = nil
	c.refused(401, "", "POST", "/api/v1/session", auth.SignInInput{Login: "admin", Password: goodPassword})
	c.want(201, "POST", "/api/v1/session", auth.SignInInput{Login: "ADMIN", Password: "another password"}, nil)
	c.want(200, "GET", "/api/v1/me", nil, nil)
}

func TestUsersAndTokensOverHTTP(t *testing.T) {
	s := newSite(t)
	admin := signedIn(t, s)
	var u models.User
	in := auth.AddUserInput{Login: "li", Name: "李", Roles: []models.Role{models.Inspector}, Password: goodPassword}
	admin.want(201, "POST", "/api/v1/users", in, &u)
	admin.refused(409, "login", "POST", "/api/v1/users", in)
	in.Login, in.Password = "wang", "short"
	admin.refused(422, "password", "POST", "/api/v1/users", in)
	in.Roles = []models.Role{"king"}
	admin.refused(422, "roles[0]", "POST", "/api/v1/users", in)

	li := s.anybody(t)
	li.want(201, "POST", "/api/v1/session", auth.SignInInput{Login: "li", Password: goodPassword}, nil)
	li.refused(403, "", "GET", "/api/v1/users", nil)
	var token auth.NewToken
	li.want(201, "POST", "/api/v1/tokens", `{"name":"phone","roles":["inspector"],"read_only":false,"expires_at":null}`, &token)
	li.refused(422, "roles", "POST", "/api/v1/tokens", `{"name":"phone","roles":["admin"]}`)
	phone := s.anybody(t)
	phone.bearer = token.Secret
	phone.want(200, "GET", "/api/v1/me", nil, nil)
	phone.refused(403, "", "POST", "/api/v1/tokens", `{"name":"more","roles":["inspector"]}`)

	at := "/api/v1/users/" + u.ID.String()
	admin.want(200, "PATCH", at, `{"roles":["viewer"],"name":"李明"}`, &u, "If-Match", `"1"`)
	admin.want(200, "POST", at+"/disable", nil, nil, "If-Match", `"2"`)
	li.refused(401, "", "GET", "/api/v1/me", nil)
	phone.refused(401, "", "GET", "/api/v1/me", nil)
	li.refused(401, "", "POST", "/api/v1/session", auth.SignInInput{Login: "li", Password: goodPassword})
	admin.want(200, "POST", at+"/enable", nil, &u, "If-Match", `"3"`)
	admin.want(204, "PUT", at+"/password", `{"password":"a fresh password"}`, nil)
	li.want(201, "POST", "/api/v1/session", auth.SignInInput{Login: "li", Password: "a fresh password"}, nil)

	var log struct{ Items []models.AuditEntry }
	admin.want(200, "GET", "/api/v1/audit?entity_id="+u.ID.String(), nil, &log)
	var actions []string
	for _, e := range log.Items {
		actions = append(actions, e.Action)
	}
	want := []string{"sign_in", "set_password", "enable", "disable", "change", "sign_in", "add"}
	if diff := cmp.Diff(want, actions); diff != "" {
		t.Errorf("audit (-want +got):\n%s", diff)
	}
	var page struct {
		Items      []models.User
		NextCursor string `json:"next_cursor"`
	}
	admin.want(200, "GET", "/api/v1/users?limit=1", nil, &page)
	first := page.Items[0].Login
	admin.want(200, "GET", "/api/v1/users?limit=1&cursor="+page.NextCursor, nil, &page)
	if len(page.Items) != 1 || page.Items[0].Login == first || page.NextCursor != "" {
		t.Errorf("second page = %+v, want the other user and no more", page)
	}
}

func TestSignInIsLimited(t *testing.T) {
	s := newSite(t)
	signedIn(t, s)
	c := s.anybody(t)
	for range 10 {
		c.refused(401, "", "POST", "/api/v1/session", `{"login":"admin","password":"wrong password"}`)
	}
	r := c.do("POST", "/api/v1/session", auth.SignInInput{Login: "admin", Password: goodPassword})
	if r.status != 429 || r.header.Get("Retry-After") == "" {
		t.Errorf("the eleventh try = %d %v, want 429 with Retry-After", r.status, r.header)
	}
	// Who claims to come from elsewhere is not believed.
	if r := c.do("POST", "/api/v1/session", `{"login":"admin","password":"x"}`, "X-Forwarded-For", "203.0.113.9"); r.status != 429 {
		t.Errorf("with a made-up address = %d, want 429", r.status)
	}
	s.now = s.now.Add(16 * time.Minute)
	c.want(201, "POST", "/api/v1/session", auth.SignInInput{Login: "admin", Password: goodPassword}, nil)
}

func TestOtherSites(t *testing.T) {
	s := newSiteWith(t, Config{PasswordCost: cheap, BaseURL: "https://quality.example.com"})
	code, _ := auth.OpenSetup(t.Context(), s.DB, s.now, "")
	c := s.anybody(t)
	setup := auth.SetupInput{Code: code, Login: "admin", Name: "x", Password: goodPassword}
	c.refused(403, "", "POST", "/api/v1/setup", setup, "Sec-Fetch-Site", "cross-site")
	c.refused(403, "", "POST", "/api/v1/setup", setup, "Origin", "https://evil.example.com")
	r := c.want(201, "POST", "/api/v1/setup", setup, nil, "Sec-Fetch-Site", "same-origin", "Origin", "https://quality.example.com")
	if c.cookie.Name != "__Host-recourse" || !c.cookie.Secure || c.cookie.Domain != "" || r.header.Get("Strict-Transport-Security") == "" {
		t.Errorf("cookie = %+v, want __Host-, Secure, no domain", c.cookie)
	}
	c.refused(403, "", "DELETE", "/api/v1/session", nil, "Sec-Fetch-Site", "cross-site")
	c.want(204, "DELETE", "/api/v1/session", nil, nil, "Origin", "https://quality.example.com")
}
