package claims_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"recourse/claims"
	"recourse/contracts/contractstest"
	"recourse/models"
)

func TestOpen(t *testing.T) {
	d := newDeal(t)
	c := d.mustOpen()
	if !strings.HasPrefix(c.Number, "CLM-2026-") || c.State != models.ClaimReceived || c.CustomerID != d.sales.PartyID || c.Version != 1 {
		t.Errorf("Open = %+v", c)
	}
	if len(c.Items) != 1 || c.Items[0].ItemNo != 1 || c.Items[0].Claimed != usd(208800) || !c.Items[0].Apparent {
		t.Errorf("Open: items = %+v", c.Items)
	}
	var kinds []string
	for _, e := range c.Evidence {
		kinds = append(kinds, e.Kind)
		if e.ItemNo != 1 || models.EvidenceWords[e.Kind].ZH == "" {
			t.Errorf("Open: evidence %+v", e)
		}
	}
	if diff := cmp.Diff([]string{"labelled_photos", "sample", "survey_report", "batch_marks", "installation_record"}, kinds); diff != "" {
		t.Errorf("Open: check-list (-want +got):\n%s", diff)
	}
}

func TestOpenAgainIsTheSame(t *testing.T) {
	d := newDeal(t)
	id := models.NewID()
	named := func(in *claims.OpenInput) { in.ID = &id }
	first := d.mustOpen(named)
	if again := d.mustOpen(named); again.Number != first.Number || d.claimed() != models.Pieces(1440) {
		t.Errorf("Open again = %s, %s claimed; want %s, 1440", again.Number, d.claimed(), first.Number)
	}
	_, err := d.open(d.by, d.input(named, func(in *claims.OpenInput) { in.Summary = "other" }))
	refused(t, "same id, other content", err, models.CodeConflict, "id")
}

func TestOpenRefuses(t *testing.T) {
	d := newDeal(t)
	other := newOther(d)
	one := func(change func(*claims.ItemInput)) func(*claims.OpenInput) {
		return func(in *claims.OpenInput) { in.Items[0] = d.item(change) }
	}
	for _, c := range []struct {
		name   string
		code   models.Code
		field  string
		change func(*claims.OpenInput)
	}{
		{"unknown contract", models.CodeInvalid, "sales_contract_id", func(in *claims.OpenInput) { in.SalesContractID = models.NewID() }},
		{"purchase contract", models.CodeInvalid, "sales_contract_id", func(in *claims.OpenInput) { in.SalesContractID = d.purchase.ID }},
		{"another customer", models.CodeInvalid, "customer_id", func(in *claims.OpenInput) { in.CustomerID = &other.sales.PartyID }},
		{"another contract's shipment", models.CodeInvalid, "shipment_id", func(in *claims.OpenInput) { in.ShipmentID = &other.shipment.ID }},
		{"no day", models.CodeInvalid, "received_on", func(in *claims.OpenInput) { in.ReceivedOn = "" }},
		{"a day to come", models.CodeInvalid, "received_on", func(in *claims.OpenInput) { in.ReceivedOn = "2026-07-02" }},
		{"before the contract", models.CodeInvalid, "received_on", func(in *claims.OpenInput) { in.ReceivedOn = "2026-01-01" }},
		{"before shipment", models.CodeInvalid, "received_on", func(in *claims.OpenInput) { in.ReceivedOn = "2026-04-23" }},
		{"before shipment, none named", models.CodeInvalid, "received_on", func(in *claims.OpenInput) { in.ReceivedOn, in.ShipmentID = "2026-04-23", nil }},
		{"survey before shipment", models.CodeInvalid, "survey_on", func(in *claims.OpenInput) { in.SurveyOn = "2026-04-01" }},
		{"survey to come", models.CodeInvalid, "survey_on", func(in *claims.OpenInput) { in.SurveyOn = "2026-07-09" }},
		{"a file nobody sent", models.CodeInvalid, "survey_sha256", func(in *claims.OpenInput) { in.SurveySHA256 = models.SHA256{1} }},
		{"line break in the reference", models.CodeInvalid, "customer_reference", func(in *claims.OpenInput) { in.CustomerReference = "a\nb" }},
		{"unknown user", models.CodeInvalid, "assigned_to", func(in *claims.OpenInput) { in.AssignedTo = new(models.NewID()) }},
		{"unknown line", models.CodeInvalid, "items[0].sales_line_id", one(func(i *claims.ItemInput) { i.SalesLineID = models.NewID() })},
		{"another contract's line", models.CodeInvalid, "items[0].sales_line_id", one(func(i *claims.ItemInput) { i.SalesLineID = other.sales.Lines[0].ID })},
		{"another contract's lot", models.CodeInvalid, "items[0].lot_id", one(func(i *claims.ItemInput) { i.LotID = &other.lot.ID })},
		{"above shipped", models.CodeInvalid, "items[0].quantity", one(func(i *claims.ItemInput) { i.Quantity = models.Pieces(12000) + 1 })},
		{"negative quantity", models.CodeInvalid, "items[0].quantity", one(func(i *claims.ItemInput) { i.Quantity = -1 })},
		{"negative amount", models.CodeInvalid, "items[0].claimed.amount", one(func(i *claims.ItemInput) { i.Claimed.Minor = -1 })},
		{"unknown currency", models.CodeInvalid, "items[0].claimed.currency", one(func(i *claims.ItemInput) { i.Claimed.Currency = "XXX" })},
		{"no currency", models.CodeInvalid, "items[0].claimed.currency", one(func(i *claims.ItemInput) { i.Claimed = models.Money{} })},
		{"unknown defect", models.CodeInvalid, "items[0].defect", one(func(i *claims.ItemInput) { i.Defect = "XYZ" })},
		{"unknown characteristic", models.CodeInvalid, "items[0].characteristic", one(func(i *claims.ItemInput) { i.Characteristic = "XYZ" })},
		{"apparent not said", models.CodeInvalid, "items[0].apparent", one(func(i *claims.ItemInput) { i.Apparent = nil })},
		{"discovered before loading", models.CodeInvalid, "items[0].discovered_on", one(func(i *claims.ItemInput) { i.DiscoveredOn = "2026-04-23" })},
		{"discovered after the claim", models.CodeInvalid, "items[0].discovered_on", one(func(i *claims.ItemInput) { i.DiscoveredOn = "2026-07-01" })},
		{"two items sum above shipped", models.CodeConflict, "items[1].quantity", func(in *claims.OpenInput) {
			in.Items = []claims.ItemInput{d.item(), d.item(func(i *claims.ItemInput) { i.Quantity = models.Pieces(10561) })}
		}},
		{"a number twice", models.CodeInvalid, "items[1].item", func(in *claims.OpenInput) {
			in.Items = []claims.ItemInput{d.item(func(i *claims.ItemInput) { i.Item = 2 }), d.item(func(i *claims.ItemInput) { i.Item = 2 })}
		}},
	} {
		_, err := d.open(d.by, d.input(c.change))
		refused(t, c.name, err, c.code, c.field)
	}
	var n int64
	if err := d.db.Read.Model(&models.Claim{}).Count(&n).Error; err != nil || n != 0 || d.claimed() != 0 {
		t.Errorf("after refusals %d claims are stored and %s claimed (%v), want none", n, d.claimed(), err)
	}
	_, err := d.open(models.Actor{UserID: models.NewID(), Roles: []models.Role{models.Finance}, At: d.by.At}, d.input())
	refused(t, "by finance", err, models.CodeForbidden, "")
}

