package sheets

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"gorm.io/gorm"

	"recourse/claims"
	"recourse/contracts/contractstest"
	"recourse/database"
	"recourse/database/databasetest"
	"recourse/models"
)

var (
	claimTitlesZH = []string{"客户索赔编号", "销售合同号", "提单号", "收到日期", "理由", "合同行号", "批号", "索赔数量", "单位", "索赔金额", "币种", "验货时可见", "发现日期", "索赔内容"}
	claimTitlesEN = []string{"Customer's reference", "Sales contract", "Bill of lading", "Received on", "Reason", "Contract line", "Batch", "Quantity claimed", "Unit", "Amount claimed", "Currency", "Apparent", "Discovered on", "As stated"}
)

// Where the cells of the titles above stand.
const (
	atReference = iota
	atContract
	atBill
	atReceived
	atReason
	atLine
	atBatch
	atQuantity
	atUnit
	atAmount
	atCurrency
	atApparent
	atDiscovered
	atText
)

// sales is a database with 12000 sheets that were sold and shipped, loaded on 2026-04-24. It is 1 July.
type sales struct {
	db       *database.DB
	by       models.Actor
	contract *models.Contract
	shipment *models.Shipment
	lot      *models.Lot
}

func shipped(t testing.TB) sales {
	t.Helper()
	db := databasetest.Open(t)
	purchase := contractstest.MustPurchase(t, db)
	s := sales{db: db, by: models.System("test", time.Date(2026, 7, 1, 8, 0, 0, 0, time.UTC)), contract: contractstest.MustSales(t, db, purchase)}
	s.lot = contractstest.MustLot(t, db, purchase.Lines[0].ID)
	s.shipment = contractstest.MustShipment(t, db, s.contract, s.lot)
	return s
}

// row is a good row of a claim, with cells changed: set(atQuantity, 5).
func (s sales) row(reference string, set ...any) []any {
	row := []any{reference, s.contract.Number, s.shipment.BillOfLading, "2026-06-30", "quality", "1", s.lot.Batch, "100", s.contract.Lines[0].Unit, "145.00", "USD", "yes", "2026-06-20", "broken corners"}
	for i := 0; i < len(set); i += 2 {
		row[set[i].(int)] = set[i+1]
	}
	return row
}

