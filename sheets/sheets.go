// Package sheets answers for tables that leave and enter by spreadsheet: lists
// written as CSV and XLSX, templates to fill in, and filled-in sheets read,
// checked row by row and entered all or not at all. It has no rule of the trade:
// what a row says goes through the verbs of contracts. Its invariants: no cell
// that leaves is ever a formula; no cell that enters was computed, and none is
// guessed at; a sheet with one refused row stores nothing.
package sheets

import (
	"iter"

	"recourse/models"
)

// MaxRows is how many rows an export may have.
const MaxRows = 50_000

// Kind says how the values of a column are written.
type Kind int

// The kinds of column.
const (
	Words  Kind = iota // text, whatever it looks like
	Number             // decimals as text, or integers; stays a number in both formats
	Day                // a models.Date
	Moment             // a time in RFC 3339, shown in the zone of the export
	YesNo              // a bool
)

// Column is one column of a table. Path, in tables of records, is where the
// value lies in the record's JSON: "amount.currency"; "lots[].quantity" joins
// those of a list. Refer says that the value is the id of a record, and what to
// write of it. Codes are the words that are written for a code, in the language
// of the export: programs read codes from the lists themselves.
type Column struct {
	Title models.Text
	Width float64 // in characters; 0: 14
	Kind  Kind
	Path  string
	Refer reference
	Codes models.CodeWords
}

func (c Column) width() float64 {
	if c.Width > 0 {
		return c.Width
	}
	return 14
}

// Table is what is written: each row has a value for every column, nil for
// nothing. Rows end with the first error.
type Table struct {
	Name    models.Text
	Columns []Column
	Rows    iter.Seq2[[]any, error]
}

// Fixed are rows that are there already.
func Fixed(rows [][]any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

// yes is a bool in words.
func yes(b bool, lang string) string {
	words := models.Text{ZH: "否", EN: "no"}
	if b {
		words = models.Text{ZH: "是", EN: "yes"}
	}
	return words.In(lang)
}
