package server

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/swaggest/jsonschema-go"

	"recourse/models"
)

// schemas describes Go types as JSON Schema where they say more than their kinds.
type schemas struct {
	inputs map[reflect.Type]bool // structs that a client sends
}

// exactTypes are described in place, wherever they occur.
var exactTypes = []any{models.ID{}, models.SHA256{}, models.Date(""), models.Decimal{}, models.Percent(0), models.Quantity(0), models.Money{}, models.Role("")}

const (
	datePattern    = `^([0-9]{4}-[0-9]{2}-[0-9]{2})?$`
	decimalPattern = `^(-?[0-9]{1,15}(\.[0-9]{1,9})?)?$`
)

// exact describes the exact values, which are not what their Go kinds suggest.
func (schemas) exact(p jsonschema.InterceptSchemaParams) (stop bool, err error) {
	if p.Processed || !p.Value.IsValid() {
		return false, nil
	}
	s := p.Schema
	text := func() *jsonschema.Schema { s.AddType(jsonschema.String); return s }
	switch pointed(p.Value.Type()) {
	case reflect.TypeFor[models.ID]():
		text().WithFormat("uuid")
	case reflect.TypeFor[models.SHA256]():
		text().WithPattern("^[0-9a-f]{64}$")
	case reflect.TypeFor[models.Date]():
		text().WithPattern(datePattern).WithDescription("2026-04-20; empty when not known")
	case reflect.TypeFor[models.Decimal]():
		text().WithPattern(decimalPattern).WithDescription("An exact decimal number with the digits as written")
	case reflect.TypeFor[models.Percent]():
		text().WithPattern(`^[0-9]{1,3}\.[0-9]{2}$`).WithDescription("A share in per cent with two decimals")
	case reflect.TypeFor[models.Quantity]():
		s.AddType(jsonschema.Number)
		s.WithMinimum(0).WithDescription("At most three digits after the point")
	case reflect.TypeFor[models.Role]():
		for _, r := range models.Roles {
			s.Enum = append(s.Enum, r)
		}
		text()
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

func pointed(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

// closed says that an object has no other keys: unknown ones are refused, and none is replied.
func (schemas) closed(p jsonschema.InterceptSchemaParams) (stop bool, err error) {
	if p.Processed && p.Value.IsValid() && pointed(p.Value.Type()).Kind() == reflect.Struct && len(p.Schema.Properties) > 0 {
		no := false
		p.Schema.WithAdditionalProperties(jsonschema.SchemaOrBool{TypeBoolean: &no})
	}
	return false, nil
}

// field takes the bounds of inputs from their validate tags, as far as JSON
// Schema has them; of what is only replied, every key that is always there is required.
func (t schemas) field(p jsonschema.InterceptPropParams) error {
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
			enumOf(p.PropertySchema, value, strings.Contains(rules, "omitempty") && p.Field.Type.Kind() != reflect.Pointer)
		case "max":
			boundOf(p.PropertySchema, p.Field.Type, value)
		}
	}
	for rule := range strings.SplitSeq(inner, ",") {
		if value, is := strings.CutPrefix(rule, "oneof="); is && p.PropertySchema.Items != nil && p.PropertySchema.Items.SchemaOrBool != nil {
			enumOf(p.PropertySchema.Items.SchemaOrBool.TypeObject, value, false)
		}
	}
	if parent := p.ParentSchema.ReflectType; parent != nil && !t.inputs[pointed(parent)] && p.Field.Tag.Get("json") != "" {
		required = required || !strings.Contains(p.Field.Tag.Get("json"), "omit")
	}
	if required && !slices.Contains(p.ParentSchema.Required, p.Name) {
		p.ParentSchema.Required = append(p.ParentSchema.Required, p.Name)
	}
	return nil
}

func enumOf(s *jsonschema.Schema, values string, emptyToo bool) {
	if s == nil || s.Ref != nil || len(s.Enum) > 0 {
		return
	}
	for v := range strings.FieldsSeq(values) {
		s.Enum = append(s.Enum, v)
	}
	if emptyToo {
		s.Enum = append(s.Enum, "")
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
	switch t = pointed(t); {
	case t.Kind() == reflect.String && t != reflect.TypeFor[models.Date]():
		s.WithMaxLength(n)
	case t.Kind() == reflect.Slice:
		s.WithMaxItems(n)
	case t.Kind() >= reflect.Int && t.Kind() <= reflect.Int64:
		s.WithMaximum(float64(n))
	}
}

// null says null of pointers alone: lists and maps are replied empty.
func (schemas) null(p jsonschema.InterceptNullabilityParams) {
	s := p.Schema
	if p.Type.Kind() != reflect.Pointer {
		if p.NullAdded {
			s.RemoveType(jsonschema.Null)
		}
		return
	}
	if s.Ref != nil && !p.OmitEmpty {
		ref := jsonschema.Schema{Ref: s.Ref}
		null := (&jsonschema.Schema{}).WithType(jsonschema.Null.Type())
		s.Ref, s.Type = nil, nil
		s.AnyOf = []jsonschema.SchemaOrBool{ref.ToSchemaOrBool(), null.ToSchemaOrBool()}
	}
}

// definitionName is Lot for models.Lot, SamplingLot for sampling.Lot and UserPage for a page of users.
func definitionName(t reflect.Type, name string) string {
	if base, of, generic := strings.Cut(t.Name(), "["); generic {
		return strings.TrimSuffix(of[strings.LastIndex(of, ".")+1:], "]") + base
	}
	for _, prefix := range []string{"Models", "Server", "Auth"} {
		if rest, has := strings.CutPrefix(name, prefix); has && strings.HasPrefix(rest, strings.ToUpper(rest[:min(1, len(rest))])) {
			return rest
		}
	}
	return name
}

// inputTypes are the structs that a client may send, with those inside them.
func inputTypes(routes []Route) map[reflect.Type]bool {
	found := map[reflect.Type]bool{}
	var add func(t reflect.Type)
	add = func(t reflect.Type) {
		switch t.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Array:
			add(t.Elem())
		case reflect.Struct:
			if found[t] {
				return
			}
			found[t] = true
			for i := range t.NumField() {
				add(t.Field(i).Type)
			}
		}
	}
	for _, r := range routes {
		if r.Handle.takesJSON(r.Method) {
			add(r.Handle.in)
		}
	}
	return found
}
