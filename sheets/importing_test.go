package sheets

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"gorm.io/gorm"

	"recourse/contracts"
	"recourse/contracts/contractstest"
	"recourse/database"
	"recourse/database/databasetest"
	"recourse/models"
)

var columnsGiven = []string{"合同号", "Party code", "currency", "signed_on", "line", "product_id", "quantity", "unit_price", "standard_id", "tolerance_percent", "specification"}

// book is a workbook with the columns above and these rows.
func book(t testing.TB, rows [][]any, change ...func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	titles := columnsGiven
	if err := f.SetSheetRow("Sheet1", "A1", &titles); err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		if err := f.SetSheetRow("Sheet1", "A"+strconv.Itoa(i+2), &row); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range change {
		c(f)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// books are a database with what contracts refer to.
type books struct {
	db                          *database.DB
	supplier, product, standard string
}

func open(t testing.TB) books {
	db := databasetest.Open(t)
	s := contractstest.MustStandard(t, db)
	return books{db, contractstest.MustSupplier(t, db).Code, contractstest.MustProduct(t, db).Code, fmt.Sprintf("%s v%d", s.Code, s.VersionNo)}
}

func (b books) row(number string, line, quantity any) []any {
	return []any{number, b.supplier, "CNY", "2026年3月2日", line, b.product, quantity, "6.80", b.standard, 5, "595 × 595 × 7.5 mm 白色"}
}

func (b books) load(t testing.TB, data []byte, dry bool) (*Preview, error) {
	t.Helper()
	s, err := Read(data)
	if err != nil {
		return nil, err
	}
	var p *Preview
	err = b.db.Tx(t.Context(), func(tx *gorm.DB) (err error) {
		p, err = ImportContracts(t.Context(), tx, contractstest.System(), models.PurchaseContract, s, dry)
		return err
	})
	return p, err
}

func (b books) stored(t testing.TB) (all []models.Contract) {
	t.Helper()
	err := b.db.View(t.Context(), func(tx *gorm.DB) error {
		page, err := contracts.ListContracts(t.Context(), tx, contractstest.System(), database.Query{Sort: "id"})
		all = page.Items
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestImportContracts(t *testing.T) {
	b := open(t)
	data := book(t, [][]any{b.row("PC-1", 1, "１２００"), b.row("PC-2", 1, 37.125), b.row("ｐｃ-1", 2, 1.1), {"PC-1", "", "", "", 3, b.product, 5, "", b.standard}},
		func(f *excelize.File) { _ = f.SetCellValue("Sheet1", "D3", 46132) })
	p, err := b.load(t, data, true)
	if err != nil || p.Stored || len(p.Errors) != 0 || len(p.Contracts) != 2 || p.Rows != 4 || p.Contracts[0].ID != nil {
		t.Fatalf("preview = %+v, %v, want two contracts of four rows, not stored", p, err)
	}
	if got := b.stored(t); len(got) != 0 {
		t.Fatalf("a preview stored %d contracts, want none", len(got))
	}
	if p, err = b.load(t, data, false); err != nil || !p.Stored || p.Contracts[0].ID == nil {
		t.Fatalf("import = %+v, %v, want it stored", p, err)
	}
	got := b.stored(t)
	if len(got) != 2 || got[0].Number != "PC-1" || len(got[0].Lines) != 3 || got[0].SignedOn != "2026-03-02" || got[1].SignedOn != "2026-04-20" {
		t.Fatalf("stored %+v, want PC-1 with three lines of 2026-03-02 and PC-2 of 2026-04-20", got)
	}
	l := got[0].Lines
	if l[0].Quantity != 1_200_000 || l[1].Quantity != 1100 || l[0].UnitPrice.String() != "6.80" || l[0].Specification != "595 × 595 × 7.5 mm 白色" || l[0].TolerancePercent.String() != "5" {
		t.Errorf("lines %+v, want 1200 and 1.1 at 6.80 with the Chinese specification", l)
	}
	if p, err = b.load(t, data, true); err != nil || len(p.Errors) != 2 || p.Errors[0].Field != "number" {
		t.Errorf("the same sheet again: %+v, %v, want both numbers in use", p, err)
	}
}

func TestPreviewListsEveryRowError(t *testing.T) {
	b := open(t)
	rows := [][]any{
		b.row("PC-1", 1, "1,200"), b.row("PC-1", 1, 5), b.row("PC-1", 1, 6), b.row("PC-1", 3, -5), b.row("PC-1", 4, "12.3456"),
		b.row("PC-2", "x", 5), b.row("PC-3", 1, 5), b.row("PC-4", 1, 5), b.row("PC-5", 1, 5), b.row("PC-5", 2, 5), b.row("PC-6", 1, 0),
	}
	rows[6][1], rows[6][3] = "NOBODY", "4/20/2026"
	rows[7][2] = "XXX"
	rows[8][5], rows[9][1] = "NO-PRODUCT", "OTHER"
	rows = append(rows, b.row("PC-7", 1, 5), b.row("PC-7", 2, 5), b.row("PC-7", 3, 5))
	rows[11][9], rows[12][7], rows[13][8] = 60, "1.2345678", "QS-NONE v9"
	data := book(t, rows)
	p, err := b.load(t, data, true)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range p.Errors {
		got = append(got, fmt.Sprintf("%d %s", e.Row, e.Field))
		if e.Message.ZH == "" || e.Message.EN == "" || e.Column == "" {
			t.Errorf("error %+v lacks a column or a language", e)
		}
	}
	want := []string{"2 quantity", "4 line", "5 quantity", "6 quantity", "7 line", "8 party_id", "8 signed_on", "9 currency", "10 product_id", "11 party_id",
		"12 quantity", "13 tolerance_percent", "14 unit_price", "15 standard_id"}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("errors %q, want %q", got, want)
	}
	if len(p.Contracts) != 0 {
		t.Errorf("contracts %+v, want none listed as good", p.Contracts)
	}
	rows = append(rows, b.row("PC-GOOD", 1, 5))
	_, err = b.load(t, book(t, rows), false)
	if !models.IsCode(err, models.CodeInvalid) {
		t.Errorf("import with errors = %v, want it refused", err)
	}
	if left := b.stored(t); len(left) != 0 {
		t.Errorf("a refused sheet stored %d contracts, want none", len(left))
	}
}

func TestReadCSV(t *testing.T) {
	b := open(t)
	for name, separator := range map[string]string{"comma": ",", "semicolon": ";"} {
		row := []string{"PC-" + name, b.supplier, "cny", "2026/3/2", "1", b.product, "1200", "6.80", b.standard, "5", "'=原文"}
		data := "\ufeff" + strings.Join(columnsGiven, separator) + "\r\n" + strings.Join(row, separator) + "\r\n"
		if p, err := b.load(t, []byte(data), false); err != nil || !p.Stored {
			t.Errorf("CSV with %s: %+v, %v, want it stored", name, p, err)
		}
	}
	if got := b.stored(t); len(got) != 2 || got[0].Lines[0].Specification != "=原文" || got[0].Currency != "CNY" {
		t.Errorf("stored %+v, want the text as it was before it was made safe", got)
	}
}

// rezip changes the parts of a workbook.
func rezip(t testing.TB, data []byte, extra map[string]string) []byte {
	t.Helper()
	old, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	write := func(name, text string) {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, part := range old.File {
		if _, replaced := extra[part.Name]; replaced {
			continue
		}
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		write(part.Name, string(text))
	}
	for name, text := range extra {
		write(name, text)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRefusedFiles(t *testing.T) {
	b := open(t)
	good := [][]any{b.row("PC-1", 1, 5)}
	plain := book(t, good)
	percent, format := book(t, good, func(f *excelize.File) {
		style, _ := f.NewStyle(&excelize.Style{NumFmt: 9})
		_ = f.SetCellValue("Sheet1", "J2", 0.05)
		_ = f.SetCellStyle("Sheet1", "J2", "J2", style)
	}), "PC-1,x,CNY"
	bomb := rezip(t, plain, map[string]string{"xl/media/bomb.xml": "<a>" + strings.Repeat(" ", maxUnzipped)})
	for name, c := range map[string]struct {
		data []byte
		code models.Code
		says string
	}{
		"formula":        {book(t, good, func(f *excelize.File) { _ = f.SetCellFormula("Sheet1", "G2", "1+1") }), models.CodeInvalid, "G2"},
		"macro":          {rezip(t, plain, map[string]string{"xl/vbaProject.bin": "x"}), models.CodeInvalid, "macros"},
		"macro type":     {rezip(t, plain, map[string]string{"[Content_Types].xml": `<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>`}), models.CodeInvalid, "macros"},
		"macro sheet":    {rezip(t, plain, map[string]string{"xl/other/a.xml": `<xm:macrosheet xmlns:xm="x"/>`}), models.CodeInvalid, "macros"},
		"zip bomb":       {bomb, models.CodeTooLarge, "unpacks"},
		"sheet bomb":     {rezip(t, plain, map[string]string{"xl/worksheets/sheet1.xml": "<worksheet><sheetData>" + strings.Repeat("<row/>", maxUnzipped/6)}), models.CodeTooLarge, "unpacks"},
		"percentage":     {percent, models.CodeInvalid, "J2"},
		"old workbook":   {[]byte("\xd0\xcf\x11\xe0\xa1\xb1"), models.CodeInvalid, ".xlsx"},
		"not a workbook": {[]byte("PK\x03\x04nothing"), models.CodeInvalid, "not an XLSX"},
		"GBK":            {[]byte("\xba\xcf\xcd\xac\xba\xc5,x\n1,2\n"), models.CodeInvalid, "UTF-8"},
		"CSV formula":    {[]byte(strings.Join(columnsGiven, ",") + "\nPC-1,=1+1,CNY\n"), models.CodeInvalid, "B2"},
		"foreign column": {[]byte("合同号,颜色\nPC-1,red\n"), models.CodeInvalid, "颜色"},
		"lacking column": {[]byte("合同号\n" + format + "\n"), models.CodeInvalid, "Party code"},
		"titles only":    {book(t, nil), models.CodeInvalid, "no rows"},
		"empty":          {nil, models.CodeInvalid, "no rows"},
		"too large":      {make([]byte, MaxFile+1), models.CodeTooLarge, "10 MB"},
	} {
		if len(c.data) > MaxFile && name != "too large" {
			t.Fatalf("%s: %d bytes are no bomb", name, len(c.data))
		}
		if _, err := b.load(t, c.data, true); !models.IsCode(err, c.code) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %s with %q", name, err, c.code, c.says)
		}
	}
	if _, err := b.load(t, []byte("合同号\n"), true); !models.IsCode(err, models.CodeInvalid) {
		t.Errorf("titles without rows: %v, want it refused", err)
	}
}

func TestLargeSheetInBoundedMemory(t *testing.T) {
	b := open(t)
	rows := make([][]any, MaxImport)
	for i := range rows {
		rows[i] = b.row("PC-"+strconv.Itoa(i/500), i%500+1, i+1)
	}
	data := book(t, rows)
	over := book(t, append(rows, b.row("PC-more", 1, 1)))
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	g, err := Read(data)
	runtime.ReadMemStats(&after)
	if err != nil || len(g.rows) != MaxImport {
		t.Fatalf("read = %v, want %d rows", err, MaxImport)
	}
	if taken := int64(after.HeapSys-before.HeapSys) >> 20; taken > 150 {
		t.Errorf("reading %d rows took %d MB more from the system, want at most 150", MaxImport, taken)
	}
	if p, err := b.load(t, data, true); err != nil || len(p.Errors) != 0 || len(p.Contracts) != MaxImport/500 {
		t.Errorf("preview of %d rows: %v, want %d contracts without errors", MaxImport, err, MaxImport/500)
	}
	if _, err := b.load(t, over, true); !models.IsCode(err, models.CodeTooLarge) {
		t.Errorf("one row more: %v, want too_large", err)
	}
}

func TestTemplateIsReadBack(t *testing.T) {
	b := open(t)
	for _, kind := range []models.ContractKind{models.PurchaseContract, models.SalesContract} {
		var out bytes.Buffer
		err := b.db.View(t.Context(), func(tx *gorm.DB) error {
			out.Reset()
			return Template(t.Context(), tx, contractstest.System(), kind, &out)
		})
		if err != nil {
			t.Fatal(err)
		}
		f, err := excelize.OpenReader(&out)
		if err != nil {
			t.Fatal(err)
		}
		titles, err := f.GetRows(contractsSheet)
		if err != nil {
			t.Fatal(err)
		}
		columns, err := columnsOf(titles[0], fieldsOf(kind))
		if err != nil || len(columns) != len(fieldsOf(kind)) {
			t.Errorf("%s: titles %q are read as %v, %v", kind, titles, columns, err)
		}
		choices, err := f.GetDataValidations(contractsSheet)
		if err != nil || len(choices) < 7 {
			t.Errorf("%s: %d drop-downs, %v, want at least 7", kind, len(choices), err)
		}
		if visible, err := f.GetSheetVisible(listsSheet); err != nil || visible {
			t.Errorf("%s: lists are visible, want them hidden", kind)
		}
		if kind == models.PurchaseContract {
			b.fill(t, f, columns)
		}
		f.Close()
	}
}

// fill enters a row in a template, and imports it.
func (b books) fill(t *testing.T, f *excelize.File, columns map[string]int) {
	t.Helper()
	for name, value := range map[string]any{"number": "PC-9", "party_id": b.supplier, "currency": "CNY", "line": 1, "product_id": b.product, "quantity": 12000, "standard_id": b.standard,
		"claim_clause.quality_days": 30, "claim_clause.from": "delivery", "claim_clause.survey_report": "是", "required_documents": "bill_of_lading；packing_list"} {
		cell, _ := excelize.CoordinatesToCellName(columns[name]+1, 2)
		if err := f.SetCellValue(contractsSheet, cell, value); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	if _, err := b.load(t, out.Bytes(), false); err != nil {
		t.Fatalf("the template filled in: %v", err)
	}
	got := b.stored(t)[0]
	if c := got.ClaimClause; c.QualityDays == nil || *c.QualityDays != 30 || !c.SurveyReport || len(got.RequiredDocuments) != 2 {
		t.Errorf("stored %+v, want the claim clause and two documents", got)
	}
}
