package inspections

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/database"
	"recourse/models"
)

// RecordInput is the whole record of a visit as a phone sends it. Plan is
// needed only when the server has not seen the inspection yet. A field that is
// not given is "not checked".
type RecordInput struct {
	Plan            *PlanInput         `json:"plan"`
	InspectedOn     models.Date        `json:"inspected_on"`
	Place           string             `json:"place" validate:"max=300"`
	InspectorRemark string             `json:"inspector_remark" validate:"max=20000"`
	FactoryRemark   string             `json:"factory_remark" validate:"max=20000"`
	Deviations      []string           `json:"deviations" validate:"max=100,dive,required,max=2000"`
	Equipment       []models.Equipment `json:"equipment" validate:"max=100,dive"`
	DeviceTime      *time.Time         `json:"device_time"`
	Lots            []LotRecord        `json:"lots" validate:"max=50,dive"`
	Photos          []PhotoInput       `json:"photos" validate:"max=500,dive"`
}

// LotRecord is what was found at one lot.
type LotRecord struct {
	LotID             models.ID            `json:"lot_id" validate:"required"`
	QuantityOrdered   *models.Quantity     `json:"quantity_ordered"`
	QuantityProduced  *models.Quantity     `json:"quantity_produced"`
	QuantityPacked    *models.Quantity     `json:"quantity_packed"`
	QuantityPresented *models.Quantity     `json:"quantity_presented"`
	CartonsPresented  *int                 `json:"cartons_presented" validate:"omitempty,min=0,max=10000000"`
	CartonsOpened     []int                `json:"cartons_opened" validate:"max=10000,dive,min=1"`
	UnitsExamined     *int                 `json:"units_examined" validate:"omitempty,min=0"`
	Findings          []FindingInput       `json:"findings" validate:"max=1000,dive"`
	UnitOverlap       []models.UnitOverlap `json:"unit_overlap" validate:"max=5000,dive"`
	Measurements      []models.Measurement `json:"measurements" validate:"max=500,dive"`
	Checks            []CheckInput         `json:"checks" validate:"max=500,dive"`
	Remark            string               `json:"remark" validate:"max=20000"`
	Photos            []PhotoInput         `json:"photos" validate:"max=500,dive"`
}

// FindingInput is a defect found: its catalogue code and the units that show it.
type FindingInput struct {
	ID      *models.ID   `json:"id"`
	Defect  string       `json:"defect" validate:"required,max=32"`
	Units   int          `json:"units" validate:"min=1"`
	Defects *int         `json:"defects" validate:"omitempty,min=1"` // default: one a unit
	Cartons []int        `json:"cartons" validate:"max=10000,dive,min=1"`
	Remark  string       `json:"remark" validate:"max=20000"`
	Photos  []PhotoInput `json:"photos" validate:"max=100,dive"`
}

// CheckInput is a ticked section or attribute characteristic.
type CheckInput struct {
	Code          string       `json:"code" validate:"required,max=32"`
	Result        string       `json:"result" validate:"required,oneof=not_checked ok not_ok not_applicable not_possible"`
	Examined      *int         `json:"examined" validate:"omitempty,min=0"`
	Nonconforming *int         `json:"nonconforming" validate:"omitempty,min=0"`
	Seen          string       `json:"seen" validate:"max=20000"`
	Remark        string       `json:"remark" validate:"max=20000"`
	Photos        []PhotoInput `json:"photos" validate:"max=100,dive"`
}

// PhotoInput declares a photo by the hash of its bytes, which are uploaded apart.
type PhotoInput struct {
	ID      *models.ID    `json:"id"`
	SHA256  models.SHA256 `json:"sha256" validate:"required"`
	Caption string        `json:"caption" validate:"max=2000"`
	TakenAt *time.Time    `json:"taken_at"`
}

// Record stores the whole record of a visit in place of what stood before, all
// or nothing, and judges it. version is the one the record is based on; 0 names
// an inspection the server has not seen. The same record sent again is the
// same answer, whatever its version: its first answer may have been lost.
func Record(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int, in RecordInput, seed models.SHA256) (*models.Inspection, error) {
	hash, err := recordHash(in)
	if err != nil {
		return nil, err
	}
	i, err := head(ctx, tx, by, id)
	switch {
	case models.IsCode(err, models.CodeNotFound):
		return recordUnseen(ctx, tx, by, id, in, hash, seed)
	case err != nil:
		return nil, err
	case i.RecordHash == hash:
		return i, load(ctx, tx, by, i)
	case version == 0:
		return nil, models.Errorf(models.CodePrecondition, "", "This inspection is stored already: send its version in If-Match.", "此验货已存在：请在 If-Match 中注明版本。")
	case i.Version != version:
		return nil, database.Stale(i.Version)
	}
	if err := start(i, by); err != nil {
		return nil, err
	}
	if err := load(ctx, tx, by, i); err != nil {
		return nil, err
	}
	if err := clearRecord(ctx, tx, i); err != nil {
		return nil, err
	}
	if err := apply(ctx, tx, by, i, in); err != nil {
		return nil, err
	}
	i.RecordHash = hash
	return i, save(ctx, tx, by, i, "record")
}

