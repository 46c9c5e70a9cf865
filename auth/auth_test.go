package auth

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"recourse/audit"
	"recourse/database"
	"recourse/database/databasetest"
	"recourse/models"
)

const goodPassword = "correct horse battery"

var start = time.Date(2026, 4, 20, 8, 0, 0, 0, time.UTC)

// house is a database with its passwords and time.
type house struct {
	t  *testing.T
	db *database.DB
	p  *Passwords
	by models.Actor
}

func newHouse(t *testing.T) *house {
	return &house{t, databasetest.Open(t), NewPasswords(Cost{Time: 1, MemoryKB: 8, Threads: 1}, 4), models.System("command", start)}
}

func (h *house) tx(f func(tx *gorm.DB) error) error { return h.db.Tx(h.t.Context(), f) }

// must runs f in a transaction that has to succeed.
func (h *house) must(f func(tx *gorm.DB) error) {
	h.t.Helper()
	if err := h.tx(f); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) user(login string, roles ...models.Role) *models.User {
	h.t.Helper()
	hash, err := h.p.Hash(h.t.Context(), "password", goodPassword, login)
	if err != nil {
		h.t.Fatal(err)
	}
	var u *models.User
	h.must(func(tx *gorm.DB) (err error) {
		u, err = AddUser(h.t.Context(), tx, h.by, AddUserInput{Login: login, Name: login, Roles: roles}, hash)
		return err
	})
	return u
}

func (h *house) signIn(login, password string) (*SignedIn, error) {
	return SignIn(h.t.Context(), h.db, h.p, h.by, Visit{Address: "192.0.2.1", Agent: "test"}, SignInInput{login, password})
}

func (h *house) at(d time.Duration) { h.by.At = start.Add(d) }

func wantCode(t *testing.T, what string, err error, code models.Code) {
	t.Helper()
	if !models.IsCode(err, code) {
		t.Errorf("%s = %v, want %s", what, err, code)
	}
}

func TestSignIn(t *testing.T) {
	h := newHouse(t)
	u := h.user("Zhang.Wei", models.Inspector)
	for _, login := range []string{"Zhang.Wei", "zhang.wei", "ＺＨＡＮＧ.ＷＥＩ"} {
		in, err := h.signIn(login, goodPassword)
		if err != nil {
			t.Fatalf("SignIn(%s) = %v", login, err)
		}
		c, err := BySession(t.Context(), h.db.Read, in.Secret, h.by.At)
		if err != nil {
			t.Fatal(err)
		}
		want := models.Actor{UserID: u.ID, Name: "Zhang.Wei", Roles: []models.Role{models.Inspector}, Lang: "zh", Via: "session", At: h.by.At}
		if diff := cmp.Diff(want, c.Actor); diff != "" {
			t.Errorf("caller (-want +got):\n%s", diff)
		}
	}
	for _, c := range [][2]string{{"zhang.wei", "wrong password"}, {"nobody", goodPassword}, {"zhang.wei", ""}} {
		_, err := h.signIn(c[0], c[1])
		wantCode(t, fmt.Sprintf("SignIn(%s, %s)", c[0], c[1]), err, models.CodeUnauthenticated)
	}
}

func TestSessionEnds(t *testing.T) {
	h := newHouse(t)
	h.user("li", models.Viewer)
	in, err := h.signIn("li", goodPassword)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		at   time.Duration
		good bool
	}{{0, true}, {sessionIdle - time.Second, true}, {sessionIdle + time.Second, false}, {sessionLife, false}} {
		_, err := BySession(t.Context(), h.db.Read, in.Secret, start.Add(c.at))
		if good := err == nil; good != c.good {
			t.Errorf("after %v: %v, want good = %v", c.at, err, c.good)
		}
	}
	h.at(6 * 24 * time.Hour)
	caller, err := BySession(t.Context(), h.db.Read, in.Secret, h.by.At)
	if err != nil || !caller.Touch {
		t.Fatalf("after six days: touch = %v, %v, want true", caller.Touch, err)
	}
	h.must(func(tx *gorm.DB) error { return Seen(t.Context(), tx, caller) })
	if _, err := BySession(t.Context(), h.db.Read, in.Secret, start.Add(10*24*time.Hour)); err != nil {
		t.Errorf("seen on day 6, on day 10: %v, want good", err)
	}
	h.must(func(tx *gorm.DB) error { return SignOut(t.Context(), tx, caller.Actor, caller.Session) })
	_, err = BySession(t.Context(), h.db.Read, in.Secret, h.by.At)
	wantCode(t, "after signing out", err, models.CodeUnauthenticated)
}

