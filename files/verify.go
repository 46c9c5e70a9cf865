package files

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/models"
)

// CheckStore reads the original of every file through and holds it against its
// SHA-256; problem is called with a sentence about each that is missing, changed or
// can't be read. It returns how many it looked at.
func CheckStore(ctx context.Context, tx *gorm.DB, store Store, problem func(string)) (int, error) {
	looked, last := 0, models.SHA256{}
	for {
		page, err := gorm.G[models.File](tx).Where("sha256 > ?", last[:]).Select("sha256, size").Order("sha256").Limit(200).Find(ctx)
		if err != nil || len(page) == 0 {
			return looked, database.Err(err)
		}
		for n := range page {
			if err := Damage(ctx, store, &page[n]); err != nil {
				problem(fmt.Sprintf("file %s %s", page[n].SHA256, err))
			}
		}
		if ctx.Err() != nil {
			return looked, ctx.Err()
		}
		looked, last = looked+len(page), page[len(page)-1].SHA256
	}
}

// Damage says in what way a stored original is no longer what its row says; nil when it is.
func Damage(ctx context.Context, store Store, file *models.File) error {
	switch err := Verify(ctx, store, file); {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("is missing in the store")
	case models.IsCode(err, models.CodeInvalid):
		return errors.New("was changed in the store: its bytes no longer have that SHA-256")
	default:
		return fmt.Errorf("can't be read: %w", err)
	}
}
