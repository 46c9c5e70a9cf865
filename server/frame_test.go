package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"
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

func TestHeaders(t *testing.T) {
	s := newSite(t)
	for _, path := range []string{"/api/v1/me", "/api/docs", "/api/docs/docs.js", "/api/openapi.json", "/healthz", "/nothing"} {
		h := s.anybody(t).do("GET", path, nil).header
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"} {
			if h.Get(name) != want {
				t.Errorf("%s: %s = %q, want %q", path, name, h.Get(name), want)
			}
		}
		policy := h.Get("Content-Security-Policy")
		if !strings.Contains(policy, "frame-ancestors 'none'") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") {
			t.Errorf("%s: policy %q, want no frames and nothing unsafe", path, policy)
		}
		if h.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s lets other origins in", path)
		}
	}
	page := s.anybody(t).do("GET", "/api/docs", nil).body
	if bytes.Contains(page, []byte("<style")) || bytes.Contains(page, []byte("<script>")) || bytes.Contains(page, []byte("http")) {
		t.Errorf("the page of the description holds code or leaves this host: %s", page)
	}
	for _, asset := range []string{"swagger-ui.css", "swagger-ui-bundle.js", "docs.js"} {
		if r := s.anybody(t).do("GET", "/api/docs/"+asset, nil); r.status != 200 || len(r.body) < 100 {
			t.Errorf("%s = %d with %d bytes, want it embedded", asset, r.status, len(r.body))
		}
	}
}

func TestProblems(t *testing.T) {
	s := newSite(t)
	c := s.as(t, models.Admin)
	for _, b := range []struct {
		status             int
		code, field        string
		method, path, body string
		headers            []string
	}{
		{404, "not_found", "", "GET", "/api/v1/nothing", "", nil},
		{404, "not_found", "", "GET", "/api/v1/users/", "", nil},
		{405, "method_not_allowed", "", "PUT", "/api/v1/users", "{}", nil},
		{415, "unsupported", "Content-Type", "POST", "/api/v1/users", "{}", []string{"Content-Type", "text/plain"}},
		{415, "unsupported", "Content-Type", "POST", "/api/v1/users", "a=b", []string{"Content-Type", "application/x-www-form-urlencoded"}},
		{400, "malformed", "", "POST", "/api/v1/users", "", []string{"Content-Type", "application/json"}},
		{400, "malformed", "", "DELETE", "/api/v1/tokens/" + models.NewID().String(), "{}", nil},
		{413, "too_large", "", "POST", "/api/v1/users", `{"name":"` + strings.Repeat("x", 1<<20) + `"}`, nil},
		{400, "malformed", "nope", "GET", "/api/v1/me?nope=1", "", nil},
		{401, "unauthenticated", "Authorization", "GET", "/api/v1/me", "", []string{"Authorization", "Basic YWRtaW46eA=="}},
		{401, "unauthenticated", "", "GET", "/api/v1/me", "", []string{"Authorization", "Bearer rct_x"}},
		{422, "invalid", "aql", "GET", "/api/v1/sampling/plan?lot=100&aql=2.0", "", nil},
		{422, "invalid", "lots[0].found", "POST", "/api/v1/sampling/severity", `{"scheme":"iso2859-1","level":"II","aql":"1.0","lots":[{"size":2000,"original":true,"steady":true,"approved":true}]}`, nil},
	} {
		for _, lang := range []string{"en", "zh-CN,zh;q=0.9,en;q=0.5"} {
			var body any
			if b.body != "" {
				body = b.body
			}
			var p Problem
			r := c.do(b.method, b.path, body, append([]string{"Accept-Language", lang}, b.headers...)...)
			if err := json.Unmarshal(r.body, &p); err != nil {
				t.Fatalf("%s %s: %v: %s", b.method, b.path, err, r.body)
			}
			got := []any{r.status, p.Status, string(p.Code), p.Field, p.Type, r.header.Get("Content-Type"), p.RequestID}
			want := []any{b.status, b.status, b.code, b.field, "urn:recourse:problem:" + b.code, "application/problem+json", r.header.Get("X-Request-ID")}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s %s (-want +got):\n%s", b.method, b.path, diff)
			}
			if zh := strings.ContainsAny(p.Detail, "。") && strings.IndexFunc(p.Title, func(r rune) bool { return r > 0x2E80 }) >= 0; zh != (lang != "en") {
				t.Errorf("%s %s in %s says %q: %q", b.method, b.path, lang, p.Title, p.Detail)
			}
		}
	}
	if allow := c.do("PUT", "/api/v1/users", "{}").header.Get("Allow"); !strings.Contains(allow, "GET") || !strings.Contains(allow, "POST") {
		t.Errorf("Allow = %q, want GET and POST", allow)
	}
}

