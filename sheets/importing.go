package sheets

import (
	"context"
	"errors"
	"regexp"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"recourse/contracts"
	"recourse/database"
	"recourse/models"
)

// RowError is one thing wrong with a sheet: the row as the spreadsheet counts,
// the column's title, the name of the value, and what to do about it.
type RowError struct {
	Row     int         `json:"row"`
	Column  string      `json:"column"`
	Field   string      `json:"field"`
	Message models.Text `json:"message"`
}

// Imported is a contract of a sheet. ID is its own once it is stored.
type Imported struct {
	ID       *models.ID          `json:"id"`
	Number   string              `json:"number"`
	Row      int                 `json:"row"` // its first
	Lines    int                 `json:"lines"`
	Warnings []contracts.Warning `json:"warnings"`
}

// Preview is what came of a sheet: with Stored everything was entered,
// otherwise nothing.
type Preview struct {
	Stored    bool       `json:"stored"`
	Rows      int        `json:"rows"`
	Contracts []Imported `json:"contracts"`
	Errors    []RowError `json:"errors"`
}

// errTryOnly ends the transaction of a preview.
var errTryOnly = errors.New("sheets: nothing is to be stored")

// ImportContracts enters the contracts of a sheet (XLSX or CSV, by its content),
// all or none in one transaction. With dryRun it only tries: the preview lists
// what would be entered and every row that is refused. Without, a sheet with
// such rows is an invalid Error whose Current holds them as "errors".
func ImportContracts(ctx context.Context, db *database.DB, by models.Actor, kind models.ContractKind, data []byte, dryRun bool) (*Preview, error) {
	g, err := read(data)
	if err != nil {
		return nil, err
	}
	fields := fieldsOf(kind)
	columns, err := columnsOf(g.titles, fields)
	if err != nil {
		return nil, err
	}
	var p *Preview
	err = db.Tx(ctx, func(tx *gorm.DB) error {
		p = &Preview{Rows: len(g.rows), Contracts: []Imported{}}
		r := &reader{ctx: ctx, tx: tx, by: by, kind: kind, grid: g, fields: fields, columns: columns, errors: []RowError{},
			parties: map[string]found{}, products: map[string]found{}, standards: map[string]found{}, lines: map[string]found{}}
		if err := r.enterAll(p); err != nil {
			return err
		}
		if p.Errors = r.errors; dryRun || len(p.Errors) > 0 {
			return errTryOnly
		}
		p.Stored = true
		return nil
	})
	switch {
	case err != nil && !errors.Is(err, errTryOnly):
		return nil, err
	case !p.Stored:
		for i := range p.Contracts {
			p.Contracts[i].ID = nil
		}
	}
	if len(p.Errors) > 0 && !dryRun {
		first := p.Errors[0]
		refused := models.Invalid("", "Nothing was stored: %[1]d errors, the first in row %[2]d, column %[3]s: %[4]s", "未保存任何内容：共 %[1]d 处错误，首处在第 %[2]d 行“%[3]s”列：%[5]s",
			len(p.Errors), first.Row, first.Column, first.Message.EN, first.Message.ZH)
		refused.Current = map[string]any{"errors": p.Errors}
		return nil, refused
	}
	return p, nil
}

// columnsOf says where each field stands. Titles are known by either language or by the field's name.
func columnsOf(titles []string, fields []field) (map[string]int, error) {
	columns := map[string]int{}
	for i, text := range titles {
		if strings.TrimSpace(text) == "" {
			continue
		}
		name := fieldOf(text, fields)
		if name == "" {
			return nil, models.Invalid("", "The column %q is not one of the template: leave its title as it was, or remove the column.", "“%s”列不在模板中：请保留原表头或删除该列。", cut(text))
		}
		if _, twice := columns[name]; twice {
			return nil, models.Invalid("", "The column %q stands there twice.", "“%s”列重复。", cut(text))
		}
		columns[name] = i
	}
	for _, f := range fields {
		if _, there := columns[f.name]; f.required && !there {
			return nil, models.Invalid("", "The column %[2]q is missing: take the template.", "缺少“%[1]s”列：请使用模板。", f.title.ZH, f.title.EN)
		}
	}
	return columns, nil
}

