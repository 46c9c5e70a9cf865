package scorecards

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"recourse/models"
)

// Card is one supplier's scorecard of a period, from today's records: a draft of
// what Publish freezes.
func Card(ctx context.Context, tx *gorm.DB, by models.Actor, supplier models.ID, in RankInput, currency string) (*models.CardContent, error) {
	q, err := in.read(ctx, tx, by)
	if err != nil {
		return nil, err
	}
	s, err := supplierOf(ctx, tx, supplier)
	if err != nil {
		return nil, err
	}
	all, err := populationOf(ctx, tx, q.period, q.scope)
	if err != nil {
		return nil, err
	}
	card := all.card(*s, q, currency)
	card.Peers = peersOf(all.rows(q), supplier)
	if err := addRecords(ctx, tx, card, today(by.At)); err != nil {
		return nil, err
	}
	forReader(card, by)
	return card, nil
}

// Full is Card with what takes longer: the trend over earlier periods, the Pareto
// of defects and the claims, which are found by all lots that the supplier ever delivered.
func Full(ctx context.Context, tx *gorm.DB, by models.Actor, supplier models.ID, in RankInput, currency string) (*models.CardContent, error) {
	card, err := Card(ctx, tx, by, supplier, in, currency)
	if err != nil {
		return nil, err
	}
	q, err := in.read(ctx, tx, by)
	if err != nil {
		return nil, err
	}
	past, err := history(ctx, tx, q)
	if err != nil {
		return nil, err
	}
	card.Trend = past.trend(supplier)
	if card.Pareto, err = pareto(ctx, tx, supplier, q); err != nil {
		return nil, err
	}
	card.Claims, err = claimsOf(ctx, tx, supplier, q.period)
	forReader(card, by)
	return card, err
}

// Line is a supplier's score over the periods up to one.
type Line struct {
	Items []models.TrendPoint `json:"items"`
}

// Trend is one supplier's scores over the periods before one, and its own.
func Trend(ctx context.Context, tx *gorm.DB, by models.Actor, supplier models.ID, in RankInput) (*Line, error) {
	q, err := in.read(ctx, tx, by)
	if err != nil {
		return nil, err
	}
	if _, err := supplierOf(ctx, tx, supplier); err != nil {
		return nil, err
	}
	past, err := history(ctx, tx, q)
	if err != nil {
		return nil, err
	}
	line := &Line{past.trend(supplier)}
	for n := range line.Items {
		if !by.SeesPrices() {
			hideAmounts(&line.Items[n].Counts, nil)
		}
	}
	return line, nil
}

func supplierOf(ctx context.Context, tx *gorm.DB, id models.ID) (*models.Party, error) {
	rows, err := gorm.G[models.Party](tx).Where("id = ? AND kind = ?", id, models.PartySupplier).Limit(1).Find(ctx)
	if err == nil && len(rows) == 0 {
		err = models.NotFound("supplier", "供应商")
	}
	if err != nil {
		return nil, err
	}
	return &rows[0], nil
}

// card is what the roll-up says of one supplier.
func (p population) card(s models.Party, q query, currency string) *models.CardContent {
	m := p.find(s.ID)
	card := &models.CardContent{
		Formula: Formula, SupplierID: s.ID, SupplierCode: s.Code, SupplierName: s.Name, Country: s.Country, Category: q.scope.Category,
		Period: q.period, ProfileCode: q.profile.Code, ProfileNo: q.profile.VersionNo, ProfileName: q.profile.Name, Bands: q.profile.Content.Bands,
		Currency: currency, Counts: m.SupplierCounts, Missing: m.missing(), Result: p.score(m, q.profile.Content, q.scope),
		Trend: []models.TrendPoint{}, Pareto: []models.ParetoRow{}, Claims: []models.CardClaim{}, Definitions: Definitions(),
	}
	explain(&card.Result, p.priors)
	return card
}

// rows are the results of every member, without names, in no order.
func (p population) rows(q query) []models.RankingRow {
	rows := make([]models.RankingRow, len(p.members))
	for n, m := range p.members {
		rows[n] = models.RankingRow{SupplierID: m.SupplierID, Result: p.score(m, q.profile.Content, q.scope), Counts: m.SupplierCounts}
	}
	return rows
}

// trendPeriods is how many periods a trend shows, the card's own included.
var trendPeriods = map[string]int{models.PeriodMonth: 12, models.PeriodQuarter: 8, models.PeriodYear: 5, models.PeriodRolling: 12}

// past is the scores of a period and of those before it, oldest first.
type past []pastPeriod

type pastPeriod struct {
	period models.Period
	rows   []models.RankingRow
}

// history scores all suppliers over the periods of a trend by one profile.
func history(ctx context.Context, tx *gorm.DB, q query) (past, error) {
	var out past
	for n := trendPeriods[q.period.Kind] - 1; n >= 0; n-- {
		at := q
		at.period = before(q.period, n)
		all, err := populationOf(ctx, tx, at.period, at.scope)
		if err != nil {
			return nil, err
		}
		out = append(out, pastPeriod{at.period, all.rows(at)})
	}
	return out, nil
}

// trend is one supplier's line through the periods, with the median of all.
func (p past) trend(supplier models.ID) []models.TrendPoint {
	out := make([]models.TrendPoint, len(p))
	for n, at := range p {
		out[n] = models.TrendPoint{Period: at.period, Median: peersOf(at.rows, supplier).Median}
		if k := slices.IndexFunc(at.rows, func(r models.RankingRow) bool { return r.SupplierID == supplier }); k >= 0 {
			out[n].Score, out[n].Band, out[n].Counts = at.rows[k].Result.Score, at.rows[k].Result.Band, at.rows[k].Counts
		}
	}
	return out
}

// addRecords adds what isn't a count: actions and measures.
func addRecords(ctx context.Context, tx *gorm.DB, card *models.CardContent, now models.Date) (err error) {
	if card.Actions, err = actionsOf(ctx, tx, card.SupplierID, card.Period, now); err != nil {
		return err
	}
	inForce, err := measuresInForce(ctx, tx, card.SupplierID)
	card.Measures = []models.CardMeasure{}
	for _, m := range inForce {
		card.Measures = append(card.Measures, models.CardMeasure{Kind: m.Kind, Reason: m.Reason, ConfirmedAt: m.ConfirmedAt})
	}
	return err
}

// actionsOf are the corrective actions that are open, or were opened in the period.
func actionsOf(ctx context.Context, tx *gorm.DB, supplier models.ID, p models.Period, now models.Date) ([]models.CardAction, error) {
	rows, err := gorm.G[models.CorrectiveAction](tx).Select("number", "problem", "state", "opened_on", "next_due_on", "closed_at").
		Where("supplier_id = ? AND state <> ?", supplier, models.ActionCancelled).
		Where("closed_at IS NULL OR opened_on BETWEEN ? AND ?", p.From.First(), p.To.Last()).Order("opened_on, id").Find(ctx)
	out := make([]models.CardAction, len(rows))
	for n, a := range rows {
		overdue := a.ClosedAt == nil && !a.NextDueOn.IsZero() && a.NextDueOn < now
		out[n] = models.CardAction{Number: a.Number, Problem: a.Problem, State: a.State, OpenedOn: a.OpenedOn, NextDueOn: a.NextDueOn, Overdue: overdue}
	}
	return out, err
}
