package inspections_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"recourse/contracts/contractstest"
	"recourse/database"
	"recourse/inspections"
	"recourse/models"
)

// run visits once a day, with so many found of the first class in each lot of 1200.
func (s *series) run(found ...int) {
	s.t.Helper()
	for _, n := range found {
		s.by.At = s.by.At.Add(24 * time.Hour)
		i := s.planned()
		in := s.recordOf(i, s.today())
		for k := range in.Lots {
			in.Lots[k].Findings = nil
			if n > 0 {
				in.Lots[k].Findings = []inspections.FindingInput{{Defect: "COR", Units: n}}
			}
		}
		i = s.submitted(s.recorded(i, in))
		v := &seriesVisit{newest: i, at: models.Now(s.by.At)}
		s.visits = append(s.visits, v)
		s.count(v)
	}
	s.check("a run of visits")
}

func newRun(t *testing.T) *series {
	tables = readTable(t)
	s := newSeries(t, "iso2859-1", 99)
	s.single = true
	return s
}

func TestReducedNeedsAgreement(t *testing.T) {
	s := newRun(t)
	s.run(make([]int, 12)...)
	major := s.severity(s.by).Classes[0]
	if last := major.Next[len(major.Next)-1].EN; major.Severity != "normal" || major.Score < 30 || last != "reduced possible: purchasing's approval is missing" {
		t.Errorf("after twelve good visits: %s at %d, %q, want normal, the approval missing", major.Severity, major.Score, last)
	}
	s.ruled(models.RuleReduced, "")
	s.check("the approval")
	if major = s.severity(s.by).Classes[0]; major.Severity != "reduced" || len(major.Changes) != 1 || len(major.Changes[0].Lots) < 10 || major.Changes[0].Ruling == nil {
		t.Errorf("after the approval: %s, %+v, want reduced, by the lots and the ruling", major.Severity, major.Changes)
	}
	_, err := s.rule(inspections.RulingInput{Kind: models.RuleReduced, Class: models.Minor})
	refused(t, "an approval given twice", err, models.CodeConflict, "kind")
	s.ruled(models.RuleIrregular, "")
	s.check("irregular production")
}

func TestResumeTakesACorrectiveAction(t *testing.T) {
	s := newRun(t)
	old := s.action(nil)
	s.run(9, 9, 9, 9, 9, 9, 9)
	stop := s.severity(s.by).Classes[0].Changes[1]
	words := stop.Reason.EN
	if stop.To != "discontinued" || len(stop.Lots) != 5 || !strings.Contains(words, stop.Lots[4].Number) || !strings.Contains(words, "batch "+stop.Lots[0].Batch+": 9 found, Ac 1, not accepted") {
		t.Fatalf("discontinued by %q, want five lots named with their batches and counts", words)
	}
	if s.planned() != nil {
		t.Error("planned while discontinued")
	}
	open := s.action(func(a *models.CorrectiveAction) { a.State = models.ActionOpen })
	other := contractstest.MustSupplier(t, s.db).ID
	elsewhere := s.action(func(a *models.CorrectiveAction) { a.SupplierID = other })
	because := s.action(func(a *models.CorrectiveAction) { a.OpenedOn, a.InspectionID = "2026-04-01", stop.Lots[4].InspectionID })
	none := models.NewID()
	for _, c := range []struct {
		name string
		in   inspections.RulingInput
		code models.Code
		on   string
	}{
		{"without a corrective action", inspections.RulingInput{}, models.CodeInvalid, "corrective_action_id"},
		{"by one that isn't there", inspections.RulingInput{CorrectiveActionID: &none}, models.CodeNotFound, "corrective_action_id"},
		{"by one of another supplier", inspections.RulingInput{CorrectiveActionID: &elsewhere}, models.CodeInvalid, "corrective_action_id"},
		{"by one that is open", inspections.RulingInput{CorrectiveActionID: &open}, models.CodeConflict, "corrective_action_id"},
		{"by one from before", inspections.RulingInput{CorrectiveActionID: &old}, models.CodeConflict, "corrective_action_id"},
		{"of a class that goes on", inspections.RulingInput{CorrectiveActionID: &because, Class: models.Minor}, models.CodeConflict, "kind"},
		{"of a class without a severity", inspections.RulingInput{CorrectiveActionID: &because, Class: models.Critical}, models.CodeInvalid, "class"},
	} {
		c.in.Kind = models.RuleResume
		_, err := s.rule(c.in)
		refused(t, "resume "+c.name, err, c.code, c.on)
	}
	r, err := s.rule(inspections.RulingInput{Kind: models.RuleResume, CorrectiveActionID: &because})
	if err != nil {
		t.Fatal(err)
	}
	s.note(r, nil)
	s.check("the resume")
	err = s.db.Tx(t.Context(), func(tx *gorm.DB) error {
		_, err := inspections.Withdraw(t.Context(), tx, s.by, r.ID, inspections.WithdrawInput{Reason: "no"})
		return err
	})
	refused(t, "withdrawing a resume", err, models.CodeConflict, "kind")
	s.run(9, 9, 9, 9, 9)
	_, err = s.rule(inspections.RulingInput{Kind: models.RuleResume, CorrectiveActionID: &because})
	refused(t, "resuming a second time by the same action", err, models.CodeConflict, "corrective_action_id")
}

