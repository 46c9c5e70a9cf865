package sheets

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"recourse/models"
)

// MaxImport is how many rows a sheet that is read may have, its titles aside.
const MaxImport = 10_000

// Sheet is a table as it was sent: its titles and, below them, the rows that hold anything.
type Sheet struct {
	name     string // of the workbook's sheet; empty for a CSV
	titles   []string
	rows     []sheetRow
	date1904 bool // dates count from 1904, as old Macs did
}

type sheetRow struct {
	n     int // as the spreadsheet counts, from 1
	cells []string
}

// cell is the text of a column, empty where the row is shorter.
func (r sheetRow) cell(column int) string {
	if column < 0 || column >= len(r.cells) {
		return ""
	}
	return r.cells[column]
}

// Read reads a file's first sheet, XLSX or CSV by its first bytes, into memory
// that MaxFile and MaxImport bound. It refuses macros, and formulas by their
// cell. Errors are *models.Error.
func Read(data []byte) (*Sheet, error) {
	switch {
	case len(data) > MaxFile:
		return nil, models.Errorf(models.CodeTooLarge, "", "The file is larger than %d MB.", "文件超过 %d MB。", MaxFile>>20)
	case bytes.HasPrefix(data, []byte("PK")):
		return readXLSX(data)
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		return nil, models.Invalid("", "This is an old .xls workbook or one with a password: save it as .xlsx without a password.", "这是旧版 .xls 或加密的工作簿：请另存为不加密的 .xlsx。")
	}
	return readCSV(data)
}

func readXLSX(data []byte) (*Sheet, error) {
	if err := checkArchive(data); err != nil {
		return nil, err
	}
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true, UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxPart})
	if err != nil {
		return nil, errNotWorkbook
	}
	defer f.Close() // removes its temporary files
	g := &Sheet{}
	if props, err := f.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		g.date1904 = *props.Date1904
	}
	names := f.GetSheetList()
	if len(names) == 0 {
		return nil, errNotWorkbook
	}
	g.name = names[0]
	rows, err := f.Rows(g.name)
	if err != nil {
		return nil, errNotWorkbook
	}
	defer rows.Close()
	for n := 1; rows.Next(); n++ {
		cells, err := rows.Columns()
		if err != nil {
			return nil, errNotWorkbook
		}
		for i, c := range cells {
			cells[i] = plainNumber(c)
		}
		if err := g.add(n, cells); err != nil {
			return nil, err
		}
	}
	if rows.Error() != nil {
		return nil, errNotWorkbook
	}
	if err := refusePercents(f, g); err != nil {
		return nil, err
	}
	return g, g.check()
}

// refusePercents: a cell that shows 5 % holds 0.05, and would be taken for 0.05 %.
func refusePercents(f *excelize.File, g *Sheet) error {
	column := columnOf(g.titles, tolerancePercent)
	for _, row := range g.rows {
		if s := row.cell(column); column < 0 || !strings.HasPrefix(s, "0.") {
			continue
		}
		name, err := excelize.CoordinatesToCellName(column+1, row.n)
		if err != nil {
			return err
		}
		id, err := f.GetCellStyle(g.name, name)
		if err != nil {
			return err
		}
		style, err := f.GetStyle(id)
		if err != nil {
			return err
		}
		if style.NumFmt == 9 || style.NumFmt == 10 || style.CustomNumFmt != nil && strings.Contains(*style.CustomNumFmt, "%") {
			return models.Invalid(name, "Cell %s is formatted as a percentage: write 5 for 5 %%, in a cell formatted as a number.", "单元格 %s 为百分比格式：5 %% 请在数值格式的单元格中写成 5。", name)
		}
	}
	return nil
}

// plainNumber writes a number of a workbook, which may stand there as
// 1.1000000000000001 or 1.2E+3, with the 15 digits that Excel shows.
func plainNumber(s string) string {
	if len(s) < 4 || strings.Trim(s, "0123456789.eE+-") != "" || !strings.ContainsAny(s, ".E") {
		return s
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || n > 1e15 || n < -1e15 {
		return s
	}
	short, err := strconv.ParseFloat(strconv.FormatFloat(n, 'g', 15, 64), 64)
	if err != nil || len(s) <= 16 && !strings.ContainsAny(s, "eE") {
		return s
	}
	return strconv.FormatFloat(short, 'f', -1, 64)
}

func readCSV(data []byte) (*Sheet, error) {
	data = bytes.TrimPrefix(data, []byte(byteOrderMark))
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return nil, models.Invalid("", "The CSV is not UTF-8: in Excel save it as “CSV UTF-8”, or send the .xlsx.", "CSV 不是 UTF-8 编码：请在 Excel 中另存为“CSV UTF-8”，或直接上传 .xlsx。")
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord, r.LazyQuotes = -1, false
	if first, _, _ := bytes.Cut(data, []byte("\n")); bytes.Count(first, []byte(";")) > bytes.Count(first, []byte(",")) {
		r.Comma = ';' // as Excel writes where the comma is the decimal point
	}
	g, line := &Sheet{}, 1 // where the next row begins
	for n := 1; ; n++ {
		cells, err := r.Read()
		if err == io.EOF {
			return g, g.check()
		}
		if broken := new(csv.ParseError); errors.As(err, &broken) {
			return nil, models.Invalid("", "Line %d of the CSV can't be read: check its quotation marks.", "CSV 第 %d 行无法读取：请检查引号。", broken.Line)
		}
		if err != nil {
			return nil, err
		}
		begins, _ := r.FieldPos(0)
		n += begins - line // empty lines were passed over; a spreadsheet counts them
		line = begins + 1
		for i, c := range cells {
			line += strings.Count(c, "\n")
			if strings.HasPrefix(c, "=") || strings.HasPrefix(c, "＝") {
				name, _ := excelize.CoordinatesToCellName(i+1, n)
				return nil, models.Invalid(name, "Cell %s holds a formula: write its value.", "单元格 %s 含有公式：请填写其值。", name)
			}
			cells[i] = unsafeText(c)
		}
		if err := g.add(n, cells); err != nil {
			return nil, err
		}
	}
}

// unsafeText takes back the apostrophes of Safe.
func unsafeText(s string) string {
	if !strings.Contains(s, "'") {
		return s
	}
	if bare := strings.ReplaceAll(strings.ReplaceAll("\n"+s, "\n'", "\n"), "\r'", "\r")[1:]; Safe(bare) == s {
		return bare
	}
	return s
}

// add takes a row in: the first that holds anything is the titles.
func (g *Sheet) add(n int, cells []string) error {
	for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	switch {
	case len(cells) == 0:
		return nil
	case g.titles == nil:
		g.titles = cells
		return nil
	case len(g.rows) == MaxImport:
		return models.Errorf(models.CodeTooLarge, "", "The sheet has more than %d rows: split it.", "表格超过 %d 行：请拆分。", MaxImport)
	}
	for _, c := range cells {
		if !utf8.ValidString(c) {
			return errNotWorkbook
		}
	}
	g.rows = append(g.rows, sheetRow{n, cells})
	return nil
}

func (g *Sheet) check() error {
	if len(g.rows) == 0 {
		return models.Invalid("", "The sheet holds no rows below its titles.", "表头之下没有数据行。")
	}
	return nil
}
