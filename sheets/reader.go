package sheets

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/models"
	"recourse/wire"
)

// reader goes through the rows of a sheet and collects what is wrong with them.
type reader struct {
	ctx     context.Context
	tx      *gorm.DB
	by      models.Actor
	sheet   *Sheet
	entry   models.Text // what rows belong together to: a contract, a claim
	fields  []field
	columns map[string]int // by name of field
	errors  []RowError
}

// newReader finds the fields' columns in a sheet.
func newReader(ctx context.Context, tx *gorm.DB, by models.Actor, s *Sheet, entry models.Text, fields []field) (*reader, error) {
	columns, err := columnsOf(s.titles, fields)
	if err != nil {
		return nil, err
	}
	return &reader{ctx: ctx, tx: tx, by: by, sheet: s, entry: entry, fields: fields, columns: columns, errors: []RowError{}}, nil
}

// found is what a code names, or why nothing.
type found struct {
	id  models.ID
	err error
}

func (r *reader) cell(row sheetRow, name string) string {
	if column, ok := r.columns[name]; ok {
		return row.cell(column)
	}
	return ""
}

// sameHead: the later rows of an entry leave its head out or repeat it.
func (r *reader) sameHead(first, row sheetRow) {
	for _, f := range r.fields {
		if !f.head || f.key || r.same(f, r.cell(row, f.name), r.cell(first, f.name)) {
			continue
		}
		r.refuse(row.n, f.name, models.Invalid("", "differs from row %[1]d of the same %[2]s: repeat it or leave it empty.", "与同一%[3]s的第 %[1]d 行不一致：请保持一致或留空。",
			first.n, r.entry.EN, r.entry.ZH))
	}
}

// same reports whether a cell is empty or says what the first row's says.
func (r *reader) same(f field, s, first string) bool {
	if f.kind == Day {
		on, bad := parseDate(s, r.sheet.date1904)
		was, worse := parseDate(first, r.sheet.date1904)
		return on == "" && bad == nil || bad == nil && worse == nil && on == was
	}
	return normal(s) == "" || models.Key(s) == models.Key(first)
}

// take reads one cell; an *Error becomes one of the row, others end the reading.
func (r *reader) take(row sheetRow, name string, read func(s string) error) error {
	err := read(r.cell(row, name))
	if err != nil && !r.refuse(row.n, name, err) {
		return err
	}
	return nil
}

// takes is a cell's name with what reads it.
type takes struct {
	name string
	read func(s string) error
}

func (r *reader) takeAll(row sheetRow, cells []takes) error {
	for _, c := range cells {
		if err := r.take(row, c.name, c.read); err != nil {
			return err
		}
	}
	return nil
}

// into keeps what a parser reads.
func into[T any](to *T, parse func(string) (T, error)) func(string) error {
	return func(s string) (err error) {
		*to, err = parse(s)
		return err
	}
}

// word is a cell as a code or option; texts of the contract stay as they are written.
func word(s string) (string, error) { return normal(s), nil }

func prose(s string) (string, error) {
	return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")), nil
}

// valid checks an input, a pointer to it, as its route would.
func (r *reader) valid(row int, in any) error {
	err := wire.Validate(in)
	if err != nil && !r.refuse(row, "", err) {
		return err
	}
	return nil
}

func needed(s string) error {
	if strings.TrimSpace(s) == "" {
		return models.Invalid("", "is required.", "必须填写。")
	}
	return nil
}

func upper(s string) (string, error) { return strings.ToUpper(normal(s)), needed(s) }

// coded reads a code or its word, as an export writes it; others stay as they are, for the domain to judge.
func coded(words models.CodeWords) func(string) (string, error) {
	return func(s string) (string, error) {
		if code, known := words.Code(s); known {
			return code, nil
		}
		return normal(s), nil
	}
}

// documents reads several documents by their codes or words.
func documents(s string) ([]string, error) {
	all := split(s)
	for i, one := range all {
		all[i], _ = coded(models.DocumentWords)(one)
	}
	return all, nil
}

