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

	"recourse/models"
)

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
