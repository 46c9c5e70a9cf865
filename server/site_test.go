package server

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"gorm.io/gorm"

	"recourse/auth"
	"recourse/database"
	"recourse/database/databasetest"
	"recourse/files"
	"recourse/models"
)

// site is a whole server on a database of its own. Its clock stands still until it is moved.
type site struct {
	*Server
	url string
	now time.Time
	log *bytes.Buffer
}

// cheap makes passwords cost nothing in tests.
var cheap = auth.Cost{Time: 1, MemoryKB: 8, Threads: 1}

// newSite serves with the usual settings.
func newSite(t testing.TB) *site {
	t.Helper()
	return newSiteWith(t, Config{PasswordCost: cheap, Version: "test"})
}

func newSiteWith(t testing.TB, cfg Config) *site {
	t.Helper()
	store, err := files.OpenStore(t.Context(), "file://"+t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return newSiteOn(t, cfg, databasetest.Open(t), files.NewArchive(store, files.Options{}))
}

func newSiteOn(t testing.TB, cfg Config, db *database.DB, archive *files.Archive) *site {
	t.Helper()
	at := &site{log: &bytes.Buffer{}, now: time.Date(2026, 4, 20, 8, 0, 0, 0, time.UTC)}
	s, err := New(cfg, db, archive, slog.New(slog.NewJSONHandler(&locked{w: at.log}, nil)))
	if err != nil {
		t.Fatal(err)
	}
	s.Clock = func() time.Time { return at.now }
	h, err := s.Handler()
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(h)
	t.Cleanup(func() { web.Close(); s.Wait() })
	at.Server, at.url = s, web.URL
	return at
}

// locked lets requests at the same moment write to one buffer.
type locked struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

// client is somebody at the site, by API token or by cookie.
type client struct {
	t      testing.TB
	site   *site
	user   *models.User
	bearer string
	cookie *http.Cookie
}

// anybody isn't signed in.
func (s *site) anybody(t testing.TB) *client { return &client{t: t, site: s} }

// as is a new user with these roles, known by an API token.
func (s *site) as(t testing.TB, roles ...models.Role) *client {
	t.Helper()
	c := &client{t: t, site: s}
	err := s.DB.Tx(t.Context(), func(tx *gorm.DB) (err error) {
		by := models.System("command", s.now)
		login := "user-" + models.NewID().String()
		if c.user, err = auth.AddUser(t.Context(), tx, by, auth.AddUserInput{Login: login, Name: login, Roles: roles, Lang: "en"}, ""); err != nil {
			return err
		}
		token, err := auth.AddToken(t.Context(), tx, by, *c.user, auth.AddTokenInput{Name: "test", Roles: roles})
		if err == nil {
			c.bearer = token.Secret
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// reply is what came back.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// do sends a request. A body is sent as JSON; a string or bytes as they are. Headers are name, value, …
// Every answer is checked against the API's own description.
func (c *client) do(method, path string, body any, headers ...string) reply {
	c.t.Helper()
	var content io.Reader
	kind := "application/json"
	switch b := body.(type) {
	case nil:
		kind = ""
	case string:
		content = strings.NewReader(b)
	case []byte:
		content, kind = bytes.NewReader(b), "application/octet-stream"
	default:
		text, err := json.Marshal(b)
		if err != nil {
			c.t.Fatal(err)
		}
		content = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(context.Background(), method, c.site.url+path, content)
	if err != nil {
		c.t.Fatal(err)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if c.bearer != "" {
		req.Header.Set("Authorization", "Bearer "+c.bearer)
	}
	if c.cookie != nil {
		req.AddCookie(c.cookie)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := noRedirects.Do(req)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	for _, cookie := range res.Cookies() {
		c.cookie = cookie
	}
	r := reply{res.StatusCode, res.Header, text}
	if err := conforms(method, path, r); err != nil {
		c.t.Errorf("%s %s: the answer isn't what the description says: %v\n%s", method, path, err, text)
	}
	return r
}

var noRedirects = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// want sends a request that must be answered with that status, and reads the answer into out unless it is nil.
func (c *client) want(status int, method, path string, body, out any, headers ...string) reply {
	c.t.Helper()
	r := c.do(method, path, body, headers...)
	if r.status != status {
		c.t.Fatalf("%s %s = %d, want %d: %s", method, path, r.status, status, r.body)
	}
	if out != nil {
		if err := json.Unmarshal(r.body, out); err != nil {
			c.t.Fatalf("%s %s: %v in %s", method, path, err, r.body)
		}
	}
	return r
}

// refused sends a request that must be refused with that status and field.
func (c *client) refused(status int, field, method, path string, body any, headers ...string) Problem {
	c.t.Helper()
	var p Problem
	c.want(status, method, path, body, &p, headers...)
	if p.Field != field || p.Status != status || p.Detail == "" || p.RequestID == "" {
		c.t.Errorf("%s %s: problem %+v, want status %d, field %q, a detail and a request id", method, path, p, status, field)
	}
	return p
}

// description is the API's own, read and checked once.
var description = sync.OnceValues(func() (*openapi3.T, error) {
	spec, err := Describe("test")
	if err != nil {
		return nil, err
	}
	loader := openapi3.NewLoader()
	doc, err := loader.LoadFromData(spec)
	if err != nil {
		return nil, err
	}
	return doc, doc.Validate(loader.Context)
})

var templates = sync.OnceValues(func() (map[string]*regexp.Regexp, error) {
	doc, err := description()
	if err != nil {
		return nil, err
	}
	out := map[string]*regexp.Regexp{}
	for path := range doc.Paths.Map() {
		out[path] = regexp.MustCompile("^" + regexp.MustCompile(`\{[^}]+\}`).ReplaceAllString(path, "[^/]+") + "$")
	}
	return out, nil
})

// conforms compares an answer with the description.
func conforms(method, path string, r reply) error {
	doc, err := description()
	if err != nil {
		return err
	}
	patterns, err := templates()
	if err != nil {
		return err
	}
	path, _, _ = strings.Cut(path, "?")
	var op *openapi3.Operation
	for template, form := range patterns {
		if item := doc.Paths.Value(template); form.MatchString(path) && item.GetOperation(method) != nil {
			if op = item.GetOperation(method); !strings.Contains(template, "{") {
				break
			}
		}
	}
	kind := r.header.Get("Content-Type")
	if op == nil || kind == "" || r.status < 400 && !strings.HasPrefix(kind, "application/json") {
		return nil
	}
	described := op.Responses.Status(r.status)
	if described == nil && r.status < 400 {
		return fmt.Errorf("status %d is not described", r.status)
	}
	if described == nil {
		described = op.Responses.Default()
	}
	media := described.Value.Content.Get(strings.TrimSpace(strings.Split(kind, ";")[0]))
	if media == nil {
		return fmt.Errorf("%s is not described for status %d", kind, r.status)
	}
	var value any
	if err := json.Unmarshal(r.body, &value); err != nil {
		return err
	}
	return media.Schema.Value.VisitJSON(value, openapi3.EnableJSONSchema2020())
}
