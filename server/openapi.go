package server

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

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
	s, err := New(Config{Version: version}, nil, nil, nil)
	if err != nil {
		return nil, err
	}
	return s.OpenAPI()
}

func (s *Server) describe() ([]byte, error) {
	r := openapi31.NewReflector()
	types := schemas{inputs: inputTypes(s.routes())}
	r.DefaultOptions = append(r.DefaultOptions, jsonschema.InterceptSchema(types.exact), jsonschema.InterceptSchema(types.closed),
		jsonschema.InterceptProp(types.field), jsonschema.InterceptNullability(types.null), jsonschema.InterceptDefName(definitionName))
	for _, exact := range exactTypes {
		r.InlineDefinition(exact)
	}
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
	case e.takesBinary():
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
	if l := route.List; l != nil && l.Sorts != nil {
		add(reflect.TypeFor[int](), `query:"limit" minimum:"1" maximum:"%d" default:"50"`, database.MaxLimit)
		add(text, `query:"cursor" description:"next_cursor of the page before"`)
		add(text, `query:"sort" default:"%s" description:"One of %s; a minus in front for descending"`, l.Default, strings.Join(l.Sorts, ", "))
	}
	if l := route.List; l != nil {
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
