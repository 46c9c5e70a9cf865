package models

import "time"

// FileKind says what an upload is meant to be.
type FileKind string

// The kinds of file.
const (
	FilePhoto    FileKind = "photo"    // a picture that was decoded on receipt and can be shown
	FileDocument FileKind = "document" // anything else: kept, and only ever sent as an attachment
)

// File is content that the store holds, named by the SHA-256 of its bytes. It is
// the same record however often and by whomever the content was sent; who sent
// it, and under which name, stands in Upload. Below Kind, what a photo's own
// metadata says is kept as read on receipt.
type File struct {
	SHA256    SHA256   `json:"sha256" gorm:"column:sha256;primaryKey"`
	Kind      FileKind `json:"kind"`
	Size      int64    `json:"size"`       // bytes
	MediaType string   `json:"media_type"` // by content, never by name

	Width       int     `json:"width"`       // pixels as shown upright; 0 for a document
	Height      int     `json:"height"`      // pixels as shown upright; 0 for a document
	Orientation int     `json:"orientation"` // of the original, EXIF 1–8; 0 for a document
	TakenAt     string  `json:"taken_at"`    // the camera's clock, 2026-04-20T10:11:12, with +08:00 where the camera knew it; empty when not said
	Latitude    Decimal `json:"latitude,omitzero"`
	Longitude   Decimal `json:"longitude,omitzero"`
	Camera      string  `json:"camera"`

	// GPSAt is the satellites' time, UTC.
	GPSAt *time.Time `json:"gps_at" gorm:"column:gps_at"`
	// DHash is 64 bits that similar pictures share (difference hash of the upright
	// picture), nil for a document.
	DHash      *int64    `json:"-" gorm:"column:dhash"`
	ReceivedAt time.Time `json:"received_at"` // when the content came first
}

// Upload is one sending of a file: begun with its hash and size, received in
// parts, and kept as the receipt of who sent what when it is done.
type Upload struct {
	ID         ID         `json:"id"`
	SHA256     SHA256     `json:"sha256" gorm:"column:sha256"`
	Kind       FileKind   `json:"kind"`
	Name       string     `json:"name"` // as the sender calls it; never part of a path
	Size       int64      `json:"size"`
	Received   int64      `json:"offset"` // bytes received: where the next part starts
	Parts      int        `json:"-"`
	UploadedBy *ID        `json:"uploaded_by"`
	DoneAt     *time.Time `json:"done_at"`
	CreatedAt  time.Time  `json:"created_at"`
	UpdatedAt  time.Time  `json:"updated_at"`
}

// UploadPart is a received piece of an upload that is not done.
type UploadPart struct {
	UploadID ID    `gorm:"primaryKey"`
	Start    int64 `gorm:"primaryKey;autoIncrement:false"`
	Size     int64
	SHA256   SHA256 `gorm:"column:sha256"`
	Data     []byte
}