func recordHash(in RecordInput) (models.SHA256, error) {
	b, err := json.Marshal(in)
	if err != nil {
		return models.SHA256{}, fmt.Errorf("hash the record: %w", err)
	}
	return sha256.Sum256(b), nil
}

// recordUnseen stores an inspection that a phone began offline. Planned and
// recorded at once, it is written once, as it stands at its second version.
func recordUnseen(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, in RecordInput, hash, seed models.SHA256) (*models.Inspection, error) {
	if in.Plan == nil {
		return nil, models.NotFound("inspection", "验货")
	}
	if in.Plan.ID != nil && *in.Plan.ID != id {
		return nil, models.Invalid("plan.id", "The id differs from the one in the address.", "与地址中的 ID 不一致。")
	}
	plan := *in.Plan
	plan.ID = &id
	i, err := draft(ctx, tx, by, plan, seed)
	if err != nil {
		return nil, models.At("plan", err)
	}
	planned := audit.Act{Action: "plan", Detail: planDetail(i, plan, seed)}
	if err := start(i, by); err != nil {
		return nil, err
	}
	if err := apply(ctx, tx, by, i, in); err != nil {
		return nil, err
	}
	i.RecordHash, i.Version = hash, i.Version+1
	judgeAll(i)
	if err := insert(ctx, tx, by, i); err != nil {
		return nil, err
	}
	return i, audit.RecordAll(ctx, tx, by, "inspection", i.ID, planned, audit.Act{Action: "record", Detail: recordDetail(i)})
}

// start opens a planned inspection for recording; a submitted one is refused.
func start(i *models.Inspection, by models.Actor) error {
	if i.State == models.InProgress {
		return nil
	}
	if err := move(i, models.InProgress); err != nil {
		return err
	}
	now := models.Now(by.At)
	i.State, i.StartedAt = models.InProgress, &now
	return nil
}

// apply checks the input against snapshot and plan and puts it into i.
func apply(ctx context.Context, tx *gorm.DB, by models.Actor, i *models.Inspection, in RecordInput) error {
	applyHead(by, i, in)
	i.Photos = nil
	given := map[models.ID]bool{}
	for n := range in.Lots {
		at := field("lots", n)
		l := lotOf(i, in.Lots[n].LotID)
		if l == nil {
			return models.Invalid(at+".lot_id", "This lot is not part of the inspection: plan it first.", "此批不在本次验货中：请先列入计划。")
		}
		if given[l.LotID] {
			return models.Invalid(at+".lot_id", "This lot is given twice.", "此批重复。")
		}
		given[l.LotID] = true
		if err := applyLot(ctx, tx, i, l, in.Lots[n]); err != nil {
			return models.At(at, err)
		}
	}
	for n := range i.Lots {
		if !given[i.Lots[n].LotID] {
			clearLot(&i.Lots[n])
		}
		i.Lots[n].InspectedOn = i.InspectedOn
	}
	return addPhotos(i, in.Photos, models.Photo{}, "photos")
}

func applyHead(by models.Actor, i *models.Inspection, in RecordInput) {
	i.InspectedOn, i.InspectorRemark, i.FactoryRemark = in.InspectedOn, in.InspectorRemark, in.FactoryRemark
	if in.Place != "" {
		i.Place = in.Place
	}
	i.Deviations, i.Equipment = append([]string{}, in.Deviations...), append([]models.Equipment{}, in.Equipment...)
	i.DeviceTime, i.DeviceOffset, i.DeviceSkewed = nil, nil, false
	if in.DeviceTime != nil {
		t := models.Now(*in.DeviceTime)
		_, offset := in.DeviceTime.Zone()
		i.DeviceTime, i.DeviceOffset = &t, &offset
		i.DeviceSkewed = t.Sub(by.At).Abs() > 5*time.Minute
	}
}

func lotOf(i *models.Inspection, lotID models.ID) *models.InspectionLot {
	for n := range i.Lots {
		if i.Lots[n].LotID == lotID {
			return &i.Lots[n]
		}
	}
	return nil
}

// clearLot returns a lot to "nothing checked".
func clearLot(l *models.InspectionLot) {
	l.QuantityProduced, l.QuantityPacked, l.QuantityPresented, l.CartonsPresented, l.UnitsExamined = nil, nil, nil, nil, nil
	l.CartonsOpened, l.Overlaps, l.Remark = []int{}, []models.UnitOverlap{}, ""
	l.Findings, l.Measurements, l.Checks = []models.Finding{}, []models.Measurement{}, []models.Check{}
}

