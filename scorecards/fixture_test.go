package scorecards_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/claims"
	"recourse/contracts"
	"recourse/contracts/contractstest"
	"recourse/database"
	"recourse/database/databasetest"
	"recourse/inspections"
	"recourse/models"
	"recourse/recovery"
	"recourse/scorecards"
)

var now = time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)

const today models.Date = "2026-11-20"

// firm is a small company whose records are made by the verbs.
type firm struct {
	t        testing.TB
	db       *database.DB
	by       models.Actor
	standard models.ID
}

func newFirm(t testing.TB) *firm {
	t.Helper()
	f := &firm{t: t, db: databasetest.Open(t), by: models.System("test", now)}
	content := contractstest.CeilingStandard()
	content.Characteristics = nil // findings alone decide
	f.standard = contractstest.MustStandard(t, f.db, func(in *contracts.StandardInput) { in.Content = content }).ID
	return f
}

// try runs a verb in a transaction of its own.
func try[T any](f *firm, verb func(ctx context.Context, tx *gorm.DB) (T, error)) (out T, err error) {
	f.t.Helper()
	err = f.db.Tx(f.t.Context(), func(tx *gorm.DB) error {
		out, err = verb(f.t.Context(), tx)
		return err
	})
	return out, err
}

// must is try for what has to work.
func must[T any](f *firm, verb func(ctx context.Context, tx *gorm.DB) (T, error)) T {
	f.t.Helper()
	out, err := try(f, verb)
	if err != nil {
		f.t.Fatal(err)
	}
	return out
}

// purchase buys a product each from a new supplier.
func (f *firm) purchase(latest models.Date, products ...models.ID) *models.Contract {
	f.t.Helper()
	return contractstest.MustPurchase(f.t, f.db, func(in *contracts.ContractInput) {
		in.LatestShipment, in.SignedOn = latest, "2026-01-05"
		f.lines(in, "6.80", products)
	})
}

// sale sells at USD 1.455 the sheet; each of its lines is fed by purchase lines of one product.
func (f *firm) sale(fedBy ...[]models.ContractLine) *models.Contract {
	f.t.Helper()
	return contractstest.MustSales(f.t, f.db, nil, func(in *contracts.ContractInput) {
		in.LatestShipment, in.SignedOn, in.ClaimClause = "", "2026-01-04", models.ClaimClause{}
		var products []models.ID
		for _, lines := range fedBy {
			products = append(products, lines[0].ProductID)
		}
		f.lines(in, "1.455", products)
		for n, lines := range fedBy {
			for _, l := range lines {
				in.Lines[n].FedBy = append(in.Lines[n].FedBy, models.LineLink{PurchaseLineID: l.ID})
			}
		}
	})
}

func (f *firm) lines(in *contracts.ContractInput, price string, products []models.ID) {
	in.Lines = nil
	for n, p := range products {
		in.Lines = append(in.Lines, contracts.LineInput{LineNo: n + 1, ProductID: p, Quantity: models.Pieces(1_000_000), UnitPrice: models.MustDecimal(price), StandardID: &f.standard})
	}
}

func (f *firm) product() models.ID {
	f.t.Helper()
	return contractstest.MustProduct(f.t, f.db).ID
}

// lot stores a lot of 1200 on a line of a purchase.
func (f *firm) lot(purchase *models.Contract, line int) *models.Lot {
	f.t.Helper()
	return contractstest.MustLot(f.t, f.db, purchase.Lines[line].ID, func(in *contracts.LotInput) {
		in.Quantity, in.Cartons, in.CartonTo, in.ProducedFrom, in.ProducedTo = models.Pieces(1200), 100, 100, "", ""
	})
}

// visit plans an inspection of lots; previous is what a re-inspection repeats.
func (f *firm) visit(purchase *models.Contract, on models.Date, previous *models.ID, lots ...models.ID) (*models.Inspection, error) {
	f.t.Helper()
	kind := models.PreShipment
	if previous != nil {
		kind = models.ReInspection
	}
	return try(f, func(ctx context.Context, tx *gorm.DB) (*models.Inspection, error) {
		return inspections.Plan(ctx, tx, f.by, inspections.PlanInput{Kind: kind, ContractID: purchase.ID, PlannedOn: on, PreviousID: previous, Lots: lots}, models.SHA256{1, 2})
	})
}

// found is how many units of a lot show a defect.
type found map[string]int

// bad is more than any plan accepts, good is nothing.
var bad, good = found{"COR": 40}, found{}

