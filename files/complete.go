package files

import (
	"context"
	"errors"
	"fmt"
	"io"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/models"
)

// Complete turns by's fully received upload into a File: checks the whole hash,
// looks at the content, stores it, and writes it down in one transaction with
// arrived, which may be nil and tells whoever waits for the file. Completing
// again answers the same. Content that is refused is forgotten, so that the
// sender can begin anew under the same id; after any other failure the parts are
// still here and Complete can be tried again.
func (a *Archive) Complete(ctx context.Context, db *database.DB, by models.Actor, id models.ID, arrived func(tx *gorm.DB, file *models.File) error) (*models.File, error) {
	up, err := FindUpload(ctx, db.Read, by, id)
	if err != nil {
		return nil, err
	}
	if up.DoneAt != nil {
		return Get(ctx, db.Read, up.SHA256)
	}
	if up.Received != up.Size {
		return nil, wrongOffset(up)
	}
	file, err := a.assemble(ctx, db.Read, up)
	if err != nil {
		return afterFailure(ctx, db, by, id, err)
	}
	err = db.Tx(ctx, func(tx *gorm.DB) error {
		done := *file // the body may run again
		if err := finish(ctx, tx, by, id, &done); err != nil {
			return err
		}
		if arrived != nil {
			if err := arrived(tx, &done); err != nil {
				return err
			}
		}
		*file = done
		return nil
	})
	return file, err
}

// afterFailure forgets an upload whose content was refused. An upload whose parts
// are gone because another request completed it meanwhile has not failed.
func afterFailure(ctx context.Context, db *database.DB, by models.Actor, id models.ID, failure error) (*models.File, error) {
	if refused(failure) {
		if err := db.Tx(ctx, func(tx *gorm.DB) error { return Discard(ctx, tx, by, id) }); err != nil {
			return nil, err
		}
		return nil, failure
	}
	if up, err := FindUpload(ctx, db.Read, by, id); err == nil && up.DoneAt != nil {
		return Get(ctx, db.Read, up.SHA256)
	}
	return nil, failure
}

// assemble checks, looks at and stores the received parts, outside of any transaction.
func (a *Archive) assemble(ctx context.Context, tx *gorm.DB, up *models.Upload) (*models.File, error) {
	parts := &partsReader{ctx: ctx, tx: tx, up: up}
	if _, err := io.Copy(io.Discard, checked(parts, Key{SHA256: up.SHA256}, up.Size)); err != nil {
		return nil, err
	}
	return a.take(ctx, up.Kind, up.SHA256, up.Size, parts)
}

// refused tells content that will never be taken from a failure on our side.
func refused(err error) bool {
	return models.IsCode(err, models.CodeInvalid) || models.IsCode(err, models.CodeUnsupported) || models.IsCode(err, models.CodeTooLarge)
}

// finish marks the upload done, removes its parts and writes the file down.
func finish(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, file *models.File) error {
	up, err := FindUpload(ctx, tx, by, id)
	if err != nil {
		return err
	}
	if up.DoneAt != nil { // somebody completed it meanwhile
		stored, err := Get(ctx, tx, up.SHA256)
		if err == nil {
			*file = *stored
		}
		return err
	}
	now := models.Now(by.At)
	err = tx.WithContext(ctx).Model(&models.Upload{}).Where("id = ? AND done_at IS NULL", id).
		UpdateColumns(map[string]any{"done_at": now, "updated_at": now}).Error
	if err != nil {
		return err
	}
	if _, err := gorm.G[models.UploadPart](tx).Where("upload_id = ?", id).Delete(ctx); err != nil {
		return err
	}
	return record(ctx, tx, by, *up, file)
}

// partsReader reads an upload's parts as one file, holding one part at a time.
type partsReader struct {
	ctx  context.Context
	tx   *gorm.DB
	up   *models.Upload
	at   int64
	part models.UploadPart
}

// Read reads on from the part that holds the present offset.
func (p *partsReader) Read(b []byte) (int, error) {
	if p.at >= p.up.Received {
		return 0, io.EOF
	}
	if p.at < p.part.Start || p.at >= p.part.Start+int64(len(p.part.Data)) {
		part, err := gorm.G[models.UploadPart](p.tx).Where("upload_id = ? AND start <= ?", p.up.ID, p.at).
			Order("start DESC").Limit(1).Find(p.ctx)
		if err != nil {
			return 0, database.Err(err)
		}
		if len(part) == 0 || p.at >= part[0].Start+int64(len(part[0].Data)) {
			return 0, fmt.Errorf("upload %s: the part at offset %d is gone", p.up.ID, p.at)
		}
		p.part = part[0]
	}
	n := copy(b, p.part.Data[p.at-p.part.Start:])
	p.at += int64(n)
	return n, nil
}

// Seek moves to an offset of the whole file.
func (p *partsReader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += p.at
	case io.SeekEnd:
		offset += p.up.Size
	}
	if offset < 0 {
		return 0, errors.New("seek before the start of an upload")
	}
	p.at = offset
	return offset, nil
}
