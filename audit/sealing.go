package audit

import (
	"context"
	"time"

	"gorm.io/gorm"

	"recourse/database"
)

const (
	sealBatch = 500
	sealLease = 30 * time.Second
)

// SealWaiting seals what waits, as the holder of the sealing lease; another
// holder seals it instead. Where nothing waits it writes nothing.
func SealWaiting(ctx context.Context, db *database.DB, holder string, now time.Time) error {
	for {
		waiting, err := Waiting(ctx, db.Read)
		if err != nil || !waiting {
			return err
		}
		held, err := db.Lease(ctx, "audit_seal", holder, now, sealLease)
		if err != nil || !held {
			return err
		}
		sealed := 0
		err = db.Tx(ctx, func(tx *gorm.DB) (err error) {
			sealed, err = Seal(ctx, tx, sealBatch)
			return err
		})
		if err != nil || sealed < sealBatch {
			return err
		}
	}
}
