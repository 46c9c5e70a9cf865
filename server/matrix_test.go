package server

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"recourse/auth"
	"recourse/models"
)

// The tests here walk the table of routes, so a new route is covered when it is
// listed: who may, which records exist, which versions and keys are demanded.

// parameters are values for path parameters that aren't ids; an id that isn't listed names no record.
var parameters = map[string]string{"offset": "0", "code": "x", "step": "containment", "kind": "bill_of_lading"}

// bodies are valid inputs where the types' own rules don't say enough to make one.
var bodies = map[string]string{
	"PUT /api/v1/inspections/{id}/lots/{lot_id}/checks/{code}": `{"code":"x","result":"ok"}`,
	"POST /api/v1/exchange-rates":                              `{"currency":"USD","month":"2026-01","rate":"7.1","source":"bank"}`,
	"PUT /api/v1/exchange-rates":                               `{"currency":"USD","month":"2026-01","rate":"7.1","source":"bank"}`,
}

// filled is a route's path with every parameter given; nothing exists by these ids.
func filled(path string) string {
	return regexp.MustCompile(`\{([^}]+)\}`).ReplaceAllStringFunc(path, func(p string) string {
		if value, known := parameters[strings.Trim(p, "{}")]; known {
			return value
		}
		return models.NewID().String()
	})
}

// request is a valid call of a route.
func request(t testing.TB, route Route) (path string, body any, headers []string) {
	t.Helper()
	path = filled(route.Path)
	if route.IfMatch {
		headers = append(headers, "If-Match", `"1"`)
	}
	switch e := route.Handle; {
	case e.takesBinary():
		body, headers = []byte("x"), append(headers, "Content-SHA256", strings.Repeat("0", 64))
	case e.takesJSON(route.Method):
		if text, given := bodies[route.Method+" "+route.Path]; given {
			body = text
			break
		}
		text, err := json.Marshal(example(e.in, "required").Interface())
		if err != nil {
			t.Fatal(err)
		}
		body = string(text)
	}
	return path, body, headers
}

// example makes a valid value of an input's type from its validate tags.
func example(t reflect.Type, rules string) reflect.Value {
	v := reflect.New(t).Elem()
	rules, inner, _ := strings.Cut(rules, "dive")
	inner = strings.TrimPrefix(inner, ",")
	oneof, has := "", false
	for rule := range strings.SplitSeq(rules, ",") {
		if value, is := strings.CutPrefix(rule, "oneof="); is {
			oneof, has = strings.Fields(value)[0], true
		}
	}
	switch t {
	case reflect.TypeFor[models.ID]():
		v.Set(reflect.ValueOf(models.NewID()))
		return v
	case reflect.TypeFor[models.SHA256]():
		v.Set(reflect.ValueOf(models.SHA256{1}))
		return v
	case reflect.TypeFor[models.Date]():
		v.SetString("2026-04-20")
		return v
	case reflect.TypeFor[models.Decimal]():
		v.Set(reflect.ValueOf(models.MustDecimal("1.5")))
		return v
	case reflect.TypeFor[models.Money]():
		v.Set(reflect.ValueOf(models.Money{Minor: 100, Currency: "USD"}))
		return v
	case reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Date(2026, 4, 20, 8, 0, 0, 0, time.UTC)))
		return v
	}
	switch t.Kind() {
	case reflect.String:
		v.SetString("xxxxxxxxxxxx")
		if has {
			v.SetString(oneof)
		} else if strings.Contains(rules, "max=") && !strings.Contains(rules, "max=1") && !strings.Contains(rules, "max=2") {
			v.SetString("USD")
		}
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
	case reflect.Float64:
		v.SetFloat(0.5)
	case reflect.Slice:
		if strings.Contains(rules, "required") || strings.Contains(rules, "min=1") {
			v.Set(reflect.Append(v, example(t.Elem(), inner+",required")))
		}
	case reflect.Struct:
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() && (f.Anonymous || strings.Contains(f.Tag.Get("validate"), "required") || f.Type.Kind() == reflect.Slice || f.Type.Kind() != reflect.Pointer && f.Type.Kind() != reflect.String) {
				v.Field(i).Set(example(f.Type, f.Tag.Get("validate")))
			}
		}
	}
	return v
}

// cast is one client of every role.
func cast(t testing.TB, s *site) map[models.Role]*client {
	t.Helper()
	out := map[models.Role]*client{}
	for _, r := range models.Roles {
		out[r] = s.as(t, r)
	}
	return out
}

