package database

import (
	"context"
	"fmt"
	"sync"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

const (
	numbersKey = "recourse:numbers"
	blockSize  = 20
)

// numbers hands out numbers people quote. On MySQL a process takes a block of
// them in a transaction of its own, so that the counter row is not hot and a
// number may stay unused; SQLite has one writer, so there the number is taken in
// the caller's transaction and none is lost.
type numbers struct {
	db     *DB
	mu     sync.Mutex
	blocks map[string]*block
}

type block struct{ next, end int64 }

// NextNumber is the next number of a series, "INS" and 2026 → "INS-2026-000123". Gaps are
// possible. tx must come from DB.Tx.
func NextNumber(ctx context.Context, tx *gorm.DB, prefix string, year int) (string, error) {
	v, ok := tx.Get(numbersKey)
	if !ok {
		return "", fmt.Errorf("database: NextNumber outside DB.Tx")
	}
	series := fmt.Sprintf("%s-%d", prefix, year)
	n, err := v.(*numbers).next(ctx, tx, series)
	if err != nil {
		return "", fmt.Errorf("take a number of %s: %w", series, err)
	}
	return fmt.Sprintf("%s-%06d", series, n), nil
}

// NextGaplessNumber is the next number of a series in which none may be missing,
// "DN" and 2026 → "DN-2026-0001". It is taken in the caller's transaction on
// every engine, so one that rolls back gives its number back; until it ends,
// other transactions wait for the series. The series have a table of their own,
// or the locks held here would keep a block from being taken beside them.
func NextGaplessNumber(ctx context.Context, tx *gorm.DB, prefix string, year int) (string, error) {
	series := fmt.Sprintf("%s-%d", prefix, year)
	// The row is made first: an update that finds none locks the gap around it until
	// this transaction ends, and NextNumber of another series would wait for that.
	err := makeSeries(tx.WithContext(ctx), series)
	n := int64(0)
	if err == nil {
		n, err = takeBlock(ctx, tx, series, 1)
	}
	if err != nil {
		return "", fmt.Errorf("take a number of %s: %w", series, err)
	}
	return fmt.Sprintf("%s-%04d", series, n), nil
}

func (s *numbers) next(ctx context.Context, tx *gorm.DB, series string) (int64, error) {
	if s.db.Dialect == SQLite {
		return takeBlock(ctx, tx, series, 1)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.blocks[series]
	if b == nil || b.next >= b.end {
		var start int64
		err := s.db.Tx(ctx, func(own *gorm.DB) (err error) {
			start, err = takeBlock(ctx, own, series, blockSize)
			return err
		})
		if err != nil {
			return 0, err
		}
		b = &block{start, start + blockSize}
		s.blocks[series] = b
	}
	b.next++
	return b.next - 1, nil
}

type numberBlock struct {
	Name   string `gorm:"primaryKey"`
	NextNo int64
}

// makeSeries makes the counter of a series unless there is one.
func makeSeries(tx *gorm.DB, series string) error {
	return tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&numberBlock{Name: series, NextNo: 1}).Error
}

// takeBlock moves the counter on and returns where it stood: the update comes
// first, so the row is locked before it is read. A series' first number makes it.
func takeBlock(ctx context.Context, tx *gorm.DB, series string, size int64) (int64, error) {
	tx = tx.WithContext(ctx)
	move := func() *gorm.DB {
		return tx.Model(&numberBlock{}).Where("name = ?", series).UpdateColumn("next_no", gorm.Expr("next_no + ?", size))
	}
	moved := move()
	if moved.Error == nil && moved.RowsAffected == 0 {
		if err := makeSeries(tx, series); err != nil {
			return 0, err
		}
		moved = move()
	}
	if moved.Error != nil {
		return 0, moved.Error
	}
	row, err := gorm.G[numberBlock](tx).Where("name = ?", series).Take(ctx)
	return row.NextNo - size, err
}
