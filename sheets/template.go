package sheets

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/xuri/excelize/v2"
	"gorm.io/gorm"

	"recourse/models"
)

// The sheets of a template.
const (
	contractsSheet = "合同 Contracts"
	claimsSheet    = "索赔 Claims"
	notesSheet     = "说明 Notes"
	listsSheet     = "lists"
)

// template is what a workbook to fill in is made of.
type template struct {
	name   string     // of its first sheet
	notes  [][]string // what is said before the columns, in both languages
	fields []field
}

// Template writes a workbook of contracts to fill in: titles in both languages,
// drop-downs of what is in the books, a sheet that explains each column, and a
// hidden one with the lists.
func Template(ctx context.Context, tx *gorm.DB, by models.Actor, kind models.ContractKind, w io.Writer) error {
	fields, err := contractOptions(ctx, tx, by, kind)
	if err != nil {
		return err
	}
	return template{contractsSheet, [][]string{
		{"每行为一个合同行；同一合同号的行合为一份合同，合同头只须填在第一行。", "One row is one line of a contract; rows of the same number are one contract, whose head is needed in its first row only."},
	}, fields}.write(w)
}

// ClaimTemplate is Template for claims.
func ClaimTemplate(ctx context.Context, tx *gorm.DB, by models.Actor, w io.Writer) error {
	fields, err := claimOptions(ctx, tx, by)
	if err != nil {
		return err
	}
	return template{claimsSheet, [][]string{
		{"每行为一个索赔项；客户索赔编号与销售合同号相同的行合为一件索赔，索赔的其他信息只须填在第一行。", "One row is one item of a claim; rows with the same reference and contract are one claim, whose head is needed in its first row only."},
		{fmt.Sprintf("一次最多导入 %d 件索赔。", MaxClaims), fmt.Sprintf("At most %d claims are entered at once.", MaxClaims)},
	}, fields}.write(w)
}

// write makes the workbook.
func (t template) write(w io.Writer) (err error) {
	f := excelize.NewFile()
	defer func() {
		if closed := f.Close(); err == nil {
			err = closed
		}
	}()
	if err := f.SetSheetName("Sheet1", t.name); err != nil {
		return err
	}
	for _, name := range []string{notesSheet, listsSheet} {
		if _, err := f.NewSheet(name); err != nil {
			return err
		}
	}
	if err := t.writeNotes(f); err != nil {
		return err
	}
	for i, one := range t.fields {
		if err := t.writeField(f, i+1, one); err != nil {
			return fmt.Errorf("column %s: %w", one.name, err)
		}
	}
	if err := f.SetSheetVisible(listsSheet, false); err != nil {
		return err
	}
	if err := f.SetPanes(t.name, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	f.SetActiveSheet(0)
	return f.Write(w)
}

// writeField writes a column: title, width, format of its cells and drop-down.
func (t template) writeField(f *excelize.File, n int, one field) error {
	column, err := excelize.ColumnNumberToName(n)
	if err != nil {
		return err
	}
	format := map[Kind]string{Words: "@", YesNo: "@", Number: "General", Day: "yyyy-mm-dd"}[one.kind]
	style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
	if err != nil {
		return err
	}
	if err := f.SetColStyle(t.name, column, style); err != nil {
		return err
	}
	if err := f.SetColWidth(t.name, column, column, Column{Width: one.width}.width()+4); err != nil {
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
	if err := f.SetCellStr(t.name, column+"1", text); err != nil {
		return err
	}
	if err := f.SetCellStyle(t.name, column+"1", column+"1", bold); err != nil {
		return err
	}
	if len(one.options) == 0 {
		return nil
	}
	return t.writeOptions(f, column, one)
}

func (t template) writeOptions(f *excelize.File, column string, one field) error {
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
	return f.AddDataValidation(t.name, choice)
}

// writeNotes explains the template and each of its columns, in both languages.
func (t template) writeNotes(f *excelize.File) error {
	rows := append(slices.Clone(t.notes), [][]string{
		{"黄色列必须填写。不接受公式、宏和千位分隔符。任何一行有误则全部不保存。", "Yellow columns are required. Formulas, macros and grouped digits are refused. One refused row, and nothing is stored."},
		{"", ""},
		{"列", "Column", "必填 / required", "说明", "Explanation"},
	}...)
	for _, one := range t.fields {
		must := ""
		if one.required {
			must = "是 / yes"
		}
		rows = append(rows, []string{one.title.ZH, one.title.EN, must, one.note.ZH, one.note.EN})
	}
	for i, row := range rows {
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
