package recovery_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"recourse/models"
	"recourse/recovery"
)

func TestFromLossToSettledNote(t *testing.T) {
	b := newBook(t)
	supplier := b.shared()
	if supplier.Share != cny(388353) || b.cases()[models.PartyCarrier].Share != cny(258902) {
		t.Fatalf("shares = %s and %s, want CNY 3883.53 and CNY 2589.02", supplier.Share, b.cases()[models.PartyCarrier].Share)
	}
	if *supplier.PartyID != b.purchase.PartyID || supplier.State != "open" || supplier.ToDebit != cny(388353) {
		t.Errorf("supplier's case = %+v, want open, of the contract's supplier", supplier)
	}
	n := b.issued(recovery.IssueInput{CaseID: supplier.ID, ObjectTo: "claims@example.com"})
	if n.Number != "DN-2026-0001" || n.Amount != cny(388353) || n.InWords.ZH != "叁仟捌佰捌拾叁元伍角叁分" || n.ObjectionUntil != "2026-08-11" {
		t.Errorf("note = %s %s %s, objection until %s", n.Number, n.Amount, n.InWords.ZH, n.ObjectionUntil)
	}
	c := n.Content
	if c.PurchaseContract != b.purchase.Number || c.ClaimNumber != b.claim.Number || c.Percent != 6000 || c.Total != cny(647255) || len(c.Loss) != 3 ||
		!cmp.Equal(c.Lots, []string{b.lot.Batch}) || !strings.Contains(c.Deviation.EN, "Broken corner over 10 mm (COR), quantity 1440") || !strings.Contains(c.Deviation.ZH, "缺角") || c.Clause == "" || c.Basis == "" {
		t.Errorf("content = %+v, want contract, claim, lot, formula and clause", c)
	}
	n = b.settled(n, `{"kind":"set_off","amount":{"amount":"2000.00","currency":"CNY"},"reference":"PC balance"}`)
	if n.Outstanding != cny(188353) || n.State != models.NoteIssued {
		t.Errorf("after a set-off of 2000.00: %s %s outstanding, want issued, CNY 1883.53", n.State, n.Outstanding)
	}
	// USD 265.00 at 7.11 is CNY 1884.15: 0.62 more than what it discharges.
	n = b.settled(n, `{"kind":"payment","amount":{"amount":"1883.53","currency":"CNY"},"paid":{"amount":"265.00","currency":"USD"},"rate":"7.11"}`)
	if n.State != models.NoteSettled || n.Outstanding != cny(0) || n.Settlements[1].Fx != cny(62) {
		t.Errorf("after the payment: %s, %s outstanding, exchange %s, want settled, 0.00, 0.62", n.State, n.Outstanding, n.Settlements[1].Fx)
	}
	got := b.cases()[models.PartySupplier]
	if got.State != "closed" || got.Recovered != cny(388353) || got.Outstanding != cny(0) || got.ToDebit != cny(0) {
		t.Errorf("case = %s, %s recovered, want closed with CNY 3883.53, exchange gain apart", got.State, got.Recovered)
	}
	stored := must(b, func(ctx context.Context, tx *gorm.DB) (*recovery.Note, error) {
		return recovery.NoteByNumber(ctx, tx, b.by, n.Number)
	})
	if diff := cmp.Diff(n, stored, cmp.AllowUnexported(models.Decimal{})); diff != "" {
		t.Errorf("what was answered differs from what is stored (-answered +stored):\n%s", diff)
	}
}

