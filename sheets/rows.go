package sheets

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"strings"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/models"
)

// List is the table of a list of records. With Each, a record gives a row for
// every element of that list in it, whose columns have paths such as
// "lines.quantity"; a record without any gives one row.
type List struct {
	Name    models.Text
	File    string // of the export, without ending
	Each    string
	Columns []Column
}

// Export is the table of all records that the query finds, read page by page
// through the list's own verb, so with its filters and scope. More than MaxRows
// rows end with a too_large Error. Tx is a snapshot.
func Export[T any](ctx context.Context, tx *gorm.DB, by models.Actor, l List, q database.Query, lang string,
	verb func(context.Context, *gorm.DB, models.Actor, database.Query) (database.Page[T], error)) Table {
	return Table{Name: l.Name, Columns: l.Columns, Rows: func(yield func([]any, error) bool) {
		refs, n := references{lang: lang, texts: map[reference]map[string]string{}}, 0
		q.Limit, q.Cursor = fmt.Sprint(database.MaxLimit), ""
		for {
			page, err := verb(ctx, tx, by, q)
			if err != nil {
				yield(nil, err)
				return
			}
			for row, err := range l.rows(ctx, tx, &refs, page.Items) {
				if n++; n > MaxRows {
					err = models.Errorf(models.CodeTooLarge, "", "The list has more than %d rows: narrow it by filters.", "列表超过 %d 行：请用筛选条件缩小范围。", MaxRows)
				}
				if !yield(row, err) || err != nil {
					return
				}
			}
			if q.Cursor = page.NextCursor; q.Cursor == "" {
				return
			}
		}
	}}
}

// rows are the rows of one page of records; what they refer to is loaded once for all.
func (l List) rows(ctx context.Context, tx *gorm.DB, refs *references, items any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		records, err := jsonView(items)
		if err == nil {
			err = refs.load(ctx, tx, l.Columns, records)
		}
		if err != nil {
			yield(nil, err)
			return
		}
		for _, record := range records {
			for _, one := range l.spread(record) {
				row := make([]any, len(l.Columns))
				for i, c := range l.Columns {
					row[i] = refs.value(c, one)
				}
				if !yield(row, nil) {
					return
				}
			}
		}
	}
}

// spread gives the record once for each element of the list named by Each.
func (l List) spread(record map[string]any) []map[string]any {
	elements, _ := record[l.Each].([]any)
	if l.Each == "" || len(elements) == 0 {
		return []map[string]any{record}
	}
	all := make([]map[string]any, len(elements))
	for i, element := range elements {
		one := map[string]any{}
		for name, value := range record {
			one[name] = value
		}
		one[l.Each] = element
		all[i] = one
	}
	return all
}

// jsonView is records as their replies show them, so that an export holds no
// more than the list does.
func jsonView(items any) ([]map[string]any, error) {
	text, err := json.Marshal(items)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber() // quantities stay as they are written
	var records []map[string]any
	return records, d.Decode(&records)
}

// at is the value at a path of a record; those of a list are all returned.
func at(value any, path string) []any {
	name, rest, deeper := strings.Cut(path, ".")
	name, many := strings.CutSuffix(name, "[]")
	object, ok := value.(map[string]any)
	if !ok || object[name] == nil {
		return nil
	}
	within := []any{object[name]}
	if list, is := object[name].([]any); is {
		if !many { // of an Each without elements
			return nil
		}
		within = list
	}
	if !deeper {
		return within
	}
	var found []any
	for _, v := range within {
		found = append(found, at(v, rest)...)
	}
	return found
}
