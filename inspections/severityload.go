package inspections

import (
	"bytes"
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/models"
)

// pastLot is one class of a lot of a series, with what names it.
type pastLot struct {
	models.SeverityLot
	Number      string
	Batch       string
	ChainID     models.ID
	SubmittedAt time.Time // of the first revision, so that a correction doesn't reorder a day
}

// history is what the severities of one series are computed from: the lots of
// all its classes and what people ruled, each in order.
type history struct {
	lots    []pastLot
	rulings []models.SeverityRuling
	measure *models.SupplierMeasure // one that asks for tightened inspection
}

// counting limits severity_lots to those that count: of each visit its newest
// final revision, or the first one as soon as it is submitted.
const counting = "inspections.superseded_by_id IS NULL AND (inspections.revises_id IS NULL OR inspections.state = 'final')"

// pastLots reads the lots that match, oldest first. Rows are scanned column by
// column: gorm's reflection took half the time of planning on a long series.
func pastLots(ctx context.Context, tx *gorm.DB, where string, args ...any) ([]pastLot, error) {
	rows, err := tx.WithContext(ctx).Table("severity_lots").
		Select(`severity_lots.class, severity_lots.inspection_id, severity_lots.product_id, severity_lots.standard_code, severity_lots.inspected_on, severity_lots.position,
			severity_lots.aql, severity_lots.severity, severity_lots.code_letter, severity_lots.plan_letter, severity_lots.lot_size, severity_lots.sample_size,
			severity_lots.ac, severity_lots.re, severity_lots.inspect_all, severity_lots.found, severity_lots.lot_id, inspections.number, inspections.chain_id, inspections.submitted_at, original.submitted_at`).
		Joins("JOIN inspections ON inspections.id = severity_lots.inspection_id").
		Joins("LEFT JOIN inspections original ON original.id = inspections.chain_id AND inspections.revises_id IS NOT NULL").
		Where(where, args...).Where(counting).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var lots []pastLot
	for rows.Next() {
		var l pastLot
		var first *time.Time
		err := rows.Scan(&l.Class, &l.InspectionID, &l.ProductID, &l.StandardCode, &l.InspectedOn, &l.Position, &l.AQL, &l.Severity, &l.CodeLetter, &l.PlanLetter,
			&l.LotSize, &l.SampleSize, &l.Ac, &l.Re, &l.InspectAll, &l.Found, &l.LotID, &l.Number, &l.ChainID, &l.SubmittedAt, &first)
		if err != nil {
			return nil, err
		}
		if first != nil {
			l.SubmittedAt = *first
		}
		lots = append(lots, l)
	}
	slices.SortFunc(lots, func(a, b pastLot) int {
		return cmp.Or(cmp.Compare(a.InspectedOn, b.InspectedOn), a.SubmittedAt.Compare(b.SubmittedAt),
			bytes.Compare(a.ChainID[:], b.ChainID[:]), cmp.Compare(a.Position, b.Position))
	})
	return lots, rows.Err()
}

// nameBatches fills the lots' batches, which planning has no use for.
func nameBatches(ctx context.Context, tx *gorm.DB, lots []pastLot) error {
	batches := map[models.ID]string{}
	for _, l := range lots {
		batches[l.LotID] = ""
	}
	for ids := range slices.Chunk(slices.Collect(maps.Keys(batches)), 5000) {
		rows, err := gorm.G[models.Lot](tx).Select("id, batch").Where("id IN ?", ids).Find(ctx)
		if err != nil {
			return err
		}
		for _, l := range rows {
			batches[l.ID] = l.Batch
		}
	}
	for n := range lots {
		lots[n].Batch = batches[lots[n].LotID]
	}
	return nil
}

// rulingsOf reads the rulings that match, oldest first.
func rulingsOf(ctx context.Context, tx *gorm.DB, where string, args ...any) ([]models.SeverityRuling, error) {
	rulings, err := gorm.G[models.SeverityRuling](tx).Where(where, args...).Find(ctx)
	slices.SortFunc(rulings, func(a, b models.SeverityRuling) int {
		return cmp.Or(cmp.Compare(a.EffectiveOn, b.EffectiveOn), a.RuledAt.Compare(b.RuledAt), bytes.Compare(a.ID[:], b.ID[:]))
	})
	return rulings, err
}

// read loads the history of a series in three statements.
func (s Series) read(ctx context.Context, tx *gorm.DB) (h history, err error) {
	if h.lots, err = pastLots(ctx, tx, "severity_lots.supplier_id = ? AND severity_lots.product_id = ? AND severity_lots.standard_code = ?",
		s.SupplierID, s.ProductID, s.StandardCode); err != nil {
		return h, err
	}
	if h.rulings, err = rulingsOf(ctx, tx, "supplier_id = ? AND product_id = ? AND standard_code = ?", s.SupplierID, s.ProductID, s.StandardCode); err != nil {
		return h, err
	}
	h.measure, err = tightening(ctx, tx, s.SupplierID)
	return h, err
}

// countSeries stores what the lots of a submitted visit count for. Only original
// pre-shipment inspections do, and only classes that were sampled by an AQL and judged.
func countSeries(ctx context.Context, tx *gorm.DB, i *models.Inspection) error {
	if i.ChainNo != 0 || i.Kind != models.PreShipment {
		return nil
	}
	var rows [][]any
	for _, l := range i.Lots {
		for n, p := range l.Plan.Classes {
			if p.Rule != models.RuleAQL || l.Judgement == nil || n >= len(l.Judgement.Classes) {
				continue
			}
			if j := l.Judgement.Classes[n]; j.Class == p.Class && j.Verdict != models.Pending {
				rows = append(rows, []any{
					l.ID, p.Class, i.ID, l.LotID, l.SupplierID, l.ProductID, l.StandardCode, i.InspectedOn, l.Position,
					p.AQL, p.Severity, p.CodeLetter, p.PlanLetter, l.Plan.LotSize, p.SampleSize, p.Ac, p.Re, p.InspectAll, j.Found,
				})
			}
		}
	}
	return database.Insert(ctx, tx, "severity_lots (inspection_lot_id, class, inspection_id, lot_id, supplier_id, product_id, standard_code, inspected_on, position, "+
		"aql, severity, code_letter, plan_letter, lot_size, sample_size, ac, re, inspect_all, found)", rows)
}