func TestTooManyFailures(t *testing.T) {
	h := newHouse(t)
	h.user("li", models.Viewer)
	h.user("wang", models.Viewer)
	for range accountLimit {
		_, err := h.signIn("li", "wrong password")
		wantCode(t, "wrong password", err, models.CodeUnauthenticated)
	}
	_, err := h.signIn("LI", goodPassword)
	wantCode(t, "the right password after too many wrong ones", err, models.CodeTooMany)
	if _, err := h.signIn("wang", goodPassword); err != nil {
		t.Errorf("another account: %v, want good", err)
	}
	h.at(limitWindow + time.Second)
	if _, err := h.signIn("li", goodPassword); err != nil {
		t.Errorf("after the window: %v, want good", err)
	}
	for range accountLimit {
		if _, err := h.signIn("li", goodPassword); err != nil {
			t.Fatalf("good passwords don't count: %v", err)
		}
	}
}

func TestAddressIsLimited(t *testing.T) {
	h := newHouse(t)
	h.user("li", models.Viewer)
	try := func(address, login, password string) error {
		_, err := SignIn(t.Context(), h.db, h.p, h.by, Visit{Address: address}, SignInInput{login, password})
		return err
	}
	for i := range addressLimit {
		wantCode(t, "unknown login", try(fmt.Sprintf("2001:db8::%x", i), fmt.Sprintf("guess-%d", i), "x"), models.CodeUnauthenticated)
	}
	wantCode(t, "the same /64", try("2001:db8::ffff", "li", goodPassword), models.CodeTooMany)
	if err := try("2001:db8:0:1::1", "li", goodPassword); err != nil {
		t.Errorf("another network: %v, want good", err)
	}
}

// TestTriesAtOnce: guesses sent at the same moment don't slip past the limit.
func TestTriesAtOnce(t *testing.T) {
	h := newHouse(t)
	h.user("li", models.Viewer)
	var mu sync.Mutex
	counts := map[bool]int{}
	var wg sync.WaitGroup
	for range 30 {
		wg.Go(func() {
			_, err := h.signIn("li", "wrong password")
			mu.Lock()
			defer mu.Unlock()
			counts[models.IsCode(err, models.CodeUnauthenticated)]++
		})
	}
	wg.Wait()
	if counts[true] > accountLimit {
		t.Errorf("%d guesses were checked, want at most %d", counts[true], accountLimit)
	}
}

func TestDisableEndsEverything(t *testing.T) {
	h := newHouse(t)
	h.user("admin", models.Admin)
	u := h.user("li", models.Inspector)
	in, err := h.signIn("li", goodPassword)
	if err != nil {
		t.Fatal(err)
	}
	var token *NewToken
	h.must(func(tx *gorm.DB) (err error) {
		token, err = AddToken(t.Context(), tx, h.by, *u, AddTokenInput{Name: "x", Roles: u.Roles})
		return err
	})
	h.must(func(tx *gorm.DB) error { _, err := Disable(t.Context(), tx, h.by, u.ID, u.Version); return err })
	_, err = BySession(t.Context(), h.db.Read, in.Secret, h.by.At)
	wantCode(t, "session", err, models.CodeUnauthenticated)
	_, err = ByToken(t.Context(), h.db.Read, token.Secret, h.by.At)
	wantCode(t, "token", err, models.CodeUnauthenticated)
	_, err = h.signIn("li", goodPassword)
	wantCode(t, "password", err, models.CodeUnauthenticated)
	h.must(func(tx *gorm.DB) error { _, err := Enable(t.Context(), tx, h.by, u.ID, u.Version+1); return err })
	if _, err := h.signIn("li", goodPassword); err != nil {
		t.Errorf("enabled again: %v, want good", err)
	}
	_, err = ByToken(t.Context(), h.db.Read, token.Secret, h.by.At)
	wantCode(t, "token after enabling", err, models.CodeUnauthenticated)
}