func TestLossIsRefused(t *testing.T) {
	b := newBook(t)
	line := func(rest string) string { return `{"lines":[{"what":"settlement",` + rest + `}]}` }
	for what, c := range map[string]struct{ body, field string }{
		"negative amount":         {line(`"amount":{"amount":"-1.00","currency":"USD"},"rate":"7","rate_on":"2026-07-28"`), "lines[0].amount"},
		"nothing":                 {line(`"amount":{"amount":"0.00","currency":"USD"},"rate":"7","rate_on":"2026-07-28"`), "lines[0].amount"},
		"three decimals":          {line(`"amount":{"amount":"1.005","currency":"USD"},"rate":"7","rate_on":"2026-07-28"`), "lines[0].amount.amount"},
		"JPY with decimals":       {line(`"amount":{"amount":"100.00","currency":"JPY"},"rate":"0.05","rate_on":"2026-07-28"`), "lines[0].amount.amount"},
		"unknown currency":        {line(`"amount":{"amount":"1.00","currency":"XXX"},"rate":"7","rate_on":"2026-07-28"`), "lines[0].amount.currency"},
		"missing rate":            {line(`"amount":{"amount":"1.00","currency":"USD"},"rate_on":"2026-07-28"`), "lines[0].rate"},
		"missing day of rate":     {line(`"amount":{"amount":"1.00","currency":"USD"},"rate":"7"`), "lines[0].rate_on"},
		"rate of tomorrow":        {line(`"amount":{"amount":"1.00","currency":"USD"},"rate":"7","rate_on":"2026-08-02"`), "lines[0].rate_on"},
		"unknown kind":            {`{"lines":[{"what":"bribe","amount":{"amount":"1.00","currency":"CNY"}}]}`, "lines[0].what"},
		"settlement above claim":  {line(`"amount":{"amount":"2523.01","currency":"USD"},"rate":"7","rate_on":"2026-07-28"`), "lines[0].amount"},
		"settlement not claimed":  {line(`"amount":{"amount":"1.00","currency":"EUR"},"rate":"8","rate_on":"2026-07-28"`), "lines[0].amount"},
		"a file nobody sent":      {`{"lines":[{"what":"duty","amount":{"amount":"1.00","currency":"CNY"},"file_sha256":"` + strings.Repeat("07", 32) + `"}]}`, "lines[0].file_sha256"},
		"larger than can be kept": {`{"lines":[{"what":"duty","amount":{"amount":"99999999999999.00","currency":"CNY"}}]}`, "lines[0].amount"},
	} {
		_, err := b.setLoss(c.body)
		refused(t, what, err, models.CodeInvalid, c.field)
	}
	if v := b.version(b.claim.ID); v != 1 {
		t.Errorf("the claim is at version %d after refusals, want 1", v)
	}
	if _, err := b.setLoss(line(`"amount":{"amount":"2523.00","currency":"USD"},"rate":"7","rate_on":"2026-07-28"`)); err != nil {
		t.Errorf("a settlement of all that was claimed: %v", err)
	}
	_, err := try(b, func(ctx context.Context, tx *gorm.DB) (*recovery.Loss, error) {
		return recovery.SetLoss(ctx, tx, b.by, b.claim.ID, 1, recovery.LossInput{}, "CNY")
	})
	refused(t, "a stale version", err, models.CodeStale, "")
}

func TestLiabilityIsRefused(t *testing.T) {
	b := newBook(t)
	if _, err := b.setLoss(lossText); err != nil {
		t.Fatal(err)
	}
	share := func(percents ...string) string {
		var parts []string
		for n, p := range percents {
			parts = append(parts, fmt.Sprintf(`{"party":%q,"percent":%q,"basis":"b"}`, []string{"supplier", "carrier", "own_company"}[n], p))
		}
		return `{"shares":[` + strings.Join(parts, ",") + `]}`
	}
	for what, c := range map[string]struct{ body, field string }{
		"99.99":            {share("60", "39.99"), "shares"},
		"100.01":           {share("60", "40.01"), "shares"},
		"three decimals":   {share("60.005", "39.995"), "shares[0].percent"},
		"negative":         {share("-10", "110"), "shares[0].percent"},
		"nobody":           {`{"shares":[]}`, "shares"},
		"without basis":    {`{"shares":[{"party":"supplier","percent":"100","basis":" "}]}`, "shares[0].basis"},
		"twice":            {`{"shares":[{"party":"carrier","percent":"50","basis":"b"},{"party":"carrier","percent":"50","basis":"b"}]}`, "shares[1].party"},
		"foreign supplier": {`{"shares":[{"party":"supplier","party_id":"` + b.sales.PartyID.String() + `","percent":"100","basis":"b"}]}`, "shares[0].party_id"},
		"unknown carrier":  {`{"shares":[{"party":"carrier","party_id":"` + models.NewID().String() + `","percent":"100","basis":"b"}]}`, "shares[0].party_id"},
		"foreign evidence": {`{"shares":[{"party":"carrier","percent":"100","basis":"b","evidence":["` + b.claim.ID.String() + `"]}]}`, "shares[0].evidence[0]"},
	} {
		_, err := b.setLiability(c.body)
		refused(t, what, err, models.CodeInvalid, c.field)
	}
	_, err := b.setLiability(share("60", "39.99"))
	if err == nil || !strings.Contains(err.Error(), "99.99") {
		t.Errorf("shares of 99.99 %% = %v, want the sum named", err)
	}
	l, err := b.setLiability(share("33.34", "33.33", "33.33"))
	if err != nil || l.Shares[0].Share.Minor+l.Shares[1].Share.Minor+l.Shares[2].Share.Minor != 647255 {
		t.Errorf("SetLiability = %+v, %v, want shares of CNY 6472.55 in all", l, err)
	}
	if cases := b.cases(); len(cases) != 2 {
		t.Errorf("%d cases, want none of our own", len(cases))
	}
}

