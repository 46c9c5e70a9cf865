package database

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"reflect"
	"strconv"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/schema"

	"recourse/models"
)

// Query is what a reader asked of a list, as text and unchecked.
type Query struct {
	Limit   string
	Cursor  string
	Sort    string // "planned_on", "-planned_on"
	Filters map[string]string
}

// Page is one page of a list; NextCursor is empty on the last one.
type Page[T any] struct {
	Items      []T    `json:"items"`
	NextCursor string `json:"next_cursor"`
}

// FilterKind says how a filter's text is read.
type FilterKind int

// The kinds of filter.
const (
	FilterText   FilterKind = iota // equality
	FilterKey                      // equality on a normalised column (models.Key)
	FilterID                       // a UUID
	FilterDate                     // a date
	FilterBool                     // true or false
	FilterSearch                   // contains, on a normalised search column
)

// Filter is one allowed filter: SQL is a condition with one "?".
type Filter struct {
	SQL    string
	Kind   FilterKind
	Values []string // allowed values, nil for any
}

// List says which filters and sort columns a list allows. Sort columns must not
// be NULL and need an index (column, id). The first is the default.
type List struct {
	Filters map[string]Filter
	Sorts   []string
	Default string // e.g. "-id"
}

// MaxLimit is the largest page.
const MaxLimit = 200

type cursor struct {
	Sort  string `json:"s"`
	Value string `json:"v"`
	ID    string `json:"i"`
}

// Find reads one page of T from scoped (already limited to what the reader may
// see) by keyset: cost does not grow with the number of rows before the page.
func Find[T any](ctx context.Context, scoped *gorm.DB, list List, q Query) (Page[T], error) {
	var page Page[T]
	limit, err := parseLimit(q.Limit)
	if err != nil {
		return page, err
	}
	tx := scoped.WithContext(ctx).Model(new(T))
	for name, text := range q.Filters {
		if tx, err = list.where(tx, name, text); err != nil {
			return page, err
		}
	}
	column, desc, err := list.sort(q.Sort)
	if err != nil {
		return page, err
	}
	field, idField, err := sortFields[T](scoped, column)
	if err != nil {
		return page, err
	}
	table := field.Schema.Table + "."
	if q.Cursor != "" {
		if tx, err = after(tx, table, column, desc, q, field); err != nil {
			return page, err
		}
	}
	direction := ""
	if desc {
		direction = " DESC"
	}
	order := table + column + direction
	if column != "id" {
		order += ", " + table + "id" + direction
	}
	var rows []T
	if err := tx.Order(order).Limit(limit + 1).Find(&rows).Error; err != nil {
		return page, err
	}
	page.Items = rows
	if page.Items == nil {
		page.Items = []T{}
	}
	if len(rows) > limit {
		page.Items = rows[:limit]
		page.NextCursor = encodeCursor(ctx, sortName(column, desc), field, idField, reflect.ValueOf(rows[limit-1]))
	}
	return page, nil
}

func parseLimit(s string) (int, error) {
	if s == "" {
		return 50, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > MaxLimit {
		return 0, models.Errorf(models.CodeMalformed, "limit", "limit must be a number from 1 to %d.", "limit 须为 1 至 %d 的整数。", MaxLimit)
	}
	return n, nil
}

func (l List) where(tx *gorm.DB, name, text string) (*gorm.DB, error) {
	f, ok := l.Filters[name]
	if !ok {
		return nil, models.Errorf(models.CodeMalformed, name, "There is no filter of this name.", "没有此筛选条件。")
	}
	value, err := f.read(name, text)
	if err != nil {
		return nil, err
	}
	return tx.Where(f.SQL, value), nil
}

func (f Filter) read(name, text string) (any, error) {
	bad := func(err error) error {
		var e *models.Error
		if errors.As(err, &e) {
			c := *e
			c.Code, c.Field = models.CodeMalformed, name
			return &c
		}
		return err
	}
	switch f.Kind {
	case FilterID:
		id, err := models.ParseID(name, text)
		if err != nil {
			return nil, bad(err)
		}
		return id, nil
	case FilterDate:
		d, err := models.ParseDate(name, text)
		if err != nil {
			return nil, bad(err)
		}
		return d, nil
	case FilterBool:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return nil, models.Errorf(models.CodeMalformed, name, "must be true or false.", "须为 true 或 false。")
		}
		return b, nil
	case FilterKey:
		return models.Key(text), nil
	case FilterSearch:
		key := strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(models.Key(text))
		return "%" + key + "%", nil
	}
	if len(f.Values) > 0 {
		for _, v := range f.Values {
			if v == text {
				return text, nil
			}
		}
		return nil, models.Errorf(models.CodeMalformed, name, "%q is not one of: %s.", "%q 不在可选值之内：%s。", text, strings.Join(f.Values, ", "))
	}
	return text, nil
}

