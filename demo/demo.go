// Package demo answers for the example company: a trading house with ten
// suppliers and three years of contracts, inspections and shipments, among them
// the example case, so that every page and report has something to show. All of
// it is written through the same verbs as the API, each act at its own moment in
// the past. It holds no rule of the trade; the parties are invented and the
// photographs drawn. Its invariant: the company is loaded whole, into a database
// that nobody uses yet, or not at all.
package demo

import (
	"cmp"
	"context"
	"io"
	"math/rand/v2"
	"time"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/cases"
	"recourse/database"
	"recourse/files"
	"recourse/models"
)

// Options say when the company stands and how its people sign in.
type Options struct {
	Now          time.Time
	Zone         *time.Location // of the trade's dates
	PasswordHash string         // of the one password that all of them share
	PhotoWidth   int            // pixels of a drawn photograph; 0 means 1200
	Currency     string         // base currency of the company's books
}

// Loaded counts what was written.
type Loaded struct {
	Contracts   int64
	Inspections int64
	Shipments   int64
	Scorecards  int64
	Case        *cases.Result // of the example case
}

// seed makes every run draw the same company.
const seed = 20260302

// Empty reports whether nobody uses the database yet: it has no user and no contract.
func Empty(ctx context.Context, db *database.DB) (bool, error) {
	empty := false
	err := db.View(ctx, func(tx *gorm.DB) error {
		users, err := gorm.G[models.User](tx).Count(ctx, "id")
		if err != nil {
			return err
		}
		contracts, err := gorm.G[models.Contract](tx).Count(ctx, "id")
		empty = users == 0 && contracts == 0
		return err
	})
	return empty, err
}

// Load fills an empty database with the example company in one transaction, and
// seals what it did. A database in use is a conflict.
func Load(ctx context.Context, db *database.DB, archive *files.Archive, o Options) (*Loaded, error) {
	empty, err := Empty(ctx, db)
	if err != nil {
		return nil, err
	}
	if !empty {
		return nil, models.Conflict("", "This database is in use: the example company is loaded into a fresh one only, such as a new data folder.",
			"此数据库已在使用：示例公司只能装入全新的数据库，例如新的数据文件夹。")
	}
	story, err := readStory()
	if err != nil {
		return nil, err
	}
	pictures, err := takePictures(ctx, archive, story, cmp.Or(o.PhotoWidth, photoWidth))
	if err != nil {
		return nil, err
	}
	var result *cases.Result
	err = db.Tx(ctx, func(tx *gorm.DB) (err error) {
		c := company{
			ctx: ctx, tx: tx, story: story, pictures: pictures.forNeighbours(), now: o.Now, zone: o.Zone,
			rng: rand.New(rand.NewPCG(seed, 1)), people: map[string]models.User{}, parties: map[string]models.Party{},
			trusts: map[string]*trust{},
		}
		if err := c.employ(o.PasswordHash); err != nil {
			return err
		}
		if err := c.open(pictures.ofCase, &result); err != nil {
			return err
		}
		return c.live()
	})
	if err != nil {
		return nil, err
	}
	// What the records say follows from them: it is computed, and published, after they are stored.
	holder := models.NewID().String()
	if err := audit.SealWaiting(ctx, db, holder, o.Now); err != nil {
		return nil, err
	}
	if err := scoreSuppliers(ctx, db, o, holder); err != nil {
		return nil, err
	}
	loaded := &Loaded{Case: result}
	return loaded, db.View(ctx, func(tx *gorm.DB) error { return loaded.count(tx.WithContext(ctx)) })
}

func (l *Loaded) count(tx *gorm.DB) error {
	for _, t := range []struct {
		record any
		into   *int64
	}{{&models.Contract{}, &l.Contracts}, {&models.Inspection{}, &l.Inspections}, {&models.Shipment{}, &l.Shipments}, {&models.Scorecard{}, &l.Scorecards}} {
		if err := tx.Model(t.record).Count(t.into).Error; err != nil {
			return err
		}
	}
	return nil
}

// opened is a file's bytes as a file.
type opened struct{ io.ReadSeeker }

func (opened) Close() error { return nil }
