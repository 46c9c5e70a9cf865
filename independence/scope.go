package independence

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"gorm.io/gorm"

	"recourse/models"
)

// maxVisits bounds what one question reads.
const maxVisits = 3000

// chunk is how many ids one statement names.
const chunk = 500

// visit is an inspection as the checks see it.
type visit struct {
	models.Inspection
	inspectors []models.ID
	readings   int // in all its lots
}

// alone is the inspector of a visit that one person made, and false for others:
// what two people did together is nobody's in particular.
func (v *visit) alone() (models.ID, bool) {
	if len(v.inspectors) == 1 {
		return v.inspectors[0], true
	}
	return models.ID{}, false
}

// lot is an inspected lot of a visit.
type lot struct {
	id       models.ID
	visit    *visit
	product  models.ID
	standard string
	snapshot models.SHA256
}

// sample is the readings of one characteristic at one lot, in sample order, scaled by its decimals.
type sample struct {
	lot            *lot
	characteristic models.Characteristic
	values         []int64
}

// photo is a photo of a visit with what its file says of itself.
type photo struct {
	visit     *visit
	sha256    models.SHA256
	takenAt   *time.Time // by the phone
	cameraAt  string     // the camera's clock, local
	gpsAt     *time.Time
	latitude  models.Decimal
	longitude models.Decimal
	dhash     *int64
}

// scope is everything that a question is about.
type scope struct {
	visits  []*visit
	byID    map[models.ID]*visit
	names   map[models.ID]string
	samples []sample
	photos  []photo
}

