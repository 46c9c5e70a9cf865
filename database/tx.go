package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"time"

	"github.com/go-sql-driver/mysql"
	"gorm.io/gorm"
	"modernc.org/sqlite"

	"recourse/models"
)

const maxTries = 5

// Tx runs body in a transaction that writes, and again from its start when the
// engine says it lost against another (at most five times, COMMIT included).
// The body must be database work only. The error is body's, translated by Err.
func (db *DB) Tx(ctx context.Context, body func(tx *gorm.DB) error) error {
	return retry(ctx, func() error {
		return db.Write.WithContext(ctx).Transaction(body)
	})
}

// View runs body on a read-only snapshot.
func (db *DB) View(ctx context.Context, body func(tx *gorm.DB) error) error {
	return retry(ctx, func() error {
		// modernc.org/sqlite refuses isolation levels; its read pool is query_only.
		opts := &sql.TxOptions{}
		if db.Dialect == MySQL {
			opts = &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}
		}
		return db.Read.WithContext(ctx).Transaction(body, opts)
	})
}

func retry(ctx context.Context, try func() error) error {
	var err error
	for n := range maxTries {
		if err = try(); err == nil || !Retryable(err) || ctx.Err() != nil {
			break
		}
		pause := time.Duration(1+rand.IntN(20<<n)) * time.Millisecond
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
	}
	return Err(err)
}

// Retryable reports whether a transaction that ended in err is worth trying
// again from its start: deadlock (1213), lock wait (1205), changed since read
// (1020), Galera not ready (1047) or out of undo (1180), SQLite busy. A lost
// connection is not: the commit may have happened.
func Retryable(err error) bool {
	var m *mysql.MySQLError
	if errors.As(err, &m) {
		switch m.Number {
		case 1213, 1205, 1020, 1047, 1180:
			return true
		}
		return false
	}
	var s *sqlite.Error
	if errors.As(err, &s) {
		return s.Code()&0xff == 5 || s.Code()&0xff == 6 // SQLITE_BUSY, SQLITE_LOCKED
	}
	return false
}

// Lost reports whether the database could not be reached.
func Lost(err error) bool {
	var n *net.OpError
	return errors.As(err, &n) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, mysql.ErrInvalidConn) ||
		errors.Is(err, io.ErrUnexpectedEOF)
}

// Err translates what an engine reports into models.Error where the user can do
// something about it. It is the only place that looks at engine errors.
func Err(err error) error {
	var known *models.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return models.NotFound("record", "")
	}
	var m *mysql.MySQLError
	var s *sqlite.Error
	number, code := uint16(0), 0
	if errors.As(err, &m) {
		number = m.Number
	}
	if errors.As(err, &s) {
		code = s.Code()
	}
	switch {
	case number == 1062 || code == 2067 || code == 1555:
		return models.Conflict("", "This already exists: a record with the same number, code or id is stored.", "已存在：有相同编号、代码或 ID 的记录。")
	case number == 1452 || number == 1451 || code == 787:
		return models.Conflict("", "A record that this one refers to does not exist, or this one is still referred to.", "所引用的记录不存在，或本记录仍被引用。")
	case number == 1021 || number == 1114 || code&0xff == 13:
		return models.Errorf(models.CodeStorageFull, "", "The database's disk is full: nothing was stored.", "数据库磁盘已满：未保存任何内容。")
	case Retryable(err):
		return models.Errorf(models.CodeUnavailable, "", "The record is in heavy use: try again.", "记录正被频繁使用：请重试。")
	case Lost(err):
		return models.Errorf(models.CodeUnavailable, "", "The database cannot be reached: try again shortly.", "无法连接数据库：请稍后重试。")
	}
	return err
}

// Take loads the one row of T that matches. A missing row is a not_found Error
// in the words given ("inspection", "验货").
func Take[T any](ctx context.Context, tx *gorm.DB, en, zh, where string, args ...any) (*T, error) {
	row, err := gorm.G[T](tx).Where(where, args...).Take(ctx)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, models.NotFound(en, zh)
	}
	if err != nil {
		return nil, err
	}
	return &row, nil
}

// Update writes the named columns of the row with that id and version and
// raises the version by one. Another version in the table is a stale Error that
// carries the current one.
func Update[T any](ctx context.Context, tx *gorm.DB, id models.ID, version int, values map[string]any) error {
	values["version"] = version + 1
	r := tx.WithContext(ctx).Model(new(T)).Where("id = ? AND version = ?", id, version).UpdateColumns(values)
	if r.Error != nil {
		return r.Error
	}
	if r.RowsAffected == 1 {
		return nil
	}
	var current []int
	if err := tx.WithContext(ctx).Model(new(T)).Where("id = ?", id).Pluck("version", &current).Error; err != nil {
		return err
	}
	if len(current) == 0 {
		return models.NotFound("record", "")
	}
	return Stale(current[0])
}

// Stale is the answer to a write that was based on an older version.
func Stale(current int) error {
	e := models.Errorf(models.CodeStale, "", "Somebody changed this in the meantime (it is at version %d now): load it again and repeat your change.",
		"此记录已被他人修改（现为版本 %d）：请重新载入后再改。", current)
	e.Current = map[string]any{"version": current}
	return e
}
