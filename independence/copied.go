package independence

import (
	"cmp"
	"context"
	"encoding/binary"
	"math"
	"slices"

	"gorm.io/gorm"

	"recourse/models"
)

// Repetition is the figures of readings that came twice.
type Repetition struct {
	Characteristic string           `json:"characteristic"`
	Name           models.Text      `json:"name"`
	Standard       string           `json:"standard"`
	N              int              `json:"n"`          // readings at each lot
	Lots           int              `json:"lots"`       // that have them
	SameOrder      bool             `json:"same_order"` // otherwise the same values in another order
	Readings       []models.Decimal `json:"readings"`   // as taken at the first of the lots
	// Chance is how likely another lot has these readings, if every reading were
	// drawn independently from what was read of this characteristic of these
	// goods in the period, and no less than the readings of one lot agree among themselves.
	Chance      float64 `json:"chance"`
	Comparisons float64 `json:"comparisons"` // pairs of lots looked at
	Expected    float64 `json:"expected"`    // such repetitions by chance, in all these pairs
}

// trace is a lot's readings of one characteristic with their hashes.
type trace struct {
	models.ReadingPrint
	sample sample
	pool   *pool // nil of a lot outside the scope
}

// pool is the empirical distribution of a characteristic of the same goods.
type pool struct {
	count        map[int64]int
	total        int
	alike, pairs float64 // pairs of readings of one lot: equal ones, and all
}

func (p *pool) add(values []int64) {
	own := map[int64]int{}
	for _, v := range values {
		p.count[v]++
		own[v]++
	}
	p.total += len(values)
	p.pairs += couples(len(values))
	for _, n := range own {
		p.alike += couples(n)
	}
}

func couples(n int) float64 { return float64(n) * float64(n-1) / 2 }

// chance is how likely another lot has the same readings in the same order, and
// in any order. It is the larger of two figures: that independent draws from the
// pool give just these readings, and that two lots at the same level agree in
// every place as often as two readings of one lot do.
func (p *pool) chance(values []int64) (ordered, sorted float64) {
	drawn, orders := 0.0, 0.0 // logarithms
	own := map[int64]int{}
	for n, v := range values {
		drawn += math.Log(float64(p.count[v]) / float64(p.total))
		own[v]++
		orders += math.Log(float64(n + 1))
		orders -= math.Log(float64(own[v]))
	}
	if p.alike > 0 {
		drawn = max(drawn, float64(len(values))*math.Log(p.alike/p.pairs))
	}
	return math.Exp(drawn), math.Exp(min(0, drawn+orders))
}

// prints hashes the samples that can say something, with the pool of each.
func (s *scope) prints() []trace {
	type goods struct {
		product        models.ID
		standard, code string
		decimals       int
	}
	pools := map[goods]*pool{}
	var out []trace
	for _, one := range s.samples {
		of := goods{one.lot.product, one.lot.standard, one.characteristic.Code, one.characteristic.Decimals}
		if pools[of] == nil {
			pools[of] = &pool{count: map[int64]int{}}
		}
		pools[of].add(one.values)
		p, ok := models.PrintReadings(one.lot.standard, one.characteristic.Code, one.characteristic.Decimals, one.values)
		if !ok {
			continue
		}
		p.InspectionLotID, p.InspectionID, p.SupplierID = one.lot.id, one.lot.visit.ID, one.lot.visit.SupplierID
		out = append(out, trace{p, one, pools[of]})
	}
	return out
}

// copied finds lots with the same readings: within the scope, and between it and
// every final inspection of the same supplier or inspector, however old.
func (s *scope) copied(ctx context.Context, tx *gorm.DB) ([]Hint, error) {
	all := s.prints()
	perSeries := map[int64]int{}
	for _, p := range all {
		perSeries[p.Series]++
	}
	groups, worth := map[int64][]trace{}, []int64(nil)
	for _, p := range all {
		// What chance alone repeats within the scope need not be looked for.
		if ordered, _ := p.pool.chance(p.sample.values); ordered*couples(perSeries[p.Series]) > alpha {
			continue
		}
		if groups[p.Sorted] == nil {
			worth = append(worth, p.Sorted)
		}
		groups[p.Sorted] = append(groups[p.Sorted], p)
	}
	if err := s.addOlder(ctx, tx, groups, worth); err != nil {
		return nil, err
	}
	var hints []Hint
	for _, sorted := range worth {
		group := groups[sorted]
		if len(group) < 2 {
			continue
		}
		reach, err := s.reach(ctx, tx, group)
		if err != nil {
			return nil, err
		}
		mine := perSeries[group[0].Series]
		pairs := couples(mine) + float64(mine)*float64(max(0, reach-mine))
		if h, ok := s.repetition(group, pairs, len(perSeries)); ok {
			hints = append(hints, h)
		}
	}
	return hints, nil
}

