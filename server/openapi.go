package server

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/swaggest/jsonschema-go"
	"github.com/swaggest/openapi-go"
	"github.com/swaggest/openapi-go/openapi31"

	"recourse/database"
	"recourse/models"
)

// OpenAPI is the description of the API (OpenAPI 3.1, JSON), made from the table of routes.
func (s *Server) OpenAPI() ([]byte, error) { return s.spec() }

// Describe is OpenAPI without a running server or a database.
func Describe(version string) ([]byte, error) {
	s, err := New(Config{Version: version}, nil, nil)
	if err != nil {
		return nil, err
	}
	return s.OpenAPI()
}

func (s *Server) describe() ([]byte, error) {
	r := openapi31.NewReflector()
	r.DefaultOptions = append(r.DefaultOptions, jsonschema.InterceptSchema(ownTypes), jsonschema.InterceptProp(ownFields), jsonschema.InterceptNullability(ownNulls),
		jsonschema.StripDefinitionNamePrefix("Models", "Auth", "Audit", "Server", "Sampling", "Contracts", "Inspections", "Files", "Claims", "Recovery", "Scorecards"))
	r.InterceptDefName(plainName)
	r.Spec.Info.WithTitle("Recourse").WithVersion(s.Config.Version).
		WithDescription("From a contract's quality standard to a signed-off inspection report. Errors are problems (RFC 9457) in English or Chinese by Accept-Language. " +
			"Records carry a version: it comes as ETag and goes back as If-Match.")
	r.Spec.SetAPIKeySecurity("cookie", s.cookieName(), openapi.InCookie, "A browser's session, from POST /api/v1/session")
	r.Spec.SetHTTPBearerTokenSecurity("token", "opaque", "An API token, from POST /api/v1/tokens")
	for _, route := range s.routes() {
		if err := describeRoute(r, route); err != nil {
			return nil, fmt.Errorf("describe %s %s: %w", route.Method, route.Path, err)
		}
	}
	return json.MarshalIndent(r.Spec, "", " ")
}

func describeRoute(r *openapi31.Reflector, route Route) error {
	op, err := r.NewOperationContext(route.Method, route.Path)
	if err != nil {
		return err
	}
	op.SetSummary(route.Summary)
	op.SetTags(route.Tag)
	op.SetID(operationID(route))
	if !route.public() {
		op.AddSecurity("cookie")
		op.AddSecurity("token")
		if len(route.Roles) > 0 {
			op.SetDescription("Roles: " + rolesList(route.Roles) + ".")
		}
	}
	if parameters := parametersOf(route); parameters != nil {
		op.AddReqStructure(reflect.New(parameters).Interface())
	}
	e := route.Handle
	switch {
	case e.takesJSON(route.Method):
		op.AddReqStructure(reflect.New(e.in).Interface())
	case e.in == reflect.TypeFor[Raw]():
		op.AddReqStructure(new(string), openapi.WithContentType("application/octet-stream"))
	}
	switch e.out {
	case reflect.TypeFor[none]():
		op.AddRespStructure(nil, openapi.WithHTTPStatus(route.status()))
	case reflect.TypeFor[Blob]():
		op.AddRespStructure(new(string), openapi.WithContentType("application/octet-stream"), openapi.WithHTTPStatus(route.status()))
	default:
		op.AddRespStructure(reflect.New(e.out).Interface(), openapi.WithHTTPStatus(route.status()))
	}
	op.AddRespStructure(Problem{}, openapi.WithContentType("application/problem+json"), func(cu *openapi.ContentUnit) {
		cu.IsDefault, cu.Description = true, "What went wrong"
	})
	return r.AddOperation(op)
}

// operationID names an operation by method and path: get_users_id.
func operationID(route Route) string {
	words := strings.FieldsFunc(strings.TrimPrefix(route.Path, "/api/v1"), func(r rune) bool { return strings.ContainsRune("/{}-", r) })
	return strings.ToLower(route.Method) + "_" + strings.Join(words, "_")
}

var pathParameter = regexp.MustCompile(`\{([a-z_0-9]+)\}`)

// parametersOf is a struct with a field for each parameter in path, query and headers; nil when there is none.
func parametersOf(route Route) reflect.Type {
	var fields []reflect.StructField
	add := func(t reflect.Type, format string, args ...any) {
		fields = append(fields, reflect.StructField{Name: "P" + strconv.Itoa(len(fields)), Type: t, Tag: reflect.StructTag(fmt.Sprintf(format, args...))})
	}
	text := reflect.TypeFor[string]()
	for _, m := range pathParameter.FindAllStringSubmatch(route.Path, -1) {
		add(text, `path:"%s" required:"true"`, m[1])
	}
	if route.IfMatch {
		add(text, `header:"If-Match" required:"true" description:"The ETag of the version that is changed"`)
	}
	if route.Idempotent {
		add(text, `header:"Idempotency-Key" maxLength:"100" description:"A key of one's own: the same request sent again has one effect and the same answer, for 90 days"`)
	}
	if l := route.List; l != nil {
		add(reflect.TypeFor[int](), `query:"limit" minimum:"1" maximum:"%d" default:"50"`, database.MaxLimit)
		add(text, `query:"cursor" description:"next_cursor of the page before"`)
		add(text, `query:"sort" default:"%s" description:"One of %s; a minus in front for descending"`, l.Default, strings.Join(l.Sorts, ", "))
		names := make([]string, 0, len(l.Filters))
		for name := range l.Filters {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			f := l.Filters[name]
			if len(f.Values) > 0 {
				add(text, `query:"%s" enum:"%s"`, name, strings.Join(f.Values, ","))
				continue
			}
			add(filterType(f.Kind), `query:"%s"`, name)
		}
	}
	if route.Handle.takesQuery(route.Method) {
		for i := range route.Handle.in.NumField() {
			f := route.Handle.in.Field(i)
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			required := strings.Contains(f.Tag.Get("validate"), "required")
			add(f.Type, `query:"%s" required:"%v"`, name, required)
		}
	}
	if len(fields) == 0 {
		return nil
	}
	return reflect.StructOf(fields)
}

