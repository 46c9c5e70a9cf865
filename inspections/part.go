package inspections

import (
	"context"

	"gorm.io/gorm"

	"recourse/models"
)

// change loads an inspection open for recording, lets edit change a part of it
// and stores the whole with a new verdict.
func change(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int, action string, edit func(*models.Inspection) error) (*models.Inspection, error) {
	i, err := headAt(ctx, tx, by, id, version)
	if err != nil {
		return nil, err
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
	if err := edit(i); err != nil {
		return nil, err
	}
	i.RecordHash = models.SHA256{} // the last whole record is no longer what stands here
	return i, save(ctx, tx, by, i, action)
}

// changeLot is change for one lot, named by its lot id; the lot is checked anew.
func changeLot(ctx context.Context, tx *gorm.DB, by models.Actor, id, lotID models.ID, version int, action string, edit func(*models.Inspection, *models.InspectionLot) error) (*models.Inspection, error) {
	return change(ctx, tx, by, id, version, action, func(i *models.Inspection) error {
		l := lotOf(i, lotID)
		if l == nil {
			return models.NotFound("lot in this inspection", "验货批")
		}
		if err := edit(i, l); err != nil {
			return err
		}
		return checkLot(l)
	})
}

// HeadInput is the part of a record that concerns the visit; nil leaves a field as it is.
type HeadInput struct {
	InspectedOn     *models.Date        `json:"inspected_on"`
	Place           *string             `json:"place" validate:"omitempty,max=300"`
	InspectorRemark *string             `json:"inspector_remark" validate:"omitempty,max=20000"`
	FactoryRemark   *string             `json:"factory_remark" validate:"omitempty,max=20000"`
	Deviations      *[]string           `json:"deviations" validate:"omitempty,max=100,dive,required,max=2000"`
	Equipment       *[]models.Equipment `json:"equipment" validate:"omitempty,max=100,dive"`
}

// RecordHead changes the visit's own fields.
func RecordHead(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int, in HeadInput) (*models.Inspection, error) {
	return change(ctx, tx, by, id, version, "record_head", func(i *models.Inspection) error {
		set(&i.InspectedOn, in.InspectedOn)
		set(&i.Place, in.Place)
		set(&i.InspectorRemark, in.InspectorRemark)
		set(&i.FactoryRemark, in.FactoryRemark)
		set(&i.Deviations, in.Deviations)
		set(&i.Equipment, in.Equipment)
		for n := range i.Lots {
			i.Lots[n].InspectedOn = i.InspectedOn
		}
		return nil
	})
}

func set[T any](to *T, value *T) {
	if value != nil {
		*to = *value
	}
}

// RecordLot replaces the record of one lot with its photos.
func RecordLot(ctx context.Context, tx *gorm.DB, by models.Actor, id, lotID models.ID, version int, in LotRecord) (*models.Inspection, error) {
	return change(ctx, tx, by, id, version, "record_lot", func(i *models.Inspection) error {
		l := lotOf(i, lotID)
		if l == nil {
			return models.NotFound("lot in this inspection", "验货批")
		}
		dropPhotos(i, func(p models.Photo) bool { return p.InspectionLotID != nil && *p.InspectionLotID == l.ID })
		return applyLot(ctx, tx, i, l, in)
	})
}

// AddFinding records one more finding of a lot.
func AddFinding(ctx context.Context, tx *gorm.DB, by models.Actor, id, lotID models.ID, version int, in FindingInput) (*models.Inspection, error) {
	return changeLot(ctx, tx, by, id, lotID, version, "add_finding", func(i *models.Inspection, l *models.InspectionLot) error {
		f, err := newFinding(l, in, len(l.Findings)+1)
		if err != nil {
			return err
		}
		l.Findings = append(l.Findings, f)
		return addPhotos(i, in.Photos, models.Photo{InspectionLotID: &l.ID, FindingID: &f.ID}, "photos")
	})
}

// RemoveFinding takes a finding that was recorded by mistake out of a lot, with
// its photos; the audit log keeps that it was there.
func RemoveFinding(ctx context.Context, tx *gorm.DB, by models.Actor, id, lotID, findingID models.ID, version int) (*models.Inspection, error) {
	return changeLot(ctx, tx, by, id, lotID, version, "remove_finding", func(i *models.Inspection, l *models.InspectionLot) error {
		kept := []models.Finding{}
		for _, f := range l.Findings {
			if f.ID != findingID {
				f.Position = len(kept) + 1
				kept = append(kept, f)
			}
		}
		if len(kept) == len(l.Findings) {
			return models.NotFound("finding", "不符合项")
		}
		l.Findings = kept
		dropPhotos(i, func(p models.Photo) bool { return p.FindingID != nil && *p.FindingID == findingID })
		return nil
	})
}

// ReadingsInput is the readings of one characteristic in sample order.
type ReadingsInput struct {
	Readings []models.Decimal `json:"readings" validate:"max=100000"`
}

// RecordReadings replaces the readings of one characteristic; none means "not checked".
func RecordReadings(ctx context.Context, tx *gorm.DB, by models.Actor, id, lotID models.ID, code string, version int, in ReadingsInput) (*models.Inspection, error) {
	return changeLot(ctx, tx, by, id, lotID, version, "record_readings", func(_ *models.Inspection, l *models.InspectionLot) error {
		kept := []models.Measurement{}
		for _, m := range l.Measurements {
			if m.Characteristic != code {
				kept = append(kept, m)
			}
		}
		if len(in.Readings) > 0 {
			kept = append(kept, models.Measurement{Characteristic: code, Readings: in.Readings})
		}
		l.Measurements = kept
		return nil
	})
}

// RecordCheck ticks one section or attribute characteristic.
func RecordCheck(ctx context.Context, tx *gorm.DB, by models.Actor, id, lotID models.ID, version int, in CheckInput) (*models.Inspection, error) {
	return changeLot(ctx, tx, by, id, lotID, version, "record_check", func(i *models.Inspection, l *models.InspectionLot) error {
		kept := []models.Check{}
		for _, c := range l.Checks {
			if c.Code != in.Code {
				kept = append(kept, c)
			}
		}
		l.Checks = append(kept, models.Check{InspectionLotID: l.ID, Code: in.Code, Result: in.Result, Examined: in.Examined, Nonconforming: in.Nonconforming, Seen: in.Seen, Remark: in.Remark})
		dropPhotos(i, func(p models.Photo) bool {
			return p.InspectionLotID != nil && *p.InspectionLotID == l.ID && p.CheckCode == in.Code
		})
		return addPhotos(i, in.Photos, models.Photo{InspectionLotID: &l.ID, CheckCode: in.Code}, "photos")
	})
}

// dropPhotos forgets the declared photos that match; the files stay.
func dropPhotos(i *models.Inspection, match func(models.Photo) bool) {
	kept := i.Photos[:0]
	for _, p := range i.Photos {
		if !match(p) {
			kept = append(kept, p)
		}
	}
	i.Photos = kept
}
