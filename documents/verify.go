package documents

import (
	"context"
	"time"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/models"
)

// Verified is what the public page says of an issued report: enough to hold a
// copy against it, nothing about the goods or the parties.
type Verified struct {
	Kind        string        `json:"kind"`
	Number      string        `json:"number"`
	Revision    int           `json:"revision"`
	Superseded  bool          `json:"superseded"` // a later revision corrects it
	InspectedOn models.Date   `json:"inspected_on"`
	Lang        string        `json:"lang"`
	Edition     string        `json:"edition"`
	IssuedAt    time.Time     `json:"issued_at"`
	Size        int64         `json:"size"`
	SHA256      models.SHA256 `json:"sha256"`      // of the PDF
	Fingerprint models.SHA256 `json:"fingerprint"` // of the record
}

// Verify finds an issued report by the code in its QR code.
func Verify(ctx context.Context, tx *gorm.DB, code string) (*Verified, error) {
	r, err := database.Take[models.IssuedReport](ctx, tx, "report", "报告", "verify_code = ?", code)
	if err != nil {
		return nil, err
	}
	i, err := database.Take[models.Inspection](ctx, tx, "inspection", "验货", "id = ?", r.EntityID)
	if err != nil {
		return nil, err
	}
	return &Verified{
		Kind: r.Kind, Number: i.Number, Revision: i.Revision, Superseded: i.SupersededByID != nil, InspectedOn: i.InspectedOn,
		Lang: r.Lang, Edition: r.Edition, IssuedAt: r.CreatedAt, Size: r.Size, SHA256: r.SHA256, Fingerprint: r.Fingerprint,
	}, nil
}
