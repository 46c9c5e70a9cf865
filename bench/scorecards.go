package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/models"
	"recourse/scorecards"
)

const scoreTries = 20

// measureScorecards measures what the roll-up of suppliers' months costs and
// brings, beside one query over the raw rows, at three sizes of history.
func measureScorecards(ctx context.Context, b *bench) error {
	for _, e := range b.engines() {
		for rows := min(10_000, b.rows); rows <= b.rows; rows *= 10 {
			if err := scoring(ctx, b, e, rows); err != nil {
				return fmt.Errorf("%s, %d inspections: %w", e.name, rows, err)
			}
		}
	}
	return nil
}

func scoring(ctx context.Context, b *bench, e engine, rows int) (err error) {
	db, err := e.open(ctx, b, fmt.Sprintf("scores_%d", rows))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	c, err := found(ctx, db, 5, 1)
	if err != nil {
		return err
	}
	y, err := newYear(ctx, c, rows)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("scorecards, %s, %d inspections: ", e.name, rows)
	took, err := timed(func() error { return y.fill(ctx) })
	if err != nil {
		return err
	}
	b.note(name+"fill, with "+fmt.Sprint(rows*readingsLot)+" readings", seconds(took))
	today := models.DateOf(c.by.At)
	took, err = timed(func() error { return scorecards.Rebuild(ctx, db, "CNY", today) })
	if err != nil {
		return err
	}
	b.note(name+"all months of all suppliers anew", fmt.Sprintf("%s, %s a supplier", seconds(took), seconds(took/scored)))
	if err := y.late(ctx, b, name, today); err != nil {
		return err
	}
	return y.rank(ctx, b, name)
}

// timed is how many seconds f took.
func timed(f func() error) (float64, error) {
	begun := time.Now()
	err := f()
	return time.Since(begun).Seconds(), err
}

// late measures how the roll-up follows one inspection that comes in late.
func (y *year) late(ctx context.Context, b *bench, name string, today models.Date) error {
	c := y.company
	var times []float64
	for k := range scoreTries {
		n := y.rows + k
		err := c.db.Tx(ctx, func(tx *gorm.DB) error {
			if err := y.visits(ctx, tx, n, n+1); err != nil {
				return err
			}
			if err := audit.Record(ctx, tx, c.by, "decide", "inspection", numbered(kindVisit, n), nil); err != nil {
				return err
			}
			_, err := audit.Seal(ctx, tx, 500)
			return err
		})
		if err != nil {
			return err
		}
		took, err := timed(func() error { return y.followed(ctx, today) })
		if err != nil {
			return err
		}
		times = append(times, took)
	}
	b.note(name+"follow one late inspection", fmt.Sprintf("%s of a supplier with %d lots", seconds(median(times)), y.rows/scored))
	return nil
}

// followed follows until nothing is left.
func (y *year) followed(ctx context.Context, today models.Date) error {
	for {
		n, err := scorecards.Follow(ctx, y.company.db, "CNY", today, 500)
		if err != nil || n == 0 {
			return err
		}
	}
}

// rank measures a ranking and a card, and holds the ranking's figures against the
// query over the raw rows.
func (y *year) rank(ctx context.Context, b *bench, name string) error {
	c := y.company
	var ranking *models.Ranking
	var rankings, cards []float64
	for k := range scoreTries {
		var in scorecards.RankInput // by default the twelve months that are over
		took, err := timed(func() error {
			return c.db.View(ctx, func(tx *gorm.DB) (err error) {
				ranking, err = scorecards.Rank(ctx, tx, c.by, in, "CNY")
				return err
			})
		})
		if err != nil {
			return err
		}
		rankings = append(rankings, took)
		took, err = timed(func() error {
			return c.db.View(ctx, func(tx *gorm.DB) error {
				_, err := scorecards.Card(ctx, tx, c.by, numbered(kindSupplier, k*37%scored), in, "CNY")
				return err
			})
		})
		if err != nil {
			return err
		}
		cards = append(cards, took)
	}
	var raw []rawScore
	took, err := timed(func() error {
		return c.db.View(ctx, func(tx *gorm.DB) (err error) {
			raw, err = rawScores(ctx, tx, ranking.Period)
			return err
		})
	})
	if err != nil {
		return err
	}
	b.atMost(name+"ranking of 1000", median(rankings), 0.2, seconds)
	b.atMost(name+"card of one", median(cards), 0.02, seconds)
	b.note(name+"one query over the raw rows", fmt.Sprintf("%s, %.0f × the ranking", seconds(took), took/median(rankings)))
	return agree(ranking, raw)
}

