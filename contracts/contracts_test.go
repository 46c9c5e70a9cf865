package contracts_test

import (
	"errors"
	"strings"
	"testing"

	"gorm.io/gorm"

	"recourse/contracts/contractstest"
	"recourse/database"
	"recourse/models"
)

var system = contractstest.System()

// act is an actor with these roles who is no stored user.
func act(roles ...models.Role) models.Actor {
	return models.Actor{UserID: models.NewID(), Name: "test", Roles: roles, Lang: "en", Via: "test", At: contractstest.Now}
}

// try writes in a transaction.
func try[T any](t testing.TB, db *database.DB, verb func(tx *gorm.DB) (T, error)) (T, error) {
	t.Helper()
	var got T
	err := db.Tx(t.Context(), func(tx *gorm.DB) (err error) {
		got, err = verb(tx)
		return err
	})
	return got, err
}

// must is try for what has to succeed.
func must[T any](t testing.TB, db *database.DB, verb func(tx *gorm.DB) (T, error)) T {
	t.Helper()
	got, err := try(t, db, verb)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// view asks on a read-only snapshot.
func view[T any](t testing.TB, db *database.DB, ask func(tx *gorm.DB) (T, error)) T {
	t.Helper()
	var got T
	err := db.View(t.Context(), func(tx *gorm.DB) (err error) {
		got, err = ask(tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// refused checks that err is an Error with that code and field, in both languages.
func refused(t testing.TB, name string, err error, code models.Code, field string) {
	t.Helper()
	var e *models.Error
	if !errors.As(err, &e) {
		t.Errorf("%s: error = %v, want %s at %q", name, err, code, field)
		return
	}
	if e.Code != code || e.Field != field {
		t.Errorf("%s: error = %s at %q (%s), want %s at %q", name, e.Code, e.Field, e.Message.EN, code, field)
	}
	for _, text := range []string{e.Message.EN, e.Message.ZH} {
		if text == "" || strings.Contains(text, "%!") {
			t.Errorf("%s: message %+v isn't well formed", name, e.Message)
		}
	}
}

// statements counts the statements that ask sends.
func statements(t testing.TB, db *database.DB, ask func(tx *gorm.DB) error) int {
	t.Helper()
	n := 0
	count := func(*gorm.DB) { n++ }
	for _, c := range []error{
		db.Read.Callback().Query().Before("gorm:query").Register("test:count", count),
		db.Read.Callback().Row().Before("gorm:row").Register("test:count", count),
		db.Read.Callback().Raw().Before("gorm:raw").Register("test:count", count),
	} {
		if c != nil {
			t.Fatal(c)
		}
	}
	defer func() {
		_ = db.Read.Callback().Query().Remove("test:count")
		_ = db.Read.Callback().Row().Remove("test:count")
		_ = db.Read.Callback().Raw().Remove("test:count")
	}()
	if err := db.View(t.Context(), ask); err != nil {
		t.Fatal(err)
	}
	return n
}
