package contracts

import (
	"context"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/database"
	"recourse/models"
)

// DocumentInput is the state of one document of a shipment, as it shall be: the
// draft that went to the customer, their confirmation in writing, and the file;
// or why it is not needed.
type DocumentInput struct {
	DraftSentOn  models.Date   `json:"draft_sent_on"`
	ConfirmedOn  models.Date   `json:"confirmed_on"`
	ConfirmedBy  string        `json:"confirmed_by" validate:"max=200"`
	FileSHA256   models.SHA256 `json:"file_sha256,omitzero"`
	FileName     string        `json:"file_name" validate:"max=255"`
	NotNeededWhy string        `json:"not_needed_why" validate:"max=500"`
}

// SetDocument writes the entry of that kind in a shipment's check-list, adding it
// where it is missing. Version is the shipment's.
func SetDocument(ctx context.Context, tx *gorm.DB, by models.Actor, shipment models.ID, kind string, version int, in DocumentInput) (*Shipped, error) {
	if _, err := shipmentAt(ctx, tx, by, shipment, version); err != nil {
		return nil, err
	}
	if err := checkDocument(kind, in); err != nil {
		return nil, err
	}
	rows, err := gorm.G[models.ShipmentDocument](tx).Where("shipment_id = ? AND kind = ?", shipment, kind).Find(ctx)
	if err != nil {
		return nil, err
	}
	d := models.ShipmentDocument{ID: models.NewID(), ShipmentID: shipment, Kind: kind}
	if len(rows) > 0 {
		d = rows[0]
	}
	if !in.FileSHA256.IsZero() && in.FileSHA256 != d.FileSHA256 {
		if err := uploaded(ctx, tx, by, "file_sha256", in.FileSHA256); err != nil {
			return nil, err
		}
	}
	d.DraftSentOn, d.ConfirmedOn, d.ConfirmedBy = in.DraftSentOn, in.ConfirmedOn, in.ConfirmedBy
	d.FileSHA256, d.FileName, d.NotNeededWhy = in.FileSHA256, in.FileName, in.NotNeededWhy
	if len(rows) == 0 {
		err = gorm.G[models.ShipmentDocument](tx).Create(ctx, &d)
	} else {
		err = fresh[models.ShipmentDocument](tx).WithContext(ctx).Where("id = ?", d.ID).UpdateColumns(map[string]any{
			"draft_sent_on": d.DraftSentOn, "confirmed_on": d.ConfirmedOn, "confirmed_by": d.ConfirmedBy,
			"file_sha256": d.FileSHA256, "file_name": d.FileName, "not_needed_why": d.NotNeededWhy,
		}).Error
	}
	if err != nil {
		return nil, err
	}
	if err := database.Update[models.Shipment](ctx, tx, shipment, version, map[string]any{"updated_at": models.Now(by.At)}); err != nil {
		return nil, err
	}
	if err := audit.Record(ctx, tx, by, "document", "shipment", shipment, map[string]any{"kind": kind, "document": in}); err != nil {
		return nil, err
	}
	return shipped(ctx, tx, by, shipment)
}

// DocumentOf loads one document of a shipment's check-list.
func DocumentOf(ctx context.Context, tx *gorm.DB, by models.Actor, shipment models.ID, kind string) (*models.ShipmentDocument, error) {
	s, err := GetShipment(ctx, tx, by, shipment)
	if err != nil {
		return nil, err
	}
	for i := range s.Documents {
		if s.Documents[i].Kind == kind {
			return &s.Documents[i], nil
		}
	}
	return nil, models.NotFound("document", "单据")
}

func checkDocument(kind string, in DocumentInput) error {
	if !documentKind(kind) {
		return models.Invalid("kind", "%q is not a kind of document: write it as bill_of_lading.", "%q 不是单据种类：请写成 bill_of_lading 的形式。", kind)
	}
	if in.NotNeededWhy != "" && (!in.DraftSentOn.IsZero() || !in.ConfirmedOn.IsZero() || in.ConfirmedBy != "" || !in.FileSHA256.IsZero()) {
		return models.Invalid("not_needed_why", "A document that is not needed has no draft, confirmation or file.", "不需要的单据没有草稿、确认或文件。")
	}
	if in.ConfirmedOn.IsZero() != (in.ConfirmedBy == "") {
		return models.Invalid("confirmed_by", "Give the day of the confirmation and who confirmed together.", "确认日期与确认人须同时填写。")
	}
	if !in.ConfirmedOn.IsZero() && in.DraftSentOn.IsZero() {
		return models.Invalid("draft_sent_on", "What was confirmed was sent before: give the day.", "确认之前须已发送草稿：请填写日期。")
	}
	if !in.ConfirmedOn.IsZero() && in.ConfirmedOn < in.DraftSentOn {
		return models.Invalid("confirmed_on", "%s is before draft_sent_on (%s).", "%s 早于 draft_sent_on（%s）。", in.ConfirmedOn, in.DraftSentOn)
	}
	return nil
}

// seedDocuments starts a shipment's check-list.
func seedDocuments(ctx context.Context, tx *gorm.DB, shipment models.ID, kinds []string) error {
	if len(kinds) == 0 {
		return nil
	}
	rows := make([]models.ShipmentDocument, len(kinds))
	for i, kind := range kinds {
		rows[i] = models.ShipmentDocument{ID: models.NewID(), ShipmentID: shipment, Kind: kind}
	}
	return gorm.G[models.ShipmentDocument](tx).CreateInBatches(ctx, &rows, 200)
}