// newOther is another deal in the same database.
func newOther(d deal) deal {
	d.purchase = contractstest.MustPurchase(d.t, d.db)
	d.sales = contractstest.MustSales(d.t, d.db, d.purchase)
	d.lot = contractstest.MustLot(d.t, d.db, d.purchase.Lines[0].ID)
	d.shipment = contractstest.MustShipment(d.t, d.db, d.sales, d.lot)
	return d
}

func TestAmountsHaveTheirCurrencysDecimals(t *testing.T) {
	for _, c := range []struct{ amount, currency, field string }{
		{"2088.001", "USD", "claimed.amount"}, {"10.5", "JPY", "claimed.amount"}, {"10", "EURO", "claimed.currency"}, {"1,000.00", "USD", "claimed.amount"}, {"１２００", "USD", "claimed.amount"},
	} {
		_, err := models.ParseMoney("claimed", c.amount, c.currency)
		refused(t, c.amount+" "+c.currency, err, models.CodeInvalid, c.field)
	}
	d := newDeal(t)
	c := d.mustOpen(func(in *claims.OpenInput) {
		in.Items[0].Claimed = models.Money{Minor: 320000, Currency: "JPY"}
	})
	if got := c.Items[0].Claimed.String(); got != "JPY 320000" {
		t.Errorf("claimed = %s, want JPY 320000", got)
	}
}

func TestLateDeliveryIsClaimedBeforeShipment(t *testing.T) {
	d := newDeal(t)
	d.mustOpen(func(in *claims.OpenInput) {
		in.ReceivedOn = "2026-04-20"
		in.Items[0] = d.item(func(i *claims.ItemInput) { i.Reason, i.Defect, i.Quantity = models.ReasonLateDelivery, "", 0 })
	})
}

