// Package files answers for photos and documents: receiving them in parts over a
// bad network, looking at what they really are, keeping their bytes under their
// SHA-256 on a disk or in S3, and handing out upright copies of pictures. It does
// not know which inspection or claim a file belongs to: who may see a file that
// somebody else sent is decided by the record that names it.
//
// Its invariants: bytes in the store match the hash they are named by; a File
// row exists only when its bytes are safely stored; a photo in the store has been
// decoded; the original is kept byte for byte and only copies are turned or
// stripped; nothing a user wrote is ever part of a path.
package files

import (
	"time"

	"recourse/models"
)

// What one upload may be at most.
const (
	MaxPhotoBytes    = 50 << 20
	MaxDocumentBytes = 100 << 20
	MaxPartBytes     = 1 << 20
)

// Options are what an operator may choose.
type Options struct {
	// HEIC lets the pictures of iPhones in. Decoding takes about a second and
	// several hundred megabytes each, one at a time.
	HEIC bool
	// DecodeMemory is how many bytes all pictures being decoded may take together;
	// a larger picture is decoded alone. 0 means 512 MiB.
	DecodeMemory int64
}

// Archive keeps files in a store and decodes pictures, within a bound of memory
// for the whole process.
type Archive struct {
	Store  Store
	heic   bool
	memory *budget
	time   time.Duration // that decoding one picture may take
}

// NewArchive keeps files in store.
func NewArchive(store Store, o Options) *Archive {
	if o.DecodeMemory == 0 {
		o.DecodeMemory = 512 << 20
	}
	return &Archive{Store: store, heic: o.HEIC, memory: newBudget(o.DecodeMemory), time: 30 * time.Second}
}

func maxBytes(kind models.FileKind) int64 {
	if kind == models.FilePhoto {
		return MaxPhotoBytes
	}
	return MaxDocumentBytes
}

// checkSize refuses an empty file and one above the limit of its kind, naming field.
func checkSize(field string, kind models.FileKind, size int64) error {
	switch limit := maxBytes(kind); {
	case size <= 0:
		return models.Invalid(field, "The file is empty: send one with content.", "文件为空：请发送有内容的文件。")
	case size > limit:
		return models.Errorf(models.CodeTooLarge, field, "The file has %d bytes; at most %d MiB are taken: make it smaller.",
			"文件大小为 %d 字节，最多接受 %d MiB：请缩小后再发送。", size, limit>>20)
	}
	return nil
}

func checkKind(kind models.FileKind) error {
	if kind != models.FilePhoto && kind != models.FileDocument {
		return models.Invalid("kind", "is neither photo nor document.", "须为 photo（照片）或 document（文件）。")
	}
	return nil
}
