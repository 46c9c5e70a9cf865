package scorecards_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"recourse/models"
	"recourse/scorecards"
)

func TestProfilesHaveVersions(t *testing.T) {
	s := newStory(t)
	s.follow(today, 500)
	by := as(models.Purchasing)
	inForce := must(s.firm, func(ctx context.Context, tx *gorm.DB) (*models.ScoreProfile, error) {
		return scorecards.InForce(ctx, tx, "")
	})
	content := inForce.Content
	content.Indicators = slices.Clone(content.Indicators)
	content.Indicators[0].Weight -= 500
	timely := slices.IndexFunc(content.Indicators, func(i models.IndicatorWeight) bool { return i.Code == "on_time" })
	content.Indicators[timely].Weight += 500
	create := func() (*models.ScoreProfile, error) {
		return try(s.firm, func(ctx context.Context, tx *gorm.DB) (*models.ScoreProfile, error) {
			return scorecards.CreateProfile(ctx, tx, by, scorecards.ProfileInput{Code: "Standard", Name: models.Text{ZH: "二", EN: "two"}, Content: content})
		})
	}
	draft, err := create()
	if err != nil || draft.VersionNo != 2 || draft.State != models.ProfileDraft {
		t.Fatalf("CreateProfile = %+v, %v, want the draft of version 2 beside the built-in one", draft, err)
	}
	_, err = create()
	refused(t, "a second draft", err, models.CodeConflict, "code")
	tried := must(s.firm, func(ctx context.Context, tx *gorm.DB) (*scorecards.BackTest, error) {
		return scorecards.Try(ctx, tx, by, scorecards.BackTestInput{PeriodInput: rolling, ProfileID: &draft.ID})
	})
	if len(tried.Periods) != 12 || len(tried.Periods[11].Rows) != 2 || *tried.Periods[11].Rows[0].Score == *tried.Periods[11].Rows[0].TriedScore {
		t.Errorf("back-test = %+v, want twelve periods with other scores by the draft", tried)
	}
	act := func(verb func(context.Context, *gorm.DB, models.Actor, models.ID, int) (*models.ScoreProfile, error), id models.ID, version int) error {
		_, err := try(s.firm, func(ctx context.Context, tx *gorm.DB) (*models.ScoreProfile, error) {
			return verb(ctx, tx, by, id, version)
		})
		return err
	}
	refused(t, "a stale version", act(scorecards.ActivateProfile, draft.ID, 9), models.CodeStale, "")
	if err := act(scorecards.ActivateProfile, draft.ID, 1); err != nil {
		t.Fatal(err)
	}
	refused(t, "the default profile", act(scorecards.RetireProfile, draft.ID, 2), models.CodeConflict, "state")
	remove := func(id models.ID, version int) error {
		_, err := try(s.firm, func(ctx context.Context, tx *gorm.DB) (bool, error) {
			return true, scorecards.DeleteProfile(ctx, tx, by, id, version)
		})
		return err
	}
	refused(t, "a profile in use", remove(draft.ID, 2), models.CodeConflict, "state")
	third, err := create()
	if err != nil {
		t.Fatal(err)
	}
	if err := remove(third.ID, 1); err != nil {
		t.Errorf("DeleteProfile of a draft = %v", err)
	}
	_, err = try(s.firm, func(ctx context.Context, tx *gorm.DB) (*models.ScoreProfile, error) {
		return scorecards.EditProfile(ctx, tx, by, draft.ID, 2, scorecards.ProfileEdit{Name: draft.Name, Content: content})
	})
	refused(t, "an edit of an active version", err, models.CodeConflict, "state")
	if now := must(s.firm, func(ctx context.Context, tx *gorm.DB) (*models.ScoreProfile, error) {
		return scorecards.InForce(ctx, tx, "")
	}); now.VersionNo != 2 {
		t.Errorf("version %d is in force, want 2", now.VersionNo)
	}
	_, err = try(s.firm, func(ctx context.Context, tx *gorm.DB) (*models.ScoreProfile, error) {
		return scorecards.CreateProfile(ctx, tx, as(models.Finance), scorecards.ProfileInput{Code: "x"})
	})
	refused(t, "finance", err, models.CodeForbidden, "")
}

