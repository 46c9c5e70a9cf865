// Package contractstest makes master data and contracts for the tests of other
// packages: each Must writes one record through the verbs of contracts, with
// defaults like those of a real case that a function may change, and ends the
// test when it can't. Codes and numbers are fresh each time.
package contractstest

import (
	"context"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"recourse/contracts"
	"recourse/database"
	"recourse/models"
)

// Now is the moment of all that the fixtures do.
var Now = time.Date(2026, 4, 20, 8, 0, 0, 0, time.UTC)

// System may do everything.
func System() models.Actor { return models.System("test", Now) }

// Actor is a user with their roles, as they act.
func Actor(u *models.User) models.Actor {
	return models.Actor{UserID: u.ID, Name: u.Name, Roles: u.Roles, Lang: u.Lang, OwnOnly: u.OwnOnly, Via: "test", At: Now}
}

// fresh is a prefix with letters and digits that no other call gives.
func fresh(prefix string) string {
	id := models.NewID().String()
	return prefix + strings.ToUpper(id[len(id)-10:])
}

// do runs a verb in a transaction of its own.
func do[T any](t testing.TB, db *database.DB, verb func(ctx context.Context, tx *gorm.DB) (*T, error)) *T {
	t.Helper()
	var made *T
	err := db.Tx(t.Context(), func(tx *gorm.DB) (err error) {
		made, err = verb(t.Context(), tx)
		return err
	})
	if err != nil {
		t.Fatalf("fixture %T: %v", made, err)
	}
	return made
}

func apply[T any](in *T, change []func(*T)) {
	for _, f := range change {
		f(in)
	}
}

// MustUser stores a user with the roles; OwnOnly and others by change. The user can't sign in.
func MustUser(t testing.TB, db *database.DB, roles []models.Role, change ...func(*models.User)) *models.User {
	t.Helper()
	login := fresh("user-")
	u := models.User{
		ID: models.NewID(), Login: login, LoginKey: models.Key(login), Name: "王检 " + login, Roles: roles, Lang: "en",
		PasswordHash: "!", Version: 1, CreatedAt: Now, UpdatedAt: Now,
	}
	apply(&u, change)
	return do(t, db, func(ctx context.Context, tx *gorm.DB) (*models.User, error) {
		return &u, gorm.G[models.User](tx).Create(ctx, &u)
	})
}

// MustSupplier stores a supplier.
func MustSupplier(t testing.TB, db *database.DB, change ...func(*contracts.PartyInput)) *models.Party {
	t.Helper()
	in := contracts.PartyInput{
		Kind: models.PartySupplier, Code: fresh("S-"), Country: "CN", Place: "河北省晋州市",
		Name: models.Text{ZH: "晋州装饰建材厂", EN: "Jinzhou Decorative Building Materials Factory"},
	}
	return mustParty(t, db, in, change)
}

// MustCustomer stores a customer.
func MustCustomer(t testing.TB, db *database.DB, change ...func(*contracts.PartyInput)) *models.Party {
	t.Helper()
	in := contracts.PartyInput{
		Kind: models.PartyCustomer, Code: fresh("C-"), Country: "DE", Place: "Hamburg",
		Name: models.Text{ZH: "汉堡建材进口公司", EN: "Hamburg Building Materials Import"},
	}
	return mustParty(t, db, in, change)
}

func mustParty(t testing.TB, db *database.DB, in contracts.PartyInput, change []func(*contracts.PartyInput)) *models.Party {
	t.Helper()
	apply(&in, change)
	return do(t, db, func(ctx context.Context, tx *gorm.DB) (*models.Party, error) {
		return contracts.CreateParty(ctx, tx, System(), in)
	})
}

// MustProduct stores a product sold by the sheet.
func MustProduct(t testing.TB, db *database.DB, change ...func(*contracts.ProductInput)) *models.Product {
	t.Helper()
	in := contracts.ProductInput{
		Code: fresh("P-"), Unit: "sheet", Specification: "595 × 595 × 7.5 mm, white, pattern 238, foil back",
		Name: models.Text{ZH: "PVC贴面石膏天花板", EN: "PVC-laminated gypsum ceiling tile"},
	}
	apply(&in, change)
	return do(t, db, func(ctx context.Context, tx *gorm.DB) (*models.Product, error) {
		return contracts.CreateProduct(ctx, tx, System(), in)
	})
}

// MustStandard stores an active standard with the content of CeilingStandard.
func MustStandard(t testing.TB, db *database.DB, change ...func(*contracts.StandardInput)) *models.Standard {
	t.Helper()
	in := contracts.StandardInput{
		Code: fresh("QS-"), EffectiveFrom: "2026-01-01", Content: CeilingStandard(),
		Title: models.Text{ZH: "中国建材晋州天花板质量控制标准", EN: "Jinzhou ceiling board quality control standard"},
	}
	apply(&in, change)
	return do(t, db, func(ctx context.Context, tx *gorm.DB) (*models.Standard, error) {
		s, err := contracts.CreateStandard(ctx, tx, System(), in)
		if err != nil {
			return nil, err
		}
		return contracts.ActivateStandard(ctx, tx, System(), s.ID, s.Version)
	})
}

