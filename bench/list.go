package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"
)

const (
	smallList  = 10_000
	mediumList = 100_000
	pageTries  = 30

	characteristicsListed = 20 // of the standard that the listed lots are inspected by
)

// measureLists compares a page of a small list with the same page of a large one.
func measureLists(ctx context.Context, b *bench) error {
	for _, e := range b.engines() {
		if err := lists(ctx, b, e); err != nil {
			return fmt.Errorf("%s: %w", e.name, err)
		}
	}
	return nil
}

func lists(ctx context.Context, b *bench, e engine) error {
	small, err := b.list(ctx, e, smallList)
	if err != nil {
		return err
	}
	large, err := b.list(ctx, e, b.rows)
	if err != nil {
		return err
	}
	for _, page := range pages {
		if err := comparePages(ctx, b, e, small, large, page); err != nil {
			return fmt.Errorf("%s: %w", page.name, err)
		}
	}
	return nil
}

// pages are what is asked of both lists.
var pages = []struct {
	name, query string
	deep        bool // from the middle of the list
}{
	{"newest first", "", false},
	{"newest first, deep cursor", "", true},
	{"by state", "state=submitted", false},
	{"by supplier", "supplier_id=SUPPLIER", false},
	{"by supplier and state", "supplier_id=SUPPLIER&state=submitted", false},
	{"by date", "sort=planned_on", false},
	{"by date, deep cursor", "sort=-planned_on", true},
}

func comparePages(ctx context.Context, b *bench, e engine, small, large *list, page struct {
	name, query string
	deep        bool
}) error {
	var times [2][]float64
	for try := range pageTries {
		for i, l := range [2]*list{small, large} {
			path, err := l.path(ctx, page.query, page.deep)
			if err != nil {
				return err
			}
			begun := time.Now()
			text, err := l.site.do(ctx, "GET", path, nil)
			if err != nil {
				return err
			}
			if try > 1 { // the first ones warm the caches
				times[i] = append(times[i], time.Since(begun).Seconds())
			}
			if err := full(text); err != nil {
				return err
			}
		}
	}
	few, many := median(times[0]), median(times[1])
	b.ratio(fmt.Sprintf("list, %s: %s", e.name, page.name), fmt.Sprintf("%s of %d, %s of %d", seconds(few), smallList, seconds(many), b.rows), many/few, 2, false)
	return nil
}

const pageSize = 50

// full refuses a page that holds less than was asked for: its time would say nothing.
func full(text []byte) error {
	var page struct{ Items []json.RawMessage }
	if err := json.Unmarshal(text, &page); err != nil {
		return err
	}
	if len(page.Items) != pageSize {
		return fmt.Errorf("the page holds %d inspections, not %d", len(page.Items), pageSize)
	}
	return nil
}

// list is a site with so many inspections.
type list struct {
	*filling
	site  *site
	paths map[string]string
}

// list fills so many inspections, at the first call.
func (b *bench) list(ctx context.Context, e engine, rows int) (*list, error) {
	name := fmt.Sprintf("list_%d", rows)
	if known := b.lists[e.name+name]; known != nil {
		return known, nil
	}
	begun := time.Now()
	db, err := e.open(ctx, b, name)
	if err != nil {
		return nil, err
	}
	c, err := found(ctx, db, 1, characteristicsListed)
	if err != nil {
		return nil, err
	}
	archive, err := b.archive(ctx)
	if err != nil {
		return nil, err
	}
	l := &list{paths: map[string]string{}}
	if l.filling, err = fill(ctx, c, archive, rows); err != nil {
		return nil, err
	}
	b.note(fmt.Sprintf("fill %d inspections, %s", rows, e.name), seconds(time.Since(begun).Seconds()))
	if l.site, err = serveFiles(ctx, c, archive); err != nil {
		return nil, err
	}
	b.lists[e.name+name] = l
	return l, nil
}

// close ends the sites of all lists.
func (b *bench) close() (err error) {
	for _, l := range b.lists {
		err = errors.Join(err, l.site.close())
	}
	return err
}

// path is the address of a page; a deep one continues behind the middle row.
func (l *list) path(ctx context.Context, query string, deep bool) (string, error) {
	if known, ok := l.paths[query+fmt.Sprint(deep)]; ok {
		return known, nil
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return "", err
	}
	values.Set("limit", fmt.Sprint(pageSize))
	if values.Has("supplier_id") {
		values.Set("supplier_id", l.suppliers[1].String())
	}
	if deep {
		cursor, err := l.middle(ctx, values)
		if err != nil {
			return "", err
		}
		values.Set("cursor", cursor)
	}
	path := "/api/v1/inspections?" + values.Encode()
	l.paths[query+fmt.Sprint(deep)] = path
	return path, nil
}

// middle is the first page's cursor moved to the row in the middle, which is
// quicker than walking there.
func (l *list) middle(ctx context.Context, values url.Values) (string, error) {
	text, err := l.site.do(ctx, "GET", "/api/v1/inspections?"+values.Encode(), nil)
	if err != nil {
		return "", err
	}
	var page struct {
		Next string `json:"next_cursor"`
	}
	if err := json.Unmarshal(text, &page); err != nil {
		return "", err
	}
	raw, err := base64.RawURLEncoding.DecodeString(page.Next)
	if err != nil {
		return "", err
	}
	cursor := map[string]string{}
	if err := json.Unmarshal(raw, &cursor); err != nil {
		return "", err
	}
	n := l.rows / 2
	cursor["i"] = numbered(kindVisit, n).String()
	if cursor["v"] = cursor["i"]; values.Has("sort") {
		cursor["v"] = plannedOn(n, l.rows)
	}
	return base64.RawURLEncoding.EncodeToString(mustJSON(cursor)), nil
}