func TestCostAddsUp(t *testing.T) {
	s := newStory(t)
	s.follow(today, 500)
	cost := func(by string) *scorecards.CostReport {
		return must(s.firm, func(ctx context.Context, tx *gorm.DB) (*scorecards.CostReport, error) {
			return scorecards.Cost(ctx, tx, as(models.Finance), scorecards.CostInput{PeriodInput: rolling, By: by, Supplier: &s.a.PartyID}, "CNY")
		})
	}
	suppliers := cost("supplier")
	if len(suppliers.Items) != 1 {
		t.Fatalf("cost by supplier = %+v", suppliers)
	}
	want := suppliers.Items[0]
	// 150.01 USD claimed at 7.0; 1000.00 CNY of loss, of which 833.34 are for its items; 500.00 came back.
	if want.Claimed.Minor != 105007 || want.Loss.Minor != 83334 || want.Debited.Minor != 100000 || want.Recovered.Minor != 50000 || want.Lost.Minor != 33334 {
		t.Errorf("cost of A = %+v", want)
	}
	for _, by := range []string{"product", "contract"} {
		got := cost(by).Total
		if got.Claimed != want.Claimed || got.Granted != want.Granted || got.Loss != want.Loss || got.Debited != want.Debited || got.Recovered != want.Recovered {
			t.Errorf("cost by %s sums to %+v, want %+v", by, got, want)
		}
	}
	_, err := try(s.firm, func(ctx context.Context, tx *gorm.DB) (*scorecards.CostReport, error) {
		return scorecards.Cost(ctx, tx, as(models.Viewer), scorecards.CostInput{}, "CNY")
	})
	refused(t, "a viewer", err, models.CodeForbidden, "")
	_, err = try(s.firm, func(ctx context.Context, tx *gorm.DB) (*scorecards.CostReport, error) {
		return scorecards.Cost(ctx, tx, as(models.Finance), scorecards.CostInput{By: "contract"}, "CNY")
	})
	refused(t, "contracts of everybody", err, models.CodeInvalid, "supplier")
}

func TestEscapesSayWhatWouldHelp(t *testing.T) {
	s := newStory(t)
	label := map[models.ID]string{}
	complain := func(name, defect string, apparent bool) {
		in := complaint(s.sale, 0, s.a1, models.ReasonQuality, 100)
		in.Defect, in.Apparent = defect, &apparent
		c, err := s.firm.claim(s.sale, "2026-07-01", in)
		label[ok(s.firm, c, err).ID] = name
	}
	complain("found twice and tolerated", "COR", true)
	complain("examined, none found", "MLD", true)
	complain("not in the standard", "", true)
	complain("not to be seen", "", false)
	analysis := must(s.firm, func(ctx context.Context, tx *gorm.DB) (*scorecards.EscapeAnalysis, error) {
		return scorecards.Escapes(ctx, tx, as(models.Purchasing), scorecards.EscapeInput{PeriodInput: rolling, Supplier: &s.a.PartyID})
	})
	got := map[string]string{}
	for _, e := range analysis.Items {
		if label[e.ClaimID] != "" {
			got[label[e.ClaimID]] = e.Proposal
		}
		if e.InspectionNumber == "" || e.Text.ZH == "" || e.Text.EN == "" {
			t.Errorf("escape without its inspection or text: %+v", e)
		}
		if e.Defect == "COR" && (e.Plan == "" || e.PassShare == nil || *e.PassShare <= 0 || *e.PassShare > 1) {
			t.Errorf("escape of COR = plan %q, chance %v", e.Plan, e.PassShare)
		}
	}
	want := map[string]string{
		"found twice and tolerated": scorecards.Tighten, "examined, none found": scorecards.Tighten,
		"not in the standard": scorecards.AddCharacteristic, "not to be seen": scorecards.AskCertificate,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("proposals (-want +got):\n%s", diff)
	}
	if len(analysis.ByWhat) == 0 || len(analysis.ByPlan) == 0 || analysis.More {
		t.Errorf("sums = %+v %+v", analysis.ByWhat, analysis.ByPlan)
	}
}
