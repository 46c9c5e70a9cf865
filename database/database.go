// Package database answers for how records reach an engine: opening SQLite or
// MySQL/MariaDB, migrating, transactions that are retried as a whole, numbers
// people quote, one reader of lists, guarded updates, and the translation of
// engine errors into models.Error. It knows no rule of the trade. Its
// invariants: the body of a transaction may run several times and is database
// work only; no user text ever becomes part of an SQL fragment.
package database

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"
	gormmysql "gorm.io/driver/mysql"
	gormsqlite "gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
	_ "modernc.org/sqlite" // the engine of the embedded default
)

// The dialects.
const (
	SQLite = "sqlite"
	MySQL  = "mysql"
)

// DB is an open database: a pool that writes and a pool that reads. On SQLite
// the write pool is one connection, so nothing inside a transaction may use it again.
type DB struct {
	Write   *gorm.DB
	Read    *gorm.DB
	Dialect string
	numbers *numbers
}

// Config says where the database is. URL is sqlite:///abs/path/recourse.db or
// mysql://user:password@host:port/name, optionally with ?tls=true.
type Config struct {
	URL      string
	MaxConns int // MySQL only; default 40
}

// Open connects, without migrating. SQLite's file and folder are made when missing.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	u, err := url.Parse(cfg.URL)
	if err != nil {
		return nil, fmt.Errorf("database URL is not a URL of the form sqlite:///path or mysql://user:password@host:port/name")
	}
	switch u.Scheme {
	case "sqlite":
		return openSQLite(ctx, u.Path)
	case "mysql":
		return openMySQL(ctx, u, cfg.MaxConns)
	}
	return nil, fmt.Errorf("database URL has scheme %q: use sqlite:///path or mysql://user:password@host:port/name", u.Scheme)
}

// Waiting for another process's lock ends after half a second a try: SQLite doesn't hear
// the context while it waits, and five tries have to end within 5 s.
const sqliteOptions = "?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(500)&_pragma=foreign_keys(1)" +
	"&_pragma=journal_size_limit(67108864)&_pragma=temp_store(2)&_pragma=cache_size(-16000)&_time_format=sqlite&_texttotime=1"

func openSQLite(ctx context.Context, path string) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() + sqliteOptions
	write, err := openPool(ctx, gormsqlite.Dialector{DriverName: "sqlite", DSN: dsn + "&_txlock=immediate"}, 1)
	if err != nil {
		return nil, err
	}
	read, err := openPool(ctx, gormsqlite.Dialector{DriverName: "sqlite", DSN: dsn + "&_pragma=query_only(1)&_txlock=deferred"}, 8)
	if err != nil {
		return nil, err
	}
	return newDB(write, read, SQLite), nil
}

func openMySQL(ctx context.Context, u *url.URL, maxConns int) (*DB, error) {
	password, _ := u.User.Password()
	c := mysql.NewConfig()
	c.User, c.Passwd = u.User.Username(), password
	c.Net, c.Addr, c.DBName = "tcp", u.Host, strings.TrimPrefix(u.Path, "/")
	c.TLSConfig = u.Query().Get("tls")
	c.ParseTime, c.Loc, c.ClientFoundRows, c.InterpolateParams = true, time.UTC, true, true
	c.Collation = "utf8mb4_unicode_ci"
	c.Timeout, c.ReadTimeout, c.WriteTimeout = 5*time.Second, 60*time.Second, 30*time.Second
	c.Params = map[string]string{
		"time_zone": "'+00:00'",
		"sql_mode":  "'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
		// A page filtered by two columns reads one index in the list's order and stops when it is
		// full; an intersection of two would read and sort every match first.
		"optimizer_switch": "'index_merge_intersection=off'",
	}
	if known, err := knowsSnapshotIsolation(ctx, c); err != nil {
		return nil, err
	} else if known {
		c.Params["innodb_snapshot_isolation"] = "1"
	}
	if maxConns == 0 {
		maxConns = 40
	}
	pool, err := openPool(ctx, gormmysql.New(gormmysql.Config{DSN: c.FormatDSN(), SkipInitializeWithVersion: true, DisableDatetimePrecision: false}), maxConns)
	if err != nil {
		return nil, err
	}
	return newDB(pool, pool, MySQL), nil
}

// knowsSnapshotIsolation asks MariaDB whether it can refuse, with 1020, a write
// based on a row that changed since it was read.
func knowsSnapshotIsolation(ctx context.Context, c *mysql.Config) (bool, error) {
	db, err := sql.Open("mysql", c.FormatDSN())
	if err != nil {
		return false, fmt.Errorf("open the database: %w", err)
	}
	defer db.Close()
	var name, value string
	err = db.QueryRowContext(ctx, "SHOW VARIABLES LIKE 'innodb_snapshot_isolation'").Scan(&name, &value)
	if err == sql.ErrNoRows {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("open the database: %w", err)
	}
	return true, nil
}

func openPool(ctx context.Context, dialector gorm.Dialector, conns int) (*gorm.DB, error) {
	g, err := gorm.Open(dialector, &gorm.Config{
		SkipDefaultTransaction: true,
		DisableAutomaticPing:   true,
		Logger:                 logger.Discard,
		NowFunc:                func() time.Time { return time.Now().UTC().Truncate(time.Millisecond) },
	})
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	pool, err := g.DB()
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	pool.SetMaxOpenConns(conns)
	pool.SetMaxIdleConns(conns)
	pool.SetConnMaxLifetime(5 * time.Minute)
	if err := pool.PingContext(ctx); err != nil {
		return nil, fmt.Errorf("reach the database: %w", err)
	}
	return g, nil
}

func newDB(write, read *gorm.DB, dialect string) *DB {
	m := &memory{known: map[string]remembered{}}
	db := &DB{Read: read.Set(memoryKey, m).Session(&gorm.Session{}), Dialect: dialect}
	db.numbers = &numbers{db: db, blocks: map[string]*block{}}
	db.Write = write.Set(memoryKey, m).Set(numbersKey, db.numbers).Session(&gorm.Session{})
	return db
}

// Close ends the pools; SQLite's log is folded into the file first.
func (db *DB) Close() error {
	if db.Dialect == SQLite {
		db.Write.Exec("PRAGMA wal_checkpoint(TRUNCATE)")
	}
	write, err := db.Write.DB()
	if err != nil {
		return err
	}
	if read, err := db.Read.DB(); err == nil && read != write {
		if err := read.Close(); err != nil {
			return err
		}
	}
	return write.Close()
}

// Ping asks the engine for an answer.
func (db *DB) Ping(ctx context.Context) error {
	pool, err := db.Read.DB()
	if err != nil {
		return err
	}
	return pool.PingContext(ctx)
}
