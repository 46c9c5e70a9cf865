package inspections_test

import (
	"context"

	"gorm.io/gorm"

	"recourse/inspections"
	"recourse/models"
)

func (s *series) rule(in inspections.RulingInput) (r *models.SeverityRuling, err error) {
	in.SupplierID, in.ProductID, in.StandardCode, in.Reason = s.query().Supplier, s.query().Product, s.code, "ruled in the test"
	err = s.db.Tx(s.t.Context(), func(tx *gorm.DB) error {
		r, err = inspections.Rule(s.t.Context(), tx, s.by, in)
		return err
	})
	return r, err
}

// note adds a ruling to the slow reading.
func (s *series) note(r *models.SeverityRuling, of *seriesRuling) *seriesRuling {
	out := &seriesRuling{r.ID, map[models.DefectClass]*slowEvent{}}
	for _, c := range classes {
		e := &slowEvent{day: r.EffectiveOn, at: r.RuledAt, pos: 1000, kind: r.Kind, severity: r.Severity}
		if of != nil {
			e.of = of.events[c.class]
		}
		out.events[c.class], s.events[c.class] = e, append(s.events[c.class], e)
	}
	return out
}

// ruled rules, or withdraws what was ruled.
func (s *series) ruled(kind models.RulingKind, severity string) {
	s.t.Helper()
	old := s.rulings[kind]
	if old == nil {
		r, err := s.rule(inspections.RulingInput{Kind: kind, Severity: severity})
		if kind == models.RuleOverride && (s.inForce(0) == "discontinued" || s.inForce(1) == "discontinued") {
			refused(s.t, "an override while discontinued", err, models.CodeConflict, "kind")
			return
		}
		if err != nil {
			s.t.Fatal(err)
		}
		s.rulings[kind] = s.note(r, nil)
		return
	}
	var r *models.SeverityRuling
	err := s.db.Tx(s.t.Context(), func(tx *gorm.DB) (err error) {
		r, err = inspections.Withdraw(s.t.Context(), tx, s.by, old.id, inspections.WithdrawInput{Reason: "no longer"})
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.note(r, old)
	delete(s.rulings, kind)
}

// action stores a corrective action of the supplier, opened today.
func (s *series) action(change func(*models.CorrectiveAction)) models.ID {
	s.t.Helper()
	a := models.CorrectiveAction{ID: models.NewID(), Number: "CA-" + models.NewID().String()[20:], SupplierID: s.purchase.PartyID, Problem: "x", Steps: []models.CAStep{},
		State: models.ActionAccepted, OpenedOn: s.today(), Version: 1, CreatedAt: models.Now(s.by.At), UpdatedAt: models.Now(s.by.At)}
	if change != nil {
		change(&a)
	}
	s.must(func(ctx context.Context, tx *gorm.DB) (*models.Inspection, error) {
		return nil, gorm.G[models.CorrectiveAction](tx).Create(ctx, &a)
	})
	return a.ID
}

func (s *series) resumed() {
	s.t.Helper()
	id := s.action(nil)
	r, err := s.rule(inspections.RulingInput{Kind: models.RuleResume, CorrectiveActionID: &id})
	a, _ := s.expected(0)
	b, _ := s.expected(1)
	if a != "discontinued" && b != "discontinued" {
		refused(s.t, "resuming what goes on", err, models.CodeConflict, "kind")
		return
	}
	if err != nil {
		s.t.Fatal(err)
	}
	s.note(r, nil)
}