func TestNothingFallsBelowWhatIsDebited(t *testing.T) {
	b := newBook(t)
	n := b.issued(recovery.IssueInput{CaseID: b.shared().ID})
	_, err := b.setLoss(`{"lines":[{"what":"courier","amount":{"amount":"180.00","currency":"CNY"}}]}`)
	refused(t, "a smaller loss", err, models.CodeConflict, "")
	_, err = b.setLiability(`{"shares":[{"party":"carrier","percent":"100","basis":"b"}]}`)
	refused(t, "another liable party", err, models.CodeConflict, "")
	_, err = b.setLiability(`{"shares":[{"party":"supplier","percent":"70","basis":"b"},{"party":"own_company","percent":"30","basis":"b"}]}`)
	if err != nil {
		t.Fatalf("a larger share: %v", err)
	}
	cases := b.cases()
	if got := cases[models.PartySupplier].ToDebit; got != cny(453079-388353) {
		t.Errorf("left to debit = %s, want CNY 647.26", got)
	}
	if got := cases[models.PartyCarrier]; got.Share != cny(0) || got.State != "closed" {
		t.Errorf("the carrier's case = %s, %s, want closed without a share", got.Share, got.State)
	}
	more := b.issued(recovery.IssueInput{CaseID: n.CaseID})
	if more.Amount != cny(64726) || more.Number != "DN-2026-0002" {
		t.Errorf("note of the rest = %s %s, want DN-2026-0002 of CNY 647.26", more.Number, more.Amount)
	}
}

func TestIssueIsRefused(t *testing.T) {
	b := newBook(t)
	supplier := b.shared()
	amount := func(m models.Money) *models.Money { return &m }
	_, err := b.issue(recovery.IssueInput{CaseID: supplier.ID, Amount: amount(cny(388354))})
	refused(t, "above the share", err, models.CodeConflict, "amount")
	_, err = b.issue(recovery.IssueInput{CaseID: supplier.ID, Amount: amount(cny(-1))})
	refused(t, "negative", err, models.CodeInvalid, "amount")
	_, err = b.issue(recovery.IssueInput{CaseID: supplier.ID, Amount: amount(models.Money{Minor: 1, Currency: "USD"})})
	refused(t, "another currency", err, models.CodeInvalid, "amount.currency")
	_, err = b.issue(recovery.IssueInput{CaseID: supplier.ID, IssuedOn: "2026-06-29"})
	refused(t, "before the claim", err, models.CodeInvalid, "issued_on")
	_, err = b.issue(recovery.IssueInput{CaseID: supplier.ID, IssuedOn: "2026-08-02"})
	refused(t, "tomorrow", err, models.CodeInvalid, "issued_on")
	_, err = b.issue(recovery.IssueInput{CaseID: models.NewID()})
	refused(t, "an unknown case", err, models.CodeNotFound, "")
	first := b.issued(recovery.IssueInput{CaseID: supplier.ID})
	_, err = b.issue(recovery.IssueInput{CaseID: supplier.ID})
	refused(t, "a second note for the same share", err, models.CodeConflict, "case_id")
	if first.Number != "DN-2026-0001" {
		t.Errorf("the first number is %s after refusals, want DN-2026-0001", first.Number)
	}

	cancelled, err := b.cancel(first)
	if err != nil || cancelled.State != models.NoteCancelled || cancelled.CancelReason == "" {
		t.Fatalf("Cancel = %+v, %v", cancelled, err)
	}
	second := b.issued(recovery.IssueInput{CaseID: supplier.ID, ReplacesID: &first.ID, Amount: amount(cny(100000))})
	if second.Number != "DN-2026-0002" || *second.ReplacesID != first.ID {
		t.Errorf("reissued as %s replacing %v", second.Number, second.ReplacesID)
	}
	_, err = b.issue(recovery.IssueInput{CaseID: supplier.ID, ReplacesID: &first.ID})
	refused(t, "replaced twice", err, models.CodeConflict, "replaces_id")
	_, err = b.issue(recovery.IssueInput{CaseID: supplier.ID, ReplacesID: &second.ID})
	refused(t, "replacing one that stands", err, models.CodeConflict, "replaces_id")
	_, err = b.cancel(cancelled)
	refused(t, "cancelled twice", err, models.CodeConflict, "state")
}

