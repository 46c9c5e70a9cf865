package scorecards

import (
	"context"

	"gorm.io/gorm"

	"recourse/models"
)

// BackTestInput asks how a profile would have ranked past periods beside the one
// in force: a profile that is stored, or a content that is only tried.
type BackTestInput struct {
	PeriodInput
	Against   string                 `json:"against" validate:"max=40"` // code of the profile to compare with
	ProfileID *models.ID             `json:"profile_id"`
	Content   *models.ProfileContent `json:"content"`
}

// BackTest is both rankings of each period, the oldest first.
type BackTest struct {
	Against string           `json:"against"`
	Version int              `json:"against_version"`
	Periods []BackTestPeriod `json:"periods"`
}

// BackTestPeriod is every supplier's place by both profiles. Moved counts those
// whose place is another, Bands those whose band is.
type BackTestPeriod struct {
	Period models.Period `json:"period"`
	Moved  int           `json:"moved"`
	Bands  int           `json:"bands"`
	Rows   []BackTestRow `json:"rows"`
}

// BackTestRow is one supplier by the profile in force and by the one that is tried.
type BackTestRow struct {
	SupplierID   models.ID       `json:"supplier_id"`
	SupplierCode string          `json:"supplier_code"`
	Place        int             `json:"place"`
	Score        *models.Percent `json:"score"`
	Band         string          `json:"band"`
	TriedPlace   int             `json:"tried_place"`
	TriedScore   *models.Percent `json:"tried_score"`
	TriedBand    string          `json:"tried_band"`
}

// Try ranks the periods of a trend by two profiles.
func Try(ctx context.Context, tx *gorm.DB, by models.Actor, in BackTestInput) (*BackTest, error) {
	q, err := RankInput{PeriodInput: in.PeriodInput, Profile: in.Against}.read(ctx, tx, by)
	if err != nil {
		return nil, err
	}
	tried := q
	switch {
	case in.ProfileID != nil && in.Content != nil || in.ProfileID == nil && in.Content == nil:
		return nil, models.Invalid("content", "Give the profile to try: either its id in profile_id, or its content.", "请给出要试算的方案：profile_id 或 content 之一。")
	case in.Content != nil:
		if err := models.At("content", CheckProfile(*in.Content)); err != nil {
			return nil, err
		}
		tried.profile = &models.ScoreProfile{Content: *in.Content}
	default:
		if tried.profile, err = GetProfile(ctx, tx, by, *in.ProfileID); err != nil {
			return nil, models.At("profile_id", err)
		}
	}
	names, err := suppliersOf(ctx, tx)
	if err != nil {
		return nil, err
	}
	out := &BackTest{Against: q.profile.Code, Version: q.profile.VersionNo}
	for n := trendPeriods[q.period.Kind] - 1; n >= 0; n-- {
		period := before(q.period, n)
		all, err := populationOf(ctx, tx, period, Scope{})
		if err != nil {
			return nil, err
		}
		out.Periods = append(out.Periods, compare(period, all.named(q, names), all.named(tried, names)))
	}
	return out, nil
}

// named are the results of all members in the order of their places.
func (p population) named(q query, names map[models.ID]models.Party) []models.RankingRow {
	rows := p.rows(q)
	for n := range rows {
		rows[n].SupplierCode = names[rows[n].SupplierID].Code
	}
	order(rows)
	return rows
}

func compare(period models.Period, now, tried []models.RankingRow) BackTestPeriod {
	out := BackTestPeriod{Period: period, Rows: make([]BackTestRow, len(now))}
	by := make(map[models.ID]models.RankingRow, len(tried))
	for _, t := range tried {
		by[t.SupplierID] = t
	}
	for n, r := range now {
		t := by[r.SupplierID]
		out.Rows[n] = BackTestRow{r.SupplierID, r.SupplierCode, r.Place, r.Result.Score, r.Result.Band, t.Place, t.Result.Score, t.Result.Band}
		if t.Place != r.Place {
			out.Moved++
		}
		if t.Result.Band != r.Result.Band {
			out.Bands++
		}
	}
	return out
}
