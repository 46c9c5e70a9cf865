package independence_test

import (
	"context"
	"slices"
	"testing"

	"gorm.io/gorm"

	"recourse/independence"
	"recourse/models"
)

func (h *history) setAside(by models.Actor, id models.ID, in independence.SetAsideInput) (out *independence.Hint, err error) {
	err = h.db.Tx(context.Background(), func(tx *gorm.DB) error {
		out, err = independence.SetAside(context.Background(), tx, by, id, in)
		return err
	})
	return out, err
}

func (h *history) reopen(by models.Actor, id models.ID, reason string) (out *independence.Hint, err error) {
	err = h.db.Tx(context.Background(), func(tx *gorm.DB) error {
		out, err = independence.Reopen(context.Background(), tx, by, id, independence.ReopenInput{Reason: reason})
		return err
	})
	return out, err
}

// actions are what the log says of a hint.
func (h *history) actions(id models.ID) []string {
	var out []string
	if err := h.db.Read.Model(&models.AuditEntry{}).Where("entity = 'hint' AND entity_id = ?", id).Order("id").Pluck("action", &out).Error; err != nil {
		h.t.Fatal(err)
	}
	return out
}

func TestSettingAside(t *testing.T) {
	h := newHistory(t, 1, 2)
	h.add(visit{day: on(1), people: []int{0}, photos: []shot{{sha: 1}}})
	h.add(visit{day: on(40), people: []int{1}, photos: []shot{{sha: 1}}})
	h.store()
	q, by := independence.Question{Asked: h.of(0)}, purchasing()
	id := h.find(q)[0].ID
	if _, err := h.setAside(by, models.NewID(), independence.SetAsideInput{Asked: h.of(0), Reason: "x"}); !models.IsCode(err, models.CodeNotFound) {
		t.Errorf("setting aside what is no hint: %v, want not_found", err)
	}
	if _, err := h.setAside(by, id, independence.SetAsideInput{Asked: h.of(0), Reason: "  "}); !models.IsCode(err, models.CodeInvalid) {
		t.Errorf("setting aside without a reason: %v, want invalid", err)
	}
	in := independence.SetAsideInput{Asked: h.of(0), Reason: "both visits show the same seal"}
	for range 2 { // a repeat is the same answer
		got, err := h.setAside(by, id, in)
		if err != nil || got.ID != id || got.SetAside == nil || got.SetAside.Reason != in.Reason || got.SetAside.ByName != "purchasing" {
			t.Fatalf("SetAside = %+v, %v", got, err)
		}
	}
	in.Reason = "another reason"
	if _, err := h.setAside(by, id, in); !models.IsCode(err, models.CodeConflict) {
		t.Errorf("setting aside for another reason: %v, want conflict", err)
	}
	if hints := h.find(q); len(hints) > 0 {
		t.Errorf("hints = %v, want the one that was set aside not shown", kindsOf(hints))
	}
	q.SetAside = true
	if hints := h.find(q); len(hints) != 1 || hints[0].SetAside == nil {
		t.Errorf("hints with those set aside = %+v, want one that says so", hints)
	}
	if got, err := h.reopen(by, id, "asked again"); err != nil || got.SetAside != nil {
		t.Errorf("Reopen = %+v, %v", got, err)
	}
	if _, err := h.reopen(by, id, "asked again"); !models.IsCode(err, models.CodeNotFound) {
		t.Errorf("reopening what is open: %v, want not_found", err)
	}
	if hints := h.find(independence.Question{Asked: h.of(0)}); len(hints) != 1 || hints[0].ID != id {
		t.Errorf("after reopening: %v, want the hint", kindsOf(hints))
	}
	if got := h.actions(id); !slices.Equal(got, []string{"set_aside", "reopen"}) {
		t.Errorf("the log has %v", got)
	}
	// A third visit with the photo is a new matter.
	if _, err := h.setAside(by, id, in); err != nil {
		t.Fatal(err)
	}
	h.add(visit{day: on(50), people: []int{1}, photos: []shot{{sha: 1}}})
	h.store()
	if hints := h.find(independence.Question{Asked: h.of(0)}); len(hints) != 1 || len(hints[0].Inspections) != 3 {
		t.Errorf("after a third visit: %v, want a hint about three", kindsOf(hints))
	}
}

