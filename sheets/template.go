package sheets

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/xuri/excelize/v2"
	"gorm.io/gorm"

	"recourse/contracts"
	"recourse/database"
	"recourse/models"
)

// The sheets of a template.
const (
	dataSheet  = "合同 Contracts"
	notesSheet = "说明 Notes"
	listsSheet = "lists"
)

// maxOptions is how many codes a drop-down offers.
const maxOptions = 2000

// Template writes a workbook to fill in: titles in both languages, drop-downs of
// what is in the books, a sheet that explains each column, and a hidden one with the lists.
func Template(ctx context.Context, tx *gorm.DB, by models.Actor, kind models.ContractKind, w io.Writer) (err error) {
	fields, err := withOptions(ctx, tx, by, kind)
	if err != nil {
		return err
	}
	f := excelize.NewFile()
	defer func() {
		if closed := f.Close(); err == nil {
			err = closed
		}
	}()
	if err := f.SetSheetName("Sheet1", dataSheet); err != nil {
		return err
	}
	for _, name := range []string{notesSheet, listsSheet} {
		if _, err := f.NewSheet(name); err != nil {
			return err
		}
	}
	if err := writeNotes(f, fields); err != nil {
		return err
	}
	for i, one := range fields {
		if err := writeField(f, i+1, one); err != nil {
			return fmt.Errorf("column %s: %w", one.name, err)
		}
	}
	if err := f.SetSheetVisible(listsSheet, false); err != nil {
		return err
	}
	if err := f.SetPanes(dataSheet, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	f.SetActiveSheet(0)
	return f.Write(w)
}

// writeField writes a column: title, width, format of its cells and drop-down.
func writeField(f *excelize.File, n int, one field) error {
	column, err := excelize.ColumnNumberToName(n)
	if err != nil {
		return err
	}
	format := map[Kind]string{Words: "@", YesNo: "@", Number: "General", Day: "yyyy-mm-dd"}[one.kind]
	style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
	if err != nil {
		return err
	}
	if err := f.SetColStyle(dataSheet, column, style); err != nil {
		return err
	}
	if err := f.SetColWidth(dataSheet, column, column, Column{Width: one.width}.width()+4); err != nil {
		return err
	}
	fill := excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E7E6E6"}}
	if one.required {
		fill.Color = []string{"FFE699"}
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Fill: fill, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return err
	}
	text := heading(one)
	if one.required {
		text += " *"
	}
	if err := f.SetCellStr(dataSheet, column+"1", text); err != nil {
		return err
	}
	if err := f.SetCellStyle(dataSheet, column+"1", column+"1", bold); err != nil {
		return err
	}
	if len(one.options) == 0 {
		return nil
	}
	return writeOptions(f, column, one)
}

func writeOptions(f *excelize.File, column string, one field) error {
	for i, option := range one.options {
		if err := f.SetCellStr(listsSheet, column+strconv.Itoa(i+1), option); err != nil {
			return err
		}
	}
	choice := excelize.NewDataValidation(true)
	choice.SetSqref(fmt.Sprintf("%s2:%s%d", column, column, MaxImport+1))
	choice.SetSqrefDropList(fmt.Sprintf("%s!$%s$1:$%s$%d", listsSheet, column, column, len(one.options)))
	style := excelize.DataValidationErrorStyleWarning
	if one.closed {
		style = excelize.DataValidationErrorStyleStop
	}
	choice.SetError(style, heading(one), "请从列表中选择 / choose from the list")
	return f.AddDataValidation(dataSheet, choice)
}

// writeNotes explains the template and each of its columns, in both languages.
func writeNotes(f *excelize.File, fields []field) error {
	general := [][]string{
		{"每行为一个合同行；同一合同号的行合为一份合同，合同头只须填在第一行。", "One row is one line of a contract; rows of the same number are one contract, whose head is needed in its first row only."},
		{"黄色列必须填写。不接受公式、宏和千位分隔符。任何一行有误则全部不保存。", "Yellow columns are required. Formulas, macros and grouped digits are refused. One refused row, and nothing is stored."},
		{"", ""},
		{"列", "Column", "必填 / required", "说明", "Explanation"},
	}
	for _, one := range fields {
		must := ""
		if one.required {
			must = "是 / yes"
		}
		general = append(general, []string{one.title.ZH, one.title.EN, must, one.note.ZH, one.note.EN})
	}
	for i, row := range general {
		if err := f.SetSheetRow(notesSheet, "A"+strconv.Itoa(i+1), &row); err != nil {
			return err
		}
	}
	for column, width := range map[string]float64{"A": 20, "B": 24, "C": 16, "D": 50, "E": 60} {
		if err := f.SetColWidth(notesSheet, column, column, width); err != nil {
			return err
		}
	}
	return nil
}

// withOptions are the fields with the codes that are in the books.
func withOptions(ctx context.Context, tx *gorm.DB, by models.Actor, kind models.ContractKind) ([]field, error) {
	with := models.PartySupplier
	if kind == models.SalesContract {
		with = models.PartyCustomer
	}
	parties, err := codes(ctx, tx, by, database.Query{Filters: map[string]string{"kind": string(with), "archived": "false"}}, contracts.ListParties,
		func(p models.Party) string { return p.Code })
	if err != nil {
		return nil, err
	}
	products, err := codes(ctx, tx, by, database.Query{}, contracts.ListProducts, func(p models.Product) string { return p.Code })
	if err != nil {
		return nil, err
	}
	units, err := codes(ctx, tx, by, database.Query{}, contracts.ListProducts, func(p models.Product) string { return p.Unit })
	if err != nil {
		return nil, err
	}
	standards, err := codes(ctx, tx, by, database.Query{Filters: map[string]string{"state": string(models.StandardActive)}}, contracts.ListStandards,
		func(s models.Standard) string { return s.Code + " v" + strconv.Itoa(s.VersionNo) })
	if err != nil {
		return nil, err
	}
	fields := fieldsOf(kind)
	for i := range fields {
		switch f := &fields[i]; f.name {
		case "party_id":
			f.options = parties
		case "product_id":
			f.options = products
		case "standard_id":
			f.options = standards
		case "unit":
			for _, u := range units {
				if !slices.Contains(f.options, u) {
					f.options = append(slices.Clip(f.options), u)
				}
			}
		}
	}
	return fields, nil
}

// codes reads up to maxOptions different codes of a list.
func codes[T any](ctx context.Context, tx *gorm.DB, by models.Actor, q database.Query,
	verb func(context.Context, *gorm.DB, models.Actor, database.Query) (database.Page[T], error), code func(T) string) ([]string, error) {
	var all []string
	seen := map[string]bool{}
	q.Limit = strconv.Itoa(database.MaxLimit)
	for pages := 0; pages < maxOptions/database.MaxLimit; pages++ {
		page, err := verb(ctx, tx, by, q)
		if err != nil {
			return nil, err
		}
		for _, item := range page.Items {
			if c := code(item); !seen[c] {
				seen[c] = true
				all = append(all, c)
			}
		}
		if q.Cursor = page.NextCursor; q.Cursor == "" {
			break
		}
	}
	slices.Sort(all)
	return all, nil
}