// rawScore is what the query over the raw rows says of a supplier.
type rawScore struct {
	SupplierID                                     models.ID
	Lots, Accepted, Units, Defects, Shipped, Claim int64
}

// rawScores is first-pass, defects per 100 units and claims per shipped lot of
// every supplier, in one statement written by hand.
func rawScores(ctx context.Context, tx *gorm.DB, p models.Period) ([]rawScore, error) {
	const originals = "FROM inspection_lots l JOIN inspections i ON i.id = l.inspection_id"
	const counted = "WHERE i.kind = 'pre_shipment' AND i.chain_no = 0 AND i.state = 'final' AND i.superseded_by_id IS NULL AND l.inspected_on BETWEEN ? AND ? GROUP BY l.supplier_id"
	const bought = "JOIN lots t ON t.id = %s JOIN contract_lines b ON b.id = t.line_id JOIN contracts p ON p.id = b.contract_id"
	first, last := p.From.First(), p.To.Last()
	var out []rawScore
	err := tx.WithContext(ctx).Raw("SELECT g.supplier_id, g.lots, g.accepted, g.units, COALESCE(d.defects, 0) AS defects, COALESCE(s.shipped, 0) AS shipped, COALESCE(c.claims, 0) AS claim FROM "+
		"(SELECT l.supplier_id, COUNT(*) AS lots, SUM(CASE WHEN l.verdict = 'accepted' THEN 1 ELSE 0 END) AS accepted, SUM(l.units_examined) AS units "+originals+" "+counted+") g LEFT JOIN "+
		"(SELECT l.supplier_id, SUM(f.defects) AS defects "+originals+" JOIN findings f ON f.inspection_lot_id = l.id "+counted+") d ON d.supplier_id = g.supplier_id LEFT JOIN "+
		"(SELECT p.party_id, COUNT(*) AS shipped FROM shipments h JOIN shipment_lots x ON x.shipment_id = h.id "+fmt.Sprintf(bought, "x.lot_id")+" WHERE h.loaded_on BETWEEN ? AND ? GROUP BY p.party_id) s ON s.party_id = g.supplier_id LEFT JOIN "+
		"(SELECT p.party_id, COUNT(DISTINCT ci.claim_id) AS claims FROM claims k JOIN claim_items ci ON ci.claim_id = k.id "+fmt.Sprintf(bought, "ci.lot_id")+" WHERE k.received_on BETWEEN ? AND ? GROUP BY p.party_id) c ON c.party_id = g.supplier_id",
		first, last, first, last, first, last, first, last).Scan(&out).Error
	return out, err
}

// agree refuses a ranking whose figures are not those of the raw rows.
func agree(ranking *models.Ranking, raw []rawScore) error {
	of := map[models.ID]models.SupplierCounts{}
	for _, row := range ranking.Rows {
		of[row.SupplierID] = row.Counts
	}
	for _, r := range raw {
		c := of[r.SupplierID]
		got := rawScore{r.SupplierID, c.Lots, c.LotsAccepted, c.Units, c.DefectsCritical + c.DefectsMajor + c.DefectsMinor, c.Shipped, c.Claims}
		if got != r {
			return fmt.Errorf("the ranking counts %+v, the raw rows %+v", got, r)
		}
	}
	if len(raw) != scored || len(ranking.Rows) != scored {
		return fmt.Errorf("%d suppliers in the ranking and %d in the raw rows, not %d", len(ranking.Rows), len(raw), scored)
	}
	return nil
}
