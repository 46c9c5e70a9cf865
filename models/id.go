package models

import (
	"database/sql/driver"
	"encoding/hex"
	"fmt"

	"github.com/google/uuid"
)

// ID is a UUIDv7 kept in 16 bytes: the primary key of every record. Phones make
// their own, so a record has its name before the server has seen it.
type ID [16]byte

// NewID returns a fresh UUIDv7.
func NewID() ID { return ID(uuid.Must(uuid.NewV7())) }

// ParseID reads the 36-character form. The error is an *Error that names field.
func ParseID(field, s string) (ID, error) {
	u, err := uuid.Parse(s)
	if err != nil || len(s) != 36 || u == uuid.Nil {
		return ID{}, Invalid(field, "is not an id of the form 0190a5c8-….", "不是有效的编号（UUID）。")
	}
	return ID(u), nil
}

// IsZero reports whether the id is unset.
func (id ID) IsZero() bool { return id == ID{} }

// String is the 36-character lower-case form.
func (id ID) String() string { return uuid.UUID(id).String() }

// MarshalText writes the 36-character form.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads the 36-character form.
func (id *ID) UnmarshalText(b []byte) error {
	v, err := ParseID("", string(b))
	*id = v
	return err
}

// Value stores 16 bytes. The zero id is NULL, so that a forgotten key is refused
// by NOT NULL.
func (id ID) Value() (driver.Value, error) {
	if id.IsZero() {
		return nil, nil
	}
	return id[:], nil
}

// Scan reads 16 bytes; NULL becomes the zero id.
func (id *ID) Scan(src any) error { return scanBytes(id[:], src) }

// GormDataType keeps gorm from guessing.
func (ID) GormDataType() string { return "bytes" }

// SHA256 is a content hash: the name of a file's bytes. JSON form: 64 hex digits.
type SHA256 [32]byte

// ParseSHA256 reads 64 hex digits. The error is an *Error that names field.
func ParseSHA256(field, s string) (SHA256, error) {
	var h SHA256
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != len(h) {
		return h, Invalid(field, "is not a SHA-256 of 64 hex digits.", "不是 64 位十六进制的 SHA-256。")
	}
	copy(h[:], b)
	return h, nil
}

// IsZero reports whether the hash is unset.
func (h SHA256) IsZero() bool { return h == SHA256{} }

// String is 64 lower-case hex digits.
func (h SHA256) String() string { return hex.EncodeToString(h[:]) }

// MarshalText writes 64 hex digits.
func (h SHA256) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads 64 hex digits.
func (h *SHA256) UnmarshalText(b []byte) error {
	v, err := ParseSHA256("", string(b))
	*h = v
	return err
}

// Value stores 32 bytes; the zero hash is NULL.
func (h SHA256) Value() (driver.Value, error) {
	if h.IsZero() {
		return nil, nil
	}
	return h[:], nil
}

// Scan reads 32 bytes; NULL becomes the zero hash.
func (h *SHA256) Scan(src any) error { return scanBytes(h[:], src) }

// GormDataType keeps gorm from guessing.
func (SHA256) GormDataType() string { return "bytes" }

func scanBytes(dst []byte, src any) error {
	switch v := src.(type) {
	case nil:
		clear(dst)
		return nil
	case []byte:
		if len(v) == len(dst) {
			copy(dst, v)
			return nil
		}
	case string:
		if len(v) == len(dst) {
			copy(dst, v)
			return nil
		}
	}
	return fmt.Errorf("models: cannot read %d bytes from %T", len(dst), src)
}
