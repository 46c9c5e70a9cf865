package scorecards_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"recourse/contracts"
	"recourse/contracts/contractstest"
	"recourse/models"
	"recourse/scorecards"
)

var rolling = scorecards.PeriodInput{Kind: "rolling", Period: "2026-10"}

// as is a person with one role, at the story's time.
func as(role models.Role) models.Actor {
	return models.Actor{UserID: models.NewID(), Name: "周采", Roles: []models.Role{role}, Via: "session", At: now}
}

func (s *story) publish(reason string) *scorecards.Publications {
	s.t.Helper()
	s.follow(today, 500)
	out, err := scorecards.Publish(s.t.Context(), s.db, as(models.Purchasing), scorecards.PublishInput{PeriodInput: rolling, Reason: reason}, "CNY")
	if err != nil {
		s.t.Fatal(err)
	}
	return out
}

func outcomes(p *scorecards.Publications) string {
	var out []string
	for _, i := range p.Items {
		out = append(out, i.Outcome)
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func TestRanking(t *testing.T) {
	s := newStory(t)
	s.follow(today, 500)
	ask := func(by models.Actor, in scorecards.RankInput) (*models.Ranking, error) {
		return try(s.firm, func(ctx context.Context, tx *gorm.DB) (*models.Ranking, error) {
			return scorecards.Rank(ctx, tx, by, in, "CNY")
		})
	}
	all, err := ask(as(models.Purchasing), scorecards.RankInput{PeriodInput: rolling})
	if err != nil {
		t.Fatal(err)
	}
	if len(all.Rows) != 2 || all.Rated != 1 || all.Rows[0].SupplierID != s.a.PartyID || all.Rows[0].Place != 1 || all.Rows[1].Place != 0 {
		t.Errorf("ranking = %d rows, %d rated, want A rated and B, of which nothing was inspected, not: %+v", len(all.Rows), all.Rated, all.Rows)
	}
	if all.Pending != 0 || all.Rows[0].Counts.ClaimedMinor == 0 || len(all.Missing) != 1 || all.Missing[0] != "USD 2026-05" {
		t.Errorf("pending %d, claimed %d, missing %v, want 0, some and USD 2026-05", all.Pending, all.Rows[0].Counts.ClaimedMinor, all.Missing)
	}
	hidden, err := ask(as(models.Viewer), scorecards.RankInput{PeriodInput: rolling})
	if err != nil || hidden.Rows[0].Counts.ClaimedMinor != 0 || *hidden.Rows[0].Result.Score != *all.Rows[0].Result.Score {
		t.Errorf("a viewer is shown %+v (%v), want the score without amounts", hidden.Rows[0].Counts, err)
	}
	one, err := ask(as(models.Sales), scorecards.RankInput{PeriodInput: rolling, Scope: scorecards.Scope{Product: &s.p2}})
	if err != nil || len(one.Rows) != 1 || one.Rows[0].Counts.Lots != 1 {
		t.Errorf("ranking of product 2 = %+v, %v, want one lot of A", one, err)
	}
	elsewhere, err := ask(as(models.Sales), scorecards.RankInput{PeriodInput: rolling, Country: "BR"})
	if err != nil || len(elsewhere.Rows) != 0 {
		t.Errorf("ranking of another country = %+v, %v, want nobody", elsewhere, err)
	}
	unknown := models.NewID()
	for field, in := range map[string]scorecards.RankInput{
		"product": {Scope: scorecards.Scope{Product: &unknown}}, "profile": {Profile: "none"}, "period": {PeriodInput: scorecards.PeriodInput{Kind: "month", Period: "2027-01"}},
	} {
		_, err := ask(as(models.Purchasing), in)
		refused(t, field, err, models.CodeInvalid, field)
	}
	_, err = ask(as(models.Inspector), scorecards.RankInput{})
	refused(t, "inspector", err, models.CodeForbidden, "")
}

func TestCardWithTrendAndPareto(t *testing.T) {
	s := newStory(t)
	s.follow(today, 500)
	full := func(by models.Actor) *models.CardContent {
		return must(s.firm, func(ctx context.Context, tx *gorm.DB) (*models.CardContent, error) {
			return scorecards.Full(ctx, tx, by, s.a.PartyID, scorecards.RankInput{PeriodInput: rolling}, "CNY")
		})
	}
	c := full(as(models.Purchasing))
	if len(c.Trend) != 12 || c.Trend[11].Score == nil || *c.Trend[11].Score != *c.Result.Score || c.Trend[0].Period.To != "2025-11" || c.Trend[0].Score != nil {
		t.Errorf("trend = %+v, want twelve windows that end with the card's own score", c.Trend)
	}
	// Inspected: COR 2, BUB 1, COR 40, MLD 1; the re-inspection found nothing.
	if len(c.Pareto) != 3 || c.Pareto[0].Defect != "COR" || c.Pareto[0].Defects != 42 || c.Pareto[0].Lots != 2 || c.Pareto[2].Cumulated != models.Whole || c.Pareto[0].Name.EN == "" {
		t.Errorf("Pareto = %+v", c.Pareto)
	}
	if len(c.Claims) != 2 || c.Claims[0].Loss != 100000 || c.Claims[0].Debited != 100000 || len(c.Claims[0].Reasons) != 2 || c.Claims[0].Customer == "" || c.Claims[1].State != models.ClaimWithdrawn {
		t.Errorf("claims = %+v, want the one that stands with its loss, and the withdrawn one", c.Claims)
	}
	if len(c.Actions) != 1 || !c.Actions[0].Overdue {
		t.Errorf("actions = %+v, want the one that is overdue", c.Actions)
	}
	first := c.Result.Indicators[0]
	if first.Code != "first_pass" || first.Numerator != 2 || first.Denominator != 3 || *first.Low >= *first.Value || *first.High <= *first.Value {
		t.Errorf("first pass = %+v, want 2 of 3 inside its interval", first)
	}
	own := as(models.Sales)
	own.OwnOnly = true
	if c := full(own); len(c.Claims) != 0 {
		t.Errorf("who sees their own customers only is shown %d claims", len(c.Claims))
	}
	b := must(s.firm, func(ctx context.Context, tx *gorm.DB) (*models.CardContent, error) {
		return scorecards.Card(ctx, tx, as(models.Purchasing), s.b.PartyID, scorecards.RankInput{PeriodInput: scorecards.PeriodInput{Kind: "month", Period: "2026-01"}}, "CNY")
	})
	if b.Result.Score != nil || b.Result.Why.ZH == "" || b.Peers.Rank != 0 {
		t.Errorf("a supplier without data is scored: %+v", b.Result)
	}
}

func TestPublishOnceReviseWithReason(t *testing.T) {
	s := newStory(t)
	if got := outcomes(s.publish("")); got != "published published" {
		t.Fatalf("first publication: %s", got)
	}
	again := s.publish("")
	if got := outcomes(again); got != "unchanged unchanged" {
		t.Errorf("second publication: %s", got)
	}
	number := again.Items[0].Number
	s.inspected(s.a, "2026-09-30", bad, s.lot(s.a, 0)) // sent late by a phone
	if got := outcomes(s.publish("")); got != "differs unchanged" {
		t.Errorf("after a late inspection: %s", got)
	}
	differing := must(s.firm, func(ctx context.Context, tx *gorm.DB) ([]scorecards.Difference, error) {
		return scorecards.Differing(ctx, tx, as(models.Sales), rolling)
	})
	if len(differing) != 1 || differing[0].Now.Lots != differing[0].Published.Lots+1 {
		t.Errorf("differing = %+v, want A with one lot more", differing)
	}
	revised := s.publish("an inspection arrived late")
	if got := outcomes(revised); got != "revised unchanged" {
		t.Errorf("with a reason: %s", got)
	}
	var cards []models.Scorecard
	if err := s.db.Read.Where("supplier_id = ?", s.a.PartyID).Order("revision").Find(&cards).Error; err != nil {
		t.Fatal(err)
	}
	if len(cards) != 2 || cards[0].SupersededByID == nil || *cards[0].SupersededByID != cards[1].ID || cards[1].Number != cards[0].Number || cards[0].Content.Counts.Lots+1 != cards[1].Content.Counts.Lots {
		t.Errorf("cards of A = %+v, want the first as it was, superseded by a revision of the same number (%s)", cards, number)
	}
	for _, in := range []scorecards.PeriodInput{{Kind: "month", Period: "2026-11"}, {Kind: "quarter", Period: "2026-Q4"}, {Kind: "year", Period: "2026"}} {
		_, err := scorecards.Publish(t.Context(), s.db, as(models.Purchasing), scorecards.PublishInput{PeriodInput: in}, "CNY")
		refused(t, in.Period, err, models.CodeInvalid, "period")
	}
	_, err := scorecards.Publish(t.Context(), s.db, as(models.Sales), scorecards.PublishInput{PeriodInput: rolling}, "CNY")
	refused(t, "sales", err, models.CodeForbidden, "")

	check := func() (problems []string) {
		n := must(s.firm, func(ctx context.Context, tx *gorm.DB) (int, error) {
			return scorecards.CheckCards(ctx, tx, func(p string) { problems = append(problems, p) })
		})
		if n != 3 {
			t.Errorf("%d cards were checked, want 3", n)
		}
		return problems
	}
	if problems := check(); len(problems) != 0 {
		t.Errorf("CheckCards: %v", problems)
	}
	if err := s.db.Write.Exec("UPDATE scorecards SET content = REPLACE(content, '\"lots\":3', '\"lots\":9')").Error; err != nil {
		t.Fatal(err)
	}
	if problems := check(); len(problems) == 0 {
		t.Error("a changed card was not found")
	}
}

func TestUnpublishedIsPublishedOnce(t *testing.T) {
	s := newStory(t)
	s.follow(today, 500)
	by := models.System("job", now)
	due := func() int {
		return len(must(s.firm, func(ctx context.Context, tx *gorm.DB) ([]models.ID, error) {
			return scorecards.Unpublished(ctx, tx, by)
		}))
	}
	if got := due(); got != 2 {
		t.Errorf("%d suppliers wait for their card, want 2", got)
	}
	if _, err := scorecards.Publish(t.Context(), s.db, by, scorecards.PublishInput{}, "CNY"); err != nil {
		t.Fatal(err)
	}
	if got := due(); got != 0 {
		t.Errorf("%d suppliers wait for their card after it was published", got)
	}
}

func TestMeasuresFollowABand(t *testing.T) {
	s := newStory(t)
	s.publish("")
	confirm := func(kind string) (*models.SupplierMeasure, error) {
		return try(s.firm, func(ctx context.Context, tx *gorm.DB) (*models.SupplierMeasure, error) {
			return scorecards.Confirm(ctx, tx, as(models.Purchasing), scorecards.MeasureInput{SupplierID: s.a.PartyID, Kind: kind, Reason: "half of the lots refused"})
		})
	}
	var wg sync.WaitGroup
	results := make([]error, 6)
	for n := range results {
		wg.Go(func() { _, results[n] = confirm(models.MeasureNoNewContract) })
	}
	wg.Wait()
	done := 0
	for _, err := range results {
		if err == nil {
			done++
		} else if !models.IsCode(err, models.CodeConflict) && !models.IsCode(err, models.CodeUnavailable) {
			t.Errorf("Confirm = %v", err)
		}
	}
	if done != 1 {
		t.Errorf("%d confirmations at once went through, want 1", done)
	}
	buy := func() error {
		_, err := try(s.firm, func(ctx context.Context, tx *gorm.DB) (*contracts.Entered, error) {
			in := contracts.ContractInput{Kind: models.PurchaseContract, Number: "PC-NEW-1", SignedOn: "2026-11-01", PartyID: s.a.PartyID, Currency: "CNY"}
			s.lines(&in, "6.80", []models.ID{s.p1})
			return contracts.CreateContract(ctx, tx, s.by, in)
		})
		return err
	}
	refused(t, "a purchase from a stopped supplier", buy(), models.CodeConflict, "party_id")
	contractstest.MustPurchase(t, s.db, func(in *contracts.ContractInput) { s.lines(in, "6.80", []models.ID{s.p1}) }) // from another one
	var m models.SupplierMeasure
	if err := s.db.Read.Take(&m).Error; err != nil {
		t.Fatal(err)
	}
	lift := func(version int) error {
		_, err := try(s.firm, func(ctx context.Context, tx *gorm.DB) (*models.SupplierMeasure, error) {
			return scorecards.Lift(ctx, tx, as(models.Purchasing), m.ID, version, scorecards.LiftInput{Reason: "corrective action effective"})
		})
		return err
	}
	refused(t, "a stale version", lift(7), models.CodeStale, "")
	if err := lift(1); err != nil {
		t.Fatal(err)
	}
	refused(t, "a second lifting", lift(2), models.CodeConflict, "")
	if err := buy(); err != nil {
		t.Errorf("a purchase after the measure was lifted: %v", err)
	}
	card := s.publish("").Items
	other := slices.IndexFunc(card, func(p scorecards.Publication) bool { return p.SupplierID == s.b.PartyID })
	_, err := try(s.firm, func(ctx context.Context, tx *gorm.DB) (*models.SupplierMeasure, error) {
		return scorecards.Confirm(ctx, tx, as(models.Purchasing), scorecards.MeasureInput{SupplierID: s.a.PartyID, Kind: "watch", ScorecardID: &card[other].ScorecardID, Reason: "x"})
	})
	refused(t, "another supplier's card", err, models.CodeInvalid, "scorecard_id")
}

func TestLongNoDataPeriods(t *testing.T) {
	s := newStory(t)
	s.follow(today, 500)
	empty := must(s.firm, func(ctx context.Context, tx *gorm.DB) (*models.Ranking, error) {
		return scorecards.Rank(ctx, tx, as(models.Purchasing), scorecards.RankInput{PeriodInput: scorecards.PeriodInput{Kind: "year", Period: "2001"}}, "CNY")
	})
	if len(empty.Rows) != 0 || empty.Rated != 0 {
		t.Errorf("a year without records ranks %+v", empty.Rows)
	}
	if _, err := scorecards.Publish(t.Context(), s.db, models.System("job", now.Add(time.Hour)), scorecards.PublishInput{PeriodInput: scorecards.PeriodInput{Kind: "year", Period: "2001"}}, "CNY"); err != nil {
		t.Errorf("publishing a year without records: %v", err)
	}
}
