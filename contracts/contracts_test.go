package contracts_test

import (
	"testing"

	"recourse/contracts"
	"recourse/contracts/contractstest"
	"recourse/database"
	"recourse/database/databasetest"
	"recourse/models"

	"gorm.io/gorm"
)

func TestExampleCaseWarnings(t *testing.T) {
	db := databasetest.Open(t)
	purchase := contractstest.MustPurchase(t, db)
	sales := contractstest.MustSales(t, db, purchase)
	contractstest.MustLot(t, db, purchase.Lines[0].ID)
	for _, c := range []*models.Contract{purchase, sales} {
		got := view(t, db, func(tx *gorm.DB) ([]contracts.Warning, error) {
			return contracts.Warnings(t.Context(), tx, contractstest.System(), c.ID)
		})
		if len(got) != 2 || got[0].Code != contracts.WindowClosesFirst || got[0].Reason != "quality" || got[1].Reason != "quantity" {
			t.Errorf("Warnings(%s) = %+v, want the supplier's quality and quantity windows closing first", c.Kind, got)
		}
	}
}

// view asks on a read-only snapshot.
func view[T any](t testing.TB, db *database.DB, ask func(tx *gorm.DB) (T, error)) T {
	t.Helper()
	var got T
	err := db.View(t.Context(), func(tx *gorm.DB) (err error) {
		got, err = ask(tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}