func TestWithdrawingReleasesAndReopeningHolds(t *testing.T) {
	d := newDeal(t)
	all := func(in *claims.OpenInput) { in.Items[0].Quantity = models.Pieces(12000) }
	first := d.mustOpen(all)
	_, err := d.open(d.by, d.input(all))
	refused(t, "a second claim of the same goods", err, models.CodeConflict, "items[0].quantity")
	first = d.mustMove(first, withdraw, closeIt)
	if first.ClosedReason != "sold after all" || d.claimed() != 0 {
		t.Errorf("withdrawn and closed: %q, %s claimed", first.ClosedReason, d.claimed())
	}
	second := d.mustOpen(all)
	_, err = d.move(first, reopen)
	refused(t, "reopened when others claim the goods", err, models.CodeConflict, "items[0].quantity")
	d.mustMove(second, withdraw)
	if first = d.mustMove(first, reopen); first.State != models.ClaimInvestigating || d.claimed() != models.Pieces(12000) || first.ReopenReason != "new photos" {
		t.Errorf("reopened: %s, %s claimed", first.State, d.claimed())
	}
}

// TestTwoClaimsAtOnce lets claims that each fit, but not together, come at one moment.
func TestTwoClaimsAtOnce(t *testing.T) {
	d := newDeal(t)
	const rivals = 8
	var wg sync.WaitGroup
	errs := make([]error, rivals)
	for n := range rivals {
		wg.Go(func() {
			_, errs[n] = d.open(d.by, d.input(func(in *claims.OpenInput) { in.Items[0].Quantity = models.Pieces(5000) }))
		})
	}
	wg.Wait()
	opened := 0
	for _, err := range errs {
		switch {
		case err == nil:
			opened++
		case models.IsCode(err, models.CodeConflict), models.IsCode(err, models.CodeUnavailable):
		default:
			t.Errorf("Open: %v", err)
		}
	}
	if opened != 2 || d.claimed() != models.Pieces(10000) {
		t.Errorf("%d of %d claims of 5000 opened and %s claimed, want 2 and 10000 of 12000", opened, rivals, d.claimed())
	}
}

func TestItems(t *testing.T) {
	d := newDeal(t)
	c := d.mustOpen()
	c, err := do(d, func(ctx context.Context, tx *gorm.DB) (*models.Claim, error) {
		return claims.AddItem(ctx, tx, d.by, c.ID, c.Version, d.item(func(i *claims.ItemInput) {
			i.Reason, i.Defect, i.Quantity = models.ReasonQuantity, "", models.Pieces(300)
		}))
	})
	if err != nil || len(c.Items) != 2 || c.Items[1].ItemNo != 2 || d.claimed() != models.Pieces(1740) {
		t.Fatalf("AddItem = %+v, %v; %s claimed", c, err, d.claimed())
	}
	change := func(no, version int, in claims.ItemInput) (*models.Claim, error) {
		return do(d, func(ctx context.Context, tx *gorm.DB) (*models.Claim, error) {
			return claims.ChangeItem(ctx, tx, d.by, c.ID, no, version, in)
		})
	}
	c = d.mustAnswer(c, 1, claims.AnswerInput{Answer: models.AnswerReject, Ground: "conforming_at_dispatch"})
	_, err = change(1, 1, d.item())
	refused(t, "a change of an older version", err, models.CodeStale, "")
	_, err = change(1, 2, d.item(func(i *claims.ItemInput) { i.Quantity = models.Pieces(11701) }))
	refused(t, "a change above shipped", err, models.CodeConflict, "quantity")
	if c, err = change(1, 2, d.item(func(i *claims.ItemInput) { i.Quantity = models.Pieces(11700) })); err != nil || item(c, 1).Answer != "" || d.claimed() != models.Pieces(12000) {
		t.Fatalf("ChangeItem = %+v, %v; %s claimed", c, err, d.claimed())
	}
	remove := func(no, version int) (*models.Claim, error) {
		return do(d, func(ctx context.Context, tx *gorm.DB) (*models.Claim, error) {
			return claims.RemoveItem(ctx, tx, d.by, c.ID, no, version)
		})
	}
	_, err = remove(3, 1)
	refused(t, "an item that isn't there", err, models.CodeNotFound, "")
	if c, err = remove(1, 3); err != nil || len(c.Items) != 1 || d.claimed() != models.Pieces(300) {
		t.Fatalf("RemoveItem = %+v, %v; %s claimed", c, err, d.claimed())
	}
	for _, e := range c.Evidence {
		if e.ItemNo == 1 {
			t.Errorf("evidence %s of the removed item is still asked for", e.Kind)
		}
	}
	_, err = remove(2, 1)
	refused(t, "the only item", err, models.CodeConflict, "item")
}

