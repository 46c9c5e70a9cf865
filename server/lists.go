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
	holds := searchLists(t, map[reflect.Type]bool{})
	listHolders.Store(t, holds)
	return holds
}

// searchLists looks into a type; seen ends the search in types that hold themselves.
func searchLists(t reflect.Type, seen map[reflect.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	switch {
	case t.Implements(reflect.TypeFor[json.Marshaler]()):
	case t.Kind() == reflect.Pointer:
		return searchLists(t.Elem(), seen)
	case t.Kind() == reflect.Slice, t.Kind() == reflect.Map:
		return true
	case t.Kind() == reflect.Struct:
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() && searchLists(f.Type, seen) {
				return true
			}
		}
	}
	return false
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
