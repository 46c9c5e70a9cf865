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
	Period      string        `json:"period,omitempty"` // of a scorecard
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
	v := &Verified{Kind: r.Kind, Lang: r.Lang, Edition: r.Edition, IssuedAt: r.CreatedAt, Size: r.Size, SHA256: r.SHA256, Fingerprint: r.Fingerprint}
	if r.Kind == scorecardKind {
		c, err := database.Take[models.Scorecard](ctx, tx, "scorecard", "供应商评分", "id = ?", r.EntityID)
		if err != nil {
			return nil, err
		}
		v.Number, v.Revision, v.Superseded, v.Period = c.Number, c.Revision, c.SupersededByID != nil, string(c.FromMonth)+" – "+string(c.ToMonth)
		return v, nil
	}
	i, err := database.Take[models.Inspection](ctx, tx, "inspection", "验货", "id = ?", r.EntityID)
	if err != nil {
		return nil, err
	}
	v.Number, v.Revision, v.Superseded, v.InspectedOn = i.Number, i.Revision, i.SupersededByID != nil, i.InspectedOn
	return v, nil
}
