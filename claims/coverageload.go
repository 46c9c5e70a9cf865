package claims

import (
	"cmp"
	"context"
	"slices"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/models"
)

// evidence is everything stored that may bear on a claim.
type evidence struct {
	claim    *models.Claim
	shipped  map[models.ID][]models.ShipmentLot // by sales line, of the claim's shipment or of all
	feeds    map[models.ID]map[models.ID]bool   // sales line → purchase lines
	loadedOn models.Date
	*inspected
}

// gatherEvidence loads what bears on a claim. Final inspections are frozen, so
// what was inspected on its lines is remembered until there is another one.
func gatherEvidence(ctx context.Context, tx *gorm.DB, claim *models.Claim) (*evidence, error) {
	tx = tx.WithContext(ctx)
	e := &evidence{claim: claim, shipped: map[models.ID][]models.ShipmentLot{}, feeds: map[models.ID]map[models.ID]bool{}}
	if err := e.loadGoods(tx); err != nil {
		return nil, err
	}
	lines, codes := e.purchaseLines(), e.measured()
	found, err := candidatesOf(tx, lines)
	if err != nil {
		return nil, err
	}
	e.inspected, err = database.Remember(tx, found.key(lines, codes), found.state(), func() (*inspected, error) { return found.load(tx, codes) })
	return e, err
}

// purchaseLines are the purchase lines behind the claimed ones, in the order of their ids.
func (e *evidence) purchaseLines() []models.ID {
	var lines []models.ID
	for _, purchase := range e.feeds {
		for id := range purchase {
			lines = append(lines, id)
		}
	}
	slices.SortFunc(lines, func(a, b models.ID) int { return slices.Compare(a[:], b[:]) })
	return slices.Compact(lines)
}

// loadGoods finds what was shipped on the claimed lines and the purchase lines behind them.
func (e *evidence) loadGoods(tx *gorm.DB) error {
	lines := make([]models.ID, len(e.claim.Items))
	for n, i := range e.claim.Items {
		lines[n] = i.SalesLineID
	}
	var shipped []models.ShipmentLot
	q := tx.Where("sales_line_id IN ?", lines)
	if e.claim.ShipmentID != nil {
		q = q.Where("shipment_id = ?", *e.claim.ShipmentID)
		var s models.Shipment
		if err := tx.Select("id, loaded_on").Where("id = ?", *e.claim.ShipmentID).Take(&s).Error; err != nil {
			return err
		}
		e.loadedOn = s.LoadedOn
	}
	if err := q.Find(&shipped).Error; err != nil {
		return err
	}
	for _, s := range shipped {
		e.shipped[s.SalesLineID] = append(e.shipped[s.SalesLineID], s)
	}
	var links []models.LineLink
	if err := tx.Where("sales_line_id IN ?", lines).Find(&links).Error; err != nil {
		return err
	}
	for _, l := range links {
		if e.feeds[l.SalesLineID] == nil {
			e.feeds[l.SalesLineID] = map[models.ID]bool{}
		}
		e.feeds[l.SalesLineID][l.PurchaseLineID] = true
	}
	return nil
}

// measured lists the characteristics that the claim names.
func (e *evidence) measured() []string {
	var codes []string
	for _, i := range e.claim.Items {
		if i.Characteristic != "" {
			codes = append(codes, i.Characteristic)
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// readings are the recorded values of a characteristic of an inspected lot.
func (e *evidence) readings(l models.InspectionLot, c models.Characteristic) []models.Decimal {
	var out []models.Decimal
	for _, r := range e.values[l.ID] {
		if r.Characteristic == c.Code {
			out = append(out, models.DecimalFromScaled(r.Value, c.Decimals))
		}
	}
	return out
}

// latent reports whether the item's defect could not be seen: as claimed, or by
// the catalogue that was inspected by.
func (e *evidence) latent(item models.ClaimItem) bool {
	if !item.Apparent {
		return true
	}
	for _, l := range e.lots {
		if d, known := l.Snapshot.Defect(item.Defect); known {
			return d.Latent
		}
	}
	return false
}

// rank lists the inspected lots that bear on an item: this lot before others,
// checked before unchecked, seen before loading, the newest first.
func (e *evidence) rank(item models.ClaimItem) []Match {
	here := map[models.ID]bool{}
	for _, s := range e.shipped[item.SalesLineID] {
		if item.LotID == nil || *item.LotID == s.LotID {
			here[s.LotID] = true
		}
	}
	if item.LotID != nil {
		here[*item.LotID] = true
	}
	matches := []Match{}
	for _, l := range e.lots {
		if e.feeds[item.SalesLineID][l.LineID] {
			matches = append(matches, e.match(item, l, here[l.LotID]))
		}
	}
	score := func(m Match) int {
		s := 0
		for n, yes := range []bool{m.Kind != models.Initial && m.Kind != models.DuringProduction, m.Checked, m.SameLot} {
			if yes {
				s += 1 << n
			}
		}
		return s
	}
	slices.SortStableFunc(matches, func(a, b Match) int {
		return cmp.Or(cmp.Compare(score(b), score(a)), cmp.Compare(b.InspectedOn, a.InspectedOn))
	})
	return matches
}