func decimal(s string) (models.Decimal, error) {
	if s = normal(s); s == "" {
		return models.Decimal{}, nil
	}
	return models.ParseDecimal("", s)
}

// lookUp finds what a code names, once for all rows.
func lookUp(known map[string]found, code string, find func() (models.ID, error)) (models.ID, error) {
	key := models.Key(code)
	f, ok := known[key]
	if !ok {
		f.id, f.err = find()
		known[key] = f
	}
	return f.id, f.err
}

func unknown(err error, en, zh, code string) error {
	if models.IsCode(err, models.CodeNotFound) {
		return models.Invalid("", "There is no %[1]s %[3]q in the books: enter it first.", "没有登记%[2]s %[3]q：请先登记。", en, zh, cut(code))
	}
	return err
}

func (r *reader) isHead(name string) bool {
	for _, f := range r.fields {
		if f.name == name {
			return f.head
		}
	}
	return true
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
				column = r.sheet.titles[i]
			}
		}
	}
	r.errors = append(r.errors, RowError{Sheet: r.sheet.name, Row: row, Column: column, Field: name, Message: e.Message})
	return true
}

// listPath is the path of an error within an entry's list: which element, and what of it.
var listPath = regexp.MustCompile(`^\w+\[(\d+)\]\.?(.*)$`)

// tryRows tries an entry within a savepoint; enter makes it of the rows that are
// left, by their index in rows. When one of them is refused it goes on without
// that row, to find what else is wrong; it reports whether nothing was.
func (r *reader) tryRows(head int, rows []int, enter func(tx *gorm.DB, left []int) error) (good bool, err error) {
	left := make([]int, len(rows))
	for i := range left {
		left[i] = i
	}
	for len(left) > 0 {
		err := r.tx.Transaction(func(tx *gorm.DB) error { return enter(tx, left) })
		if err == nil {
			return len(left) == len(rows), nil
		}
		if database.Retryable(err) {
			return false, err
		}
		var e *models.Error
		if !errors.As(database.Err(err), &e) {
			return false, err
		}
		at := listPath.FindStringSubmatch(e.Field)
		if at == nil {
			if !r.refuse(head, "", e) {
				return false, e
			}
			return false, nil
		}
		i, _ := strconv.Atoi(at[1]) // digits
		bare := *e
		bare.Field = at[2]
		if !r.refuse(rows[left[i]], "", &bare) {
			return false, e
		}
		left = slices.Delete(left, i, i+1)
	}
	return false, nil
}

// errTryOnly undoes what a preview did.
var errTryOnly = errors.New("sheets: nothing is to be stored")

// allOrNone enters a sheet within a savepoint, which stays only when no row is
// refused and it is more than a try. What is refused is an invalid Error whose
// Current holds the rows as "errors"; of a try it is the caller's to show.
func (r *reader) allOrNone(dryRun bool, enter func() error) (stored bool, err error) {
	whole := r.tx
	defer func() { r.tx = whole }()
	err = whole.Transaction(func(tx *gorm.DB) error {
		r.tx = tx
		if err := enter(); err != nil {
			return err
		}
		if dryRun || len(r.errors) > 0 {
			return errTryOnly
		}
		return nil
	})
	if !errors.Is(err, errTryOnly) || dryRun {
		return err == nil, unlessTry(err)
	}
	first := r.errors[0]
	refused := models.Invalid("", "Nothing was stored: %[1]d errors, the first in row %[2]d, column %[3]s: %[4]s", "未保存任何内容：共 %[1]d 处错误，首处在第 %[2]d 行“%[3]s”列：%[5]s",
		len(r.errors), first.Row, first.Column, first.Message.EN, first.Message.ZH)
	refused.Current = map[string]any{"errors": r.errors}
	return false, refused
}

func unlessTry(err error) error {
	if errors.Is(err, errTryOnly) {
		return nil
	}
	return err
}

// refusedHeads are the rows whose head was refused: nothing can be tried with them.
func (r *reader) refusedHeads() map[int]bool {
	rows := map[int]bool{}
	for _, e := range r.errors {
		rows[e.Row] = rows[e.Row] || r.isHead(e.Field)
	}
	return rows
}