// TestIssuedNoteIsFrozen changes everything that a note was made from.
func TestIssuedNoteIsFrozen(t *testing.T) {
	b := newBook(t)
	n := b.issued(recovery.IssueInput{CaseID: b.shared().ID})
	more := strings.Replace(lossText, `"180.00"`, `"999.00"`, 1)
	if _, err := b.setLoss(more); err != nil {
		t.Fatal(err)
	}
	if _, err := b.setLiability(strings.Replace(liabilityText, "corner protection missing against contract", "changed", 1)); err != nil {
		t.Fatal(err)
	}
	now := must(b, func(ctx context.Context, tx *gorm.DB) (*recovery.Note, error) {
		return recovery.GetNote(ctx, tx, b.by, n.ID)
	})
	if diff := cmp.Diff(n, now, cmp.AllowUnexported(models.Decimal{})); diff != "" {
		t.Errorf("an issued note changed (-issued +now):\n%s", diff)
	}
}

func TestReaders(t *testing.T) {
	b := newBook(t)
	n := b.issued(recovery.IssueInput{CaseID: b.shared().ID})
	inspector := models.Actor{UserID: models.NewID(), Roles: []models.Role{models.Inspector}, At: now}
	foreign := models.Actor{UserID: models.NewID(), Roles: []models.Role{models.Sales}, OwnOnly: true, At: now}
	for _, c := range []struct {
		by   models.Actor
		want models.Code
	}{{inspector, models.CodeForbidden}, {foreign, models.CodeNotFound}} {
		_, loss := try(b, func(ctx context.Context, tx *gorm.DB) (*recovery.Loss, error) {
			return recovery.GetLoss(ctx, tx, c.by, b.claim.ID, "CNY")
		})
		_, note := try(b, func(ctx context.Context, tx *gorm.DB) (*recovery.Note, error) {
			return recovery.GetNote(ctx, tx, c.by, n.ID)
		})
		_, proposal := try(b, func(ctx context.Context, tx *gorm.DB) ([]recovery.Proposal, error) {
			return recovery.ProposeLiability(ctx, tx, c.by, b.claim.ID)
		})
		for _, err := range []error{loss, note, proposal} {
			refused(t, fmt.Sprint(c.by.Roles), err, c.want, "")
		}
	}
	sums := must(b, func(ctx context.Context, tx *gorm.DB) (*recovery.AgeingReport, error) {
		return recovery.AgeingOf(ctx, tx, foreign, recovery.AgeingInput{PartyID: n.PartyID})
	})
	if len(sums.Items) != 0 {
		t.Errorf("ageing shows %d rows of foreign customers, want none", len(sums.Items))
	}
	sales := models.Actor{UserID: models.NewID(), Roles: []models.Role{models.Sales}, At: now}
	_, err := try(b, func(ctx context.Context, tx *gorm.DB) (*recovery.Note, error) {
		return recovery.Acknowledge(ctx, tx, sales, n.ID, n.Version)
	})
	refused(t, "sales moving money", err, models.CodeForbidden, "")
}
