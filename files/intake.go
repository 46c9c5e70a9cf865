package files

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"image"
	"image/jpeg"
	"io"

	"github.com/gabriel-vasile/mimetype"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"recourse/audit"
	"recourse/database"
	"recourse/models"
)

// Take looks at the content in src, refuses what it is not meant to be, and
// stores it: when it returns a File, the bytes are safe. It takes no part in a
// transaction, since decoding takes long; Record writes the File down. The
// errors name the field "file".
func (a *Archive) Take(ctx context.Context, kind models.FileKind, src io.ReadSeeker) (*models.File, error) {
	if err := checkKind(kind); err != nil {
		return nil, err
	}
	sum := sha256.New()
	size, err := io.Copy(sum, withContext(ctx, io.LimitReader(src, maxBytes(kind)+1)))
	if err != nil {
		return nil, err
	}
	if err := checkSize("file", kind, size); err != nil {
		return nil, err
	}
	return a.take(ctx, kind, models.SHA256(sum.Sum(nil)), size, src)
}

// take is Take of content whose hash and size are known to be right.
func (a *Archive) take(ctx context.Context, kind models.FileKind, hash models.SHA256, size int64, src io.ReadSeeker) (*models.File, error) {
	if _, err := src.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	file, picture := &models.File{Kind: kind}, (*image.RGBA)(nil)
	var err error
	if kind == models.FilePhoto {
		file, picture, err = a.examine(ctx, src)
	} else {
		file.MediaType, err = documentType(src)
	}
	if err != nil {
		return nil, err
	}
	file.SHA256, file.Size = hash, size
	if _, err := src.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	if err := a.Store.Put(ctx, Key{SHA256: hash}, size, src); err != nil {
		return nil, err
	}
	if picture != nil {
		if err := a.putCopies(ctx, hash, picture); err != nil {
			return nil, err
		}
	}
	return file, nil
}

// documentType tells by content what a document is. It only labels the download:
// a document is never shown inside a page.
func documentType(r io.Reader) (string, error) {
	found, err := mimetype.DetectReader(r)
	if err != nil {
		return "", err
	}
	return found.String(), nil
}

// Extension is how the name of a file of that media type ends (".pdf"), empty when nobody knows.
func Extension(mediaType string) string {
	if known := mimetype.Lookup(mediaType); known != nil {
		return known.Extension()
	}
	return ""
}

// putCopies stores the sizes in which a picture is shown, without any metadata.
func (a *Archive) putCopies(ctx context.Context, hash models.SHA256, upright *image.RGBA) error {
	for size, side := range copySides {
		img := upright
		if side < largeSide {
			img = shrink(upright, side)
		}
		var out bytes.Buffer
		if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 85}); err != nil {
			return fmt.Errorf("encode the %s copy of %s: %w", size, hash, err)
		}
		if err := a.Store.Put(ctx, Key{hash, copyName(size)}, int64(out.Len()), &out); err != nil {
			return err
		}
	}
	return nil
}

// Record writes down, in the caller's transaction, a file that Take returned and
// that by received under this name. It sets what the stored row says.
func Record(ctx context.Context, tx *gorm.DB, by models.Actor, name string, file *models.File) error {
	now := models.Now(by.At)
	name, err := checkName(name)
	if err != nil {
		return err
	}
	receipt := models.Upload{
		ID: models.NewID(), SHA256: file.SHA256, Kind: file.Kind, Name: name, Size: file.Size, Received: file.Size,
		UploadedBy: uploader(by), DoneAt: &now, CreatedAt: now, UpdatedAt: now,
	}
	if err := gorm.G[models.Upload](tx).Create(ctx, &receipt); err != nil {
		return err
	}
	return record(ctx, tx, by, receipt, file)
}

// record keeps one row for each content: the first receipt makes it, and a photo
// that was known as a document only gets its picture's facts.
func record(ctx context.Context, tx *gorm.DB, by models.Actor, receipt models.Upload, file *models.File) error {
	file.ReceivedAt = models.Now(by.At)
	if err := tx.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(file).Error; err != nil {
		return err
	}
	if file.Kind == models.FilePhoto {
		err := tx.WithContext(ctx).Model(&models.File{}).Where("sha256 = ? AND kind = ?", file.SHA256, models.FileDocument).
			Select("*").Omit("sha256", "size", "received_at").UpdateColumns(file).Error
		if err != nil {
			return err
		}
	}
	stored, err := Get(ctx, tx, file.SHA256)
	if err != nil {
		return err
	}
	*file = *stored
	return audit.Record(ctx, tx, by, "receive", "file", receipt.ID, map[string]any{
		"sha256": receipt.SHA256, "kind": receipt.Kind, "name": receipt.Name, "size": receipt.Size,
	})
}

// Get is the file with that content. The caller has made sure that the reader may
// see a record that names it.
func Get(ctx context.Context, tx *gorm.DB, hash models.SHA256) (*models.File, error) {
	return database.Take[models.File](ctx, tx, "file", "文件", "sha256 = ?", hash)
}

// Find is the file with that content and the name under which by sent it. A file
// that only others sent is not found: who knows a hash must not learn from it
// that somebody has the file.
func Find(ctx context.Context, tx *gorm.DB, by models.Actor, hash models.SHA256) (*models.File, string, error) {
	var receipt []models.Upload
	err := sentBy(ctx, tx, by).Where("sha256 = ? AND done_at IS NOT NULL", hash).Order("id").Limit(1).Find(&receipt).Error
	if err != nil {
		return nil, "", err
	}
	if len(receipt) == 0 {
		return nil, "", models.NotFound("file", "文件")
	}
	file, err := Get(ctx, tx, hash)
	return file, receipt[0].Name, err
}

// Received tells which of the hashes by has sent: only such a file may be tied to
// a record on by's word, since a hash alone proves nothing.
func Received(ctx context.Context, tx *gorm.DB, by models.Actor, hashes []models.SHA256) (map[models.SHA256]bool, error) {
	found := map[models.SHA256]bool{}
	if len(hashes) == 0 {
		return found, nil
	}
	var have []models.SHA256
	err := sentBy(ctx, tx, by).Where("sha256 IN ? AND done_at IS NOT NULL", hashes).
		Distinct().Pluck("sha256", &have).Error
	for _, h := range have {
		found[h] = true
	}
	return found, err
}

// uploader is who sent it; nil for the program itself.
func uploader(by models.Actor) *models.ID {
	if by.UserID.IsZero() {
		return nil
	}
	return &by.UserID
}

// sentBy is the uploads that are by's own; all of them for the program itself.
// (Not for gorm.G, which drops the conditions of the DB it is given.)
func sentBy(ctx context.Context, tx *gorm.DB, by models.Actor) *gorm.DB {
	own := tx.WithContext(ctx).Model(&models.Upload{})
	if by.UserID.IsZero() {
		return own
	}
	return own.Where("uploaded_by = ?", by.UserID)
}
