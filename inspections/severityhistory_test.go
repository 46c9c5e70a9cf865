package inspections_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"recourse/contracts"
	"recourse/contracts/contractstest"
	"recourse/inspections"
	"recourse/models"
)

// classes are what the histories' standard samples by AQL, with the defect that each shows.
var classes = []struct {
	class  models.DefectClass
	aql    string
	defect string
}{{models.Major, "1.0", "COR"}, {models.Minor, "4.0", "BUB"}}

// series is one supplier's product with its whole history, as the program stores
// it and as the slow reading sees it.
type series struct {
	visit
	scheme string
	code   string
	rng    *rand.Rand
	bad    float64 // share of lots with many defects, in the present phase
	single bool    // each visit is of one lot of 1200

	events  map[models.DefectClass][]*slowEvent
	visits  []*seriesVisit
	waiting []*models.Inspection // planned, not recorded yet
	rulings map[models.RulingKind]*seriesRuling
	seen    map[string]int
}

// seriesVisit is a submitted visit, and the events of its newest counting revision.
type seriesVisit struct {
	newest *models.Inspection
	at     time.Time // first submission
	events map[models.DefectClass][]*slowEvent
}

// seriesRuling is a ruling that holds, about every class.
type seriesRuling struct {
	id     models.ID
	events map[models.DefectClass]*slowEvent
}

func newSeries(t *testing.T, scheme string, number uint64) *series {
	s := &series{visit: newVisit(t), scheme: scheme, rng: rand.New(rand.NewPCG(number, 7)), events: map[models.DefectClass][]*slowEvent{},
		rulings: map[models.RulingKind]*seriesRuling{}, seen: map[string]int{}}
	content := models.StandardContent{
		Sampling: models.SamplingRules{Scheme: scheme, Level: "II", Classes: []models.ClassRule{{Class: models.Critical, Rule: models.RuleNotAllowed}}},
		Defects:  contractstest.CeilingStandard().Defects,
	}
	for _, c := range classes {
		content.Sampling.Classes = append(content.Sampling.Classes, models.ClassRule{Class: c.class, Rule: models.RuleAQL, AQL: c.aql})
	}
	standard := contractstest.MustStandard(t, s.db, func(in *contracts.StandardInput) { in.Content = content })
	s.code = standard.Code
	s.purchase = contractstest.MustPurchase(t, s.db, func(in *contracts.ContractInput) {
		in.Lines[0].StandardID, in.Lines[0].Quantity = &standard.ID, models.Pieces(900_000)
	})
	return s
}

func (s *series) query() inspections.SeverityQuery {
	return inspections.SeverityQuery{Supplier: s.purchase.PartyID, Product: s.purchase.Lines[0].ProductID, Standard: s.code}
}

