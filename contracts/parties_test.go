package contracts_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"recourse/contracts"
	"recourse/contracts/contractstest"
	"recourse/database"
	"recourse/database/databasetest"
	"recourse/models"
)

func TestPartiesAreFound(t *testing.T) {
	db := databasetest.Open(t)
	jz := contractstest.MustSupplier(t, db, func(in *contracts.PartyInput) { in.Code = "JZ01" })
	hh := contractstest.MustCustomer(t, db, func(in *contracts.PartyInput) { in.Code, in.Name.EN = "HH_02", "Hamburg 100% Import" })
	tests := []struct {
		filter, text string
		want         []models.ID
	}{
		{"q", "jinzhou", []models.ID{jz.ID}},
		{"q", "jin zhou", []models.ID{jz.ID}},
		{"q", "JZZSJCC", []models.ID{jz.ID}},
		{"q", "晋州", []models.ID{jz.ID}},
		{"q", "ｊｚ０１", []models.ID{jz.ID}},
		{"q", "import", []models.ID{hh.ID}},
		{"q", "hanbao", []models.ID{hh.ID}},
		{"q", "100%", []models.ID{hh.ID}},
		{"q", "h_0", []models.ID{hh.ID}},
		{"q", "j_0", nil},
		{"q", "%", []models.ID{hh.ID}},
		{"q", "' OR 1=1 --", nil},
		{"code", "jz01", []models.ID{jz.ID}},
		{"kind", "customer", []models.ID{hh.ID}},
		{"archived", "false", []models.ID{hh.ID, jz.ID}},
		{"archived", "true", nil},
	}
	for _, test := range tests {
		page := view(t, db, func(tx *gorm.DB) (database.Page[models.Party], error) {
			return contracts.ListParties(t.Context(), tx, system, database.Query{Filters: map[string]string{test.filter: test.text}})
		})
		var got []models.ID
		for _, p := range page.Items {
			got = append(got, p.ID)
		}
		if len(got) != len(test.want) || len(got) > 0 && got[0] != test.want[0] {
			t.Errorf("ListParties(%s=%s) = %v, want %v", test.filter, test.text, got, test.want)
		}
	}
	_, err := try(t, db, func(tx *gorm.DB) (*models.Party, error) {
		return contracts.PartyByCode(t.Context(), tx, system, "ＪＺ０１")
	})
	if err != nil {
		t.Errorf("PartyByCode(full width) = %v", err)
	}
}

func TestPartiesRefused(t *testing.T) {
	db := databasetest.Open(t)
	contractstest.MustSupplier(t, db, func(in *contracts.PartyInput) { in.Code = "JZ01" })
	user := contractstest.MustUser(t, db, []models.Role{models.Sales}, func(u *models.User) { u.OwnOnly = true })
	own := contractstest.Actor(user)
	supplier := contracts.PartyInput{Kind: models.PartySupplier, Code: "X", Name: models.Text{EN: "X"}}
	customer := contracts.PartyInput{Kind: models.PartyCustomer, Code: "Y", Name: models.Text{EN: "Y"}}
	with := func(in contracts.PartyInput, change func(*contracts.PartyInput)) contracts.PartyInput {
		change(&in)
		return in
	}
	tests := []struct {
		name  string
		by    models.Actor
		in    contracts.PartyInput
		code  models.Code
		field string
	}{
		{"code in use", system, with(supplier, func(in *contracts.PartyInput) { in.Code = "jz０1" }), models.CodeConflict, "code"},
		{"no code", system, with(supplier, func(in *contracts.PartyInput) { in.Code = "  " }), models.CodeInvalid, "code"},
		{"line break in a code", system, with(supplier, func(in *contracts.PartyInput) { in.Code = "A\nB" }), models.CodeInvalid, "code"},
		{"a code whose key is long", system, with(supplier, func(in *contracts.PartyInput) { in.Code = "ﷺﷺﷺ" }), models.CodeInvalid, "code"},
		{"no name", system, with(supplier, func(in *contracts.PartyInput) { in.Name = models.Text{} }), models.CodeInvalid, "name"},
		{"country", system, with(supplier, func(in *contracts.PartyInput) { in.Country = "de" }), models.CodeInvalid, "country"},
		{"e-mail", system, with(supplier, func(in *contracts.PartyInput) { in.Email = "a at b" }), models.CodeInvalid, "email"},
		{"owner of a supplier", system, with(supplier, func(in *contracts.PartyInput) { in.OwnerID = &user.ID }), models.CodeInvalid, "owner_id"},
		{"owner who doesn't exist", system, with(customer, func(in *contracts.PartyInput) { in.OwnerID = new(models.NewID()) }), models.CodeInvalid, "owner_id"},
		{"supplier by sales", act(models.Sales), supplier, models.CodeForbidden, ""},
		{"customer by purchasing", act(models.Purchasing), customer, models.CodeForbidden, ""},
		{"party by an inspector", act(models.Inspector), with(supplier, func(in *contracts.PartyInput) { in.Kind = models.PartyCarrier }), models.CodeForbidden, ""},
		{"customer for another", own, with(customer, func(in *contracts.PartyInput) { in.OwnerID = new(models.NewID()) }), models.CodeForbidden, "owner_id"},
	}
	for _, test := range tests {
		_, err := try(t, db, func(tx *gorm.DB) (*models.Party, error) {
			return contracts.CreateParty(t.Context(), tx, test.by, test.in)
		})
		refused(t, test.name, err, test.code, test.field)
	}
}