func TestRulingsThatAreRefused(t *testing.T) {
	s := newRun(t)
	price := models.MustDecimal("0.5")
	three := 3
	for _, c := range []struct {
		name string
		in   inspections.RulingInput
		on   string
	}{
		{"override without a severity", inspections.RulingInput{Kind: models.RuleOverride}, "severity"},
		{"approval with a severity", inspections.RulingInput{Kind: models.RuleReduced, Severity: "reduced"}, "severity"},
		{"limiting quality without one", inspections.RulingInput{Kind: models.RuleLimiting}, "limiting_quality"},
		{"limiting quality below the AQL", inspections.RulingInput{Kind: models.RuleLimiting, LimitingQuality: price}, "limiting_quality"},
		{"approval with an acceptance number", inspections.RulingInput{Kind: models.RuleReduced, Ac: &three}, "ac"},
	} {
		_, err := s.rule(c.in)
		refused(t, c.name, err, models.CodeInvalid, c.on)
	}
	s.by.Roles = []models.Role{models.Inspector}
	_, err := s.rule(inspections.RulingInput{Kind: models.RuleReduced})
	refused(t, "an inspector's ruling", err, models.CodeForbidden, "")
}

// A confirmed measure makes every series of the supplier at least tightened; a
// severity set by hand does not pass under it.
func TestMeasureTightens(t *testing.T) {
	s := newRun(t)
	s.run(0)
	m := models.SupplierMeasure{ID: models.NewID(), SupplierID: s.purchase.PartyID, Kind: "tightened", Reason: "band D in 2026-03", ConfirmedName: "王采购",
		ConfirmedAt: models.Now(s.by.At), Version: 1, CreatedAt: models.Now(s.by.At), UpdatedAt: models.Now(s.by.At)}
	s.must(func(ctx context.Context, tx *gorm.DB) (*models.Inspection, error) {
		return nil, gorm.G[models.SupplierMeasure](tx).Create(ctx, &m)
	})
	in := s.planInput(s.newLots()...)
	class := s.plan(in).Lots[0].Plan.Classes[1]
	if class.Severity != "tightened" || !strings.Contains(class.Why.EN, "band D in 2026-03 (otherwise normal)") {
		t.Errorf("planned at %s (%s), want tightened for the measure's reason", class.Severity, class.Why.EN)
	}
	if _, err := s.rule(inspections.RulingInput{Kind: models.RuleOverride, Severity: "reduced"}); err != nil {
		t.Fatal(err)
	}
	major := s.severity(s.by).Classes[0]
	if major.Severity != "tightened" || major.Computed != "normal" {
		t.Errorf("severity %s, computed %s, want tightened, normal", major.Severity, major.Computed)
	}
	s.must(func(_ context.Context, tx *gorm.DB) (*models.Inspection, error) {
		return nil, tx.Model(&m).UpdateColumn("lifted_at", models.Now(s.by.At)).Error
	})
	if major = s.severity(s.by).Classes[0]; major.Severity != "reduced" || !strings.Contains(major.Why.EN, "ruled in the test (computed: normal)") {
		t.Errorf("without the measure %s (%s), want reduced by hand", major.Severity, major.Why.EN)
	}
}

