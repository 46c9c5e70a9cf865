package wire

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strings"
	"sync"
	"time"

	"recourse/models"
)

// shape says how a type is read.
type shape int

const (
	byKind      shape = iota // structs, slices, maps, numbers, texts …
	byText                   // encoding.TextUnmarshaler: IDs, dates, hashes
	byNumber                 // models.Decimal: a string or a number
	byJSON                   // json.Unmarshaler
	asMoney                  // models.Money
	asTime                   // time.Time, RFC 3339
	asRaw                    // json.RawMessage
	asInterface              // any
)

// typeInfo is what the decoder knows about a type.
type typeInfo struct {
	shape  shape
	fields map[string][]int // of a struct: JSON name to field index
	folded map[string]string
}

var (
	textType = reflect.TypeFor[encoding.TextUnmarshaler]()
	jsonType = reflect.TypeFor[json.Unmarshaler]()
)

// typeInfos caches by type what reflection finds, as encoding/json does.
var typeInfos sync.Map

func infoOf(t reflect.Type) *typeInfo {
	if known, ok := typeInfos.Load(t); ok {
		return known.(*typeInfo)
	}
	info := &typeInfo{shape: shapeOf(t)}
	if info.shape == byKind && t.Kind() == reflect.Struct {
		info.fields, info.folded = map[string][]int{}, map[string]string{}
		info.addFields(t, nil)
	}
	typeInfos.Store(t, info)
	return info
}

func shapeOf(t reflect.Type) shape {
	switch t {
	case reflect.TypeFor[models.Decimal]():
		return byNumber
	case reflect.TypeFor[models.Money]():
		return asMoney
	case reflect.TypeFor[time.Time]():
		return asTime
	case reflect.TypeFor[json.RawMessage]():
		return asRaw
	}
	pointer := reflect.PointerTo(t)
	switch {
	case t.Kind() == reflect.Pointer:
		return byKind
	case t.Kind() == reflect.Interface:
		return asInterface
	case pointer.Implements(jsonType):
		return byJSON
	case pointer.Implements(textType):
		return byText
	}
	return byKind
}

// addFields lists the fields by JSON name; those of embedded structs stand beside the others.
func (info *typeInfo) addFields(t reflect.Type, at []int) {
	for i := range t.NumField() {
		f := t.Field(i)
		index := append(append([]int{}, at...), i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "" && f.Type.Kind() == reflect.Struct && shapeOf(f.Type) == byKind:
			info.addFields(f.Type, index)
		case name == "-" || !f.IsExported():
		default:
			if name == "" {
				name = f.Name
			}
			info.fields[name] = index
			info.folded[strings.ToLower(name)] = name
		}
	}
}

// Names lists the JSON names of t's fields with their positions, as Decode knows them.
func Names(t reflect.Type) map[string][]int { return infoOf(t).fields }