// claimBook is a workbook of claims with these titles and rows.
func claimBook(t testing.TB, titles []string, rows ...[]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetSheetName("Sheet1", "索赔"); err != nil {
		t.Fatal(err)
	}
	for i, row := range append([][]any{anys(titles)}, rows...) {
		if err := f.SetSheetRow("索赔", "A"+strconv.Itoa(i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func anys(texts []string) []any {
	all := make([]any, len(texts))
	for i, s := range texts {
		all[i] = s
	}
	return all
}

func (s sales) load(t testing.TB, data []byte, dry bool) (*ClaimsPreview, error) {
	t.Helper()
	sheet, err := Read(data)
	if err != nil {
		return nil, err
	}
	var p *ClaimsPreview
	err = s.db.Tx(t.Context(), func(tx *gorm.DB) (err error) {
		p, err = ImportClaims(t.Context(), tx, s.by, sheet, dry)
		return err
	})
	return p, err
}

// stored are the claims in the books, the oldest first.
func (s sales) stored(t testing.TB) (all []claims.Summary) {
	t.Helper()
	err := s.db.View(t.Context(), func(tx *gorm.DB) error {
		page, err := claims.List(t.Context(), tx, s.by, database.Query{Sort: "id", Limit: "200"})
		all = page.Items
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestImportClaims(t *testing.T) {
	s := shipped(t)
	data := claimBook(t, claimTitlesZH,
		s.row("Rekl. 1", atReceived, "２０２６年６月３０日", atReason, "品质不符 / Quality", atQuantity, "１２００．５", atAmount, "１７４０．７３", atCurrency, "ｕｓｄ", atApparent, "是"),
		s.row("R-2", atReceived, 46203, atReason, "Late delivery", atQuantity, "", atAmount, 1200, atCurrency, "JPY", atApparent, "否", atDiscovered, ""),
		s.row("rekl. １", atReceived, "2026/6/30", atReason, "唛头", atQuantity, 7.25, atDiscovered, "2026．6．1", atText, "“原文”（两处），标签错"),
		s.row("Rekl. 1", atBill, "", atReceived, "", atBatch, "", atUnit, ""),
	)
	p, err := s.load(t, data, true)
	if err != nil || p.Stored || p.Rows != 4 || len(p.Claims) != 2 || len(p.Errors) != 0 || p.Claims[0].ID != nil || p.Claims[0].Number != "" {
		t.Fatalf("preview = %+v, %v, want two claims of four rows, not stored", p, err)
	}
	if got := s.stored(t); len(got) != 0 {
		t.Fatalf("a preview stored %d claims, want none", len(got))
	}
	p, err = s.load(t, data, false)
	if err != nil || !p.Stored {
		t.Fatalf("import = %+v, %v, want it stored", p, err)
	}
	if first := p.Claims[0]; !strings.HasPrefix(first.Number, "CLM-2026-") || first.Items != 3 || first.Row != 2 || first.Claimed[0].String() != "USD 2030.73" {
		t.Errorf("first claim = %+v, want a number, row 2 and three items", first)
	}
	got := s.stored(t)
	if len(got) != 2 || got[0].ReceivedOn != "2026-06-30" || got[1].ReceivedOn != "2026-06-30" || got[0].ShipmentID == nil || *got[0].ShipmentID != s.shipment.ID {
		t.Fatalf("stored %+v, want two claims of 2026-06-30 on the shipment", got)
	}
	var items []string
	for _, i := range slices.Concat(got[0].Items, got[1].Items) {
		items = append(items, fmt.Sprintln(i.ItemNo, i.Reason, i.Quantity, i.Claimed, i.Apparent, i.DiscoveredOn, i.LotID != nil, i.Text))
	}
	want := []string{
		"1 quality 1200.5 USD 1740.73 true 2026-06-20 true broken corners", "2 marks 7.25 USD 145.00 true 2026-06-01 true “原文”（两处），标签错",
		"3 quality 100 USD 145.00 true 2026-06-20 false broken corners", "1 late_delivery 0 JPY 1200 false true broken corners",
	}
	for i := range items {
		items[i] = strings.Join(strings.Fields(items[i]), " ")
	}
	if diff := cmp.Diff(want, items); diff != "" {
		t.Errorf("items (-want +got):\n%s", diff)
	}
	p, err = s.load(t, data, true)
	if err != nil || len(p.Errors) != 2 || p.Errors[0].Field != "customer_reference" || !strings.Contains(p.Errors[0].Message.EN, got[0].Number) {
		t.Errorf("the same sheet again: %+v, %v, want both references refused", p, err)
	}
}

func TestClaimRowErrors(t *testing.T) {
	s := shipped(t)
	rows := [][]any{
		s.row("sum", atQuantity, 7000), s.row("sum", atQuantity, 5001), // above shipped, over the rows of a claim
		s.row("others", atQuantity, 5001), // and over the claims of the sheet
		s.row("early", atReceived, "2026-04-23", atDiscovered, ""),
		s.row("line", atLine, 9), s.row("no line", atLine, ""),
		s.row("above", atQuantity, 12000.001),
		s.row("negative", atAmount, -1), s.row("negative quantity", atQuantity, -5), s.row("cents", atAmount, "1.005"), s.row("yen", atAmount, "10.5", atCurrency, "JPY"),
		s.row("currency", atCurrency, "XXX"), s.row("grouped", atAmount, "1，200.00"),
		s.row("order", atDiscovered, "2026-07-01"), s.row("before", atDiscovered, "2026-04-01"), s.row("future", atReceived, "2026年7月2日"), s.row("american", atReceived, "6/30/2026"),
		s.row("reason", atReason, "no idea"), s.row("contract", atContract, "SC-NONE"), s.row("bill", atBill, "NONE"), s.row("batch", atBatch, "NONE"),
		s.row("unit", atUnit, "carton"), s.row("apparent", atApparent, ""), s.row("", atText, "no reference"),
		s.row("two days"), s.row("two days", atReceived, "2026-06-29"),
	}
	want := []string{
		"3 quantity", "4 quantity", "5 received_on", "6 sales_line_id", "7 sales_line_id", "8 quantity", "9 claimed.amount", "10 quantity", "11 claimed.amount", "12 claimed.amount",
		"13 claimed.currency", "14 claimed.amount", "15 discovered_on", "16 discovered_on", "17 received_on", "18 received_on", "19 reason", "20 sales_contract_id",
		"21 shipment_id", "22 lot_id", "23 unit", "24 apparent", "25 customer_reference", "27 received_on",
	}
	for name, titles := range map[string][]string{"Chinese": claimTitlesZH, "English": claimTitlesEN} {
		p, err := s.load(t, claimBook(t, titles, rows...), true)
		if err != nil {
			t.Fatal(err)
		}
		got := make([]string, len(p.Errors))
		for i, e := range p.Errors {
			got[i] = fmt.Sprint(e.Row, " ", e.Field)
			if e.Sheet != "索赔" || !slices.Contains(titles, e.Column) || e.Message.ZH == "" || e.Message.EN == "" || strings.Contains(e.Message.EN+e.Message.ZH, "%!") {
				t.Errorf("%s: error %+v, want sheet, column and both languages", name, e)
			}
		}
		slices.SortFunc(got, func(a, b string) int {
			x, _ := strconv.Atoi(strings.Fields(a)[0])
			y, _ := strconv.Atoi(strings.Fields(b)[0])
			return x - y
		})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s titles: errors (-want +got):\n%s", name, diff)
		}
		if len(p.Claims) != 0 {
			t.Errorf("%s titles: claims %+v, want none listed as good", name, p.Claims)
		}
	}
	_, err := s.load(t, claimBook(t, claimTitlesZH, append(rows, s.row("good"))...), false)
	if !models.IsCode(err, models.CodeInvalid) || !strings.Contains(err.Error(), "24 errors") {
		t.Errorf("import with errors = %v, want it refused with their number", err)
	}
	if left := s.stored(t); len(left) != 0 {
		t.Errorf("a refused sheet stored %d claims, want none", len(left))
	}
	if p, err := s.load(t, claimBook(t, claimTitlesEN, s.row("all", atQuantity, 12000)), false); err != nil || !p.Stored {
		t.Errorf("all that was shipped, after refusals = %+v, %v, want nothing held by them", p, err)
	}
}

func TestClaimsOfACSV(t *testing.T) {
	s := shipped(t)
	line := func(cells []any) string { return strings.Trim(fmt.Sprintf("%q", cells), "[]") }
	text := func(rows ...[]any) []byte {
		var b strings.Builder
		b.WriteString("\ufeff")
		for _, row := range rows {
			b.WriteString(strings.ReplaceAll(line(row), `" "`, `","`) + "\r\n")
		}
		return []byte(b.String())
	}
	data := append(text(anys(claimTitlesZH)), "\r\n\r\n"...)
	data = append(data, text(s.row("a"), s.row("b", atLine, "x"))[len("\ufeff"):]...)
	p, err := s.load(t, data, true)
	if err != nil || len(p.Claims) != 1 || p.Claims[0].Row != 4 || len(p.Errors) != 1 || p.Errors[0].Row != 5 || p.Errors[0].Sheet != "" {
		t.Errorf("CSV with two empty lines = %+v, %v, want the rows 4 and 5", p, err)
	}
	for name, data := range map[string][]byte{
		"formula": text(anys(claimTitlesZH), s.row("a", atAmount, "=SUM(A1:A9)")), "full-width formula": text(anys(claimTitlesZH), s.row("a", atAmount, "＝1+1")),
	} {
		if _, err := s.load(t, data, true); !models.IsCode(err, models.CodeInvalid) || !strings.Contains(err.Error(), "J2") {
			t.Errorf("%s = %v, want cell J2 refused", name, err)
		}
	}
}

// TestLargeSheetOfClaims: a large sheet is entered whole, one of mistakes is not
// looked at to its end, and more than a sheet may hold is refused by its limit.
func TestLargeSheetOfClaims(t *testing.T) {
	s := shipped(t)
	rows := make([][]any, MaxImport)
	for i := range rows {
		rows[i] = s.row("R-"+strconv.Itoa(i/(MaxImport/MaxClaims)), atQuantity, 1)
	}
	const part = 10 // of what is allowed, so that the race detector comes to an end
	p, err := s.load(t, claimBook(t, claimTitlesEN, rows[:MaxImport/part]...), true)
	if err != nil || len(p.Errors) != 0 || len(p.Claims) != MaxClaims/part {
		t.Fatalf("preview of %d rows: %v, want %d claims without errors", MaxImport/part, err, MaxClaims/part)
	}
	for i := range rows {
		rows[i][atQuantity] = 13_000
	}
	p, err = s.load(t, claimBook(t, claimTitlesEN, rows...), true)
	if err != nil || len(p.Errors) < maxErrors || len(p.Errors) > maxErrors+200 {
		t.Errorf("%d bad rows: %d errors, %v, want little more than %d", MaxImport, len(p.Errors), err, maxErrors)
	}
	over := append(rows[:0:0], rows...)
	over[0] = s.row("one more")
	for name, rows := range map[string][][]any{"a claim more": over, "a row more": append(rows, s.row("R-0"))} {
		if _, err := s.load(t, claimBook(t, claimTitlesEN, rows...), true); !models.IsCode(err, models.CodeTooLarge) || !strings.Contains(err.Error(), "split it") {
			t.Errorf("%s = %v, want too_large", name, err)
		}
	}
}

func TestClaimTemplateIsReadBack(t *testing.T) {
	s := shipped(t)
	var out bytes.Buffer
	err := s.db.View(t.Context(), func(tx *gorm.DB) error {
		out.Reset()
		return ClaimTemplate(t.Context(), tx, s.by, &out)
	})
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	titles, err := f.GetRows(claimsSheet)
	if err != nil {
		t.Fatal(err)
	}
	columns, err := columnsOf(titles[0], claimFields)
	if err != nil || len(columns) != len(claimFields) {
		t.Fatalf("titles %q are read as %v, %v", titles, columns, err)
	}
	choices, err := f.GetDataValidations(claimsSheet)
	if err != nil || len(choices) != 6 {
		t.Errorf("%d drop-downs, %v, want customers, contracts, reasons, units, currencies, apparent", len(choices), err)
	}
	offered := map[string]string{}
	for name, i := range columns {
		letter, _ := excelize.ColumnNumberToName(i + 1)
		offered[name], _ = f.GetCellValue(listsSheet, letter+"1")
	}
	if offered["sales_contract_id"] != s.contract.Number || offered["reason"] != "品名不符 / Wrong name" || offered["currency"] != "" || offered["claimed.currency"] != "CNY" || offered["customer_id"] == "" {
		t.Errorf("the lists begin with %v, want the contract, the first reason and currency", offered)
	}
	for name, value := range map[string]any{"customer_reference": "R-9", "sales_contract_id": s.contract.Number, "customer_id": offered["customer_id"], "received_on": time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC),
		"reason": "品质不符 / Quality", "sales_line_id": 1, "quantity": 1440, "claimed.amount": 2088, "claimed.currency": "USD", "apparent": "是"} {
		cell, _ := excelize.CoordinatesToCellName(columns[name]+1, 2)
		if err := f.SetCellValue(claimsSheet, cell, value); err != nil {
			t.Fatal(err)
		}
	}
	out.Reset()
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	if p, err := s.load(t, out.Bytes(), false); err != nil || !p.Stored {
		t.Fatalf("the template filled in = %+v, %v", p, err)
	}
	if got := s.stored(t)[0]; got.ReceivedOn != "2026-06-30" || got.Items[0].Quantity != models.Pieces(1440) || got.Items[0].Claimed.Minor != 208800 {
		t.Errorf("stored %+v, want what the template said", got)
	}
}
