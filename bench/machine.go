package main

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"recourse/database"
	"recourse/models"
)

// machine names what the figures were measured on.
func machine(ctx context.Context, b *bench) string {
	var memory float64
	fmt.Sscanf(after("/proc/meminfo", "MemTotal:"), "%f", &memory)
	lines := []string{
		fmt.Sprintf("machine: %d × %s, %.0f GiB, Linux %s, %s, %s", runtime.NumCPU(), after("/proc/cpuinfo", "model name\t:"), memory/(1<<20), firstLine("/proc/sys/kernel/osrelease"), runtime.Version(), time.Now().UTC().Format(time.DateOnly)),
		fmt.Sprintf("load before: %s; data in %s", firstLine("/proc/loadavg"), b.dir),
	}
	for _, e := range b.engines() {
		version := "not reachable"
		if db, err := e.open(ctx, b, "version"); err == nil {
			query := map[string]string{database.SQLite: "SELECT sqlite_version()", database.MySQL: "SELECT version()"}[db.Dialect]
			if pool, err := db.Read.DB(); err == nil {
				_ = pool.QueryRowContext(ctx, query).Scan(&version)
			}
			_ = db.Close()
		} else {
			version += ": " + err.Error()
		}
		lines = append(lines, "engine: "+e.name+" "+version)
	}
	return strings.Join(lines, "\n")
}

// after is what follows a label on the first line of a file that has it.
func after(path, label string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if value, ok := strings.CutPrefix(lines.Text(), label); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func firstLine(path string) string {
	text, _ := os.ReadFile(path) // a line that only describes
	line, _, _ := strings.Cut(string(text), "\n")
	return line
}

// engine makes fresh databases of one kind.
type engine struct {
	name string
	url  func(ctx context.Context, b *bench, name string) (string, error)
}

// engines are SQLite, and MariaDB where one runs beside.
func (b *bench) engines() []engine {
	all := []engine{{"SQLite", sqliteURL}}
	if b.mysql != "" {
		all = append(all, engine{"MariaDB", mysqlURL})
	}
	return all
}

func sqliteURL(_ context.Context, b *bench, name string) (string, error) {
	return "sqlite://" + filepath.Join(b.dir, name, "recourse.db"), nil
}

func mysqlURL(ctx context.Context, b *bench, name string) (string, error) {
	at := strings.TrimPrefix(b.mysql, "mysql://")
	user, host, _ := strings.Cut(at, "@")
	pool, err := sql.Open("mysql", user+"@tcp("+host+")/")
	if err != nil {
		return "", err
	}
	defer pool.Close()
	name = "bench_" + name + "_" + strings.ReplaceAll(models.NewID().String(), "-", "")[20:]
	_, err = pool.ExecContext(ctx, "CREATE DATABASE "+name+" CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")
	return b.mysql + "/" + name, err
}

// open makes a fresh migrated database.
func (e engine) open(ctx context.Context, b *bench, name string) (*database.DB, error) {
	url, err := e.url(ctx, b, name)
	if err != nil {
		return nil, err
	}
	db, err := database.Open(ctx, database.Config{URL: url})
	if err != nil {
		return nil, err
	}
	return db, db.Migrate(ctx)
}