// decided records a visit, each lot with its findings, signs and decides it:
// released where all lots are accepted, to be reworked otherwise.
func (f *firm) decided(i *models.Inspection, on models.Date, lots ...found) (*models.Inspection, error) {
	f.t.Helper()
	in := inspections.RecordInput{InspectedOn: on}
	for n, l := range i.Lots {
		presented, cartons, examined := models.Pieces(1200), 100, 80
		r := inspections.LotRecord{LotID: l.LotID, QuantityPresented: &presented, CartonsPresented: &cartons, UnitsExamined: &examined}
		for _, code := range []string{"MLD", "COR", "BUB"} {
			if units := lots[n][code]; units > 0 {
				r.Findings = append(r.Findings, inspections.FindingInput{Defect: code, Units: units})
			}
		}
		in.Lots = append(in.Lots, r)
	}
	return try(f, func(ctx context.Context, tx *gorm.DB) (*models.Inspection, error) {
		i, err := inspections.Record(ctx, tx, f.by, i.ID, i.Version, in, models.SHA256{1, 2})
		if err != nil {
			return nil, err
		}
		if i, err = inspections.Submit(ctx, tx, f.by, i.ID, i.Version, inspections.SubmitInput{
			Inspector: inspections.SignatureInput{Name: "李明"}, Factory: inspections.SignatureInput{Name: "王强"},
		}); err != nil {
			return nil, err
		}
		for _, l := range i.Lots {
			decision := models.ReworkAndRetry
			if l.Verdict == models.Accepted {
				decision = models.Release
			}
			if i, err = inspections.Decide(ctx, tx, f.by, i.ID, i.Version, inspections.DecideInput{LotID: &l.LotID, Decision: decision, Reason: "as judged"}); err != nil {
				return nil, err
			}
		}
		return i, nil
	})
}

// inspected is a visit made and decided on one day.
func (f *firm) inspected(purchase *models.Contract, on models.Date, of found, lot *models.Lot) *models.Inspection {
	f.t.Helper()
	i, err := f.visit(purchase, on, nil, lot.ID)
	if err == nil {
		i, err = f.decided(i, on, of)
	}
	if err != nil {
		f.t.Fatal(err)
	}
	return i
}

func (f *firm) aborted(i *models.Inspection, blame models.PartyKind) (*models.Inspection, error) {
	f.t.Helper()
	return try(f, func(ctx context.Context, tx *gorm.DB) (*models.Inspection, error) {
		return inspections.Abort(ctx, tx, f.by, i.ID, i.Version, inspections.AbortInput{Reason: "goods not ready", Blame: blame})
	})
}

// carried is a lot on a line of a sale, whole.
func carried(lot *models.Lot, sale *models.Contract, line int) contracts.ShipmentLotInput {
	return contracts.ShipmentLotInput{LotID: lot.ID, SalesLineID: sale.Lines[line].ID, Quantity: lot.Quantity}
}

func (f *firm) ship(sale *models.Contract, delivered, loaded models.Date, lots ...contracts.ShipmentLotInput) (*contracts.Shipped, error) {
	f.t.Helper()
	return try(f, func(ctx context.Context, tx *gorm.DB) (*contracts.Shipped, error) {
		return contracts.CreateShipment(ctx, tx, f.by, contracts.ShipmentInput{SalesContractID: sale.ID, DeliveredOn: delivered, LoadedOn: loaded, Lots: lots})
	})
}

// complaint is an item of USD minor about a lot, or about the line where it is nil.
func complaint(sale *models.Contract, line int, lot *models.Lot, reason models.ClaimReason, minor int64) claims.ItemInput {
	apparent := true
	in := claims.ItemInput{Reason: reason, SalesLineID: sale.Lines[line].ID, Quantity: models.Pieces(10), Claimed: models.Money{Minor: minor, Currency: "USD"}, Apparent: &apparent}
	if lot != nil {
		in.LotID = &lot.ID
	}
	return in
}

func (f *firm) claim(sale *models.Contract, on models.Date, items ...claims.ItemInput) (*models.Claim, error) {
	f.t.Helper()
	return try(f, func(ctx context.Context, tx *gorm.DB) (*models.Claim, error) {
		return claims.Open(ctx, tx, f.by, claims.OpenInput{SalesContractID: sale.ID, ReceivedOn: on, Items: items})
	})
}

// granted answers an item of a claim: all of it, a part, or nothing for 0.
func (f *firm) granted(c *models.Claim, no int, minor int64) (*models.Claim, error) {
	f.t.Helper()
	i := c.Items[no-1]
	in := claims.AnswerInput{Answer: models.AnswerInPart, Ground: "liable", Text: "as agreed", Granted: &models.Money{Minor: minor, Currency: i.Claimed.Currency}}
	switch minor {
	case 0:
		in = claims.AnswerInput{Answer: models.AnswerReject, Ground: "amount_not_shown", Text: "no figures"}
	case i.Claimed.Minor:
		in.Answer = models.AnswerAccept
	}
	return try(f, func(ctx context.Context, tx *gorm.DB) (*models.Claim, error) {
		return claims.Answer(ctx, tx, f.by, c.ID, no, i.Version, in)
	})
}