// read loads the scope in a number of statements that grows only with the chunks of ids.
func read(ctx context.Context, tx *gorm.DB, in Asked) (*scope, error) {
	s := &scope{byID: map[models.ID]*visit{}, names: map[models.ID]string{}}
	if err := s.readVisits(ctx, tx, in); err != nil {
		return nil, err
	}
	if len(s.visits) > maxVisits {
		return nil, models.Invalid("to", "More than %d visits are in question: shorten the period, or name supplier and inspector.",
			"涉及的验货超过 %d 次：请缩短时间范围，或同时指定供应商和验货员。", maxVisits)
	}
	for _, v := range s.visits {
		s.byID[v.ID] = v
	}
	if err := s.readInspectors(ctx, tx, s.visits); err != nil {
		return nil, err
	}
	for some := range slices.Chunk(s.visits, chunk) {
		if err := s.readLots(ctx, tx, ids(some)); err != nil {
			return nil, err
		}
		if err := s.readPhotos(ctx, tx, ids(some)); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func ids(visits []*visit) []models.ID {
	out := make([]models.ID, len(visits))
	for n, v := range visits {
		out[n] = v.ID
	}
	return out
}

// current are the inspections that count: submitted or final, and of a corrected
// one the newest revision that was decided.
const current = "inspections.superseded_by_id IS NULL AND (inspections.state = 'final' OR inspections.state = 'submitted' AND inspections.revision = 0)"

const headColumns = "inspections.id, inspections.number, inspections.revision, inspections.supplier_id, inspections.place, inspections.inspected_on, " +
	"inspections.started_at, inspections.submitted_at, inspections.device_time, inspections.device_skewed"

func (s *scope) readVisits(ctx context.Context, tx *gorm.DB, in Asked) error {
	q := tx.WithContext(ctx).Model(&models.Inspection{}).Select(headColumns).Where(current).
		Where("inspections.inspected_on BETWEEN ? AND ?", in.From, in.To)
	if in.SupplierID != nil {
		q = q.Where("inspections.supplier_id = ?", *in.SupplierID)
	}
	if in.InspectorID != nil {
		q = q.Where("inspections.id IN (SELECT inspection_id FROM inspection_inspectors WHERE user_id = ?)", *in.InspectorID)
	}
	if in.SupplierID == nil && in.InspectorID == nil { // the index by planned date bounds what is looked at
		q = q.Where("inspections.planned_on BETWEEN ? AND ?", in.From.AddDays(-openDays), in.To.AddDays(openDays))
	}
	var heads []models.Inspection
	if err := q.Limit(maxVisits + 1).Find(&heads).Error; err != nil {
		return err
	}
	for _, h := range heads {
		s.visits = append(s.visits, &visit{Inspection: h})
	}
	return nil
}

func (s *scope) readInspectors(ctx context.Context, tx *gorm.DB, visits []*visit) error {
	byID := map[models.ID]*visit{}
	for _, v := range visits {
		byID[v.ID] = v
	}
	for some := range slices.Chunk(visits, chunk) {
		err := eachRow(ctx, tx, "SELECT ii.inspection_id, ii.user_id, users.name FROM inspection_inspectors ii JOIN users ON users.id = ii.user_id WHERE ii.inspection_id IN ?",
			ids(some), func(scan func(...any) error) error {
				var inspection, user models.ID
				var name string
				if err := scan(&inspection, &user, &name); err != nil {
					return err
				}
				byID[inspection].inspectors = append(byID[inspection].inspectors, user)
				s.names[user] = name
				return nil
			})
		if err != nil {
			return err
		}
	}
	return nil
}

// eachRow reads the rows of a query on a list of ids without gorm's reflection, which would take most of the time.
func eachRow[T any](ctx context.Context, tx *gorm.DB, query string, in []T, each func(scan func(...any) error) error) (err error) {
	if len(in) == 0 {
		return nil
	}
	var rows *sql.Rows
	if rows, err = tx.WithContext(ctx).Raw(query, in).Rows(); err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// readLots adds the lots of the visits with their readings.
func (s *scope) readLots(ctx context.Context, tx *gorm.DB, visits []models.ID) error {
	lots, contents := map[models.ID]*lot{}, map[models.SHA256]models.ID{}
	var lotIDs []models.ID
	err := eachRow(ctx, tx, "SELECT id, inspection_id, product_id, standard_code, snapshot_hash FROM inspection_lots WHERE inspection_id IN ?", visits,
		func(scan func(...any) error) error {
			var l lot
			var of models.ID
			if err := scan(&l.id, &of, &l.product, &l.standard, &l.snapshot); err != nil {
				return err
			}
			l.visit = s.byID[of]
			lots[l.id], contents[l.snapshot] = &l, l.id
			lotIDs = append(lotIDs, l.id)
			return nil
		})
	if err != nil {
		return err
	}
	known, err := readContents(ctx, tx, contents)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(lotIDs, chunk) {
		if err := s.readReadings(ctx, tx, some, lots, known); err != nil {
			return err
		}
	}
	return nil
}

// content is the characteristics of a snapshot by code.
type content map[string]models.Characteristic

// readContents loads each different snapshot once, from any lot that has it.
func readContents(ctx context.Context, tx *gorm.DB, of map[models.SHA256]models.ID) (map[models.SHA256]content, error) {
	var from []models.ID
	for _, id := range of {
		from = append(from, id)
	}
	out := map[models.SHA256]content{}
	for some := range slices.Chunk(from, chunk) {
		rows, err := gorm.G[models.InspectionLot](tx).Select("id, snapshot_hash, snapshot").Where("id IN ?", some).Find(ctx)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			c := content{}
			for _, one := range r.Snapshot.Characteristics {
				c[one.Code] = one
			}
			out[r.SnapshotHash] = c
		}
	}
	return out, nil
}

func (s *scope) readReadings(ctx context.Context, tx *gorm.DB, some []models.ID, lots map[models.ID]*lot, known map[models.SHA256]content) error {
	var last *sample
	var id models.ID
	var code string
	var value int64
	return eachRow(ctx, tx, "SELECT inspection_lot_id, characteristic, value FROM readings WHERE inspection_lot_id IN ? ORDER BY inspection_lot_id, characteristic, no", some,
		func(scan func(...any) error) error {
			if err := scan(&id, &code, &value); err != nil {
				return err
			}
			if last == nil || last.lot.id != id || last.characteristic.Code != code {
				l := lots[id]
				c, listed := known[l.snapshot][code]
				if !listed {
					c.Code = code
				}
				s.samples = append(s.samples, sample{lot: l, characteristic: c})
				last = &s.samples[len(s.samples)-1]
			}
			last.values = append(last.values, value)
			if last.lot.visit != nil {
				last.lot.visit.readings++
			}
			return nil
		})
}

func (s *scope) readPhotos(ctx context.Context, tx *gorm.DB, visits []models.ID) error {
	return eachRow(ctx, tx, "SELECT p.inspection_id, p.sha256, p.taken_at, COALESCE(f.taken_at, ''), f.gps_at, f.latitude, f.longitude, f.dhash "+
		"FROM inspection_photos p LEFT JOIN files f ON f.sha256 = p.sha256 WHERE p.inspection_id IN ?", visits,
		func(scan func(...any) error) error {
			var p photo
			var of models.ID
			if err := scan(&of, &p.sha256, &p.takenAt, &p.cameraAt, &p.gpsAt, &p.latitude, &p.longitude, &p.dhash); err != nil {
				return err
			}
			p.visit = s.byID[of]
			s.photos = append(s.photos, p)
			return nil
		})
}