// allowed is somebody whom the route lets in.
func allowed(who map[models.Role]*client, route Route) *client {
	if len(route.Roles) > 0 && !route.public() {
		return who[route.Roles[0]]
	}
	return who[models.Admin]
}

func TestMatrixWhoMay(t *testing.T) {
	s := newSite(t)
	who := cast(t, s)
	for _, route := range s.routes() {
		if route.public() {
			continue
		}
		path, body, headers := request(t, route)
		if r := s.anybody(t).do(route.Method, path, body, headers...); r.status != http.StatusUnauthorized {
			t.Errorf("%s %s without a session = %d, want 401: %s", route.Method, route.Path, r.status, r.body)
		}
		for _, role := range models.Roles {
			if len(route.Roles) == 0 || role == models.Admin || slices.Contains(route.Roles, role) {
				continue
			}
			if r := who[role].do(route.Method, path, body, headers...); r.status != http.StatusForbidden {
				t.Errorf("%s %s as %s = %d, want 403: %s", route.Method, route.Path, role, r.status, r.body)
			}
		}
		if route.SessionOnly {
			if r := who[models.Admin].do(route.Method, path, body, headers...); r.status != http.StatusForbidden {
				t.Errorf("%s %s by a token = %d, want 403: %s", route.Method, route.Path, r.status, r.body)
			}
		}
	}
}

// TestMatrixUnknownRecord: what doesn't exist is not found, by a good id and by one that is none.
func TestMatrixUnknownRecord(t *testing.T) {
	s := newSite(t)
	who := cast(t, s)
	for _, route := range s.routes() {
		if !strings.Contains(route.Path, "{") || route.SessionOnly {
			continue
		}
		path, body, headers := request(t, route)
		c := allowed(who, route)
		if r := c.do(route.Method, path, body, headers...); r.status != http.StatusNotFound {
			t.Errorf("%s %s of nothing = %d, want 404: %s\nsent: %v", route.Method, route.Path, r.status, r.body, body)
		}
		none := regexp.MustCompile(`\{[^}]*id\}`).ReplaceAllString(route.Path, "1%20OR%201=1")
		if none == route.Path {
			continue
		}
		if r := c.do(route.Method, filled(none), body, headers...); r.status != http.StatusNotFound {
			t.Errorf("%s %s of no id = %d, want 404: %s", route.Method, route.Path, r.status, r.body)
		}
	}
}

func TestMatrixVersionsAndReadOnly(t *testing.T) {
	s := newSite(t)
	who := cast(t, s)
	reader := readOnly(t, s)
	for _, route := range s.routes() {
		path, body, _ := request(t, route)
		if route.IfMatch && !route.SessionOnly {
			allowed(who, route).refused(http.StatusPreconditionRequired, "If-Match", route.Method, path, body)
			for _, bad := range []string{"1", `"x"`, `"0"`, `"-1"`, "*", `"1", "2"`} {
				allowed(who, route).refused(http.StatusBadRequest, "If-Match", route.Method, path, body, "If-Match", bad)
			}
		}
		if route.Method != http.MethodGet && !route.public() {
			if r := reader.do(route.Method, path, body); r.status != http.StatusForbidden {
				t.Errorf("%s %s by a read-only token = %d, want 403: %s", route.Method, route.Path, r.status, r.body)
			}
		}
	}
}

