package inspections

import (
	"context"
	"encoding/json"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/models"
)

// clearRecord removes what the last record wrote about the lots and photos.
func clearRecord(ctx context.Context, tx *gorm.DB, i *models.Inspection) error {
	tx = tx.WithContext(ctx)
	if err := tx.Where("inspection_id = ?", i.ID).Delete(&models.Photo{}).Error; err != nil {
		return err
	}
	for _, l := range i.Lots {
		for _, table := range []any{&models.Finding{}, &models.Reading{}, &models.Check{}} {
			if err := tx.Where("inspection_lot_id = ?", l.ID).Delete(table).Error; err != nil {
				return err
			}
		}
	}
	return nil
}

// write stores the visit and its lots' parts, which were cleared before.
func write(ctx context.Context, tx *gorm.DB, by models.Actor, i *models.Inspection) error {
	if err := markPresent(ctx, tx, by, i); err != nil {
		return err
	}
	i.UpdatedAt = models.Now(by.At)
	if err := writeHead(ctx, tx, i); err != nil {
		return err
	}
	for n := range i.Lots {
		if err := writeLot(ctx, tx, &i.Lots[n]); err != nil {
			return err
		}
	}
	return insertParts(ctx, tx, i)
}

// insert stores a new inspection as it stands, whole.
func insert(ctx context.Context, tx *gorm.DB, by models.Actor, i *models.Inspection) error {
	if err := markPresent(ctx, tx, by, i); err != nil {
		return err
	}
	if err := database.Insert(ctx, tx, inspectionColumns, [][]any{inspectionRow(i)}); err != nil {
		return err
	}
	var inspectors, lots [][]any
	for _, v := range i.Inspectors {
		inspectors = append(inspectors, []any{i.ID, v.UserID})
	}
	for n := range i.Lots {
		lots = append(lots, lotRow(&i.Lots[n]))
	}
	if err := database.Insert(ctx, tx, "inspection_inspectors (inspection_id, user_id)", inspectors); err != nil {
		return err
	}
	if err := database.Insert(ctx, tx, lotColumns, lots); err != nil {
		return err
	}
	return insertParts(ctx, tx, i)
}

// insertParts stores findings, readings, checks and photos. Rows that come by
// the hundred go in multi-row statements.
func insertParts(ctx context.Context, tx *gorm.DB, i *models.Inspection) error {
	var findings, readings, checks, photos [][]any
	for n := range i.Lots {
		l := &i.Lots[n]
		for _, f := range l.Findings {
			findings = append(findings, []any{f.ID, l.ID, f.Position, f.Defect, f.Class, f.Units, f.Defects, jsonText(f.Cartons), f.Remark})
		}
		var lot any = l.ID[:] // made once for hundreds of rows, as the code is below
		for _, m := range l.Measurements {
			c, _ := l.Snapshot.Characteristic(m.Characteristic)
			var code any = m.Characteristic
			for k, d := range m.Readings {
				scaled, _ := d.Scaled(c.Decimals) // checked with the record
				readings = append(readings, []any{lot, code, k + 1, scaled})
			}
		}
		for _, c := range l.Checks {
			checks = append(checks, []any{l.ID, c.Code, c.Result, c.Examined, c.Nonconforming, c.Seen, c.Remark})
		}
	}
	for _, p := range i.Photos {
		photos = append(photos, []any{p.ID, i.ID, p.InspectionLotID, p.FindingID, p.CheckCode, p.Position, p.SHA256, p.Caption, p.TakenAt, p.Present})
	}
	for _, t := range []struct {
		into string
		rows [][]any
	}{
		{"findings (id, inspection_lot_id, position, defect_code, class, units, defects, cartons, remark)", findings},
		{"readings (inspection_lot_id, characteristic, no, value)", readings},
		{"inspection_checks (inspection_lot_id, code, result, examined, nonconforming, seen, remark)", checks},
		{"inspection_photos (id, inspection_id, inspection_lot_id, finding_id, check_code, position, sha256, caption, taken_at, present)", photos},
	} {
		if err := database.Insert(ctx, tx, t.into, t.rows); err != nil {
			return err
		}
	}
	return nil
}

// writeHead stores the visit's own columns at the version it was loaded with, and raises it.
func writeHead(ctx context.Context, tx *gorm.DB, i *models.Inspection) error {
	err := database.Update[models.Inspection](ctx, tx, i.ID, i.Version, map[string]any{
		"state": i.State, "inspected_on": i.InspectedOn, "place": i.Place, "verdict": i.Verdict,
		"inspector_remark": i.InspectorRemark, "factory_remark": i.FactoryRemark,
		"deviations": jsonText(i.Deviations), "equipment": jsonText(i.Equipment),
		"started_at": i.StartedAt, "submitted_at": i.SubmittedAt, "decided_at": i.DecidedAt, "aborted_at": i.AbortedAt,
		"abort_reason": i.AbortReason, "abort_blame": i.AbortBlame,
		"device_time": i.DeviceTime, "device_offset": i.DeviceOffset, "device_skewed": i.DeviceSkewed,
		"record_hash": i.RecordHash, "fingerprint": i.Fingerprint,
		"photos_wanted": i.PhotosWanted, "photos_present": i.PhotosPresent, "updated_at": i.UpdatedAt,
	})
	if err == nil {
		i.Version++
	}
	return err
}

func writeLot(ctx context.Context, tx *gorm.DB, l *models.InspectionLot) error {
	return tx.WithContext(ctx).Model(&models.InspectionLot{}).Where("id = ?", l.ID).UpdateColumns(map[string]any{
		"plan": jsonText(l.Plan), "quantity_ordered": l.QuantityOrdered, "quantity_produced": l.QuantityProduced,
		"quantity_packed": l.QuantityPacked, "quantity_presented": l.QuantityPresented, "cartons_presented": l.CartonsPresented,
		"cartons_opened": jsonText(l.CartonsOpened), "units_examined": l.UnitsExamined, "judgement": jsonText(l.Judgement),
		"verdict": l.Verdict, "nc_critical": l.NcCritical, "nc_major": l.NcMajor, "nc_minor": l.NcMinor,
		"remark": l.Remark, "inspected_on": l.InspectedOn, "overlaps": jsonText(l.Overlaps), "decision": l.Decision,
	}).Error
}

// jsonText is the stored form of a list or document; our own types cannot fail to marshal.
func jsonText(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}
