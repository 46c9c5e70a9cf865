package files

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/database"
	"recourse/models"
)

// Parts wait in the database and not in a folder: any server can take the next
// one or assemble them, a restart loses none, and the transaction that raises the
// offset is the one that keeps the part, so both engines are right after a crash
// without anything to repair. They are gone once the file is in the store.

// What a sender may have under way.
const (
	maxParts   = 4096 // of one upload, so that tiny parts can't fill the table
	maxPending = 1000 // uploads of one user that are not done
)

// NewUpload announces a file. ID is the sender's own UUIDv7, SHA256 and Size are
// the content's; Name is what the sender calls it.
type NewUpload struct {
	ID     models.ID       `json:"id"`
	SHA256 models.SHA256   `json:"sha256"`
	Size   int64           `json:"size"`
	Kind   models.FileKind `json:"kind"`
	Name   string          `json:"name"`
}

// Begin announces an upload, or finds the one with this id again: Received says
// from which offset to go on, DoneAt that nothing need be sent since by has sent
// this content before. Content that only others sent must be sent again: a hash
// alone is no proof of having the file.
func Begin(ctx context.Context, tx *gorm.DB, by models.Actor, in NewUpload) (*models.Upload, error) {
	name, err := in.check()
	if err != nil {
		return nil, err
	}
	existing, err := gorm.G[models.Upload](tx).Where("id = ?", in.ID).Take(ctx)
	switch {
	case err == nil:
		if !owns(by, existing) || existing.SHA256 != in.SHA256 || existing.Size != in.Size || existing.Kind != in.Kind {
			return nil, models.Conflict("id", "This id names another upload: make a new one.", "该编号已用于另一次上传：请使用新的编号。")
		}
		return &existing, nil
	case !errors.Is(err, gorm.ErrRecordNotFound):
		return nil, err
	}
	if err := checkPending(ctx, tx, by); err != nil {
		return nil, err
	}
	now := models.Now(by.At)
	up := models.Upload{
		ID: in.ID, SHA256: in.SHA256, Kind: in.Kind, Name: name, Size: in.Size,
		UploadedBy: uploader(by), CreatedAt: now, UpdatedAt: now,
	}
	known, err := alreadySent(ctx, tx, by, in)
	if err != nil {
		return nil, err
	}
	if known {
		up.Received, up.DoneAt = up.Size, &now
	}
	if err := gorm.G[models.Upload](tx).Create(ctx, &up); err != nil || !known {
		return &up, err
	}
	return &up, audit.Record(ctx, tx, by, "receive", "file", up.ID, map[string]any{
		"sha256": up.SHA256, "kind": up.Kind, "name": up.Name, "size": up.Size, "again": true,
	})
}

// check returns the name as it is kept.
func (in NewUpload) check() (string, error) {
	if in.ID.IsZero() {
		return "", models.Invalid("id", "is missing: name the upload with a new UUIDv7.", "缺少编号：请为上传生成新的 UUIDv7。")
	}
	if in.SHA256.IsZero() {
		return "", models.Invalid("sha256", "is missing: announce the SHA-256 of the whole file.", "缺少 SHA-256：请声明整个文件的 SHA-256。")
	}
	if err := checkKind(in.Kind); err != nil {
		return "", err
	}
	if err := checkSize("size", in.Kind, in.Size); err != nil {
		return "", err
	}
	return checkName(in.Name)
}

