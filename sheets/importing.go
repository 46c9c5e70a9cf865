package sheets

import (
	"context"

	"gorm.io/gorm"

	"recourse/contracts"
	"recourse/models"
)

// RowError is one thing wrong with a sheet: its name (none of a CSV), the row as
// the spreadsheet counts, the column's title, the name of the value, and what is
// wrong and to do about it.
type RowError struct {
	Sheet   string      `json:"sheet"`
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

// ImportContracts enters the contracts of a sheet, all or none. With dryRun it
// only tries: the preview lists what would be entered and every row that is
// refused. Without, a sheet with such rows is an invalid Error whose Current
// holds them as "errors".
func ImportContracts(ctx context.Context, tx *gorm.DB, by models.Actor, kind models.ContractKind, s *Sheet, dryRun bool) (*Preview, error) {
	base, err := newReader(ctx, tx, by, s, title("合同", "contract"), fieldsOf(kind))
	if err != nil {
		return nil, err
	}
	r := &contractReader{reader: base, kind: kind,
		parties: map[string]found{}, products: map[string]found{}, standards: map[string]found{}, lines: map[string]found{}}
	p := &Preview{Rows: len(s.rows), Contracts: []Imported{}}
	p.Stored, err = r.allOrNone(dryRun, func() error { return r.enterAll(p) })
	if err != nil {
		return nil, err
	}
	if p.Errors = r.errors; !p.Stored {
		for i := range p.Contracts {
			p.Contracts[i].ID = nil
		}
	}
	return p, nil
}

func (r *contractReader) enterAll(p *Preview) error {
	drafts, err := r.drafts()
	if err != nil {
		return err
	}
	headless := r.refusedHeads()
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

// enter tries a contract; it returns nil when anything of it was refused.
func (r *contractReader) enter(d *draft) (made *contracts.Entered, err error) {
	good, err := r.tryRows(d.head.n, d.rows, func(tx *gorm.DB, left []int) (err error) {
		in := d.in
		in.Lines = picked(d.in.Lines, left)
		made, err = contracts.CreateContract(r.ctx, tx, r.by, in)
		return err
	})
	if err != nil || !good || d.bad {
		return nil, err
	}
	return made, nil
}

// picked are the elements at these indices.
func picked[T any](all []T, at []int) []T {
	some := make([]T, len(at))
	for i, n := range at {
		some[i] = all[n]
	}
	return some
}