// shared sets a claim's loss in CNY, all of it the supplier's, and returns the case.
func (f *firm) shared(c *models.Claim, supplier models.ID, minor int64) (*models.RecoveryCase, error) {
	f.t.Helper()
	return try(f, func(ctx context.Context, tx *gorm.DB) (*models.RecoveryCase, error) {
		now, err := recovery.GetLoss(ctx, tx, f.by, c.ID, "CNY")
		if err != nil {
			return nil, err
		}
		lines := []recovery.LossLineInput{{What: "sorting", Amount: models.Money{Minor: minor, Currency: "CNY"}}}
		loss, err := recovery.SetLoss(ctx, tx, f.by, c.ID, now.Version, recovery.LossInput{Lines: lines}, "CNY")
		if err != nil {
			return nil, err
		}
		share := recovery.ShareInput{Party: models.PartySupplier, PartyID: &supplier, Percent: models.MustDecimal("100"), Basis: "clause 9"}
		if _, err := recovery.SetLiability(ctx, tx, f.by, c.ID, loss.Version, recovery.LiabilityInput{Shares: []recovery.ShareInput{share}}, "CNY"); err != nil {
			return nil, err
		}
		return database.Take[models.RecoveryCase](ctx, tx, "case", "案", "claim_id = ? AND party_id = ?", c.ID, supplier)
	})
}

func (f *firm) debited(r *models.RecoveryCase, minor int64, on models.Date) (*recovery.Note, error) {
	f.t.Helper()
	return try(f, func(ctx context.Context, tx *gorm.DB) (*recovery.Note, error) {
		return recovery.IssueDebitNote(ctx, tx, f.by, recovery.IssueInput{CaseID: r.ID, Amount: &models.Money{Minor: minor, Currency: "CNY"}, IssuedOn: on})
	})
}

func (f *firm) settled(n *recovery.Note, kind string, minor int64, on models.Date) (*recovery.Note, error) {
	f.t.Helper()
	return try(f, func(ctx context.Context, tx *gorm.DB) (*recovery.Note, error) {
		return recovery.Settle(ctx, tx, f.by, n.ID, n.Version, recovery.SettleInput{Kind: kind, Amount: models.Money{Minor: minor, Currency: "CNY"}, SettledOn: on, Reason: "agreed"})
	})
}

func (f *firm) rate(currency string, month models.Month, rate string, version int) (*models.ExchangeRate, error) {
	f.t.Helper()
	return try(f, func(ctx context.Context, tx *gorm.DB) (*models.ExchangeRate, error) {
		return scorecards.SetRate(ctx, tx, f.by, version, scorecards.RateInput{Currency: currency, Month: month, Rate: models.MustDecimal(rate), Source: "bank"}, "CNY")
	})
}

// seal chains all entries.
func (f *firm) seal() {
	f.t.Helper()
	for must(f, func(ctx context.Context, tx *gorm.DB) (int, error) { return audit.Seal(ctx, tx, 500) }) > 0 {
	}
}

// follow seals and follows until nothing is left, at most limit entries at a time.
func (f *firm) follow(today models.Date, limit int) {
	f.t.Helper()
	f.seal()
	for {
		n, err := scorecards.Follow(f.t.Context(), f.db, "CNY", today, limit)
		if err != nil {
			f.t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

func (f *firm) rebuild(today models.Date) {
	f.t.Helper()
	if err := scorecards.Rebuild(f.t.Context(), f.db, "CNY", today); err != nil {
		f.t.Fatal(err)
	}
}

// table is the stored rows, by "supplier month product" in the names given.
func (f *firm) table(names map[models.ID]string) map[string]models.SupplierMonth {
	f.t.Helper()
	var rows []models.SupplierMonth
	if err := f.db.Read.Find(&rows).Error; err != nil {
		f.t.Fatal(err)
	}
	name := func(id models.ID) string {
		if id == models.AllProducts {
			return "all"
		}
		if known := names[id]; known != "" {
			return known
		}
		return id.String()
	}
	out := map[string]models.SupplierMonth{}
	for _, r := range rows {
		out[strings.Join([]string{name(r.SupplierID), string(r.Month), name(r.ProductID)}, " ")] = r
	}
	return out
}

// refused fails the test unless err has the code and names the field, in both languages.
func refused(t testing.TB, what string, err error, code models.Code, field string) {
	t.Helper()
	e, ok := err.(*models.Error)
	if !ok || e.Code != code || e.Field != field || e.Message.ZH == "" || strings.Contains(fmt.Sprint(e.Message), "%!") {
		t.Errorf("%s: error %#v, want %s on %q in both languages", what, err, code, field)
	}
}
