package server

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"gorm.io/gorm"

	"recourse/contracts/contractstest"
	"recourse/models"
	"recourse/recovery"
)

// loss is a site with a claim of USD 2088.00 on inspected goods, and who gets the money back.
type loss struct {
	*site
	supplier models.ID
	customer models.ID
	claim    models.ID
	finance  *client
}

func newLoss(t testing.TB) *loss {
	t.Helper()
	l := &loss{site: newSite(t)}
	purchase := contractstest.MustPurchase(t, l.DB)
	sales := contractstest.MustSales(t, l.DB, purchase)
	lot := contractstest.MustLot(t, l.DB, purchase.Lines[0].ID)
	l.finance, l.supplier, l.customer = l.as(t, models.Finance), purchase.PartyID, sales.PartyID
	c := models.Claim{
		ID: models.NewID(), Number: "CLM-2026-000001", CustomerID: sales.PartyID, SalesContractID: sales.ID, ReceivedOn: "2026-04-10",
		State: models.ClaimNegotiating, Version: 1, CreatedAt: l.now, UpdatedAt: l.now,
	}
	i := models.ClaimItem{
		ID: models.NewID(), ClaimID: c.ID, ItemNo: 1, Reason: models.ReasonQuality, SalesLineID: sales.Lines[0].ID, LotID: &lot.ID, Defect: "COR",
		Quantity: models.Pieces(1440), Claimed: models.Money{Minor: 208800, Currency: "USD"}, Version: 1,
	}
	err := l.DB.Tx(t.Context(), func(tx *gorm.DB) error {
		if err := gorm.G[models.Claim](tx).Create(t.Context(), &c); err != nil {
			return err
		}
		return gorm.G[models.ClaimItem](tx).Create(t.Context(), &i)
	})
	if err != nil {
		t.Fatal(err)
	}
	l.claim = c.ID
	return l
}

func (l *loss) path(below string) string { return "/api/v1/claims/" + l.claim.String() + below }

// shared sets loss and shares and returns the supplier's case.
func (l *loss) shared(t testing.TB) (c recovery.Case) {
	t.Helper()
	r := l.finance.want(200, "GET", l.path("/loss"), nil, nil)
	r = l.finance.want(200, "PUT", l.path("/loss"), `{"lines":[{"what":"settlement","amount":{"amount":"626.40","currency":"USD"},"rate":"7.18","rate_on":"2026-04-18"},
		{"what":"survey","amount":{"amount":"250.00","currency":"USD"},"rate":"7.18","rate_on":"2026-04-18"},{"what":"courier","amount":{"amount":"180.00","currency":"CNY"}}]}`, nil, "If-Match", r.header.Get("ETag"))
	l.finance.want(200, "PUT", l.path("/liability"), `{"shares":[{"party":"supplier","percent":"60","basis":"corner protection missing"},{"party":"carrier","percent":"40","basis":"exception noted"}]}`, nil, "If-Match", r.header.Get("ETag"))
	var page struct{ Items []recovery.Case }
	l.finance.want(200, "GET", "/api/v1/recovery-cases?party=supplier&claim_id="+l.claim.String(), nil, &page)
	if len(page.Items) != 1 {
		t.Fatalf("%d cases of the supplier, want 1", len(page.Items))
	}
	return page.Items[0]
}