func (l List) sort(asked string) (column string, desc bool, err error) {
	if asked == "" {
		asked = l.Default
	}
	column, desc = strings.CutPrefix(asked, "-")
	for _, s := range l.Sorts {
		if s == column {
			return column, desc, nil
		}
	}
	return "", false, models.Errorf(models.CodeMalformed, "sort", "Sort by one of: %s (with a minus in front for descending).",
		"可按以下字段排序：%s（前加减号为降序）。", strings.Join(l.Sorts, ", "))
}

func sortName(column string, desc bool) string {
	if desc {
		return "-" + column
	}
	return column
}

func sortFields[T any](tx *gorm.DB, column string) (field, id *schema.Field, err error) {
	stmt := &gorm.Statement{DB: tx}
	if err := stmt.Parse(new(T)); err != nil {
		return nil, nil, err
	}
	return stmt.Schema.LookUpField(column), stmt.Schema.LookUpField("id"), nil
}

func encodeCursor(ctx context.Context, sort string, field, idField *schema.Field, row reflect.Value) string {
	value, _ := field.ValueOf(ctx, row)
	id, _ := idField.ValueOf(ctx, row)
	c := cursor{Sort: sort, Value: keyText(value), ID: keyText(id)}
	b, _ := json.Marshal(c) // three strings cannot fail
	return base64.RawURLEncoding.EncodeToString(b)
}

func keyText(v any) string {
	switch v := v.(type) {
	case models.ID:
		return v.String()
	case time.Time:
		return v.UTC().Format(time.RFC3339Nano)
	case models.Date:
		return string(v)
	case int:
		return strconv.Itoa(v)
	case string:
		return v
	}
	return ""
}

// after continues behind the cursor's row.
func after(tx *gorm.DB, table, column string, desc bool, q Query, field *schema.Field) (*gorm.DB, error) {
	bad := models.Errorf(models.CodeMalformed, "cursor", "The cursor is not one of this list with this sort: take it from next_cursor.",
		"游标不属于此列表及排序：请使用 next_cursor 的值。")
	raw, err := base64.RawURLEncoding.DecodeString(q.Cursor)
	var c cursor
	if err != nil || json.Unmarshal(raw, &c) != nil || c.Sort != sortName(column, desc) {
		return nil, bad
	}
	id, err := models.ParseID("cursor", c.ID)
	if err != nil {
		return nil, bad
	}
	op := " > ?"
	if desc {
		op = " < ?"
	}
	if column == "id" {
		return tx.Where(table+"id"+op, id), nil
	}
	value, err := keyValue(field.FieldType, c.Value)
	if err != nil {
		return nil, bad
	}
	// "col <= v AND (col < v OR id < i)": the first half lets the index find its range.
	inclusive := strings.Replace(op, " ?", "= ?", 1)
	return tx.Where(table+column+inclusive+" AND ("+table+column+op+" OR "+table+"id"+op+")", value, value, id), nil
}

func keyValue(t reflect.Type, s string) (any, error) {
	switch t {
	case reflect.TypeFor[time.Time]():
		return time.Parse(time.RFC3339Nano, s)
	case reflect.TypeFor[models.Date]():
		return models.ParseDate("cursor", s)
	}
	if t.Kind() == reflect.Int {
		return strconv.Atoi(s)
	}
	return s, nil
}
