package database

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

type lease struct {
	Name    string `gorm:"primaryKey"`
	Holder  string
	UntilAt time.Time
}

// Lease lets one process at a time do a job: it reports whether holder has the
// named lease until now+length. A lease that ran out can be taken by anybody.
func (db *DB) Lease(ctx context.Context, name, holder string, now time.Time, length time.Duration) (held bool, err error) {
	err = db.Tx(ctx, func(tx *gorm.DB) error {
		fresh := lease{name, holder, now.Add(length)}
		made := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&fresh)
		if made.Error != nil {
			return made.Error
		}
		// RowsAffected of a do-nothing insert differs between engines: ask the row.
		taken := tx.Model(&lease{}).Where("name = ? AND (holder = ? OR until_at <= ?)", name, holder, now).
			UpdateColumns(map[string]any{"holder": holder, "until_at": now.Add(length)})
		held = taken.RowsAffected == 1
		return taken.Error
	})
	return held, err
}

// EndLease gives the lease back early.
func (db *DB) EndLease(ctx context.Context, name, holder string) error {
	return db.Tx(ctx, func(tx *gorm.DB) error {
		return tx.Where("name = ? AND holder = ?", name, holder).Delete(&lease{}).Error
	})
}
