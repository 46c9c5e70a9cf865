package scorecards

import (
	"context"
	"slices"
	"strings"

	"gorm.io/gorm"

	"recourse/models"
)

// The months between which every date of the trade lies.
const (
	earliest models.Month = "1900-01"
	latest   models.Month = "2200-12"
)

// part is a set of figures that change together: what inspections say of a
// month stays when a shipment moves, and the other way round.
type part int

const (
	ofInspections part = 1 << iota // lots, units, defects, visits, released, escaped
	ofTrade                        // shipments, claims, debit notes, corrective actions
	everything    = ofInspections | ofTrade
)

// span is months of one supplier, both included.
type span struct {
	supplier models.ID
	from, to models.Month
}

// key names a row of one supplier.
type key struct {
	product models.ID
	month   models.Month
}

// tally adds up the rows of a span.
type tally struct {
	span
	today models.Date
	rates rates
	rows  map[key]*models.SupplierMonth

	byContract bool // rows are of purchase contracts instead of products
}

// Compute replaces the rows of a supplier's months by what the records say now,
// in a constant number of statements: a row per product, one of all products, none
// where every figure is zero. base is the currency of the amounts; corrective
// actions due before today count.
func Compute(ctx context.Context, tx *gorm.DB, base string, today models.Date, supplier models.ID, from, to models.Month) error {
	c, err := recompute(ctx, tx, base, today, span{supplier, from, to}, everything)
	if err != nil {
		return err
	}
	return c.write(ctx, tx)
}

// change is what has to be written for the stored rows of a span to be right:
// its rows in place of those stored. A span without months changes nothing.
type change struct {
	span
	rows []models.SupplierMonth
}

// recompute works out a part of the figures of a span and compares them with the
// stored rows; it writes nothing. The span of the change is the months between
// the first and the last that differ.
func recompute(ctx context.Context, tx *gorm.DB, base string, today models.Date, s span, p part) (change, error) {
	stored, err := gorm.G[models.SupplierMonth](tx).Where("supplier_id = ? AND month BETWEEN ? AND ?", s.supplier, s.from, s.to).Find(ctx)
	if err != nil {
		return change{}, err
	}
	t := &tally{span: s, today: today, rows: make(map[key]*models.SupplierMonth, len(stored))}
	old := make(map[key]models.SupplierMonth, len(stored))
	for _, row := range stored {
		k := key{row.ProductID, row.Month}
		old[k] = row
		t.rows[k] = new(without(row, p))
	}
	if p&ofInspections != 0 {
		if err := t.inspected(ctx, tx); err != nil {
			return change{}, err
		}
	}
	if p&ofTrade != 0 {
		if t.rates, err = ratesOf(ctx, tx, base, s.from, s.to); err != nil {
			return change{}, err
		}
		if err := t.traded(ctx, tx); err != nil {
			return change{}, err
		}
	}
	return t.against(old), nil
}

// traded adds up what became of the goods after their inspection.
func (t *tally) traded(ctx context.Context, tx *gorm.DB) error {
	if err := t.shipments(ctx, tx); err != nil {
		return err
	}
	if err := t.claimsAndNotes(ctx, tx); err != nil {
		return err
	}
	return t.actions(ctx, tx)
}

// without is a row whose figures of a part are zero.
func without(row models.SupplierMonth, p part) models.SupplierMonth {
	c := row.SupplierCounts
	if p&ofInspections != 0 {
		c.Lots, c.LotsAccepted, c.LotsCritical = 0, 0, 0
		c.Units, c.DefectsCritical, c.DefectsMajor, c.DefectsMinor = 0, 0, 0, 0
		c.Visits, c.NotReady, c.Released, c.EscapedLots = 0, 0, 0, 0
	}
	if p&ofTrade != 0 {
		row.Missing = ""
		c = models.SupplierCounts{
			Lots: c.Lots, LotsAccepted: c.LotsAccepted, LotsCritical: c.LotsCritical,
			Units: c.Units, DefectsCritical: c.DefectsCritical, DefectsMajor: c.DefectsMajor, DefectsMinor: c.DefectsMinor,
			Visits: c.Visits, NotReady: c.NotReady, Released: c.Released, EscapedLots: c.EscapedLots,
		}
	}
	row.SupplierCounts = c
	return row
}

// add lets f add to the row of a product, when one is known.
func (t *tally) add(product models.ID, month models.Month, f func(*models.SupplierMonth)) {
	if product.IsZero() {
		return
	}
	k := key{product, month}
	if t.rows[k] == nil {
		t.rows[k] = &models.SupplierMonth{ProductID: product, Month: month, SupplierID: t.supplier}
	}
	f(t.rows[k])
}

// addBoth lets f add to the row of a product and to that of all products.
func (t *tally) addBoth(product models.ID, month models.Month, f func(*models.SupplierMonth)) {
	t.add(product, month, f)
	t.add(models.AllProducts, month, f)
}

// lack notes in a row that amounts of a currency are left out.
func lack(row *models.SupplierMonth, currency string) {
	var all []string
	if row.Missing != "" {
		all = strings.Split(row.Missing, ",")
	}
	if n, found := slices.BinarySearch(all, currency); !found {
		row.Missing = strings.Join(slices.Insert(all, n, currency), ",")
	}
}

// against is the change from the rows stored.
func (t *tally) against(old map[key]models.SupplierMonth) change {
	c := change{span: span{supplier: t.supplier}}
	differs := func(m models.Month) {
		if c.from == "" || m < c.from {
			c.from = m
		}
		c.to = max(c.to, m)
	}
	for k, row := range t.rows {
		before, stored := old[k]
		if empty := row.SupplierCounts == (models.SupplierCounts{}) && row.Missing == ""; empty {
			delete(t.rows, k)
			if stored {
				differs(k.month)
			}
		} else if before != *row {
			differs(k.month)
		}
	}
	for k, row := range t.rows {
		if c.from <= k.month && k.month <= c.to {
			c.rows = append(c.rows, *row)
		}
	}
	return c
}

// write stores the change: the rows of its months go, and its own come.
func (c change) write(ctx context.Context, tx *gorm.DB) error {
	if c.from == "" {
		return nil
	}
	if _, err := gorm.G[models.SupplierMonth](tx).Where("supplier_id = ? AND month BETWEEN ? AND ?", c.supplier, c.from, c.to).Delete(ctx); err != nil {
		return err
	}
	slices.SortFunc(c.rows, func(a, b models.SupplierMonth) int { // in the order of the key
		return slices.Compare([]string{string(a.ProductID[:]), string(a.Month)}, []string{string(b.ProductID[:]), string(b.Month)})
	})
	return tx.WithContext(ctx).CreateInBatches(c.rows, 200).Error
}
