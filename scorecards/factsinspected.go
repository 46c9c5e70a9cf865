package scorecards

import (
	"context"

	"gorm.io/gorm"

	"recourse/models"
)

// The conditions on a lot's inspection il and its visit i. Of a number only the
// newest final revision counts; a revision that came to nothing was no visit.
const (
	ofOriginals = "i.kind = 'pre_shipment' AND i.chain_no = 0"
	isFinal     = "i.state = 'final' AND i.superseded_by_id IS NULL"
	inVain      = "i.state = 'aborted' AND i.abort_blame = 'supplier' AND i.revision = 0"
	// A visit that never began has no date of its lots; both conditions on dates
	// together let the engine pass over other months in the index alone.
	lotsAndVisits = `SELECT il.product_id, SUBSTR(COALESCE(il.inspected_on, i.planned_on), 1, 7) AS month,
		SUM(CASE WHEN i.state = 'final' THEN 1 ELSE 0 END) AS lots,
		SUM(CASE WHEN i.state = 'final' AND il.verdict = 'accepted' THEN 1 ELSE 0 END) AS lots_accepted,
		SUM(CASE WHEN i.state = 'final' THEN COALESCE(il.units_examined, 0) ELSE 0 END) AS units,
		SUM(CASE WHEN il.position = 1 THEN 1 ELSE 0 END) AS visits,
		SUM(CASE WHEN il.position = 1 AND i.state = 'aborted' THEN 1 ELSE 0 END) AS not_ready
		FROM inspection_lots il JOIN inspections i ON i.id = il.inspection_id
		WHERE il.supplier_id = ? AND (il.inspected_on BETWEEN ? AND ? OR il.inspected_on IS NULL)
		AND COALESCE(il.inspected_on, i.planned_on) BETWEEN ? AND ?
		AND ` + ofOriginals + ` AND (` + isFinal + ` OR ` + inVain + `)
		GROUP BY il.product_id, SUBSTR(COALESCE(il.inspected_on, i.planned_on), 1, 7)`
	defectsFound = `SELECT il.product_id, SUBSTR(il.inspected_on, 1, 7) AS month, f.class, COUNT(DISTINCT il.id) AS lots,
		SUM(CASE WHEN il.units_examined IS NULL THEN 0 ELSE f.defects END) AS defects
		FROM inspection_lots il JOIN inspections i ON i.id = il.inspection_id JOIN findings f ON f.inspection_lot_id = il.id
		WHERE il.supplier_id = ? AND il.inspected_on BETWEEN ? AND ? AND ` + ofOriginals + ` AND ` + isFinal + `
		GROUP BY il.product_id, SUBSTR(il.inspected_on, 1, 7), f.class`
)

// releasedLots counts each lot once, in the month of its first acceptance, and
// whether a customer claimed it since. SQLite joins in the order written where it
// reads CROSS: without figures of its own it would begin with all that is final.
const releasedLots = `SELECT il.product_id, SUBSTR(il.inspected_on, 1, 7) AS month, COUNT(*) AS released,
	SUM(CASE WHEN EXISTS (SELECT 1 FROM claim_items ci JOIN claims c ON c.id = ci.claim_id WHERE ci.lot_id = il.lot_id
		AND ci.reason IN ? AND ci.answer <> 'reject' AND c.withdrawn_at IS NULL AND c.state <> 'rejected') THEN 1 ELSE 0 END) AS escaped_lots
	FROM inspection_lots il JOIN inspections i ON i.id = il.inspection_id
	WHERE il.supplier_id = ? AND il.inspected_on BETWEEN ? AND ? AND il.verdict = 'accepted'
	AND i.kind IN ('pre_shipment', 're_inspection') AND ` + isFinal + `
	AND NOT EXISTS (SELECT 1 FROM inspection_lots e CROSS JOIN inspections j ON j.id = e.inspection_id
		WHERE e.lot_id = il.lot_id AND e.verdict = 'accepted' AND j.kind IN ('pre_shipment', 're_inspection')
		AND j.state = 'final' AND j.superseded_by_id IS NULL
		AND (e.inspected_on < il.inspected_on OR e.inspected_on = il.inspected_on AND e.id < il.id))
	GROUP BY il.product_id, SUBSTR(il.inspected_on, 1, 7)`

// sum is one row of the statements above.
type sum struct {
	ProductID                                   models.ID
	Month                                       models.Month
	Class                                       models.DefectClass
	Lots, LotsAccepted, Units, Visits, NotReady int64
	Defects, Released, EscapedLots              int64
}

// days are the first and the last day of the span.
func (s span) days() (first, last models.Date) { return s.from.First(), s.to.Last() }

// inspected adds up what inspections say.
func (t *tally) inspected(ctx context.Context, tx *gorm.DB) error {
	first, last := t.days()
	err := t.sums(ctx, tx, addLots, lotsAndVisits, t.supplier, first, last, first, last)
	if err != nil {
		return err
	}
	if err := t.sums(ctx, tx, addDefects, defectsFound, t.supplier, first, last); err != nil {
		return err
	}
	return t.sums(ctx, tx, addReleased, releasedLots, models.GoodsReasons, t.supplier, first, last)
}

// sums adds the rows of a statement to those of their product and month.
func (t *tally) sums(ctx context.Context, tx *gorm.DB, add func(*models.SupplierCounts, sum), statement string, args ...any) error {
	var found []sum
	if err := tx.WithContext(ctx).Raw(statement, args...).Scan(&found).Error; err != nil {
		return err
	}
	for _, s := range found {
		t.addBoth(s.ProductID, s.Month, func(row *models.SupplierMonth) { add(&row.SupplierCounts, s) })
	}
	return nil
}

func addLots(c *models.SupplierCounts, s sum) {
	c.Lots += s.Lots
	c.LotsAccepted += s.LotsAccepted
	c.Units += s.Units
	c.Visits += s.Visits
	c.NotReady += s.NotReady
}

func addDefects(c *models.SupplierCounts, s sum) {
	switch s.Class {
	case models.Critical:
		c.LotsCritical += s.Lots
		c.DefectsCritical += s.Defects
	case models.Major:
		c.DefectsMajor += s.Defects
	case models.Minor:
		c.DefectsMinor += s.Defects
	}
}

func addReleased(c *models.SupplierCounts, s sum) {
	c.Released += s.Released
	c.EscapedLots += s.EscapedLots
}