func TestLastAdministratorStays(t *testing.T) {
	h := newHouse(t)
	a := h.user("a", models.Admin)
	b := h.user("b", models.Admin)
	h.must(func(tx *gorm.DB) error { _, err := Disable(t.Context(), tx, h.by, b.ID, 1); return err })
	wantCode(t, "disabling the last", h.tx(func(tx *gorm.DB) error { _, err := Disable(t.Context(), tx, h.by, a.ID, 1); return err }), models.CodeConflict)
	viewer := []models.Role{models.Viewer}
	wantCode(t, "taking the role of the last", h.tx(func(tx *gorm.DB) error {
		_, err := ChangeUser(t.Context(), tx, h.by, a.ID, 1, ChangeUserInput{Roles: &viewer})
		return err
	}), models.CodeConflict)
}

// TestAdministratorsDisableEachOther: of two who do so at once, one stays.
func TestAdministratorsDisableEachOther(t *testing.T) {
	h := newHouse(t)
	users := []*models.User{h.user("a", models.Admin), h.user("b", models.Admin)}
	var wg sync.WaitGroup
	for _, u := range users {
		wg.Go(func() {
			_ = h.tx(func(tx *gorm.DB) error { _, err := Disable(t.Context(), tx, h.by, u.ID, u.Version); return err })
		})
	}
	wg.Wait()
	n, err := gorm.G[models.User](h.db.Read).Where("disabled_at IS NULL").Count(t.Context(), "id")
	if err != nil || n != 1 {
		t.Errorf("%d administrators stay (%v), want 1", n, err)
	}
}

// TestNoSecretIsStored looks for every secret in everything that is stored as text.
func TestNoSecretIsStored(t *testing.T) {
	h := newHouse(t)
	h.user("admin", models.Admin)
	in, err := h.signIn("admin", goodPassword)
	if err != nil {
		t.Fatal(err)
	}
	var token *NewToken
	h.must(func(tx *gorm.DB) (err error) {
		token, err = AddToken(t.Context(), tx, h.by, in.User, AddTokenInput{Name: "x", Roles: in.User.Roles})
		return err
	})
	page, err := audit.Find(t.Context(), h.db.Read, database.Query{})
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Items) != 3 {
		t.Errorf("%d audit entries, want 3: user, sign-in, token", len(page.Items))
	}
	for _, e := range page.Items {
		for _, secret := range []string{goodPassword, in.Secret, token.Secret, in.User.PasswordHash, "argon2"} {
			if strings.Contains(e.Detail, secret) {
				t.Errorf("audit entry %s %s holds a secret: %s", e.Action, e.Entity, e.Detail)
			}
		}
	}
}

func TestPurge(t *testing.T) {
	h := newHouse(t)
	h.user("li", models.Viewer)
	if _, err := h.signIn("li", goodPassword); err != nil {
		t.Fatal(err)
	}
	_, _ = h.signIn("li", "wrong password")
	count := func() (n [2]int64) {
		for i, table := range []string{"sessions", "login_failures"} {
			if err := h.db.Read.Table(table).Count(&n[i]).Error; err != nil {
				t.Fatal(err)
			}
		}
		return n
	}
	h.must(func(tx *gorm.DB) error { return Purge(t.Context(), tx, start.Add(time.Minute)) })
	if got := count(); got != [2]int64{1, 2} {
		t.Errorf("after a minute: %v rows, want [1 2]", got)
	}
	h.must(func(tx *gorm.DB) error { return Purge(t.Context(), tx, start.Add(sessionIdle+time.Minute)) })
	if got := count(); got != [2]int64{0, 0} {
		t.Errorf("after a week: %v rows, want none", got)
	}
}
