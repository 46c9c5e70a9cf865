package documents_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/documents"
	"recourse/models"
	"recourse/scorecards"
)

var lastYear = scorecards.RankInput{PeriodInput: scorecards.PeriodInput{Kind: models.PeriodRolling, Period: "2026-07"}}

// published rolls the house's months up and publishes its card.
func (h house) published(t *testing.T) models.ID {
	t.Helper()
	today := models.DateOf(by.At)
	if err := scorecards.Rebuild(t.Context(), h.db, "CNY", today); err != nil {
		t.Fatal(err)
	}
	h.settled(t, today)
	out, err := scorecards.Publish(t.Context(), h.db, by, scorecards.PublishInput{PeriodInput: lastYear.PeriodInput}, "CNY")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range out.Items {
		if p.SupplierCode == "JZ01" && p.Outcome == scorecards.Published {
			return p.ScorecardID
		}
	}
	t.Fatalf("Publish = %+v, want a card of JZ01", out)
	return models.ID{}
}

// settled seals the log and follows it to its end.
func (h house) settled(t *testing.T, today models.Date) {
	t.Helper()
	for {
		if err := audit.SealWaiting(t.Context(), h.db, "test", by.At); err != nil {
			t.Fatal(err)
		}
		done, err := scorecards.Follow(t.Context(), h.db, "CNY", today, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if done == 0 {
			return
		}
	}
}

func TestScorecardIsIssuedOnce(t *testing.T) {
	h := newHouse(t)
	id := h.published(t)
	for _, lang := range []string{"zh", "en", "both"} {
		for _, edition := range []string{"internal", "supplier"} {
			asked := documents.Asked{Lang: lang, Edition: edition}
			d, err := h.press.Scorecard(t.Context(), by, id, asked)
			first, text := read(t, d, err)
			if !strings.Contains(text, "sr-2026-") || !strings.Contains(text, "jz01") || strings.Contains(text, "draft") || !d.Issued {
				t.Errorf("%s, %s: the card does not name itself, or is a draft", lang, edition)
			}
			if edition == "supplier" {
				tells(t, "scorecard in "+lang, text, ofCustomer...)
			}
			later := by
			later.At = by.At.Add(time.Hour)
			d, err = h.press.Scorecard(t.Context(), later, id, asked)
			if again, _ := read(t, d, err); !bytes.Equal(first, again) {
				t.Errorf("%s, %s: the card has other bytes an hour later", lang, edition)
			}
		}
	}
	h.verified(t, id)
	if _, err := h.press.Scorecard(t.Context(), by, id, documents.Asked{Edition: "customer"}); !models.IsCode(err, models.CodeInvalid) {
		t.Errorf("a customer's edition of a scorecard = %v, want invalid", err)
	}
	viewer := models.Actor{Name: "v", Roles: []models.Role{models.Viewer}, At: by.At}
	if _, err := h.press.Scorecard(t.Context(), viewer, id, documents.Asked{}); !models.IsCode(err, models.CodeForbidden) {
		t.Errorf("a scorecard for who sees no prices = %v, want forbidden", err)
	}
}

// verified holds what is issued against its code, and against a card that was changed.
func (h house) verified(t *testing.T, id models.ID) {
	t.Helper()
	var rows []models.IssuedReport
	check := func() (problems []string) {
		err := h.db.View(t.Context(), func(tx *gorm.DB) error {
			_, _, err := documents.CheckIssued(t.Context(), tx, h.press.Files.Store, func(s string) { problems = append(problems, s) })
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return problems
	}
	err := h.db.View(t.Context(), func(tx *gorm.DB) (err error) {
		if rows, err = gorm.G[models.IssuedReport](tx).Where("entity_id = ?", id).Find(t.Context()); err != nil || len(rows) != 6 {
			t.Errorf("%d reports are issued, %v, want 6", len(rows), err)
			return err
		}
		v, err := documents.Verify(t.Context(), tx, rows[0].VerifyCode)
		if err == nil && (v.Kind != "scorecard" || !strings.HasPrefix(v.Number, "SR-2026-") || v.Period != "2025-08 – 2026-07" || v.Fingerprint.IsZero()) {
			t.Errorf("Verify = %+v, want the card", v)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if problems := check(); len(problems) > 0 {
		t.Errorf("CheckIssued finds %q", problems)
	}
	err = h.db.Tx(t.Context(), func(tx *gorm.DB) error {
		return tx.Model(&models.Scorecard{}).Where("id = ?", id).UpdateColumn("content_hash", models.SHA256{9}).Error
	})
	if err != nil {
		t.Fatal(err)
	}
	if problems := check(); len(problems) != 6 || !strings.Contains(problems[0], "was changed") {
		t.Errorf("of a changed card CheckIssued finds %q, want all six reports of it", problems)
	}
}

func TestScorecardDraftAndRanking(t *testing.T) {
	h := newHouse(t)
	h.published(t)
	for _, lang := range []string{"zh", "en", "both"} {
		d, err := h.press.ScorecardDraft(t.Context(), by, *h.note.PartyID, lastYear, "CNY", documents.Asked{Lang: lang, Edition: "supplier"})
		_, text := read(t, d, err)
		tells(t, "draft of a scorecard in "+lang, text, ofCustomer...)
		if !strings.Contains(text, "draft") || d.Issued {
			t.Errorf("the draft in %s does not say so", lang)
		}
		d, err = h.press.Ranking(t.Context(), by, lastYear, "CNY", documents.Asked{Lang: lang})
		if _, text = read(t, d, err); !strings.Contains(text, "jz01") || d.Issued {
			t.Errorf("the ranking in %s does not name the supplier", lang)
		}
	}
	if _, err := h.press.Ranking(t.Context(), by, lastYear, "CNY", documents.Asked{Edition: "supplier"}); !models.IsCode(err, models.CodeInvalid) {
		t.Errorf("a ranking for a supplier = %v, want invalid", err)
	}
}