// checkName returns the last element of what a sender calls a file: some send
// whole paths.
func checkName(name string) (string, error) {
	name = strings.TrimSpace(name[strings.LastIndexAny(name, `/\`)+1:])
	if !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) || utf8.RuneCountInString(name) > 255 {
		return "", models.Invalid("name", "is not a file name: at most 255 characters, without control characters.", "不是有效的文件名：最多 255 个字符，且不含控制字符。")
	}
	return name, nil
}

func checkPending(ctx context.Context, tx *gorm.DB, by models.Actor) error {
	if by.UserID.IsZero() {
		return nil
	}
	var n int64
	err := sentBy(ctx, tx, by).Where("done_at IS NULL").Count(&n).Error
	if err == nil && n >= maxPending {
		return models.Errorf(models.CodeTooMany, "", "You have %d uploads that are not finished: finish or remove some first.",
			"您有 %d 个未完成的上传：请先完成或删除部分上传。", n)
	}
	return err
}

// alreadySent reports whether by has sent this content as the same kind, or as a
// photo, which is more.
func alreadySent(ctx context.Context, tx *gorm.DB, by models.Actor, in NewUpload) (bool, error) {
	var n int64
	err := sentBy(ctx, tx, by).
		Where("sha256 = ? AND size = ? AND done_at IS NOT NULL AND kind IN ?", in.SHA256, in.Size, []models.FileKind{in.Kind, models.FilePhoto}).Count(&n).Error
	return n > 0, err
}

func owns(by models.Actor, up models.Upload) bool {
	return by.UserID.IsZero() || up.UploadedBy != nil && *up.UploadedBy == by.UserID
}

// FindUpload is by's own upload with that id.
func FindUpload(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID) (*models.Upload, error) {
	up, err := database.Take[models.Upload](ctx, tx, "upload", "上传", "id = ?", id)
	if err == nil && !owns(by, *up) {
		return nil, models.NotFound("upload", "上传")
	}
	return up, err
}

// ReceivePart keeps the part of an upload that starts at offset, whose bytes have
// the SHA-256 hash. A part that is already here is accepted again and changes
// nothing; at any other offset the error is a conflict that carries the right one.
func ReceivePart(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, offset int64, hash models.SHA256, data []byte) (*models.Upload, error) {
	up, err := FindUpload(ctx, tx, by, id)
	if err != nil {
		return nil, err
	}
	if err := checkPart(up, offset, hash, data); err != nil {
		return nil, err
	}
	if up.DoneAt != nil {
		return up, nil
	}
	if offset != up.Received {
		repeated, err := hasPart(ctx, tx, up, offset, hash, len(data))
		if err != nil || repeated {
			return up, err
		}
		return nil, wrongOffset(up)
	}
	if up.Parts >= maxParts {
		return nil, models.Errorf(models.CodeTooMany, "offset", "The upload has %d parts: begin again with larger ones.", "该上传已有 %d 个分块：请改用更大的分块重新上传。", up.Parts)
	}
	part := models.UploadPart{UploadID: id, Start: offset, Size: int64(len(data)), SHA256: hash, Data: data}
	if err := gorm.G[models.UploadPart](tx).Create(ctx, &part); err != nil {
		return nil, err
	}
	up.Received, up.Parts, up.UpdatedAt = offset+part.Size, up.Parts+1, models.Now(by.At)
	r := tx.WithContext(ctx).Model(&models.Upload{}).Where("id = ? AND received = ? AND done_at IS NULL", id, offset).
		UpdateColumns(map[string]any{"received": up.Received, "parts": up.Parts, "updated_at": up.UpdatedAt})
	if r.Error == nil && r.RowsAffected == 0 {
		return nil, models.Conflict("offset", "Another part arrived at the same moment: ask for the offset and go on from there.", "另一分块同时到达：请查询当前偏移量后继续。")
	}
	return up, r.Error
}

func checkPart(up *models.Upload, offset int64, hash models.SHA256, data []byte) error {
	switch {
	case len(data) == 0:
		return models.Invalid("part", "The part is empty.", "分块为空。")
	case len(data) > MaxPartBytes:
		return models.Errorf(models.CodeTooLarge, "part", "The part has %d bytes; at most %d are taken at once.", "分块大小为 %d 字节，每次最多 %d 字节。", len(data), MaxPartBytes)
	case offset < 0 || offset > up.Size-int64(len(data)):
		e := models.Invalid("offset", "The part reaches beyond the announced %d bytes.", "分块超出所声明的 %d 字节。", up.Size)
		e.Current = map[string]any{"offset": up.Received}
		return e
	}
	if sum := sha256.Sum256(data); !bytes.Equal(sum[:], hash[:]) {
		return models.Invalid("sha256", "The part was damaged on its way: its SHA-256 differs. Send it again.", "分块在传输中损坏（SHA-256 不符）：请重新发送。")
	}
	return nil
}

func hasPart(ctx context.Context, tx *gorm.DB, up *models.Upload, offset int64, hash models.SHA256, size int) (bool, error) {
	n, err := gorm.G[models.UploadPart](tx).Where("upload_id = ? AND start = ? AND size = ? AND sha256 = ?", up.ID, offset, size, hash).Count(ctx, "*")
	return n > 0, err
}

func wrongOffset(up *models.Upload) error {
	e := models.Conflict("offset", "The next part starts at offset %d: go on from there.", "下一分块应从偏移量 %d 开始：请由此继续。", up.Received)
	e.Current = map[string]any{"offset": up.Received}
	return e
}

// Discard removes by's own upload that is not done, with its parts; its id can be
// used again. A finished one stays as the receipt.
func Discard(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID) error {
	up, err := FindUpload(ctx, tx, by, id)
	if err != nil {
		return err
	}
	if up.DoneAt != nil {
		return models.Conflict("", "The upload is finished and stays as the receipt of the file.", "上传已完成，作为文件的接收凭据保留。")
	}
	_, err = removeUploads(ctx, tx, []models.ID{id})
	return err
}

// PurgeUploads removes uploads that got no part since before and returns how
// many; at most 100 at once, so that the transaction stays short: call it again
// while it returns more than none.
func PurgeUploads(ctx context.Context, tx *gorm.DB, before time.Time) (int, error) {
	var ids []models.ID
	err := tx.WithContext(ctx).Model(&models.Upload{}).Where("done_at IS NULL AND updated_at < ?", models.Now(before)).
		Order("updated_at").Limit(100).Pluck("id", &ids).Error
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	return removeUploads(ctx, tx, ids)
}

func removeUploads(ctx context.Context, tx *gorm.DB, ids []models.ID) (int, error) {
	if _, err := gorm.G[models.UploadPart](tx).Where("upload_id IN ?", ids).Delete(ctx); err != nil {
		return 0, err
	}
	return gorm.G[models.Upload](tx).Where("id IN ? AND done_at IS NULL", ids).Delete(ctx)
}