func (s *series) severity(by models.Actor) (out *inspections.SeriesSeverity) {
	s.t.Helper()
	err := s.db.View(s.t.Context(), func(tx *gorm.DB) (err error) {
		out, err = inspections.SeverityOf(s.t.Context(), tx, by, s.query())
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return out
}

func (s *series) today() models.Date { return models.DateOf(s.by.At) }

// expected is what the slow reading says of each class.
func (s *series) expected(class int) (string, []string) {
	c := classes[class]
	return slowClass{s.scheme, c.aql, tables}.computed(s.events[c.class])
}

var tables slowTable

// inForce is what a plan has to be made by.
func (s *series) inForce(class int) string {
	severity, _ := s.expected(class)
	if r := s.rulings[models.RuleOverride]; r != nil && severity != "discontinued" {
		return r.events[classes[class].class].severity
	}
	return severity
}

// lots enters some lots of one visit.
func (s *series) newLots() (ids []models.ID) {
	count, size := 1+s.rng.IntN(2), []int{400, 1200}[s.rng.IntN(2)]
	if s.single {
		count, size = 1, 1200
	}
	for range count {
		ids = append(ids, contractstest.MustLot(s.t, s.db, s.purchase.Lines[0].ID, func(in *contracts.LotInput) {
			in.Quantity, in.Cartons, in.PerCarton, in.CartonFrom, in.CartonTo = models.Pieces(int64(size)), size/10, 10, 0, 0
		}).ID)
	}
	return ids
}

// planned plans a visit; it is refused exactly where a class is discontinued.
func (s *series) planned() *models.Inspection {
	s.t.Helper()
	in := s.planInput(s.newLots()...)
	i, err := s.tx(func(ctx context.Context, tx *gorm.DB) (*models.Inspection, error) {
		return inspections.Plan(ctx, tx, s.by, in, seed)
	})
	stopped := s.inForce(0) == "discontinued" || s.inForce(1) == "discontinued"
	if stopped {
		refused(s.t, "planning while discontinued", err, models.CodeConflict, "lots[0].severity")
		return nil
	}
	if err != nil {
		s.t.Fatal(err)
	}
	for _, l := range i.Lots {
		for n := range classes {
			if got, want := l.Plan.Classes[n+1].Severity, s.inForce(n); got != want {
				s.t.Fatalf("%s planned at %s for %s, want %s", i.Number, got, classes[n].class, want)
			}
		}
	}
	return i
}

// found draws how many of a class are found.
func (s *series) found() int {
	if s.rng.Float64() < s.bad {
		return 3 + s.rng.IntN(12)
	}
	return []int{0, 0, 0, 0, 1, 1, 2}[s.rng.IntN(7)]
}

func (s *series) recordOf(i *models.Inspection, day models.Date) inspections.RecordInput {
	in := inspections.RecordInput{InspectedOn: day}
	for _, l := range i.Lots {
		units := l.Plan.Units
		q := models.Pieces(int64(l.Plan.LotSize))
		lot := inspections.LotRecord{LotID: l.LotID, UnitsExamined: &units, QuantityPresented: &q}
		for _, c := range classes {
			if n := s.found(); n > 0 {
				lot.Findings = append(lot.Findings, inspections.FindingInput{Defect: c.defect, Units: n})
			}
		}
		in.Lots = append(in.Lots, lot)
	}
	return in
}

// visited records and submits a visit; days is how long ago it was.
func (s *series) visited(i *models.Inspection, days int) {
	s.t.Helper()
	i = s.submitted(s.recorded(i, s.recordOf(i, s.today().AddDays(-days))))
	v := &seriesVisit{newest: i, at: models.Now(s.by.At)}
	s.visits = append(s.visits, v)
	s.count(v)
}

// count puts the newest revision of a visit in the place of what counted of it before.
func (s *series) count(v *seriesVisit) {
	for class, old := range v.events {
		s.events[class] = slices.DeleteFunc(s.events[class], func(e *slowEvent) bool { return slices.Contains(old, e) })
	}
	v.events = map[models.DefectClass][]*slowEvent{}
	for _, l := range v.newest.Lots {
		for n, c := range classes {
			p := l.Plan.Classes[n+1]
			e := &slowEvent{day: v.newest.InspectedOn, at: v.at, pos: l.Position, used: p.Severity, letter: p.PlanLetter, ac: p.Ac, re: p.Re, found: l.Judgement.Classes[n+1].Found}
			s.events[c.class], v.events[c.class] = append(s.events[c.class], e), append(v.events[c.class], e)
		}
	}
}

// decided ends a visit, so that it may be revised or repeated.
func (s *series) decided(i *models.Inspection) *models.Inspection {
	s.t.Helper()
	i = s.get(i.ID)
	if i.State == models.Final {
		return i
	}
	i, err := s.decide(i, inspections.DecideInput{Decision: models.ReworkAndRetry, Reason: "as found"})
	if err != nil {
		s.t.Fatal(err)
	}
	return i
}

// corrected revises an earlier visit with other counts; before the decision the old one counts.
func (s *series) corrected() {
	v := s.visits[s.rng.IntN(len(s.visits))]
	old := s.decided(v.newest)
	i := s.must(func(ctx context.Context, tx *gorm.DB) (*models.Inspection, error) {
		return inspections.Revise(ctx, tx, s.by, old.ID, old.Version, inspections.ReviseInput{Reason: "miscounted"})
	})
	i = s.submitted(s.recorded(i, s.recordOf(i, old.InspectedOn.AddDays(s.rng.IntN(2)))))
	s.check("a revision that waits for its decision")
	v.newest = s.decided(i)
	s.count(v)
}

// repeated re-inspects a visit: it never counts.
func (s *series) repeated() {
	v := s.visits[s.rng.IntN(len(s.visits))]
	old := s.decided(v.newest)
	in := s.planInput(old.Lots[0].LotID)
	in.Kind, in.PreviousID = models.ReInspection, &old.ID
	i, err := s.tx(func(ctx context.Context, tx *gorm.DB) (*models.Inspection, error) {
		return inspections.Plan(ctx, tx, s.by, in, seed)
	})
	if models.IsCode(err, models.CodeConflict) {
		return // discontinued
	}
	if err != nil {
		s.t.Fatal(err)
	}
	s.submitted(s.recorded(i, s.recordOf(i, s.today())))
}

// check compares the program's answer with the slow reading.
func (s *series) check(what string) {
	s.t.Helper()
	answer := s.severity(s.by)
	for n, c := range answer.Classes {
		severity, changes := s.expected(n)
		var got []string
		for _, change := range c.Changes {
			got = append(got, fmt.Sprintf("%s>%s %s", change.From, change.To, change.On))
			if change.Reason.EN == "" || change.Reason.ZH == "" || strings.Contains(change.Reason.EN+change.Reason.ZH, "%!") || len(change.Lots) == 0 && change.Ruling == nil {
				s.t.Errorf("after %s: the change %+v has no cause", what, change)
			}
		}
		if string(c.Computed) != severity || !cmp.Equal(got, changes) || string(c.Severity) != s.inForce(n) || len(c.Next) == 0 {
			s.t.Fatalf("after %s: %s is %s (%s in force), want %s (%s)\nchanges: %s", what, c.Class, c.Computed, c.Severity, severity, s.inForce(n), cmp.Diff(changes, got))
		}
		s.seen[severity]++
	}
}

// step does one thing that happens in a series.
func (s *series) step() string {
	s.by.At = s.by.At.Add(time.Duration(1+s.rng.IntN(30)) * time.Hour)
	if s.rng.IntN(25) == 0 {
		s.bad = []float64{0, 0, .1, .6}[s.rng.IntN(4)]
	}
	switch odds := s.rng.IntN(100); {
	case odds < 4:
		s.ruled(models.RuleReduced, "")
		return "approval"
	case odds < 6 || odds < 14 && s.rulings[models.RuleIrregular] != nil:
		s.ruled(models.RuleIrregular, "")
		return "irregular production"
	case odds < 16 || odds < 24 && s.rulings[models.RuleOverride] != nil:
		s.ruled(models.RuleOverride, []string{"normal", "tightened", "reduced"}[s.rng.IntN(3)])
		return "an override"
	case odds < 28 || odds < 34 && (s.inForce(0) == "discontinued" || s.inForce(1) == "discontinued"):
		s.resumed()
		return "resume"
	case odds < 32 && len(s.visits) > 0:
		s.corrected()
		return "a revision"
	case odds < 35 && len(s.visits) > 0:
		s.repeated()
		return "a re-inspection"
	case odds < 41:
		if i := s.planned(); i != nil {
			s.waiting = append(s.waiting, i)
		}
		return "a plan"
	case odds < 47 && len(s.waiting) > 0:
		i := s.waiting[0]
		s.waiting = s.waiting[1:]
		s.visited(i, 0)
		return "a visit planned before"
	}
	if i := s.planned(); i != nil {
		s.visited(i, max(0, s.rng.IntN(12)-8))
	}
	return "a visit"
}

func TestSeverityAgainstSlowReading(t *testing.T) {
	tables = readTable(t)
	seen := map[string]int{}
	for number, scheme := range []string{"iso2859-1", "z1.4", "iso2859-1"} {
		s := newSeries(t, scheme, uint64(number+1))
		for n := range 140 {
			s.check(fmt.Sprintf("step %d of series %d: %s", n, number, s.step()))
		}
		for severity, n := range s.seen {
			seen[severity] += n
		}
	}
	for _, severity := range []string{"normal", "tightened", "reduced", "discontinued"} {
		if seen[severity] < 10 {
			t.Errorf("the histories were %s %d times only: %v", severity, seen[severity], seen)
		}
	}
}