// MustPurchase stores a purchase contract of 12000 sheets ± 5 % on one line,
// with a supplier, a product and a standard of its own where the change names none.
func MustPurchase(t testing.TB, db *database.DB, change ...func(*contracts.ContractInput)) *models.Contract {
	t.Helper()
	in := contracts.ContractInput{
		Kind: models.PurchaseContract, Number: fresh("PC-"), SignedOn: "2026-03-02", Currency: "CNY",
		QualityClause: "质量标准:请见《中国建材晋州天花板质量控制标准》",
		ClaimClause:   models.ClaimClause{QualityDays: new(30), QuantityDays: new(15), From: "delivery", ReplyDays: new(10)},
		Lines:         []contracts.LineInput{line("6.80")},
	}
	apply(&in, change)
	if in.PartyID.IsZero() {
		in.PartyID = MustSupplier(t, db).ID
	}
	fillProducts(t, db, &in)
	for i := range in.Lines {
		if in.Lines[i].StandardID == nil {
			in.Lines[i].StandardID = &MustStandard(t, db).ID
		}
	}
	return mustContract(t, db, in)
}

// MustSales stores a sales contract of 12000 sheets ± 5 % on one line, to a
// customer of its own where the change names none. With a purchase given, its
// first line feeds the sales line, which then is of the same product.
func MustSales(t testing.TB, db *database.DB, purchase *models.Contract, change ...func(*contracts.ContractInput)) *models.Contract {
	t.Helper()
	in := contracts.ContractInput{
		Kind: models.SalesContract, Number: fresh("SC-"), SignedOn: "2026-02-25", Currency: "USD",
		Incoterm: "CIF Hamburg", Port: "Hamburg", LatestShipment: "2026-04-30", ShippingMarks: "HBM / HAMBURG / C/NO. 1-1000",
		RequiredDocuments: []string{"bill_of_lading", "certificate_of_origin", "commercial_invoice", "packing_list", "insurance_policy"},
		ClaimClause:       models.ClaimClause{QualityDays: new(30), QuantityDays: new(15), From: "arrival", SurveyReport: true, ReplyDays: new(30)},
		Lines:             []contracts.LineInput{line("1.45")},
	}
	if purchase != nil {
		in.Lines[0].ProductID = purchase.Lines[0].ProductID
		in.Lines[0].FedBy = []models.LineLink{{PurchaseLineID: purchase.Lines[0].ID}}
	}
	apply(&in, change)
	if in.PartyID.IsZero() {
		in.PartyID = MustCustomer(t, db).ID
	}
	fillProducts(t, db, &in)
	return mustContract(t, db, in)
}

func line(price string) contracts.LineInput {
	return contracts.LineInput{
		LineNo: 1, Quantity: models.Pieces(12000), TolerancePercent: models.MustDecimal("5"), ToleranceOption: "seller", UnitPrice: models.MustDecimal(price),
	}
}

func fillProducts(t testing.TB, db *database.DB, in *contracts.ContractInput) {
	t.Helper()
	for i := range in.Lines {
		if in.Lines[i].ProductID.IsZero() {
			in.Lines[i].ProductID = MustProduct(t, db).ID
		}
	}
}

func mustContract(t testing.TB, db *database.DB, in contracts.ContractInput) *models.Contract {
	t.Helper()
	made := do(t, db, func(ctx context.Context, tx *gorm.DB) (*contracts.Entered, error) {
		return contracts.CreateContract(ctx, tx, System(), in)
	})
	return &made.Contract
}

// MustLot stores a lot of 12000 in 1000 cartons of 12 on a purchase line.
func MustLot(t testing.TB, db *database.DB, lineID models.ID, change ...func(*contracts.LotInput)) *models.Lot {
	t.Helper()
	in := contracts.LotInput{
		Batch: fresh("2604-"), ProducedFrom: "2026-04-02", ProducedTo: "2026-04-16",
		Quantity: models.Pieces(12000), Cartons: 1000, PerCarton: 12, CartonFrom: 1, CartonTo: 1000,
	}
	apply(&in, change)
	return do(t, db, func(ctx context.Context, tx *gorm.DB) (*models.Lot, error) {
		return contracts.CreateLot(ctx, tx, System(), lineID, in)
	})
}

// MustShipment stores a shipment of a sales contract that carries the lots
// whole, as its first line.
func MustShipment(t testing.TB, db *database.DB, sales *models.Contract, lots ...*models.Lot) *models.Shipment {
	t.Helper()
	in := contracts.ShipmentInput{
		SalesContractID: sales.ID, BillOfLading: fresh("HLCU-"), DeliveredOn: "2026-04-22", LoadedOn: "2026-04-24", ArrivedOn: "2026-06-06",
		Containers: []contracts.ContainerInput{{Number: "CSQU3054383", Seal: "CN448120"}},
	}
	for _, l := range lots {
		in.Lots = append(in.Lots, contracts.ShipmentLotInput{LotID: l.ID, SalesLineID: sales.Lines[0].ID, Quantity: l.Quantity})
	}
	made := do(t, db, func(ctx context.Context, tx *gorm.DB) (*contracts.Shipped, error) {
		return contracts.CreateShipment(ctx, tx, System(), in)
	})
	return &made.Shipment
}
