package inspections

import (
	"context"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/database"
	"recourse/models"
)

// markPresent says of each declared photo whether its bytes are here, and
// counts them. Somebody else's file is not shown to who merely knows its hash:
// for an inspector only files sent by the visit's own inspectors count.
func markPresent(ctx context.Context, tx *gorm.DB, by models.Actor, i *models.Inspection) error {
	hashes := make([]models.SHA256, len(i.Photos))
	for n, p := range i.Photos {
		hashes[n] = p.SHA256
	}
	here, err := received(ctx, tx, by, i, hashes)
	if err != nil {
		return err
	}
	i.PhotosWanted, i.PhotosPresent = len(i.Photos), 0
	for n := range i.Photos {
		p := &i.Photos[n]
		if p.Present = here[p.SHA256]; p.Present {
			i.PhotosPresent++
		}
	}
	return nil
}

func received(ctx context.Context, tx *gorm.DB, by models.Actor, i *models.Inspection, hashes []models.SHA256) (map[models.SHA256]bool, error) {
	here := map[models.SHA256]bool{}
	if len(hashes) == 0 {
		return here, nil
	}
	q := tx.WithContext(ctx).Table("files").Where("files.sha256 IN ? AND files.kind = ?", hashes, models.FilePhoto)
	if by.OnlyInspects() {
		senders := []models.ID{by.UserID}
		for _, v := range i.Inspectors {
			senders = append(senders, v.UserID)
		}
		q = q.Where("EXISTS (SELECT 1 FROM uploads WHERE uploads.sha256 = files.sha256 AND uploads.done_at IS NOT NULL AND uploads.uploaded_by IN ?)", senders)
	}
	var found []models.SHA256
	if err := q.Pluck("files.sha256", &found).Error; err != nil {
		return nil, err
	}
	for _, h := range found {
		here[h] = true
	}
	return here, nil
}

// PhotoArrived marks the photos that wait for this content, in the inspections
// the sender may see.
func PhotoArrived(ctx context.Context, tx *gorm.DB, by models.Actor, content models.SHA256) error {
	var waiting []models.Photo
	err := tx.WithContext(ctx).Where("sha256 = ? AND present = ?", content, false).
		Where("inspection_id IN (?)", visible(tx, by).Select("inspections.id")).Find(&waiting).Error
	if err != nil {
		return err
	}
	for _, p := range waiting {
		if err := tx.WithContext(ctx).Model(&models.Photo{}).Where("id = ?", p.ID).UpdateColumn("present", true).Error; err != nil {
			return err
		}
		err := tx.WithContext(ctx).Model(&models.Inspection{}).Where("id = ?", p.InspectionID).
			UpdateColumns(map[string]any{"photos_present": gorm.Expr("photos_present + 1"), "version": gorm.Expr("version + 1"), "updated_at": models.Now(by.At)}).Error
		if err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, by, "photo_received", "inspection", p.InspectionID, map[string]any{"photo_id": p.ID, "sha256": content}); err != nil {
			return err
		}
	}
	return nil
}

// PhotoOf finds a photo through its inspection, so that it obeys the same scope.
func PhotoOf(ctx context.Context, tx *gorm.DB, by models.Actor, inspectionID, photoID models.ID) (*models.Photo, error) {
	if _, err := head(ctx, tx, by, inspectionID); err != nil {
		return nil, err
	}
	return database.Take[models.Photo](ctx, tx, "photo", "照片", "id = ? AND inspection_id = ? AND present = ?", photoID, inspectionID, true)
}