func TestPatchChecksAsOpenDoes(t *testing.T) {
	d := newDeal(t)
	c := d.mustOpen()
	patch := func(version int, in claims.PatchInput) (*models.Claim, error) {
		return do(d, func(ctx context.Context, tx *gorm.DB) (*models.Claim, error) {
			return claims.Patch(ctx, tx, d.by, c.ID, version, in)
		})
	}
	_, err := patch(1, claims.PatchInput{ReceivedOn: new(models.Date("2026-04-01"))})
	refused(t, "before shipment", err, models.CodeInvalid, "received_on")
	_, err = patch(1, claims.PatchInput{ReplyByOn: new(models.Date("2026-06-01"))})
	refused(t, "reply before the claim", err, models.CodeInvalid, "reply_by_on")
	_, err = patch(7, claims.PatchInput{})
	refused(t, "another version", err, models.CodeStale, "")
	got, err := patch(1, claims.PatchInput{CustomerReference: new("Ｒ－１"), Proposal: new("USD 626.40")})
	if err != nil || got.CustomerReference != "Ｒ－１" || got.Proposal != "USD 626.40" || got.Version != 2 {
		t.Errorf("Patch = %+v, %v", got, err)
	}
	d.mustMove(got, withdraw)
	_, err = patch(3, claims.PatchInput{Summary: new("x")})
	refused(t, "of a withdrawn claim", err, models.CodeConflict, "state")
}

func TestEvidenceAndContacts(t *testing.T) {
	d := newDeal(t)
	c := d.mustOpen()
	e := c.Evidence[0]
	set := func(version int, in claims.EvidenceInput) (*models.Claim, error) {
		return do(d, func(ctx context.Context, tx *gorm.DB) (*models.Claim, error) {
			return claims.SetEvidence(ctx, tx, d.by, c.ID, e.ID, version, in)
		})
	}
	for _, x := range []struct {
		name, field string
		in          claims.EvidenceInput
	}{
		{"unknown kind", "kind", claims.EvidenceInput{Kind: "hearsay"}},
		{"unknown item", "item", claims.EvidenceInput{Kind: "sample", Item: 9}},
		{"received before asked", "received_on", claims.EvidenceInput{Kind: "sample", AskedOn: "2026-07-01", ReceivedOn: "2026-06-30"}},
		{"asked in the future", "asked_on", claims.EvidenceInput{Kind: "sample", AskedOn: "2026-07-02"}},
		{"judged unseen", "sufficient", claims.EvidenceInput{Kind: "sample", Sufficient: new(true)}},
		{"a file nobody sent", "file_sha256", claims.EvidenceInput{Kind: "sample", ReceivedOn: "2026-07-01", FileSHA256: models.SHA256{1}}},
	} {
		_, err := set(1, x.in)
		refused(t, x.name, err, models.CodeInvalid, x.field)
	}
	full := claims.EvidenceInput{Item: 1, Kind: "labelled_photos", AskedOn: "2026-06-30", ReceivedOn: "2026-07-01", Sufficient: new(false), Note: "no labels"}
	got, err := set(1, full)
	if err != nil || got.Evidence[0].Sufficient == nil || *got.Evidence[0].Sufficient || got.Evidence[0].AskedOn != "2026-06-30" || got.Version != 2 {
		t.Fatalf("SetEvidence = %+v, %v", got, err)
	}
	_, err = set(1, full)
	refused(t, "an older version", err, models.CodeStale, "")
	got, err = do(d, func(ctx context.Context, tx *gorm.DB) (*models.Claim, error) {
		return claims.AddEvidence(ctx, tx, d.by, c.ID, got.Version, claims.EvidenceInput{Kind: "other", Note: "temperature log"})
	})
	if err != nil || len(got.Evidence) != len(c.Evidence)+1 {
		t.Errorf("AddEvidence: %d pieces, %v", len(got.Evidence), err)
	}
	got, err = do(d, func(ctx context.Context, tx *gorm.DB) (*models.Claim, error) {
		return claims.AddContact(ctx, tx, d.by, c.ID, claims.ContactInput{Channel: "phone", Direction: "in", With: "Frau Petersen", Text: "asks for an answer"})
	})
	if err != nil || len(got.Contacts) != 1 || got.Contacts[0].ByName != d.by.Name || !got.Contacts[0].At.Equal(models.Now(d.by.At)) {
		t.Errorf("AddContact = %+v, %v", got.Contacts, err)
	}
	_, err = do(d, func(ctx context.Context, tx *gorm.DB) (*models.Claim, error) {
		return claims.AddContact(ctx, tx, d.by, c.ID, claims.ContactInput{At: new(d.by.At.AddDate(0, 0, 1)), Channel: "phone", Direction: "in", With: "x", Text: "x"})
	})
	refused(t, "a contact to come", err, models.CodeInvalid, "at")
}
