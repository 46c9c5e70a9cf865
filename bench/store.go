package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/models"
)

const (
	products        = 100
	characteristics = 30 // with their readings 300 rows
	storeRounds     = 12
	storeTime       = 500 * time.Millisecond // of each side in a round
)

// measureStoring compares storing a full inspection over HTTP with database/sql
// that writes the same rows in one transaction.
func measureStoring(ctx context.Context, b *bench) error {
	for _, e := range b.engines() {
		if err := storing(ctx, b, e); err != nil {
			return fmt.Errorf("%s: %w", e.name, err)
		}
	}
	return nil
}

// storing measures one engine. Either side has a database of its own with the
// same company in it.
func storing(ctx context.Context, b *bench, e engine) (err error) {
	api, err := newAPI(ctx, b, e, "api")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, api.site.close()) }()
	other, err := newAPI(ctx, b, e, "plain")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, other.site.close()) }()
	plain, err := other.sample(ctx)
	if err != nil {
		return err
	}
	for _, clients := range []int{1, 8} {
		var theirs, ours, ratios []float64
		for range storeRounds {
			a, err := rate(ctx, clients, api.store, api.seal)
			if err != nil {
				return fmt.Errorf("over HTTP: %w", err)
			}
			p, err := rate(ctx, clients, plain.write, func(context.Context) error { return nil })
			if err != nil {
				return fmt.Errorf("database/sql: %w", err)
			}
			ours, theirs, ratios = append(ours, a), append(theirs, p), append(ratios, a/p)
		}
		name := fmt.Sprintf("store a full inspection, %s, %d client(s)", e.name, clients)
		b.ratio(name, fmt.Sprintf("%.0f/s over HTTP, %.0f/s database/sql", median(ours), median(theirs)), median(ratios), 0.5, true)
	}
	b.note(fmt.Sprintf("rows of a full inspection, %s", e.name), fmt.Sprintf("%d in %d tables", plain.count, len(plain.tables)))
	return nil
}

// rate runs one act again and again from so many clients, ends with last, and
// returns acts a second.
func rate(ctx context.Context, clients int, act, last func(context.Context) error) (float64, error) {
	var wg sync.WaitGroup
	var done atomic.Int64
	errs := make([]error, clients)
	begun := time.Now()
	for n := range clients {
		wg.Go(func() {
			for time.Since(begun) < storeTime && errs[n] == nil {
				if errs[n] = act(ctx); errs[n] == nil {
					done.Add(1)
				}
			}
		})
	}
	wg.Wait()
	err := errors.Join(append(errs, last(ctx))...)
	return float64(done.Load()) / time.Since(begun).Seconds(), err
}

// api stores inspections over HTTP.
type api struct {
	company *company
	site    *site
	bodies  [][]byte // one per lot
	next    atomic.Int64
}

func newAPI(ctx context.Context, b *bench, e engine, name string) (*api, error) {
	db, err := e.open(ctx, b, name)
	if err != nil {
		return nil, err
	}
	c, err := found(ctx, db, products, characteristics)
	if err != nil {
		return nil, err
	}
	s, err := serve(ctx, b, c)
	if err != nil {
		return nil, err
	}
	a := &api{company: c, site: s}
	for _, lot := range c.lots {
		a.bodies = append(a.bodies, mustJSON(c.record(lot)))
	}
	return a, nil
}

// store sends a new inspection, which is planned and recorded at once.
func (a *api) store(ctx context.Context) error {
	body := a.bodies[int(a.next.Add(1))%len(a.bodies)]
	_, err := a.site.do(ctx, "PUT", "/api/v1/inspections/"+models.NewID().String(), body)
	return err
}

// seal chains what was stored, which the server's job does every two seconds.
func (a *api) seal(ctx context.Context) error {
	const batch = 500 // as the job
	for {
		sealed := 0
		err := a.company.db.Tx(ctx, func(tx *gorm.DB) (err error) {
			sealed, err = audit.Seal(ctx, tx, batch)
			return err
		})
		if err != nil || sealed < batch {
			return err
		}
	}
}

// sample stores one inspection and takes its rows for database/sql to write.
func (a *api) sample(ctx context.Context) (*rows, error) {
	id := models.NewID()
	if _, err := a.site.do(ctx, "PUT", "/api/v1/inspections/"+id.String(), a.bodies[0]); err != nil {
		return nil, err
	}
	if err := a.seal(ctx); err != nil {
		return nil, err
	}
	pool, err := a.company.db.Write.DB()
	if err != nil {
		return nil, err
	}
	return take(ctx, pool, id)
}