// readOnly is an administrator's token that may only read.
func readOnly(t *testing.T, s *site) *client {
	t.Helper()
	c := s.as(t, models.Admin)
	err := s.DB.Tx(t.Context(), func(tx *gorm.DB) error {
		token, err := auth.AddToken(t.Context(), tx, models.System("command", s.now), *c.user, auth.AddTokenInput{Name: "reader", Roles: c.user.Roles, ReadOnly: true})
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

// secretColumns are names that no client may set, wherever they are sent.
var secretColumns = []string{"id", "version", "created_at", "updated_at", "password_hash", "login_key", "disabled_at", "user_id", "state", "verdict", "token_hash", "number"}

// TestMatrixMassAssignment adds every column of the reply and every secret one to
// every input that doesn't have it: refused by name.
func TestMatrixMassAssignment(t *testing.T) {
	s := newSite(t)
	who := cast(t, s)
	for _, route := range s.routes() {
		if !route.Handle.takesJSON(route.Method) || route.SessionOnly || route.public() {
			continue
		}
		names := slices.Clone(secretColumns)
		names = append(names, keysOf(route.Handle.out)...)
		path, body, headers := request(t, route)
		has := keysOf(route.Handle.in)
		for _, name := range names {
			if slices.Contains(has, name) {
				continue
			}
			text := strings.TrimSuffix(body.(string), "}")
			if text != "{" {
				text += ","
			}
			more := fmt.Sprintf(`%s%q:"x"}`, text, name)
			var p Problem
			r := allowed(who, route).do(route.Method, path, more, headers...)
			if err := json.Unmarshal(r.body, &p); err != nil || r.status != http.StatusBadRequest || p.Field != name {
				t.Errorf("%s %s with the key %q = %d %q, want 400 of that key: %s", route.Method, route.Path, name, r.status, p.Field, r.body)
			}
		}
	}
}

// keysOf are the JSON names of a struct's own fields.
func keysOf(t reflect.Type) []string {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	var out []string
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name != "" && name != "-" && f.IsExported() {
			out = append(out, name)
		}
	}
	return out
}

// TestMatrixNeverFails sends what nobody should send; no answer is an internal error.
func TestMatrixNeverFails(t *testing.T) {
	s := newSite(t)
	who := cast(t, s)
	admin := who[models.Admin]
	odd := []string{``, `{}`, `[]`, `null`, `"x"`, `{"a":`, `{"name":{"zh":null}}`, strings.Repeat("[", 10000), `{"lots":[null]}`}
	queries := []string{"limit=0", "limit=x", "limit=201", "sort=password_hash", "sort=id;DROP", "cursor=x", "cursor=eyJzIjoiLWlkIiwidiI6IiIsImkiOiIxIn0", "nope=1", "limit=1&limit=2", "%zz", "q='", "state='"}
	for _, route := range s.routes() {
		path, body, headers := request(t, route)
		check := func(c *client, path string, body any) {
			t.Helper()
			if r := c.do(route.Method, path, body, headers...); r.status >= 500 {
				t.Errorf("%s %s with %.60v = %d: %s", route.Method, path, body, r.status, r.body)
			}
		}
		check(admin, path, body)
		if route.Handle.takesJSON(route.Method) {
			for _, text := range odd {
				check(admin, path, text)
			}
		}
		if route.Method != http.MethodGet {
			continue
		}
		for _, q := range queries {
			if route.List != nil && !strings.Contains(q, "'") {
				if r := admin.do("GET", path+"?"+q, nil); r.status != http.StatusBadRequest && r.status != http.StatusNotFound {
					t.Errorf("GET %s?%s = %d, want 400: %s", path, q, r.status, r.body)
				}
			}
			check(admin, path+"?"+q, nil)
		}
		if route.List != nil {
			for name := range route.List.Filters {
				for _, value := range []string{"x'%20OR%201=1--", "%25", models.NewID().String(), "2026-04-20", "true", ""} {
					check(admin, path+"?"+name+"="+value, nil)
				}
			}
			for _, column := range route.List.Sorts {
				check(admin, path+"?sort="+column, nil)
				check(admin, path+"?sort=-"+column, nil)
			}
		}
	}
	if log := s.log.String(); strings.Contains(log, `"internal error"`) || strings.Contains(log, `"panic"`) {
		t.Errorf("the log holds an internal error: %s", firstLine(log, "ERROR"))
	}
}

func firstLine(text, with string) string {
	for line := range strings.Lines(text) {
		if strings.Contains(line, with) {
			return line
		}
	}
	return ""
}

// TestMatrixTable looks at the rows themselves.
func TestMatrixTable(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range (&Server{}).routes() {
		name := r.Method + " " + r.Path
		if seen[name] {
			t.Errorf("%s is listed twice", name)
		}
		seen[name] = true
		if !strings.HasPrefix(r.Path, "/api/v1/") {
			t.Errorf("%s isn't below /api/v1", name)
		}
		if r.Method == http.MethodGet && (r.IfMatch || r.Idempotent) || r.IfMatch && r.public() {
			t.Errorf("%s: a GET takes no version or key, a public route no version", name)
		}
		if r.Idempotent && r.Handle.outside {
			t.Errorf("%s: outside a transaction no key can be kept", name)
		}
		for _, role := range r.Roles {
			if !r.public() && !slices.Contains(models.Roles, role) {
				t.Errorf("%s: there is no role %q", name, role)
			}
		}
	}
}
