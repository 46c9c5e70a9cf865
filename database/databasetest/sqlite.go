package databasetest

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// sqliteTemplate migrates one file per test process; each test gets a copy of its bytes.
var sqliteTemplate = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "recourse-template")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "recourse.db")
	if err := migrate("sqlite://" + path); err != nil { // closing the last connection folds the log into the file
		return nil, err
	}
	return os.ReadFile(path)
})

func sqliteURL(t testing.TB) string {
	t.Helper()
	template, err := sqliteTemplate()
	if err != nil {
		t.Fatalf("migrating the template: %v", err)
	}
	path := filepath.Join(t.TempDir(), "recourse.db")
	if err := os.WriteFile(path, template, 0o600); err != nil {
		t.Fatal(err)
	}
	return "sqlite://" + path
}

func emptySQLite(t testing.TB) string {
	t.Helper()
	return "sqlite://" + filepath.Join(t.TempDir(), "recourse.db")
}
