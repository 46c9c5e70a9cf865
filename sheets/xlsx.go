package sheets

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"recourse/models"
)

// maxCell is the most characters that a cell of Excel holds.
const maxCell = 32_767

// WriteXLSX writes a table as a workbook of one sheet: titles on top that stay in
// view, real dates and numbers, and texts that are never formulas. A number of
// more than 15 digits, which Excel would round, is written as text.
func WriteXLSX(w io.Writer, t Table, lang string, zone *time.Location) (err error) {
	f := excelize.NewFile()
	defer func() {
		if closed := f.Close(); err == nil {
			err = closed
		}
	}()
	name := sheetName(t.Name.In(lang))
	if err := f.SetSheetName("Sheet1", name); err != nil {
		return err
	}
	out, err := f.NewStreamWriter(name)
	if err != nil {
		return err
	}
	book := workbook{f: f, styles: map[string]int{}, lang: lang, zone: zone}
	if err := book.titles(out, t.Columns); err != nil {
		return err
	}
	n := 1
	cells := make([]any, len(t.Columns))
	for row, err := range t.Rows {
		if err != nil {
			return err
		}
		for i, c := range t.Columns {
			if cells[i], err = book.cell(c, row[i]); err != nil {
				return err
			}
		}
		n++
		if err := out.SetRow("A"+strconv.Itoa(n), cells); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return f.Write(w)
}

// workbook is one being written, with the number formats it has so far.
type workbook struct {
	f      *excelize.File
	styles map[string]int
	lang   string
	zone   *time.Location
}

func (b workbook) titles(out *excelize.StreamWriter, columns []Column) error {
	for i, c := range columns {
		if err := out.SetColWidth(i+1, i+1, c.width()); err != nil {
			return err
		}
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	bold, err := b.f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	row := make([]any, len(columns))
	for i, c := range columns {
		row[i] = excelize.Cell{StyleID: bold, Value: c.Title.In(b.lang)}
	}
	return out.SetRow("A1", row)
}

// cell is a value as the stream writer takes it.
func (b workbook) cell(c Column, value any) (any, error) {
	switch v := value.(type) {
	case nil:
		return nil, nil
	case bool:
		return yes(v, b.lang), nil
	}
	s := fmt.Sprint(value)
	switch c.Kind {
	case Number:
		if d, err := models.ParseDecimal("", s); err == nil && len(strings.Trim(s, "-.0")) <= 15 {
			n, _ := strconv.ParseFloat(s, 64) // a decimal is a float's text
			return b.styled("0"+strings.TrimSuffix("."+strings.Repeat("0", d.Places()), "."), n)
		}
	case Day:
		if d, err := models.ParseDate("", s); err == nil {
			return b.styled("yyyy-mm-dd", d.Time())
		}
	case Moment:
		if at, err := time.Parse(time.RFC3339, s); err == nil {
			at = at.In(b.zone)
			// A workbook knows no zones: what the clock on the wall shows is stored.
			wall := time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), 0, time.UTC)
			return b.styled("yyyy-mm-dd hh:mm:ss", wall)
		}
	}
	return shortened(s), nil
}

// shortened keeps a text within a cell, and shows where it was cut.
func shortened(s string) string {
	if r := []rune(s); len(s) > maxCell && len(r) > maxCell/2 {
		return string(r[:maxCell/2]) + "…" // a character outside the basic plane counts twice
	}
	return s
}

func (b workbook) styled(format string, value any) (any, error) {
	id, known := b.styles[format]
	if !known {
		var err error
		if id, err = b.f.NewStyle(&excelize.Style{CustomNumFmt: &format}); err != nil {
			return nil, err
		}
		b.styles[format] = id
	}
	return excelize.Cell{StyleID: id, Value: value}, nil
}

// sheetName is a name that Excel takes: without []:*?/\ and at most 31 characters.
func sheetName(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\'`, r) {
			return ' '
		}
		return r
	}, s)
	if r := []rune(s); len(r) > 31 {
		return string(r[:31])
	}
	return s
}
