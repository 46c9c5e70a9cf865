package server

import (
	"encoding/json"
	"reflect"
	"sync"
)

// withLists returns the value with every nil list and map in it made empty, so
// that a reply says [] and never null. Values inside maps are left as they are.
func withLists(value any) any {
	v := reflect.ValueOf(value)
	if !v.IsValid() || !holdsLists(v.Type()) {
		return value
	}
	own := reflect.New(v.Type()).Elem()
	own.Set(v)
	fillLists(own)
	return own.Interface()
}

// listHolders caches by type whether there may be a list or map in a value.
var listHolders sync.Map

func holdsLists(t reflect.Type) bool {
	if known, ok := listHolders.Load(t); ok {
		return known.(bool)
	}
	listHolders.Store(t, false) // ends the search in types that hold themselves
	holds := false
	switch {
	case t.Implements(reflect.TypeFor[json.Marshaler]()):
	case t.Kind() == reflect.Pointer:
		holds = holdsLists(t.Elem())
	case t.Kind() == reflect.Slice, t.Kind() == reflect.Map:
		holds = true
	case t.Kind() == reflect.Struct:
		for i := range t.NumField() {
			holds = holdsLists(t.Field(i).Type) && t.Field(i).IsExported() || holds
		}
	}
	listHolders.Store(t, holds)
	return holds
}

func fillLists(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			fillLists(v.Elem())
		}
	case reflect.Map:
		if v.IsNil() {
			v.Set(reflect.MakeMap(v.Type()))
		}
	case reflect.Slice:
		if v.IsNil() {
			v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		}
		if holdsLists(v.Type().Elem()) {
			for i := range v.Len() {
				fillLists(v.Index(i))
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if t := v.Type().Field(i); t.IsExported() && holdsLists(t.Type) {
				fillLists(v.Field(i))
			}
		}
	}
}
