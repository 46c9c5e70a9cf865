package sheets

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"recourse/models"
)

func TestSafe(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "plain": "plain", "晋州": "晋州", "a=b": "a=b", "10-20": "10-20",
		"=1+1": "'=1+1", "+86": "'+86", "-5": "'-5", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "\r=1": "'\r'=1",
		"＝1+1": "'＝1+1", "＋1": "'＋1", "－1": "'－1", "＠x": "'＠x",
		"a\n=1": "a\n'=1", "a\r\n=1": "a\r\n'=1", "a\r=1": "a\r'=1", "=1\n+2\n-3": "'=1\n'+2\n'-3", "ok\n\n=1": "ok\n\n'=1",
	} {
		if got := Safe(in); got != want {
			t.Errorf("Safe(%q) = %q, want %q", in, got, want)
		}
		if back := unsafeText(Safe(in)); back != in {
			t.Errorf("unsafeText(Safe(%q)) = %q, want it back", in, back)
		}
	}
}

// sample is a table with a value of every kind, and what a spreadsheet would run.
func sample() Table {
	return Table{Name: title("表[1]", "Sheet/1"), Columns: []Column{
		{Title: title("名称", "Name")}, {Title: title("数量", "Quantity"), Kind: Number}, {Title: title("日期", "Date"), Kind: Day},
		{Title: title("时间", "Time"), Kind: Moment}, {Title: title("是否", "Yes"), Kind: YesNo},
	}, Rows: Fixed([][]any{
		{"缺角(大于10 mm)，𠮷", "-12.50", "2026-04-20", "2026-04-20T22:30:00Z", true},
		{"=HYPERLINK(\"http://x\",\"y\")", "123456789012345678", "not known", nil, false},
		{"+1\n＝2", "=1+1", nil, nil, nil},
	})}
}

var shanghai = time.FixedZone("CST", 8*3600)

func TestWriteCSV(t *testing.T) {
	var b bytes.Buffer
	if err := WriteCSV(&b, sample(), "zh", shanghai); err != nil {
		t.Fatal(err)
	}
	text, marked := strings.CutPrefix(b.String(), "\xef\xbb\xbf")
	got, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	want := [][]string{
		{"名称", "数量", "日期", "时间", "是否"},
		{"缺角(大于10 mm)，𠮷", "-12.50", "2026-04-20", "2026-04-21 06:30:00", "是"},
		{"'=HYPERLINK(\"http://x\",\"y\")", "123456789012345678", "not known", "", "否"},
		{"'+1\n'＝2", "'=1+1", "", "", ""},
	}
	if diff := cmp.Diff(want, got); err != nil || !marked || diff != "" {
		t.Errorf("CSV with byte order mark %v, %v: %s", marked, err, diff)
	}
}

func TestWriteXLSX(t *testing.T) {
	var b bytes.Buffer
	if err := WriteXLSX(&b, sample(), "zh", shanghai); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sheet := f.GetSheetList()[0]
	for cell, want := range map[string]string{
		"A1": "名称", "A2": "缺角(大于10 mm)，𠮷", "B2": "-12.50", "C2": "2026-04-20", "D2": "2026-04-21 06:30:00", "E2": "是",
		"A3": "=HYPERLINK(\"http://x\",\"y\")", "B3": "123456789012345678", "C3": "not known", "A4": "+1\n＝2", "B4": "=1+1", "C4": "",
	} {
		if got, err := f.GetCellValue(sheet, cell); err != nil || got != want {
			t.Errorf("cell %s = %q, %v, want %q", cell, got, err, want)
		}
		if formula, _ := f.GetCellFormula(sheet, cell); formula != "" {
			t.Errorf("cell %s is the formula %q, want none", cell, formula)
		}
	}
	for cell, want := range map[string]excelize.CellType{"B2": excelize.CellTypeUnset, "C2": excelize.CellTypeUnset, "A3": excelize.CellTypeInlineString, "B3": excelize.CellTypeInlineString} {
		if got, err := f.GetCellType(sheet, cell); err != nil || got != want {
			t.Errorf("type of %s = %v, %v, want %v (unset is a number)", cell, got, err, want)
		}
	}
}

func TestParseDate(t *testing.T) {
	for in, want := range map[string]models.Date{
		"": "", "2026-04-20": "2026-04-20", "2026-4-2": "2026-04-02", "2026/4/20": "2026-04-20", "2026年4月20日": "2026-04-20", "２０２６年４月２０日": "2026-04-20",
		"2026.4.20": "2026-04-20", "46132": "2026-04-20", "46132.75": "2026-04-20", "２０２６／４／２０": "2026-04-20", "2024-02-29": "2024-02-29",
	} {
		if got, err := parseDate(in, false); err != nil || got != want {
			t.Errorf("parseDate(%q) = %q, %v, want %q", in, got, err, want)
		}
	}
	for _, in := range []string{"2026", "20260420", "4/20/2026", "20/4/2026", "2026-02-30", "2026-13-01", "2026年4月", "2026-04/20", "1900", "tomorrow", "-1", "2026-04-20 12:00"} {
		if got, err := parseDate(in, false); !models.IsCode(err, models.CodeInvalid) {
			t.Errorf("parseDate(%q) = %q, %v, want it refused", in, got, err)
		}
	}
	if got, err := parseDate("44670", true); err != nil || got != "2026-04-20" {
		t.Errorf("parseDate of 44670 from 1904 = %q, %v, want 2026-04-20", got, err)
	}
}

func TestPlainNumber(t *testing.T) {
	for in, want := range map[string]string{
		"6.8": "6.8", "1.1000000000000001": "1.1", "0.30000000000000004": "0.3", "1.2E+3": "1200", "12000": "12000", "1.50": "1.50",
		"PC-1": "PC-1", "1E999": "1E999", "2026017": "2026017", "6.7999999999999998": "6.8",
	} {
		if got := plainNumber(in); got != want {
			t.Errorf("plainNumber(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestLargeTableInBoundedMemory: rows go through, they don't pile up.
func TestLargeTableInBoundedMemory(t *testing.T) {
	const n = 50_000
	table := sample()
	table.Rows = func(yield func([]any, error) bool) {
		for i := range n {
			if !yield([]any{fmt.Sprintf("晋州装饰建材厂 %d", i), fmt.Sprintf("%d.25", i), "2026-04-20", nil, true}, nil) {
				return
			}
		}
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var b bytes.Buffer
	if err := WriteXLSX(&b, table, "zh", shanghai); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if held := int64(after.HeapSys-before.HeapSys) >> 20; held > 200 {
		t.Errorf("writing %d rows took %d MB more from the system, want at most 200", n, held)
	}
}