func fieldOf(text string, fields []field) string {
	key := models.Key(strings.TrimRight(normal(text), " *"))
	for _, f := range fields {
		for _, form := range []string{f.name, f.title.ZH, f.title.EN, heading(f)} {
			if models.Key(form) == key {
				return f.name
			}
		}
	}
	return ""
}

// columnOf is where a field of any kind of contract stands, -1 for nowhere.
func columnOf(titles []string, name string) int {
	for i, text := range titles {
		if fieldOf(text, contractFields) == name {
			return i
		}
	}
	return -1
}

// heading is a field's title in both languages, as the template has it.
func heading(f field) string { return f.title.ZH + " / " + f.title.EN }

func (r *reader) enterAll(p *Preview) error {
	drafts, err := r.drafts()
	if err != nil {
		return err
	}
	headless := map[int]bool{} // rows whose head was refused
	for _, e := range r.errors {
		headless[e.Row] = headless[e.Row] || r.isHead(e.Field)
	}
	for _, d := range drafts {
		if headless[d.head.n] || len(d.in.Lines) == 0 {
			continue
		}
		made, err := r.enter(d)
		if err != nil {
			return err
		}
		if made != nil {
			p.Contracts = append(p.Contracts, Imported{ID: &made.ID, Number: made.Number, Row: d.head.n, Lines: len(made.Lines), Warnings: made.Warnings})
		}
	}
	return nil
}

func (r *reader) isHead(name string) bool {
	for _, f := range r.fields {
		if f.name == name {
			return f.head
		}
	}
	return true
}

var linePath = regexp.MustCompile(`^lines\[(\d+)\]\.?(.*)$`)

// enter tries a contract within a savepoint. When one of its lines is refused it
// goes on without that line, to find what else is wrong; it returns nil when anything was.
func (r *reader) enter(d *draft) (*contracts.Entered, error) {
	in, rows := d.in, d.rows
	refused := d.bad
	for len(in.Lines) > 0 {
		var made *contracts.Entered
		err := r.tx.Transaction(func(tx *gorm.DB) (err error) {
			made, err = contracts.CreateContract(r.ctx, tx, r.by, in)
			return err
		})
		if err == nil {
			if refused {
				return nil, nil
			}
			return made, nil
		}
		if database.Retryable(err) {
			return nil, err
		}
		var e *models.Error
		if err = database.Err(err); !errors.As(err, &e) || e.Code == models.CodeForbidden || e.Code == models.CodeUnavailable {
			return nil, err
		}
		refused = true
		at := linePath.FindStringSubmatch(e.Field)
		if at == nil {
			r.refuse(d.head.n, "", e)
			return nil, nil
		}
		i, _ := strconv.Atoi(at[1]) // digits
		bare := *e
		bare.Field = at[2]
		r.refuse(rows[i], "", &bare)
		in.Lines = append(in.Lines[:i:i], in.Lines[i+1:]...)
		rows = append(rows[:i:i], rows[i+1:]...)
	}
	return nil, nil
}

// refuse notes an *Error of a row; others are not the sheet's and it reports false.
func (r *reader) refuse(row int, name string, err error) bool {
	var e *models.Error
	if !errors.As(err, &e) || e.Code == models.CodeForbidden || e.Code == models.CodeUnavailable {
		return false
	}
	if name == "" {
		name, _, _ = strings.Cut(e.Field, "[")
	}
	column := name
	for _, f := range r.fields {
		if f.name == name {
			column = heading(f)
			if i, ok := r.columns[name]; ok {
				column = r.grid.titles[i]
			}
		}
	}
	r.errors = append(r.errors, RowError{Row: row, Column: column, Field: name, Message: e.Message})
	return true
}