func TestRequestID(t *testing.T) {
	s := newSite(t)
	c := s.anybody(t)
	if got := c.do("GET", "/healthz", nil, "X-Request-ID", "abc-123").header.Get("X-Request-ID"); got != "abc-123" {
		t.Errorf("a good id comes back as %q", got)
	}
	for _, bad := range []string{"a b", "x\"y", strings.Repeat("x", 101), "<script>"} {
		if got := c.do("GET", "/healthz", nil, "X-Request-ID", bad).header.Get("X-Request-ID"); got == bad || got == "" {
			t.Errorf("the id %q comes back as %q", bad, got)
		}
	}
}

// TestInternalErrorsAreNotShown: what broke is in the log under the request's id, and nowhere else.
func TestInternalErrorsAreNotShown(t *testing.T) {
	s := newSite(t)
	c := s.as(t, models.Admin)
	run := func(f func() error) (*Request, Route) {
		return &Request{Ctx: t.Context(), By: models.Actor{At: s.now}, http: &http.Request{Method: "POST", Header: http.Header{}}, reply: http.Header{}},
			Route{Method: "POST", Handle: with(func(*Server, *Request, none) (none, error) { return none{}, f() })}
	}
	r, route := run(func() error { return errors.New("secret detail") })
	if _, err := s.run(r, route); err == nil || known(err) != nil {
		t.Errorf("an unknown error is shown as %v", known(err))
	}
	// A table that is gone is the nearest thing to a fault of the program.
	if err := s.DB.Write.Exec("ALTER TABLE audit_entries RENAME TO gone").Error; err != nil {
		t.Fatal(err)
	}
	var p Problem
	c.want(500, "GET", "/api/v1/audit", nil, &p)
	if p.Code != "internal" || strings.Contains(p.Detail+p.Title, "audit_entries") || strings.Contains(strings.ToLower(p.Detail), "sql") {
		t.Errorf("problem = %+v, want nothing internal", p)
	}
	if line := firstLine(s.log.String(), "internal error"); !strings.Contains(line, p.RequestID) || strings.Count(s.log.String(), "internal error") != 1 {
		t.Errorf("log = %q, want one line with the request's id %s", line, p.RequestID)
	}
}

func TestPanicsAreSurvived(t *testing.T) {
	s := newSite(t)
	s.Clock = func() time.Time { panic("the clock stopped") }
	var p Problem
	s.anybody(t).want(500, "GET", "/api/v1/me", nil, &p)
	if strings.Contains(p.Detail, "clock") || !strings.Contains(s.log.String(), "the clock stopped") {
		t.Errorf("problem %+v, want the panic in the log alone", p)
	}
	s.Clock = func() time.Time { return s.now }
	s.as(t, models.Viewer).want(200, "GET", "/api/v1/me", nil, nil)
	s.Go("test", func() error { panic("a job fell over") })
	s.Wait()
	if !strings.Contains(s.log.String(), "a job fell over") {
		t.Error("a job's panic is not in the log")
	}
}

