package claims

import (
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"recourse/models"
)

// inspected is what final inspections left about lots of some purchase lines. It
// is shared between those who ask, and only read.
type inspected struct {
	batches  map[models.ID]string
	visits   map[models.ID]models.Inspection
	lots     []models.InspectionLot
	findings map[models.ID][]models.Finding
	values   map[models.ID][]models.Reading
	checks   map[models.ID][]models.Check
	photos   map[models.ID][]shot // by visit
}

// The columns that count for a claim: the others, remarks and contents among
// them, would be read for every candidate in vain.
const (
	ofLot     = "id, inspection_id, lot_id, line_id, snapshot_hash, plan, quantity_presented, cartons_opened, judgement, verdict, decision"
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

// candidates are the inspected lots of purchase lines, the newest first: of final
// inspections in their newest revision. The versions of visit and lot stand for all
// that can change about one.
type candidates []struct {
	ID           models.ID
	VisitVersion int
	LotVersion   int
}

// newest is the order of candidates.
const newest = "inspection_lots.inspected_on DESC, inspection_lots.id DESC"

func candidatesOf(tx *gorm.DB, lines []models.ID) (candidates, error) {
	var found candidates
	if len(lines) == 0 {
		return nil, nil
	}
	// The + keeps SQLite from starting at the index on states, which would read every final inspection.
	err := tx.Model(&models.InspectionLot{}).Select("inspection_lots.id, inspections.version AS visit_version, lots.version AS lot_version").
		Joins("JOIN inspections ON inspections.id = inspection_lots.inspection_id").Joins("JOIN lots ON lots.id = inspection_lots.lot_id").
		Where("inspection_lots.line_id IN ? AND +inspections.state = ? AND inspections.superseded_by_id IS NULL", lines, models.Final).
		Order(newest).Limit(maxCandidates).Find(&found).Error
	return found, err
}

// key names what is loaded of the candidates: those of lines, with the readings of codes.
func (c candidates) key(lines []models.ID, codes []string) string {
	return fmt.Sprintf("inspected %x %q", lines, codes)
}

func (c candidates) state() string {
	var b strings.Builder
	for _, one := range c {
		fmt.Fprintf(&b, "%s %d %d ", one.ID, one.VisitVersion, one.LotVersion)
	}
	return b.String()
}

// load reads what was inspected, and the readings of codes.
func (c candidates) load(tx *gorm.DB, codes []string) (*inspected, error) {
	e := &inspected{batches: map[models.ID]string{}, visits: map[models.ID]models.Inspection{}, findings: map[models.ID][]models.Finding{},
		values: map[models.ID][]models.Reading{}, checks: map[models.ID][]models.Check{}, photos: map[models.ID][]shot{}}
	if len(c) == 0 {
		return e, nil
	}
	ids := make([]models.ID, len(c))
	for n, one := range c {
		ids[n] = one.ID
	}
	if err := tx.Select(ofLot).Where("id IN ?", ids).Order(newest).Find(&e.lots).Error; err != nil {
		return nil, err
	}
	for _, step := range []func(*gorm.DB) error{e.loadSnapshots, e.loadVisits, func(tx *gorm.DB) error { return e.loadParts(tx, ids, codes) }} {
		if err := step(tx); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// loadVisits reads the visits and batches of the lots.
func (e *inspected) loadVisits(tx *gorm.DB) error {
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
func (e *inspected) loadSnapshots(tx *gorm.DB) error {
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
func (e *inspected) loadParts(tx *gorm.DB, ids []models.ID, codes []string) error {
	visits := make([]models.ID, len(e.lots))
	for n, l := range e.lots {
		visits[n] = l.InspectionID
	}
	var findings []models.Finding
	if err := tx.Select(ofFinding).Where("inspection_lot_id IN ?", ids).Order("inspection_lot_id, position").Find(&findings).Error; err != nil {
		return err
	}
	for _, f := range findings {
		e.findings[f.InspectionLotID] = append(e.findings[f.InspectionLotID], f)
	}
	if len(codes) > 0 {
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

func (e *inspected) loadPhotos(tx *gorm.DB, visits []models.ID) error {
	var photos []shot
	err := tx.Raw(`SELECT p.id, p.inspection_id, p.inspection_lot_id, p.finding_id, p.sha256, p.caption, p.taken_at, COALESCE(files.taken_at, '') AS camera
		FROM inspection_photos p LEFT JOIN files ON files.sha256 = p.sha256
		WHERE p.inspection_id IN ? AND p.present = ? ORDER BY p.inspection_id, p.position`, visits, true).Scan(&photos).Error
	for _, p := range photos {
		e.photos[p.InspectionID] = append(e.photos[p.InspectionID], p)
	}
	return err
}
