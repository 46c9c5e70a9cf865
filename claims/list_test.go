package claims_test

import (
	"context"
	"strings"
	"testing"

	"gorm.io/gorm"

	"recourse/claims"
	"recourse/contracts"
	"recourse/contracts/contractstest"
	"recourse/database"
	"recourse/inspections"
	"recourse/models"
)

func TestScopeAndRedaction(t *testing.T) {
	d := newDeal(t)
	c := d.mustOpen()
	sales := contractstest.Actor(contractstest.MustUser(t, d.db, []models.Role{models.Sales}, func(u *models.User) { u.OwnOnly = true }))
	inspector := contractstest.Actor(contractstest.MustUser(t, d.db, []models.Role{models.Inspector}))
	viewer := contractstest.Actor(contractstest.MustUser(t, d.db, []models.Role{models.Viewer}))
	seen := func(by models.Actor) (got *models.Claim, listed int, err error) {
		by.At = d.by.At
		err = d.db.View(t.Context(), func(tx *gorm.DB) error {
			page, err := claims.List(t.Context(), tx, by, database.Query{Filters: map[string]string{"q": c.Number}})
			if err != nil {
				return err
			}
			listed = len(page.Items)
			got, err = claims.Get(t.Context(), tx, by, c.ID)
			return err
		})
		return got, listed, err
	}
	for name, by := range map[string]models.Actor{"another's customer": sales, "another's visit": inspector} {
		_, n, err := seen(by)
		refused(t, name, err, models.CodeNotFound, "")
		if n != 0 {
			t.Errorf("%s: List shows %d", name, n)
		}
	}
	if got, n, err := seen(viewer); err != nil || n != 1 || got.Items[0].Claimed != (models.Money{}) {
		t.Errorf("viewer: %+v, %d, %v; want the claim without amounts", got, n, err)
	}
	customer := d.sales.PartyID
	if err := d.db.Write.Model(&models.Party{}).Where("id = ?", customer).UpdateColumn("owner_id", sales.UserID).Error; err != nil {
		t.Fatal(err)
	}
	visitOf(t, d, inspector.UserID)
	if _, n, err := seen(sales); err != nil || n != 1 {
		t.Errorf("own customer: %d, %v", n, err)
	}
	if got, n, err := seen(inspector); err != nil || n != 1 || got.Items[0].Claimed != (models.Money{}) || got.Items[0].Quantity != models.Pieces(1440) {
		t.Errorf("own visit: %+v, %d, %v; want the claim without amounts", got, n, err)
	}
}

// TestSearch finds a claim by anything that people quote, and no other.
func TestSearch(t *testing.T) {
	d := newDeal(t)
	c := d.mustOpen()
	other := newOther(d)
	other.mustOpen(func(in *claims.OpenInput) { in.CustomerReference = "Anders" })
	if _, err := do(d, func(ctx context.Context, tx *gorm.DB) (*contracts.Shipped, error) {
		return contracts.UpdateShipment(ctx, tx, d.by, d.shipment.ID, d.shipment.Version, contracts.ShipmentPatch{Containers: &[]contracts.ContainerInput{{Number: "TEMU6021554"}}})
	}); err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{
		c.Number, strings.ToLower(c.Number), "rekl. 26/118", "Ｒｅｋｌ．　26/1", d.sales.Number, d.purchase.Number, strings.ToLower(d.sales.Number[:8]),
		d.shipment.BillOfLading, "TEMU6021554", "temu602", d.lot.Batch,
	} {
		page, err := d.list(database.Query{Filters: map[string]string{"q": q}})
		if err != nil || len(page.Items) != 1 || page.Items[0].Number != c.Number {
			t.Errorf("q=%s finds %d claims (%v), want %s alone", q, len(page.Items), err, c.Number)
		}
	}
	for _, q := range []string{"zzz", "%", "_", "' OR 1=1 --"} {
		if page, err := d.list(database.Query{Filters: map[string]string{"q": q}}); err != nil || len(page.Items) != 0 {
			t.Errorf("q=%s finds %d claims (%v), want none", q, len(page.Items), err)
		}
	}
	page, err := d.list(database.Query{})
	if err != nil || len(page.Items) != 2 {
		t.Fatalf("List = %d claims, %v", len(page.Items), err)
	}
	s := page.Items[1]
	if s.ContractNumber != d.sales.Number || s.BillOfLading != d.shipment.BillOfLading || s.Customer.EN == "" || len(s.Claimed) != 1 || s.Claimed[0] != usd(208800) || s.Next == nil {
		t.Errorf("List shows %+v", s)
	}
}

func (d deal) list(q database.Query) (page database.Page[claims.Summary], err error) {
	err = d.db.View(d.t.Context(), func(tx *gorm.DB) (err error) {
		page, err = claims.List(d.t.Context(), tx, d.by, q)
		return err
	})
	return page, err
}

// visitOf plans an inspection of the lot for an inspector.
func visitOf(t testing.TB, d deal, inspector models.ID) {
	t.Helper()
	if _, err := do(d, func(ctx context.Context, tx *gorm.DB) (*models.Inspection, error) {
		return inspections.Plan(ctx, tx, contractstest.System(), inspections.PlanInput{
			Kind: models.PreShipment, ContractID: d.purchase.ID, PlannedOn: "2026-04-20", Inspectors: []models.ID{inspector}, Lots: []models.ID{d.lot.ID},
		}, models.SHA256{1})
	}); err != nil {
		t.Fatal(err)
	}
}

// TestListCostsTheSame counts the statements of a page and of one claim.
func TestListCostsTheSame(t *testing.T) {
	d := newDeal(t)
	for range 4 {
		d.mustOpen(func(in *claims.OpenInput) {
			in.Items = []claims.ItemInput{d.item(), d.item(func(i *claims.ItemInput) { i.LotID = &d.lot.ID })}
		})
	}
	few := statements(t, d, func(tx *gorm.DB) error {
		_, err := claims.List(t.Context(), tx, d.by, database.Query{Limit: "2"})
		return err
	})
	many := statements(t, d, func(tx *gorm.DB) error {
		_, err := claims.List(t.Context(), tx, d.by, database.Query{Limit: "20"})
		return err
	})
	if few != many || few == 0 || few > 10 {
		t.Errorf("List costs %d statements for 2 claims and %d for 20, want the same and at most 10", few, many)
	}
}

// statements counts the statements that ask sends.
func statements(t testing.TB, d deal, ask func(tx *gorm.DB) error) (n int) {
	t.Helper()
	count := func(*gorm.DB) { n++ }
	callbacks := d.db.Read.Callback()
	for _, err := range []error{
		callbacks.Query().Before("gorm:query").Register("test:count", count),
		callbacks.Row().Before("gorm:row").Register("test:count", count),
		callbacks.Raw().Before("gorm:raw").Register("test:count", count),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	defer func() {
		_ = callbacks.Query().Remove("test:count")
		_ = callbacks.Row().Remove("test:count")
		_ = callbacks.Raw().Remove("test:count")
	}()
	if err := d.db.View(t.Context(), ask); err != nil {
		t.Fatal(err)
	}
	return n
}
