package server

import (
	"encoding/json"
	"testing"

	"recourse/models"
)

func TestDescriptionIsValid(t *testing.T) {
	doc, err := description()
	if err != nil {
		t.Fatal(err)
	}
	if got := doc.OpenAPI; got[:3] != "3.1" {
		t.Errorf("openapi = %q, want 3.1", got)
	}
	for _, r := range (&Server{}).routes() {
		item := doc.Paths.Value(r.Path)
		if item == nil || item.GetOperation(r.Method) == nil {
			t.Errorf("%s %s is not described", r.Method, r.Path)
			continue
		}
		if op := item.GetOperation(r.Method); op.Summary == "" || len(op.Tags) == 0 || op.Tags[0] == "" {
			t.Errorf("%s %s has no summary or tag", r.Method, r.Path)
		}
	}
}

// TestAnswersAreChecked makes sure that the test client would notice an answer that isn't described.
func TestAnswersAreChecked(t *testing.T) {
	good, _ := json.Marshal(models.User{ID: models.NewID(), Roles: []models.Role{}})
	r := reply{status: 200, header: map[string][]string{"Content-Type": {"application/json"}}, body: good}
	if err := conforms("GET", "/api/v1/me", r); err != nil {
		t.Errorf("a user is refused: %v", err)
	}
	for _, bad := range []string{`{"surprise":1}`, `[]`, `{"id":"x"}`} {
		r.body = []byte(bad)
		if conforms("GET", "/api/v1/me", r) == nil {
			t.Errorf("%s passes as a user", bad)
		}
	}
}
