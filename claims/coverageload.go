package claims

import (
	"cmp"
	"context"
	"slices"
	"time"

	"gorm.io/gorm"

	"recourse/models"
)

// evidence is everything stored that may bear on a claim.
type evidence struct {
	claim    *models.Claim
	shipped  map[models.ID][]models.ShipmentLot // by sales line, of the claim's shipment or of all
	feeds    map[models.ID]map[models.ID]bool   // sales line → purchase lines
	batches  map[models.ID]string
	visits   map[models.ID]models.Inspection
	lots     []models.InspectionLot
	findings map[models.ID][]models.Finding
	values   map[models.ID][]models.Reading
	checks   map[models.ID][]models.Check
	photos   map[models.ID][]shot // by visit
	loadedOn models.Date
}

// The columns that count for a claim: the others, remarks and contents among
// them, would be read for every candidate in vain.
const (
	ofLot     = "inspection_lots.id, inspection_lots.inspection_id, lot_id, line_id, snapshot_hash, plan, quantity_presented, cartons_opened, judgement, inspection_lots.verdict, decision"
	ofVisit   = "id, number, revision, kind, inspected_on, deviations"
	ofFinding = "id, inspection_lot_id, position, defect_code, units"
)

// shot is a photo that is here, with the time that its file tells.
type shot struct {
	ID, InspectionID           models.ID
	InspectionLotID, FindingID *models.ID
	SHA256                     models.SHA256 `gorm:"column:sha256"`
	Caption                    string
	TakenAt                    *time.Time // by the phone
	Camera                     string     // by the camera; empty when the file does not say
}

func gatherEvidence(ctx context.Context, tx *gorm.DB, claim *models.Claim) (*evidence, error) {
	tx = tx.WithContext(ctx)
	e := &evidence{claim: claim, shipped: map[models.ID][]models.ShipmentLot{}, feeds: map[models.ID]map[models.ID]bool{}, batches: map[models.ID]string{},
		visits: map[models.ID]models.Inspection{}, findings: map[models.ID][]models.Finding{}, values: map[models.ID][]models.Reading{},
		checks: map[models.ID][]models.Check{}, photos: map[models.ID][]shot{}}
	for _, step := range []func(*gorm.DB) error{e.loadGoods, e.loadVisits, e.loadParts} {
		if err := step(tx); err != nil {
			return nil, err
		}
	}
	return e, nil
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

// loadVisits finds the inspected lots of the lines, the newest first: final
// inspections in their newest revision.
func (e *evidence) loadVisits(tx *gorm.DB) error {
	var lines []models.ID
	for _, purchase := range e.feeds {
		for id := range purchase {
			lines = append(lines, id)
		}
	}
	if len(lines) == 0 {
		return nil
	}
	// The + keeps SQLite from starting at the index on states, which would read every final inspection.
	err := tx.Select(ofLot).Joins("JOIN inspections ON inspections.id = inspection_lots.inspection_id").
		Where("inspection_lots.line_id IN ? AND +inspections.state = ? AND inspections.superseded_by_id IS NULL", lines, models.Final).
		Order("inspection_lots.inspected_on DESC, inspection_lots.id DESC").Limit(maxCandidates).Find(&e.lots).Error
	if err != nil || len(e.lots) == 0 {
		return err
	}
	if err := e.loadSnapshots(tx); err != nil {
		return err
	}
	visits, lots := make([]models.ID, len(e.lots)), make([]models.ID, len(e.lots))
	for n, l := range e.lots {
		visits[n], lots[n] = l.InspectionID, l.LotID
	}
	var heads []models.Inspection
	if err := tx.Select(ofVisit).Where("id IN ?", visits).Find(&heads).Error; err != nil {
		return err
	}
	for _, h := range heads {
		e.visits[h.ID] = h
	}
	var named []models.Lot
	if err := tx.Select("id, batch").Where("id IN ?", lots).Find(&named).Error; err != nil {
		return err
	}
	for _, l := range named {
		e.batches[l.ID] = l.Batch
	}
	return nil
}

// loadSnapshots reads each content once, by however many of the lots it was inspected by.
func (e *evidence) loadSnapshots(tx *gorm.DB) error {
	seen, one := map[models.SHA256]models.StandardContent{}, []models.ID{}
	for _, l := range e.lots {
		if _, known := seen[l.SnapshotHash]; !known {
			seen[l.SnapshotHash], one = models.StandardContent{}, append(one, l.ID)
		}
	}
	var rows []models.InspectionLot
	if err := tx.Select("snapshot_hash, snapshot").Where("id IN ?", one).Find(&rows).Error; err != nil {
		return err
	}
	for _, l := range rows {
		seen[l.SnapshotHash] = l.Snapshot
	}
	for n := range e.lots {
		e.lots[n].Snapshot = seen[e.lots[n].SnapshotHash]
	}
	return nil
}

// loadParts loads what was found, measured, ticked and photographed.
func (e *evidence) loadParts(tx *gorm.DB) error {
	if len(e.lots) == 0 {
		return nil
	}
	ids, visits := make([]models.ID, len(e.lots)), make([]models.ID, len(e.lots))
	for n, l := range e.lots {
		ids[n], visits[n] = l.ID, l.InspectionID
	}
	var findings []models.Finding
	if err := tx.Select(ofFinding).Where("inspection_lot_id IN ?", ids).Order("inspection_lot_id, position").Find(&findings).Error; err != nil {
		return err
	}
	for _, f := range findings {
		e.findings[f.InspectionLotID] = append(e.findings[f.InspectionLotID], f)
	}
	if codes := e.measured(); len(codes) > 0 {
		var readings []models.Reading
		if err := tx.Where("inspection_lot_id IN ? AND characteristic IN ?", ids, codes).Order("inspection_lot_id, characteristic, no").Find(&readings).Error; err != nil {
			return err
		}
		for _, r := range readings {
			e.values[r.InspectionLotID] = append(e.values[r.InspectionLotID], r)
		}
	}
	var checks []models.Check
	if err := tx.Where("inspection_lot_id IN ?", ids).Find(&checks).Error; err != nil {
		return err
	}
	for _, c := range checks {
		e.checks[c.InspectionLotID] = append(e.checks[c.InspectionLotID], c)
	}
	return e.loadPhotos(tx, visits)
}

func (e *evidence) loadPhotos(tx *gorm.DB, visits []models.ID) error {
	var photos []shot
	err := tx.Raw(`SELECT p.id, p.inspection_id, p.inspection_lot_id, p.finding_id, p.sha256, p.caption, p.taken_at, COALESCE(files.taken_at, '') AS camera
		FROM inspection_photos p LEFT JOIN files ON files.sha256 = p.sha256
		WHERE p.inspection_id IN ? AND p.present = ? ORDER BY p.inspection_id, p.position`, visits, true).Scan(&photos).Error
	for _, p := range photos {
		e.photos[p.InspectionID] = append(e.photos[p.InspectionID], p)
	}
	return err
}

// measured lists the characteristics that the claim names.
func (e *evidence) measured() []string {
	var codes []string
	for _, i := range e.claim.Items {
		if i.Characteristic != "" {
			codes = append(codes, i.Characteristic)
		}
	}
	return codes
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