// applyLot puts one lot's record in place. A presented quantity other than the
// planned one changes the plan, with the same seed.
func applyLot(ctx context.Context, tx *gorm.DB, i *models.Inspection, l *models.InspectionLot, in LotRecord) error {
	clearLot(l)
	if in.QuantityOrdered != nil {
		l.QuantityOrdered = in.QuantityOrdered
	}
	l.QuantityProduced, l.QuantityPacked, l.QuantityPresented = in.QuantityProduced, in.QuantityPacked, in.QuantityPresented
	l.CartonsPresented, l.UnitsExamined, l.Remark = in.CartonsPresented, in.UnitsExamined, in.Remark
	l.CartonsOpened, l.Overlaps = append(l.CartonsOpened, in.CartonsOpened...), append(l.Overlaps, in.UnitOverlap...)
	if err := presented(ctx, tx, i, l); err != nil {
		return err
	}
	for n, f := range in.Findings {
		finding, err := newFinding(l, f, n+1)
		if err != nil {
			return models.At(field("findings", n), err)
		}
		l.Findings = append(l.Findings, finding)
		about := models.Photo{InspectionLotID: &l.ID, FindingID: &finding.ID}
		if err := addPhotos(i, f.Photos, about, field("findings", n)+".photos"); err != nil {
			return err
		}
	}
	l.Measurements = append(l.Measurements, in.Measurements...)
	for n, c := range in.Checks {
		l.Checks = append(l.Checks, models.Check{InspectionLotID: l.ID, Code: c.Code, Result: c.Result, Examined: c.Examined, Nonconforming: c.Nonconforming, Seen: c.Seen, Remark: c.Remark})
		if err := addPhotos(i, c.Photos, models.Photo{InspectionLotID: &l.ID, CheckCode: c.Code}, field("checks", n)+".photos"); err != nil {
			return err
		}
	}
	if err := addPhotos(i, in.Photos, models.Photo{InspectionLotID: &l.ID}, "photos"); err != nil {
		return err
	}
	return checkLot(l)
}

func newFinding(l *models.InspectionLot, in FindingInput, position int) (models.Finding, error) {
	defect, known := l.Snapshot.Defect(in.Defect)
	if !known {
		return models.Finding{}, models.Invalid("defect", "%q is not in the defect catalogue of %s: use a code of the pinned standard.",
			"%q 不在标准 %s 的缺陷目录中：请使用合同所定标准的代码。", in.Defect, l.StandardCode)
	}
	f := models.Finding{
		ID: models.NewID(), InspectionLotID: l.ID, Position: position, Defect: in.Defect, Class: defect.Class,
		Units: in.Units, Defects: in.Units, Cartons: append([]int{}, in.Cartons...), Remark: in.Remark,
	}
	if in.ID != nil {
		f.ID = *in.ID
	}
	if in.Defects != nil {
		if *in.Defects < in.Units {
			return f, models.Invalid("defects", "%d defects on %d units: every nonconforming unit has at least one.", "%[2]d 个不合格品只有 %[1]d 个缺陷：每个不合格品至少有一个缺陷。", *in.Defects, in.Units)
		}
		f.Defects = *in.Defects
	}
	return f, nil
}

// addPhotos declares photos about a lot, finding or check.
func addPhotos(i *models.Inspection, photos []PhotoInput, about models.Photo, at string) error {
	for n, in := range photos {
		if in.SHA256.IsZero() {
			return models.Invalid(field(at, n)+".sha256", "Give the SHA-256 of the photo's bytes.", "请提供照片内容的 SHA-256。")
		}
		p := about
		p.ID, p.InspectionID, p.Position = models.NewID(), i.ID, len(i.Photos)+1
		if in.ID != nil {
			p.ID = *in.ID
		}
		p.SHA256, p.Caption = in.SHA256, in.Caption
		if in.TakenAt != nil {
			t := models.Now(*in.TakenAt)
			p.TakenAt = &t
		}
		i.Photos = append(i.Photos, p)
	}
	return nil
}

func field(name string, n int) string { return fmt.Sprintf("%s[%d]", name, n) }

// save judges the record, writes it, raises the version and leaves the audit row.
func save(ctx context.Context, tx *gorm.DB, by models.Actor, i *models.Inspection, action string) error {
	judgeAll(i)
	if err := write(ctx, tx, by, i); err != nil {
		return err
	}
	return audit.Record(ctx, tx, by, action, "inspection", i.ID, recordDetail(i))
}

// recordDetail is what the log keeps of a record.
func recordDetail(i *models.Inspection) map[string]any {
	return map[string]any{"number": i.Number, "version": i.Version, "verdict": i.Verdict, "record_hash": i.RecordHash, "photos": len(i.Photos)}
}
