package auth

import (
	"fmt"
	"strings"
	"testing"

	"recourse/models"
)

func TestPasswords(t *testing.T) {
	h := newHouse(t)
	for _, c := range []struct{ password, login string }{
		{"short", "x"}, {strings.Repeat("长", 9), "x"}, {strings.Repeat("x", 257), "x"}, {"Zhang.Wei@example.com", "zhang.wei@example.com"},
	} {
		_, err := h.p.Hash(t.Context(), "password", c.password, c.login)
		wantCode(t, fmt.Sprintf("Hash(%.20s)", c.password), err, models.CodeInvalid)
	}
	hash, err := h.p.Hash(t.Context(), "password", "口令口令口令口令口令é", "x")
	if err != nil {
		t.Fatal(err)
	}
	if good, err := h.p.matches(t.Context(), hash, "口令口令口令口令口令e\u0301"); err != nil || !good {
		t.Errorf("the same text composed otherwise = %v, %v, want true", good, err)
	}
	if strings.Contains(hash, "口令") || !strings.HasPrefix(hash, "$argon2id$v=19$m=8,t=1,p=1$") {
		t.Errorf("hash = %s, want the PHC form", hash)
	}
	other, _ := h.p.Hash(t.Context(), "password", "口令口令口令口令口令é", "x")
	if other == hash {
		t.Error("two hashes of one password are the same: no salt")
	}
	if _, err := h.p.matches(t.Context(), "plain", "plain"); err == nil {
		t.Error("a stored password of unknown form is taken")
	}
}

func TestChangePassword(t *testing.T) {
	h := newHouse(t)
	u := h.user("li", models.Viewer)
	here, _ := h.signIn("li", goodPassword)
	there, _ := h.signIn("li", goodPassword)
	by := models.Actor{UserID: u.ID, Name: u.Name, At: start}
	change := func(current, next string) error {
		return ChangePassword(t.Context(), h.db, h.p, by, hashOf(here.Secret), ChangePasswordInput{current, next})
	}
	wantCode(t, "a wrong present password", change("wrong password", "another password"), models.CodeInvalid)
	wantCode(t, "a weak new one", change(goodPassword, "short"), models.CodeInvalid)
	if err := change(goodPassword, "another password"); err != nil {
		t.Fatal(err)
	}
	if _, err := BySession(t.Context(), h.db.Read, here.Secret, start); err != nil {
		t.Errorf("the session it was changed in: %v, want good", err)
	}
	_, err := BySession(t.Context(), h.db.Read, there.Secret, start)
	wantCode(t, "the other session", err, models.CodeUnauthenticated)
	_, err = h.signIn("li", goodPassword)
	wantCode(t, "the old password", err, models.CodeUnauthenticated)
}