// A short series says that switching protects nobody, and its ruling plans by limiting quality.
func TestShortSeries(t *testing.T) {
	s := newRun(t)
	s.run(0)
	q := s.query()
	q.Lot = 1200
	var answer *inspections.SeriesSeverity
	err := s.db.View(t.Context(), func(tx *gorm.DB) (err error) {
		answer, err = inspections.SeverityOf(t.Context(), tx, s.by, q)
		return err
	})
	if err != nil || answer.Short == nil || !strings.Contains(answer.Short.EN, "protect nobody") {
		t.Fatalf("SeverityOf = %+v, %v, want a word on the short series", answer, err)
	}
	o := answer.Classes[0].Offer
	// 3.15 % of 1200 are 38 units: without one of them in n = 70 by chance (38/1200) ≤ 10 %.
	if o == nil || o.LimitingQuality.String() != "3.15" || o.Plans[0].C != 0 || o.Plans[0].N < 65 || o.Plans[0].N > 75 || o.Plans[0].PAccept > .1 || *o.Plans[0].ProducerRisk < .4 {
		t.Fatalf("offer = %+v, want n about 70 at c = 0 for 3.15 %%", o)
	}
	if text := o.Text.EN + o.Text.ZH; strings.Contains(text, "%!") || !strings.Contains(o.Text.EN, fmt.Sprintf("n %d, c 0 accepts goods with 3.15 %% nonconforming with %.1f %% (consumer's risk)", o.Plans[0].N, 100*o.Plans[0].PAccept)) {
		t.Errorf("offer in words: %s", text)
	}
	two := 2
	if _, err := s.rule(inspections.RulingInput{Kind: models.RuleLimiting, Class: models.Major, LimitingQuality: models.MustDecimal("3.15"), Ac: &two}); err != nil {
		t.Fatal(err)
	}
	lot := contractstest.MustLot(t, s.db, s.purchase.Lines[0].ID)
	i := s.plan(s.planInput(lot.ID))
	p := i.Lots[0].Plan.Classes[1]
	if p.Rule != models.RuleFixed || p.Ac != 2 || p.LimitingQuality.String() != "3.15" || p.ConsumerRisk <= 0 || p.ConsumerRisk > .1 || p.ProducerRisk <= 0 || p.Severity != "" || !strings.Contains(p.Why.EN, "ruled in the test") {
		t.Errorf("plan = %+v, want c = 2 by limiting quality", p)
	}
	in := s.recordOf(i, s.today())
	presented := models.Pieces(1000)
	in.Lots[0].QuantityPresented, in.Lots[0].UnitsExamined, in.Lots[0].Findings = &presented, nil, nil
	if again := s.recorded(i, in).Lots[0].Plan.Classes[1]; again.Ac != 2 || again.SampleSize >= p.SampleSize || again.Why != p.Why {
		t.Errorf("for 1000 presented: %+v, want a smaller sample at c = 2", again)
	}
}

// Who sees one visit of a series sees the series, without the names of others' visits.
func TestSeverityScope(t *testing.T) {
	s := newRun(t)
	s.run(9)
	mine := contractstest.MustUser(t, s.db, []models.Role{models.Inspector})
	see := func(by models.Actor) error {
		return s.db.View(t.Context(), func(tx *gorm.DB) error {
			_, err := inspections.SeverityOf(t.Context(), tx, by, s.query())
			return err
		})
	}
	by := contractstest.Actor(mine)
	if err := see(by); !models.IsCode(err, models.CodeNotFound) {
		t.Errorf("an inspector without a visit: %v, want not_found", err)
	}
	in := s.planInput(s.newLots()...)
	in.Inspectors = []models.ID{mine.ID}
	s.plan(in)
	recent := s.severity(by).Classes[0].Recent
	if len(recent) == 0 || recent[0].Number != "" || recent[0].InspectionID != nil || recent[0].Found != 9 {
		t.Errorf("an inspector sees %+v, want the counts without names", recent)
	}
	stranger := contractstest.Actor(contractstest.MustUser(t, s.db, []models.Role{models.Inspector}))
	err := s.db.View(t.Context(), func(tx *gorm.DB) error {
		for who, want := range map[*models.Actor]int{&by: 1, &s.by: 1} {
			all, err := inspections.SeveritiesOf(t.Context(), tx, *who, s.purchase.PartyID)
			if err != nil || len(all.Items) != want || all.Items[0].StandardCode != s.code || len(all.Items[0].Classes) != 2 || all.Items[0].ProductCode == "" {
				t.Errorf("SeveritiesOf for %s = %+v, %v, want %d series", who.Name, all, err, want)
			}
		}
		if all, err := inspections.SeveritiesOf(t.Context(), tx, stranger, s.purchase.PartyID); err != nil || len(all.Items) != 0 {
			t.Errorf("a stranger sees %+v, %v, want nothing", all, err)
		}
		page, err := inspections.Rulings(t.Context(), tx, stranger, database.Query{})
		if len(page.Items) != 0 {
			t.Errorf("a stranger sees %d rulings", len(page.Items))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