// TestDigitsSetAsideDontCountAgain: readings that were looked into are not held
// against the inspector a second time; new ones are.
func TestDigitsSetAsideDontCountAgain(t *testing.T) {
	h := newHistory(t, 1, 1)
	month := func(from int) {
		for i := range 20 {
			h.add(visit{day: on(from + i), people: []int{0}, lots: thk(h.halves(draws(h.rng, 10, 7500, 40, 120))...)})
		}
		h.store()
	}
	month(0)
	q := independence.Question{Asked: h.of(0), Kind: independence.DigitHabit}
	first := h.find(q)[0]
	if _, err := h.setAside(purchasing(), first.ID, independence.SetAsideInput{Asked: h.of(0), Reason: "he was shown the instrument"}); err != nil {
		t.Fatal(err)
	}
	if hints := h.find(q); len(hints) > 0 {
		t.Errorf("hints = %+v, want none", hints[0].Digits)
	}
	q.SetAside = true
	if hints := h.find(q); len(hints) != 1 || hints[0].Digits.N != 200 {
		t.Errorf("with those set aside: %v, want the one as it was shown", kindsOf(hints))
	}
	q.SetAside = false
	month(30)
	if hints := h.find(q); len(hints) != 1 || hints[0].Digits.N != 200 || hints[0].ID == first.ID {
		t.Errorf("after another month: %+v, want a new hint about its 200 readings", hints)
	}
	if _, err := h.reopen(purchasing(), first.ID, "it goes on"); err != nil {
		t.Fatal(err)
	}
	if hints := h.find(q); len(hints) != 1 || hints[0].Digits.N != 400 {
		t.Errorf("after reopening: %+v, want one about all 400", hints)
	}
}

func TestQuestions(t *testing.T) {
	h := newHistory(t, 1, 1)
	supplier := &h.contracts[0].PartyID
	restricted, inspector := purchasing(), purchasing()
	restricted.OwnOnly, inspector.Roles = true, []models.Role{models.Inspector}
	type asked = independence.Asked
	tests := []struct {
		name  string
		by    models.Actor
		q     independence.Question
		code  models.Code
		field string
	}{
		{"a supplier's last twelve months", purchasing(), independence.Question{Asked: asked{SupplierID: supplier}}, "", ""},
		{"everybody's last month", purchasing(), independence.Question{}, "", ""},
		{"a whole year", purchasing(), independence.Question{Asked: asked{SupplierID: supplier, From: "2024-02-29", To: "2025-02-28"}}, "", ""},
		{"a day more", purchasing(), independence.Question{Asked: asked{SupplierID: supplier, From: "2025-03-01", To: "2026-03-01"}}, models.CodeInvalid, "to"},
		{"backwards", purchasing(), independence.Question{Asked: asked{SupplierID: supplier, From: "2026-03-02", To: "2026-03-01"}}, models.CodeInvalid, "from"},
		{"everybody's 32 days", purchasing(), independence.Question{Asked: asked{From: "2026-03-01", To: "2026-04-01"}}, models.CodeInvalid, "supplier"},
		{"a cursor of nothing", purchasing(), independence.Question{Cursor: "x"}, models.CodeMalformed, "cursor"},
		{"a cursor without order", purchasing(), independence.Question{Cursor: "NaN_" + models.NewID().String()}, models.CodeMalformed, "cursor"},
		{"with own customers only", restricted, independence.Question{Asked: asked{SupplierID: supplier}}, models.CodeForbidden, ""},
		{"an inspector", inspector, independence.Question{Asked: asked{SupplierID: supplier}}, models.CodeForbidden, ""},
	}
	for _, test := range tests {
		err := h.db.View(context.Background(), func(tx *gorm.DB) error {
			_, err := independence.Find(context.Background(), tx, test.by, test.q)
			return err
		})
		if test.code == "" && err != nil || test.code != "" {
			e, ok := err.(*models.Error)
			if !ok || e.Code != test.code || e.Field != test.field || e.Message.ZH == "" {
				t.Errorf("%s: %#v, want %q on %q", test.name, err, test.code, test.field)
			}
		}
	}
}

func TestPages(t *testing.T) {
	h := newHistory(t, 2, 2)
	for i := range 5 {
		h.add(visit{day: on(i), people: []int{0}, photos: []shot{{sha: i + 1}}})
		h.add(visit{day: on(i + 20), supplier: 1, people: []int{1}, photos: []shot{{sha: i + 1}}})
	}
	h.store()
	seen := map[models.ID]bool{}
	q := independence.Question{Asked: h.of(0), Limit: 2}
	for page := 0; page < 5; page++ {
		var got []independence.Hint
		err := h.db.View(context.Background(), func(tx *gorm.DB) error {
			p, err := independence.Find(context.Background(), tx, purchasing(), q)
			got, q.Cursor = p.Items, p.NextCursor
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range got {
			if seen[one.ID] {
				t.Errorf("hint %s comes twice", one.ID)
			}
			seen[one.ID] = true
		}
		if q.Cursor == "" {
			break
		}
	}
	if len(seen) != 5 {
		t.Errorf("the pages hold %d hints, want 5", len(seen))
	}
}