func filterType(k database.FilterKind) reflect.Type {
	switch k {
	case database.FilterID:
		return reflect.TypeFor[models.ID]()
	case database.FilterDate:
		return reflect.TypeFor[models.Date]()
	case database.FilterBool:
		return reflect.TypeFor[bool]()
	}
	return reflect.TypeFor[string]()
}

const (
	datePattern    = `^([0-9]{4}-[0-9]{2}-[0-9]{2})?$`
	decimalPattern = `^(-?[0-9]{1,15}(\.[0-9]{1,9})?)?$`
)

// ownTypes describes the exact values, which are not what their Go kinds suggest.
func ownTypes(p jsonschema.InterceptSchemaParams) (stop bool, err error) {
	if p.Processed || !p.Value.IsValid() {
		return false, nil
	}
	t := p.Value.Type()
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	s := p.Schema
	text := func() *jsonschema.Schema { s.AddType(jsonschema.String); return s }
	switch t {
	case reflect.TypeFor[models.ID]():
		text().WithFormat("uuid")
	case reflect.TypeFor[models.SHA256]():
		text().WithPattern("^[0-9a-f]{64}$")
	case reflect.TypeFor[models.Date]():
		text().WithPattern(datePattern).WithDescription("2026-04-20; empty when not known")
	case reflect.TypeFor[models.Decimal]():
		text().WithPattern(decimalPattern).WithDescription("An exact decimal number with the digits as written")
	case reflect.TypeFor[models.Quantity]():
		s.AddType(jsonschema.Number)
		s.WithMinimum(0).WithDescription("At most three digits after the point")
	case reflect.TypeFor[models.Money]():
		s.AddType(jsonschema.Object)
		amount := (&jsonschema.Schema{}).WithType(jsonschema.String.Type()).WithPattern(decimalPattern)
		currency := (&jsonschema.Schema{}).WithType(jsonschema.String.Type()).WithPattern("^[A-Z]{3}$")
		s.WithPropertiesItem("amount", amount.ToSchemaOrBool()).WithPropertiesItem("currency", currency.ToSchemaOrBool()).WithRequired("amount", "currency")
	case reflect.TypeFor[time.Time]():
		text().WithFormat("date-time")
	default:
		return false, nil
	}
	return true, nil
}

// ownFields takes the bounds of inputs from their validate tags, as far as JSON Schema has them.
func ownFields(p jsonschema.InterceptPropParams) error {
	if !p.Processed || p.ParentSchema == nil {
		return nil
	}
	rules, inner, _ := strings.Cut(p.Field.Tag.Get("validate"), "dive")
	required := false
	for rule := range strings.SplitSeq(rules, ",") {
		name, value, _ := strings.Cut(rule, "=")
		switch name {
		case "required":
			required = true
		case "oneof":
			enumOf(p.PropertySchema, value)
		case "max":
			boundOf(p.PropertySchema, p.Field.Type, value)
		}
	}
	for rule := range strings.SplitSeq(inner, ",") {
		if value, is := strings.CutPrefix(rule, "oneof="); is && p.PropertySchema.Items != nil && p.PropertySchema.Items.SchemaOrBool != nil {
			enumOf(p.PropertySchema.Items.SchemaOrBool.TypeObject, value)
		}
	}
	if required && !slices.Contains(p.ParentSchema.Required, p.Name) {
		p.ParentSchema.Required = append(p.ParentSchema.Required, p.Name)
	}
	return nil
}

func enumOf(s *jsonschema.Schema, values string) {
	if s == nil || s.Ref != nil {
		return
	}
	for v := range strings.FieldsSeq(values) {
		s.Enum = append(s.Enum, v)
	}
	if s.HasType(jsonschema.Null) {
		s.Enum = append(s.Enum, nil)
	}
}

func boundOf(s *jsonschema.Schema, t reflect.Type, value string) {
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil || s.Ref != nil {
		return
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t.Kind() == reflect.String && t != reflect.TypeFor[models.Date]():
		s.WithMaxLength(n)
	case t.Kind() == reflect.Slice:
		s.WithMaxItems(n)
	case t.Kind() >= reflect.Int && t.Kind() <= reflect.Int64:
		s.WithMaximum(float64(n))
	}
}

// ownNulls keeps null away from lists and maps: they are replied as null only where a pointer says so.
func ownNulls(p jsonschema.InterceptNullabilityParams) {}

// plainName makes "database.Page[recourse/models.User]" a readable UserPage.
func plainName(t reflect.Type, name string) string {
	base, of, generic := strings.Cut(t.Name(), "[")
	if !generic {
		return name
	}
	of = strings.TrimSuffix(of[strings.LastIndex(of, ".")+1:], "]")
	return of + base
}

var _ = http.StatusOK
