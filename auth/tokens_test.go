package auth

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"recourse/models"
)

func TestTokens(t *testing.T) {
	h := newHouse(t)
	u := h.user("li", models.Purchasing, models.Inspector)
	add := func(in AddTokenInput) (out *NewToken, err error) {
		err = h.tx(func(tx *gorm.DB) error { out, err = AddToken(t.Context(), tx, h.by, *u, in); return err })
		return out, err
	}
	_, err := add(AddTokenInput{Name: "x", Roles: []models.Role{models.Admin}})
	wantCode(t, "a role the owner lacks", err, models.CodeInvalid)
	past := start.Add(-time.Hour)
	_, err = add(AddTokenInput{Name: "x", Roles: u.Roles, ExpiresAt: &past})
	wantCode(t, "an end in the past", err, models.CodeInvalid)

	end := start.Add(time.Hour)
	token, err := add(AddTokenInput{Name: "x", Roles: []models.Role{models.Purchasing}, ReadOnly: true, ExpiresAt: &end})
	if err != nil {
		t.Fatal(err)
	}
	c, err := ByToken(t.Context(), h.db.Read, token.Secret, start)
	if err != nil || !c.ReadOnly || !cmp.Equal(c.Actor.Roles, []models.Role{models.Purchasing}) {
		t.Errorf("ByToken = %+v, %v, want read-only purchasing", c, err)
	}
	_, err = ByToken(t.Context(), h.db.Read, token.Secret, end)
	wantCode(t, "after its end", err, models.CodeUnauthenticated)
	for _, secret := range []string{"", "rct_", token.Secret[4:], token.Secret + "x", token.TokenHash.String()} {
		_, err := ByToken(t.Context(), h.db.Read, secret, start)
		wantCode(t, "ByToken("+secret+")", err, models.CodeUnauthenticated)
	}

	inspector := []models.Role{models.Inspector}
	h.must(func(tx *gorm.DB) error {
		_, err := ChangeUser(t.Context(), tx, h.by, u.ID, 1, ChangeUserInput{Roles: &inspector})
		return err
	})
	if c, _ := ByToken(t.Context(), h.db.Read, token.Secret, start); len(c.Actor.Roles) != 0 {
		t.Errorf("a role taken from the owner stays with the token: %v", c.Actor.Roles)
	}
	other := models.Actor{UserID: models.NewID(), Roles: []models.Role{models.Viewer}, At: start}
	wantCode(t, "another's token", h.tx(func(tx *gorm.DB) error { return RevokeToken(t.Context(), tx, other, token.ID) }), models.CodeNotFound)
	h.must(func(tx *gorm.DB) error { return RevokeToken(t.Context(), tx, h.by, token.ID) })
	_, err = ByToken(t.Context(), h.db.Read, token.Secret, start)
	wantCode(t, "revoked", err, models.CodeUnauthenticated)
}
