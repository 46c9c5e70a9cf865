package scorecards

import (
	"cmp"
	"context"
	"slices"

	"gorm.io/gorm"

	"recourse/models"
)

// RankInput asks for a ranking: a period, the profile's code, and filters. An
// inactive profile may be tried by its id.
type RankInput struct {
	PeriodInput
	Scope
	Profile   string     `json:"profile" validate:"max=40"`
	ProfileID *models.ID `json:"profile_id"`
	Country   string     `json:"country" validate:"max=60"`
}

// query is a RankInput that was read: what is ranked, by what.
type query struct {
	period  models.Period
	scope   Scope
	country string
	profile *models.ScoreProfile
}

// read turns an input into what is asked.
func (in RankInput) read(ctx context.Context, tx *gorm.DB, by models.Actor) (query, error) {
	if err := mayRead(by); err != nil {
		return query{}, err
	}
	period, err := in.PeriodInput.parse(today(by.At))
	if err != nil {
		return query{}, err
	}
	q := query{period: period, scope: in.Scope, country: in.Country}
	if in.Product != nil && in.Category == "" { // a product is scored by its category's weights
		product, err := productOf(ctx, tx, *in.Product)
		if err != nil {
			return q, err
		}
		q.scope.Category = product.Category
	}
	if in.ProfileID != nil {
		q.profile, err = GetProfile(ctx, tx, by, *in.ProfileID)
	} else {
		q.profile, err = InForce(ctx, tx, in.Profile)
	}
	return q, err
}

func productOf(ctx context.Context, tx *gorm.DB, id models.ID) (*models.Product, error) {
	rows, err := gorm.G[models.Product](tx).Where("id = ?", id).Limit(1).Find(ctx)
	if err == nil && len(rows) == 0 {
		err = models.Invalid("product", "There is no product with this id.", "没有此编号的商品。")
	}
	if err != nil {
		return nil, err
	}
	return &rows[0], nil
}

// Rank ranks the suppliers that have figures in a period.
func Rank(ctx context.Context, tx *gorm.DB, by models.Actor, in RankInput, currency string) (*models.Ranking, error) {
	q, err := in.read(ctx, tx, by)
	if err != nil {
		return nil, err
	}
	out, err := rank(ctx, tx, q)
	if err != nil {
		return nil, err
	}
	out.Currency = currency
	for n := range out.Rows {
		if !by.SeesPrices() {
			hideAmounts(&out.Rows[n].Counts, &out.Rows[n].Result)
		}
	}
	out.Pending, err = Pending(ctx, tx)
	return out, err
}

func rank(ctx context.Context, tx *gorm.DB, q query) (*models.Ranking, error) {
	all, err := populationOf(ctx, tx, q.period, q.scope)
	if err != nil {
		return nil, err
	}
	suppliers, err := suppliersOf(ctx, tx)
	if err != nil {
		return nil, err
	}
	out := &models.Ranking{
		Period: q.period, ProfileCode: q.profile.Code, ProfileNo: q.profile.VersionNo, ProfileName: q.profile.Name,
		Product: q.scope.Product, Category: q.scope.Category, Country: q.country,
		Rows: []models.RankingRow{}, Missing: []string{}, Definitions: Definitions(),
	}
	for _, m := range all.members {
		s := suppliers[m.SupplierID]
		if q.country != "" && models.Key(q.country) != models.Key(s.Country) {
			continue
		}
		out.Rows = append(out.Rows, models.RankingRow{
			SupplierID: m.SupplierID, SupplierCode: s.Code, SupplierName: s.Name, Country: s.Country,
			Result: all.score(m, q.profile.Content, q.scope), Counts: m.SupplierCounts,
		})
		out.Missing = append(out.Missing, m.missing()...)
	}
	slices.Sort(out.Missing)
	out.Missing = slices.Compact(out.Missing)
	out.Rated = order(out.Rows)
	return out, nil
}

// suppliersOf loads the names of all suppliers: few beside what they delivered.
func suppliersOf(ctx context.Context, tx *gorm.DB) (map[models.ID]models.Party, error) {
	rows, err := gorm.G[models.Party](tx).Select("id", "code", "name_zh", "name_en", "country").Where("kind = ?", models.PartySupplier).Find(ctx)
	out := make(map[models.ID]models.Party, len(rows))
	for _, s := range rows {
		out[s.ID] = s
	}
	return out, err
}

// order sorts the best first and gives places: equal scores share one, and the
// next counts them. Those without a score come last, by code. It returns how many are rated.
func order(rows []models.RankingRow) (rated int) {
	slices.SortFunc(rows, func(a, b models.RankingRow) int {
		if byScore := compareScores(b.Result.Score, a.Result.Score); byScore != 0 {
			return byScore
		}
		return cmp.Or(cmp.Compare(a.SupplierCode, b.SupplierCode), slices.Compare(a.SupplierID[:], b.SupplierID[:]))
	})
	for n := range rows {
		if rows[n].Result.Score == nil {
			break
		}
		rated++
		rows[n].Place = n + 1
		if n > 0 && *rows[n-1].Result.Score == *rows[n].Result.Score {
			rows[n].Place = rows[n-1].Place
		}
	}
	return rated
}

// compareScores puts "not rated" below every score.
func compareScores(a, b *models.Percent) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	return cmp.Compare(*a, *b)
}

// peersOf says where a supplier stands in a ranking, without naming others.
func peersOf(rows []models.RankingRow, supplier models.ID) models.Peers {
	rated := order(rows)
	p := models.Peers{Suppliers: len(rows), Rated: rated}
	for _, r := range rows {
		if r.SupplierID == supplier {
			p.Rank = r.Place
		}
	}
	for _, r := range rows {
		if p.Rank > 0 && r.Place == p.Rank && r.SupplierID != supplier {
			p.Ties++
		}
	}
	if rated == 0 {
		return p
	}
	quantile := func(share float64) *models.Percent { // of the scores, best first: nearest rank
		return rows[min(rated-1, int(share*float64(rated)))].Result.Score
	}
	p.Best, p.Upper, p.Median, p.Lower = rows[0].Result.Score, quantile(0.25), quantile(0.5), quantile(0.75)
	return p
}