// TestRetriedTransaction: a body that lost runs again with fresh input, and only
// the last try's headers and reply are sent.
func TestRetriedTransaction(t *testing.T) {
	s := newSite(t)
	type input struct {
		Names []string `json:"names"`
	}
	tries := 0
	route := Route{Method: "POST", Handle: with(func(_ *Server, r *Request, in input) (input, error) {
		tries++
		in.Names[0] += "!"
		r.SetHeader(fmt.Sprintf("X-Try-%d", tries), "x")
		if tries == 1 {
			return in, &mysql.MySQLError{Number: 1213}
		}
		return in, nil
	})}
	r := &Request{Ctx: t.Context(), http: &http.Request{Method: "POST", Header: http.Header{}}, reply: http.Header{}, body: []byte(`{"names":["a"]}`)}
	out, err := s.run(r, route)
	if err != nil || tries != 2 || string(out.json) != "{\"names\":[\"a!\"]}\n" || len(out.header) != 1 {
		t.Errorf("after %d tries: %s, headers %v, %v; want the second try's alone", tries, out.json, out.header, err)
	}
}

// TestSameKeyAtOnce: a request sent many times at the same moment has one effect.
func TestSameKeyAtOnce(t *testing.T) {
	v := newVisit(t)
	plan := v.plan()
	before := rows(t, v.DB)["inspections"]
	var mu sync.Mutex
	var bodies []string
	var wg sync.WaitGroup
	for range 12 {
		wg.Go(func() {
			r := v.buyer.do("POST", inspectionsPath, plan, "Idempotency-Key", "at-once")
			mu.Lock()
			defer mu.Unlock()
			switch r.status {
			case 201:
				bodies = append(bodies, string(r.body))
			case 409:
			default:
				t.Errorf("status %d: %s", r.status, r.body)
			}
		})
	}
	wg.Wait()
	for _, b := range bodies {
		if b != bodies[0] {
			t.Errorf("two answers to one key:\n%s%s", b, bodies[0])
		}
	}
	if made := rows(t, v.DB)["inspections"] - before; made != 1 || len(bodies) == 0 {
		t.Errorf("%d inspections were planned and %d answered, want one effect", made, len(bodies))
	}
	for _, key := range []string{strings.Repeat("x", 101), "a b", "ключ"} {
		v.buyer.refused(400, "Idempotency-Key", "POST", inspectionsPath, plan, "Idempotency-Key", key)
	}
}

func TestSiteStatus(t *testing.T) {
	s := newSite(t)
	c := s.anybody(t)
	c.want(200, "GET", "/healthz", nil, nil)
	c.want(200, "GET", "/readyz", nil, nil)
	s.as(t, models.Viewer).want(200, "GET", "/api/v1/me", nil, nil)
	text := string(c.want(200, "GET", "/metrics", nil, nil).body)
	for _, want := range []string{`recourse_http_request_seconds_count{method="GET",route="/api/v1/me",status="200"} 1`, "recourse_panics_total 0", "go_goroutines"} {
		if !strings.Contains(text, want) {
			t.Errorf("metrics lack %s", want)
		}
	}
	if r := c.do("GET", "/metrics", nil, "X-Forwarded-For", "203.0.113.9"); r.status != 404 {
		t.Errorf("metrics through a proxy = %d, want 404", r.status)
	}
	s.Drain()
	c.refused(503, "", "GET", "/readyz", nil)
	c.want(200, "GET", "/healthz", nil, nil)
	if r := c.do("GET", "/readyz", nil); r.header.Get("Retry-After") == "" {
		t.Error("not ready, without Retry-After")
	}
}

func TestSealAndPurge(t *testing.T) {
	s := newSite(t)
	signedIn(t, s)
	if err := s.SealNow(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := rows(t, s.DB)
	if got["audit_seals"] != got["audit_entries"] || got["audit_unsealed"] != 0 || got["audit_entries"] != 2 {
		t.Errorf("rows = %v, want both entries sealed", got)
	}
	s.now = s.now.Add(91 * 24 * time.Hour)
	if err := s.purge(t.Context(), "test"); err != nil {
		t.Fatal(err)
	}
	if got := rows(t, s.DB); got["sessions"] != 0 || got["audit_entries"] != 2 {
		t.Errorf("rows = %v, want no session and every entry", got)
	}
}
