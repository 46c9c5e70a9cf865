package sheets

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"time"

	"recourse/models"
)

// byteOrderMark tells Excel that a CSV is UTF-8; without it Chinese is garbled.
const byteOrderMark = "\ufeff"

// WriteCSV writes a table as CSV (RFC 4180) in UTF-8 that Excel opens with
// Chinese intact. Cells that a spreadsheet would take for a formula get an
// apostrophe in front; numbers stay numbers. Times are in zone.
func WriteCSV(w io.Writer, t Table, lang string, zone *time.Location) error {
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	line := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		line[i] = Safe(c.Title.In(lang))
	}
	if err := out.Write(line); err != nil {
		return err
	}
	for row, err := range t.Rows {
		if err != nil {
			return err
		}
		for i, c := range t.Columns {
			line[i] = textCell(c, row[i], lang, zone)
		}
		if err := out.Write(line); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// textCell is a value as a cell of a CSV.
func textCell(c Column, value any, lang string, zone *time.Location) string {
	switch v := value.(type) {
	case nil:
		return ""
	case bool:
		return yes(v, lang)
	}
	s := fmt.Sprint(value)
	switch c.Kind {
	case Number:
		if _, err := models.ParseDecimal("", s); err == nil {
			return s
		}
	case Moment:
		if at, err := time.Parse(time.RFC3339, s); err == nil {
			return at.In(zone).Format("2006-01-02 15:04:05")
		}
	}
	return Safe(s)
}

// formulaStarts are what a spreadsheet may take for the start of a formula,
// their full-width forms included.
const formulaStarts = "=+-@\t\r＝＋－＠"

// Safe puts an apostrophe before a text, and before each of its lines, that a
// spreadsheet could take for a formula.
func Safe(s string) string {
	if !strings.ContainsAny(s, formulaStarts) {
		return s
	}
	var b strings.Builder
	start := true
	for i, r := range s {
		inBreak := r == '\r' && i > 0 // a line break inside the text, not the start of a cell
		if start && !inBreak && strings.ContainsRune(formulaStarts, r) {
			b.WriteByte('\'')
		}
		b.WriteRune(r)
		start = r == '\n' || r == '\r' || start && inBreak
	}
	return b.String()
}