// addOlder adds the final lots outside the scope that have the same readings, from the stored prints.
func (s *scope) addOlder(ctx context.Context, tx *gorm.DB, groups map[int64][]trace, worth []int64) error {
	var found []trace
	var heads []*visit
	for some := range slices.Chunk(worth, chunk) {
		err := eachRow(ctx, tx, "SELECT p.inspection_lot_id, p.characteristic, p.series, p.ordered, p.sorted, p.n, inspections.id, inspections.number, inspections.inspected_on, inspections.supplier_id "+
			"FROM reading_prints p JOIN inspections ON inspections.id = p.inspection_id WHERE "+current+" AND p.sorted IN ?", some,
			func(scan func(...any) error) error {
				v, p := &visit{}, trace{sample: sample{lot: &lot{}}}
				if err := scan(&p.InspectionLotID, &p.Characteristic, &p.Series, &p.Ordered, &p.Sorted, &p.N, &v.ID, &v.Number, &v.InspectedOn, &v.SupplierID); err != nil {
					return err
				}
				if s.byID[v.ID] == nil {
					p.sample.lot.id, p.sample.lot.visit = p.InspectionLotID, v
					found, heads = append(found, p), append(heads, v)
				}
				return nil
			})
		if err != nil {
			return err
		}
	}
	if err := s.readInspectors(ctx, tx, heads); err != nil {
		return err
	}
	for _, p := range found {
		mine := groups[p.Sorted]
		related := slices.ContainsFunc(mine, func(q trace) bool {
			return q.pool != nil && q.Series == p.Series && relatedVisits(p.sample.lot.visit, q.sample.lot.visit)
		})
		if related {
			groups[p.Sorted] = append(mine, p)
		}
	}
	return nil
}

// relatedVisits are two of the same supplier, or with an inspector in common.
func relatedVisits(a, b *visit) bool {
	return a.SupplierID == b.SupplierID || slices.ContainsFunc(a.inspectors, func(id models.ID) bool { return slices.Contains(b.inspectors, id) })
}

// reach is how many lots the lots of a series are compared with: the final ones
// of their suppliers, or all of the series when one of another supplier was found.
func (s *scope) reach(ctx context.Context, tx *gorm.DB, group []trace) (int, error) {
	suppliers := map[models.ID]bool{}
	for _, v := range s.visits {
		suppliers[v.SupplierID] = true
	}
	q := tx.WithContext(ctx).Model(&models.ReadingPrint{}).Where("series = ?", group[0].Series)
	foreign := slices.ContainsFunc(group, func(p trace) bool { return !suppliers[p.sample.lot.visit.SupplierID] })
	if len(suppliers) == 1 && !foreign {
		q = q.Where("supplier_id = ?", group[0].SupplierID)
	}
	var n int64
	err := q.Count(&n).Error
	return int(n), err
}

// repetition makes the hint of lots with the same readings, unless chance
// explains it: the chance of the readings times the pairs compared, over all
// series, must stay below alpha.
func (s *scope) repetition(group []trace, pairs float64, series int) (Hint, bool) {
	same, inOrder := group, false
	byOrder := map[int64][]trace{}
	for _, p := range group {
		g := append(byOrder[p.Ordered], p)
		byOrder[p.Ordered] = g
		if len(g) >= 2 && g[0].pool != nil && (!inOrder || len(g) > len(same)) { // those in the scope come first
			same, inOrder = g, true
		}
	}
	first := slices.MinFunc(same, func(a, b trace) int {
		return cmp.Or(cmp.Compare(a.sample.lot.visit.InspectedOn, b.sample.lot.visit.InspectedOn), cmp.Compare(a.sample.lot.visit.Number, b.sample.lot.visit.Number))
	})
	known := same[slices.IndexFunc(same, func(p trace) bool { return p.pool != nil })]
	ordered, sorted := known.pool.chance(known.sample.values)
	chance := sorted
	if inOrder {
		chance = ordered
	}
	expected := chance * pairs
	if expected*float64(series) > alpha {
		return Hint{}, false
	}
	c := known.sample.characteristic
	figures := &Repetition{Characteristic: c.Code, Name: c.Name, Standard: known.sample.lot.standard, N: known.N, Lots: len(same), SameOrder: inOrder,
		Chance: rounded(chance), Comparisons: pairs, Expected: rounded(expected)}
	// The first lot's own readings are at hand only when it is in the scope; in order they are the same.
	shown := known
	if first.pool != nil {
		shown = first
	}
	for _, v := range shown.sample.values {
		figures.Readings = append(figures.Readings, models.DecimalFromScaled(v, c.Decimals))
	}
	h := Hint{Kind: CopiedReadings, Strength: byChance(expected * float64(series)), Readings: figures, Text: repetitionText(figures)}
	var visits []*visit
	for _, p := range same {
		visits = append(visits, s.known(p.sample.lot.visit))
	}
	return s.about(h, visits, binary.BigEndian.AppendUint64(nil, uint64(known.Sorted))), true
}

// known is the scope's own record of a visit, if it has one.
func (s *scope) known(v *visit) *visit {
	if own := s.byID[v.ID]; own != nil {
		return own
	}
	s.byID[v.ID] = v // of two lots of one visit outside the scope, the same
	return v
}

func repetitionText(f *Repetition) models.Text {
	en, zh := "in the same order", "顺序相同"
	if !f.SameOrder {
		en, zh = "in another order", "顺序不同"
	}
	return models.Say("The same %[1]d readings of %[2]s stand at %[3]d lots, %[4]s. By chance about %.2[6]g such repetitions would be expected among the %.0[7]f pairs compared, if readings were independent. Worth asking how they were taken.",
		"检验项目 %[2]s 的 %[1]d 个读数在 %[3]d 批中相同（%[5]s）。若各读数相互独立，在所比较的 %.0[7]f 对批次中，偶然出现约 %.2[6]g 次。值得询问测量过程。",
		f.N, f.Characteristic, f.Lots, en, zh, f.Expected, f.Comparisons)
}