func TestFromLossToSettledNoteOverHTTP(t *testing.T) {
	l := newLoss(t)
	c := l.shared(t)
	if c.Share.String() != "CNY 3883.53" {
		t.Errorf("supplier's share = %s, want CNY 3883.53", c.Share)
	}
	notice := l.finance.want(200, "POST", "/api/v1/recovery-cases/"+c.ID.String()+"/notice", `{"notice_on":"2026-04-11"}`, nil, "If-Match", fmt.Sprintf("%q", fmt.Sprint(c.Version)))
	if !strings.Contains(string(notice.body), `"notice_on":"2026-04-11"`) {
		t.Errorf("notice = %s", notice.body)
	}
	issue := fmt.Sprintf(`{"case_id":%q,"object_to":"claims@example.com"}`, c.ID)
	var n, again recovery.Note
	first := l.finance.want(201, "POST", "/api/v1/debit-notes", issue, &n, "Idempotency-Key", "issue-1")
	l.finance.want(201, "POST", "/api/v1/debit-notes", issue, &again, "Idempotency-Key", "issue-1")
	if n.Number != "DN-2026-0001" || again.ID != n.ID || n.InWords.ZH != "叁仟捌佰捌拾叁元伍角叁分" {
		t.Errorf("issued %s (%s), repeated %s, want one DN-2026-0001", n.Number, n.InWords.ZH, again.Number)
	}
	l.finance.refused(409, "case_id", "POST", "/api/v1/debit-notes", issue, "Idempotency-Key", "issue-2")
	path := "/api/v1/debit-notes/" + n.ID.String()
	for _, method := range []string{"PUT", "PATCH", "DELETE"} {
		if r := l.finance.do(method, path, `{"amount":{"amount":"1.00","currency":"CNY"}}`, "If-Match", first.header.Get("ETag")); r.status != http.StatusMethodNotAllowed {
			t.Errorf("%s of an issued note = %d, want 405", method, r.status)
		}
	}
	at := first.header.Get("ETag")
	l.finance.refused(409, "amount", "POST", path+"/settlements", `{"kind":"payment","amount":{"amount":"3883.54","currency":"CNY"}}`, "If-Match", at)
	l.finance.refused(428, "If-Match", "POST", path+"/settlements", `{"kind":"payment","amount":{"amount":"1.00","currency":"CNY"}}`)
	setOff := `{"kind":"set_off","amount":{"amount":"2000.00","currency":"CNY"},"reference":"PC balance"}`
	r := l.finance.want(201, "POST", path+"/settlements", setOff, &n, "If-Match", at, "Idempotency-Key", "set-off")
	l.finance.want(201, "POST", path+"/settlements", setOff, &n, "If-Match", at, "Idempotency-Key", "set-off")
	if n.Outstanding.String() != "CNY 1883.53" || len(n.Settlements) != 1 {
		t.Errorf("after one set-off sent twice: %s outstanding, %d movements, want CNY 1883.53, 1", n.Outstanding, len(n.Settlements))
	}
	r = l.finance.want(201, "POST", path+"/settlements/"+n.Settlements[0].ID.String()+"/reversal", `{"reason":"wrong payable"}`, &n, "If-Match", r.header.Get("ETag"))
	r = l.finance.want(200, "POST", path+"/object", `{"objection":"不认可"}`, nil, "If-Match", r.header.Get("ETag"))
	r = l.finance.want(200, "POST", path+"/accept-in-part", `{"amount":{"amount":"1000.00","currency":"CNY"}}`, nil, "If-Match", r.header.Get("ETag"))
	r = l.finance.want(200, "POST", path+"/acknowledge", nil, nil, "If-Match", r.header.Get("ETag"))
	l.finance.want(200, "POST", path+"/cancel", `{"reason":"wrong clause"}`, &n, "If-Match", r.header.Get("ETag"))
	if n.State != models.NoteCancelled || n.Outstanding.Minor != 0 {
		t.Errorf("at the end %s with %s outstanding, want cancelled, nothing", n.State, n.Outstanding)
	}
	var statement recovery.Statement
	l.finance.want(200, "GET", "/api/v1/suppliers/"+l.supplier.String()+"/statement?from=2026-04-01&to=2026-04-30", nil, &statement)
	if len(statement.Accounts) != 1 || len(statement.Accounts[0].Movements) != 4 || statement.Accounts[0].Closing.Minor != 0 {
		t.Errorf("statement = %+v, want note, set-off, reversal and cancellation", statement)
	}
	l.finance.want(200, "GET", "/api/v1/ageing", nil, nil)
	l.finance.want(200, "GET", "/api/v1/debit-notes?open=false", nil, nil)
	l.finance.want(200, "GET", l.path("/liability"), nil, nil)
	l.finance.want(200, "GET", l.path("/liability/proposal"), nil, nil)
	l.finance.want(200, "POST", l.path("/what-if"), `{"offer":{"amount":"500.00","currency":"USD"}}`, nil)
}

func TestWhoSeesTheMoney(t *testing.T) {
	l := newLoss(t)
	c := l.shared(t)
	foreign := l.salesOf(t, contractstest.MustCustomer(t, l.DB).ID)
	own := l.salesOf(t, l.customer)
	for _, path := range []string{l.path("/loss"), l.path("/liability"), l.path("/liability/proposal"), "/api/v1/recovery-cases/" + c.ID.String()} {
		l.as(t, models.Inspector).refused(403, "", "GET", path, nil)
		l.as(t, models.Viewer).refused(403, "", "GET", path, nil)
		foreign.refused(404, "", "GET", path, nil)
		own.want(200, "GET", path, nil, nil)
		l.as(t, models.Purchasing).want(200, "GET", path, nil, nil)
	}
	var page struct{ Items []recovery.Case }
	if foreign.want(200, "GET", "/api/v1/recovery-cases", nil, &page); len(page.Items) != 0 {
		t.Errorf("a list shows %d cases of foreign customers, want none", len(page.Items))
	}
}

func TestCorrectiveActionOverHTTP(t *testing.T) {
	l := newLoss(t)
	buyer := l.as(t, models.Purchasing)
	var a models.CorrectiveAction
	r := buyer.want(201, "POST", "/api/v1/corrective-actions", fmt.Sprintf(`{"claim_id":%q,"problem":"corners crushed"}`, l.claim), &a)
	path := "/api/v1/corrective-actions/" + a.ID.String()
	r = buyer.want(200, "PUT", path+"/steps/containment/answer", `{"answer":"stock sorted"}`, nil, "If-Match", r.header.Get("ETag"))
	r = buyer.want(200, "PUT", path+"/steps/containment/review", `{"accepted":true}`, &a, "If-Match", r.header.Get("ETag"))
	if a.SupplierID != l.supplier || a.NextDueOn != "2026-04-27" {
		t.Errorf("action = %+v, want of the claim's supplier, next due 2026-04-27", a)
	}
	buyer.refused(422, "inspection_id", "POST", path+"/verify", `{"effective":true,"verification":"x"}`, "If-Match", r.header.Get("ETag"))
	buyer.refused(409, "state", "POST", path+"/verify", fmt.Sprintf(`{"inspection_id":%q,"effective":true,"verification":"x"}`, models.NewID()), "If-Match", r.header.Get("ETag"))
	l.as(t, models.Viewer).want(200, "GET", path, nil, nil)
	l.as(t, models.Inspector).refused(403, "", "GET", path, nil)
	var page struct{ Items []models.CorrectiveAction }
	if buyer.want(200, "GET", "/api/v1/corrective-actions?due_before=2026-04-28", nil, &page); len(page.Items) != 1 {
		t.Errorf("%d overdue on 2026-04-28, want 1", len(page.Items))
	}
	buyer.want(200, "POST", path+"/cancel", `{"reason":"supplier closed down"}`, nil, "If-Match", r.header.Get("ETag"))
}
