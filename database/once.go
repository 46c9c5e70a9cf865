package database

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"

	"recourse/models"
)

// Once names a request that must have exactly one effect however often it is
// sent: the caller's key, and a hash of what was asked.
type Once struct {
	UserID models.ID
	Key    string
	Hash   models.SHA256
	At     time.Time
}

// Answer is what was replied.
type Answer struct {
	Status int
	ETag   string
	Body   string
}

type idempotencyKey struct {
	UserID      models.ID `gorm:"primaryKey"`
	IdemKey     string    `gorm:"primaryKey"`
	RequestHash models.SHA256
	Status      int
	ETag        string `gorm:"column:etag"`
	Response    string
	CreatedAt   time.Time
}

var errRaced = errors.New("database: the same request was answered meanwhile")

// TxOnce runs body in a transaction and keeps its answer in it. When the key was
// answered before, body doesn't run and that answer returns; the key with another
// request is an invalid Error. A body that fails leaves no trace of its key.
func (db *DB) TxOnce(ctx context.Context, once Once, body func(tx *gorm.DB) (Answer, error)) (Answer, error) {
	var out Answer
	try := func() error {
		return db.Tx(ctx, func(tx *gorm.DB) error {
			rows, err := gorm.G[idempotencyKey](tx).Where("user_id = ? AND idem_key = ?", once.UserID, once.Key).Find(ctx)
			if err != nil {
				return err
			}
			if len(rows) > 0 {
				out, err = replay(rows[0], once)
				return err
			}
			if out, err = body(tx); err != nil {
				return err
			}
			row := idempotencyKey{once.UserID, once.Key, once.Hash, out.Status, out.ETag, out.Body, models.Now(once.At)}
			if err := gorm.G[idempotencyKey](tx).Create(ctx, &row); models.IsCode(Err(err), models.CodeConflict) {
				return errRaced
			} else if err != nil {
				return err
			}
			return nil
		})
	}
	err := try()
	if errors.Is(err, errRaced) {
		err = try() // it is rolled back; the other's answer is stored now
	}
	return out, err
}

func replay(row idempotencyKey, once Once) (Answer, error) {
	if row.RequestHash != once.Hash {
		return Answer{}, models.Invalid("Idempotency-Key", "This key was used for another request: make a new key.", "此幂等键已用于另一请求：请换一个新键。")
	}
	return Answer{row.Status, row.ETag, row.Response}, nil
}

// ForgetAnswers removes answers given before a time.
func ForgetAnswers(ctx context.Context, tx *gorm.DB, before time.Time) error {
	_, err := gorm.G[idempotencyKey](tx).Where("created_at < ?", models.Now(before)).Delete(ctx)
	return err
}
