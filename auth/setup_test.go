package auth

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"recourse/models"
)

func TestSetup(t *testing.T) {
	h := newHouse(t)
	open := func(at time.Time) string {
		code, err := OpenSetup(t.Context(), h.db, at, "")
		if err != nil {
			t.Fatal(err)
		}
		return code
	}
	old := open(start)
	code := open(start.Add(time.Minute))
	try := func(code string) error {
		_, err := Setup(t.Context(), h.db, h.p, h.by, Visit{Address: "192.0.2.1"}, SetupInput{Code: code, Login: "admin", Name: "管理员", Password: goodPassword})
		return err
	}
	wantCode(t, "an older code", try(old), models.CodeForbidden)
	wantCode(t, "a wrong code", try("AAAA-BBBB-CCCC-DDDD"), models.CodeForbidden)
	h.at(setupLife + 2*time.Minute)
	wantCode(t, "after a day", try(code), models.CodeForbidden)
	h.at(2 * time.Minute)
	if err := try(strings.ToLower(strings.ReplaceAll(code, "-", " "))); err != nil {
		t.Fatalf("Setup = %v", err)
	}
	wantCode(t, "the code again", try(code), models.CodeForbidden)
	if code := open(start.Add(time.Hour)); code != "" {
		t.Errorf("OpenSetup with a user = %q, want none", code)
	}
	if _, err := h.signIn("admin", goodPassword); err != nil {
		t.Errorf("the administrator can't sign in: %v", err)
	}
}

func TestSetupOnce(t *testing.T) {
	h := newHouse(t)
	code, err := OpenSetup(t.Context(), h.db, start, "a code of the operator")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			_, _ = Setup(context.Background(), h.db, h.p, h.by, Visit{}, SetupInput{Code: code, Login: fmt.Sprintf("admin%d", i), Name: "x", Password: goodPassword})
		})
	}
	wg.Wait()
	if n, err := gorm.G[models.User](h.db.Read).Count(t.Context(), "id"); err != nil || n != 1 {
		t.Errorf("%d users (%v), want 1", n, err)
	}
}
