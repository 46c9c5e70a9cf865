package models

import "time"

// IssuedReport is a PDF that was issued once and is served as the same bytes
// ever after. VerifyCode opens the public page that says what was issued.
type IssuedReport struct {
	ID          ID        `json:"id"`
	Kind        string    `json:"kind"` // "inspection" …
	EntityID    ID        `json:"entity_id"`
	Lang        string    `json:"lang"`
	Edition     string    `json:"edition"`
	SHA256      SHA256    `json:"sha256" gorm:"column:sha256"`
	Size        int64     `json:"size"`
	Fingerprint SHA256    `json:"fingerprint"`
	AuditHead   SHA256    `json:"audit_head"`
	VerifyCode  string    `json:"verify_code"`
	CreatedAt   time.Time `json:"created_at"`
}
