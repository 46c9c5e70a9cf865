package claims

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/models"
)

// defaultEvidence is the check-list of each reason.
var defaultEvidence = map[models.ClaimReason][]string{
	models.ReasonWrongName:       {"labelled_photos", "document_copy", "contract_specification"},
	models.ReasonWrongGoods:      {"labelled_photos", "sample", "batch_marks", "contract_specification"},
	models.ReasonQuality:         {"labelled_photos", "sample", "survey_report", "batch_marks", "installation_record"},
	models.ReasonSpecification:   {"labelled_photos", "sample", "survey_report", "contract_specification"},
	models.ReasonQuantity:        {"tally_sheet", "survey_report", "packing_list", "container_seal_photos"},
	models.ReasonPacking:         {"labelled_photos", "survey_report", "delivery_receipt"},
	models.ReasonMarks:           {"labelled_photos", "batch_marks"},
	models.ReasonLateDelivery:    {"delay_correspondence", "demurrage_receipts", "cost_breakdown"},
	models.ReasonTransportDamage: {"labelled_photos", "damage_certificate", "survey_report", "delivery_receipt", "container_seal_photos"},
	models.ReasonOther:           {"labelled_photos", "cost_breakdown"},

	models.ReasonCertificateOfOrigin: {"discrepancy_notice", "document_copy", "demurrage_receipts"},
	models.ReasonBillOfLading:        {"discrepancy_notice", "document_copy", "demurrage_receipts"},
	models.ReasonInvoice:             {"discrepancy_notice", "document_copy"},
	models.ReasonOtherDocument:       {"discrepancy_notice", "document_copy"},
}

// EvidenceInput is one piece of evidence as it stands. Item 0 is the whole claim.
type EvidenceInput struct {
	Item       int           `json:"item" validate:"min=0,max=999"`
	Kind       string        `json:"kind" validate:"required,max=40"`
	AskedOn    models.Date   `json:"asked_on"`
	ReceivedOn models.Date   `json:"received_on"`
	Sufficient *bool         `json:"sufficient"` // nil: not judged yet
	FileSHA256 models.SHA256 `json:"file_sha256,omitzero"`
	FileName   string        `json:"file_name" validate:"max=255"`
	Note       string        `json:"note" validate:"max=4000"`
}

// AddEvidence puts one more piece on the check-list of an open claim that is at version.
func AddEvidence(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int, in EvidenceInput) (*models.Claim, error) {
	c, err := forSalesAt(ctx, tx, by, id, version)
	if err != nil {
		return nil, err
	}
	if err := mustBeOpen(c); err != nil {
		return nil, err
	}
	if err := checkEvidence(ctx, tx, by, c, in, models.SHA256{}); err != nil {
		return nil, err
	}
	e := models.ClaimEvidence{
		ID: models.NewID(), ClaimID: c.ID, ItemNo: in.Item, Kind: in.Kind, AskedOn: in.AskedOn, ReceivedOn: in.ReceivedOn, Sufficient: in.Sufficient,
		FileSHA256: in.FileSHA256, FileName: in.FileName, Note: in.Note, Version: 1,
	}
	if err := gorm.G[models.ClaimEvidence](tx).Create(ctx, &e); err != nil {
		return nil, err
	}
	if err := write(ctx, tx, by, c, "add_evidence", map[string]any{}, in); err != nil {
		return nil, err
	}
	return Get(ctx, tx, by, id)
}

// SetEvidence says how one piece of the check-list stands: asked, received,
// sufficient. version is the piece's own.
func SetEvidence(ctx context.Context, tx *gorm.DB, by models.Actor, id, evidenceID models.ID, version int, in EvidenceInput) (*models.Claim, error) {
	c, err := forSales(ctx, tx, by, id)
	if err != nil {
		return nil, err
	}
	if err := mustBeOpen(c); err != nil {
		return nil, err
	}
	n := slices.IndexFunc(c.Evidence, func(e models.ClaimEvidence) bool { return e.ID == evidenceID })
	if n < 0 {
		return nil, models.NotFound("piece of evidence", "证据")
	}
	if err := checkEvidence(ctx, tx, by, c, in, c.Evidence[n].FileSHA256); err != nil {
		return nil, err
	}
	err = database.Update[models.ClaimEvidence](ctx, tx, evidenceID, version, map[string]any{
		"item_no": in.Item, "kind": in.Kind, "asked_on": in.AskedOn, "received_on": in.ReceivedOn, "sufficient": in.Sufficient,
		"file_sha256": in.FileSHA256, "file_name": in.FileName, "note": in.Note,
	})
	if err != nil {
		return nil, err
	}
	if err := touch(ctx, tx, by, c, "set_evidence", map[string]any{"evidence": evidenceID, "set": in}); err != nil {
		return nil, err
	}
	return Get(ctx, tx, by, id)
}

// checkEvidence: a piece is asked for, then received, then judged. had is the file that is there already.
func checkEvidence(ctx context.Context, tx *gorm.DB, by models.Actor, c *models.Claim, in EvidenceInput, had models.SHA256) error {
	if _, known := models.EvidenceWords[in.Kind]; !known {
		return models.Invalid("kind", "%q is not a kind of evidence.", "%q 不是证据种类。", in.Kind)
	}
	if in.Item != 0 && itemOf(c, in.Item) == nil {
		return models.Invalid("item", "The claim has no item %d.", "索赔没有第 %d 项。", in.Item)
	}
	if err := past(by, "asked_on", in.AskedOn); err != nil {
		return err
	}
	if err := past(by, "received_on", in.ReceivedOn); err != nil {
		return err
	}
	if err := inOrder("received_on", "asked_on", in.AskedOn, in.ReceivedOn); err != nil {
		return err
	}
	if in.ReceivedOn.IsZero() && in.Sufficient != nil {
		return models.Invalid("sufficient", "What was not received can't be judged.", "未收到的证据不能判定是否充分。")
	}
	if in.ReceivedOn.IsZero() && !in.FileSHA256.IsZero() {
		return models.Invalid("received_on", "Give the day on which the file was received.", "请填写收到文件的日期。")
	}
	if in.FileSHA256 == had {
		return nil
	}
	return uploaded(ctx, tx, by, "file_sha256", in.FileSHA256)
}

// seedEvidence starts the check-list of new items.
func seedEvidence(ctx context.Context, tx *gorm.DB, c *models.Claim, items []models.ClaimItem) error {
	var rows []models.ClaimEvidence
	for _, i := range items {
		for _, kind := range defaultEvidence[i.Reason] {
			rows = append(rows, models.ClaimEvidence{ID: models.NewID(), ClaimID: c.ID, ItemNo: i.ItemNo, Kind: kind, Version: 1})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return gorm.G[models.ClaimEvidence](tx).CreateInBatches(ctx, &rows, 200)
}