func TestCreateIsRepeatable(t *testing.T) {
	db := databasetest.Open(t)
	in := contracts.PartyInput{ID: new(models.NewID()), Kind: models.PartySupplier, Code: "JZ01", Name: models.Text{ZH: "晋州"}}
	create := func(in contracts.PartyInput) (*models.Party, error) {
		return try(t, db, func(tx *gorm.DB) (*models.Party, error) { return contracts.CreateParty(t.Context(), tx, system, in) })
	}
	first, err := create(in)
	if err != nil {
		t.Fatal(err)
	}
	changed := must(t, db, func(tx *gorm.DB) (*models.Party, error) {
		return contracts.UpdateParty(t.Context(), tx, system, first.ID, 1, contracts.PartyPatch{Place: new("晋州市"), Email: new("a@b.cn")})
	})
	again, err := create(in)
	if err != nil || again.ID != *in.ID || again.Version != 2 || again.Place != changed.Place {
		t.Errorf("the same creation again = %+v, %v, want the record as it is now", again, err)
	}
	in.Place = "elsewhere"
	_, err = create(in)
	refused(t, "other content", err, models.CodeConflict, "id")
	_, err = try(t, db, func(tx *gorm.DB) (*models.Party, error) {
		return contracts.UpdateParty(t.Context(), tx, system, first.ID, 1, contracts.PartyPatch{Place: new("")})
	})
	refused(t, "stale", err, models.CodeStale, "")
	cleared := must(t, db, func(tx *gorm.DB) (*models.Party, error) {
		return contracts.UpdateParty(t.Context(), tx, system, first.ID, 2, contracts.PartyPatch{Place: new(""), Email: new("")})
	})
	stored := view(t, db, func(tx *gorm.DB) (*models.Party, error) { return contracts.GetParty(t.Context(), tx, system, first.ID) })
	if stored.Place != "" || stored.Email != "" || stored.Version != 3 || !cmp.Equal(stored, cleared) {
		t.Errorf("stored %+v, replied %+v, want equal and cleared", stored, cleared)
	}
}

func TestArchivedParty(t *testing.T) {
	db := databasetest.Open(t)
	p := contractstest.MustSupplier(t, db)
	archived := must(t, db, func(tx *gorm.DB) (*models.Party, error) {
		return contracts.ArchiveParty(t.Context(), tx, act(models.Purchasing), p.ID, p.Version)
	})
	if archived.ArchivedAt == nil {
		t.Error("ArchivedAt isn't set")
	}
	in := purchaseInput(t, db)
	in.PartyID = p.ID
	_, err := try(t, db, func(tx *gorm.DB) (*contracts.Entered, error) {
		return contracts.CreateContract(t.Context(), tx, system, in)
	})
	refused(t, "contract with an archived party", err, models.CodeConflict, "party_id")
	must(t, db, func(tx *gorm.DB) (*models.Party, error) {
		return contracts.RestoreParty(t.Context(), tx, system, p.ID, archived.Version)
	})
	must(t, db, func(tx *gorm.DB) (*contracts.Entered, error) {
		return contracts.CreateContract(t.Context(), tx, system, in)
	})
}

func TestProducts(t *testing.T) {
	db := databasetest.Open(t)
	p := contractstest.MustProduct(t, db, func(in *contracts.ProductInput) { in.Code = "PVC-595" })
	changed := must(t, db, func(tx *gorm.DB) (*models.Product, error) {
		return contracts.UpdateProduct(t.Context(), tx, act(models.Sales), p.ID, 1, contracts.ProductPatch{Name: &models.Text{ZH: "石膏板"}, Unit: new("pcs")})
	})
	stored := view(t, db, func(tx *gorm.DB) (*models.Product, error) {
		return contracts.ProductByCode(t.Context(), tx, system, "pvc-595")
	})
	if !cmp.Equal(stored, changed) || stored.Name.EN != "" || stored.Unit != "pcs" {
		t.Errorf("stored %+v, replied %+v", stored, changed)
	}
	page := view(t, db, func(tx *gorm.DB) (database.Page[models.Product], error) {
		return contracts.ListProducts(t.Context(), tx, system, database.Query{Filters: map[string]string{"q": "shigaoban"}})
	})
	if len(page.Items) != 1 {
		t.Errorf("found %d by the new name's pinyin, want 1", len(page.Items))
	}
	_, err := try(t, db, func(tx *gorm.DB) (*models.Product, error) {
		return contracts.UpdateProduct(t.Context(), tx, act(models.Finance), p.ID, 2, contracts.ProductPatch{Unit: new("m2")})
	})
	refused(t, "product by finance", err, models.CodeForbidden, "")
	_, err = try(t, db, func(tx *gorm.DB) (*models.Product, error) {
		return contracts.CreateProduct(t.Context(), tx, system, contracts.ProductInput{Code: "PVC-595", Unit: "pcs", Name: models.Text{EN: "x"}})
	})
	refused(t, "code in use", err, models.CodeConflict, "code")
}
