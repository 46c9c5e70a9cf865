package sampling

// table is one printed master table as text with lines of fixed width.
type table string

// The layout of a table's lines: letter, sample size, then the cells.
const (
	headWidth = 8
	cellWidth = 6
	lineWidth = headWidth + len(aqls)*cellWidth + 1
)

// tableFor is the master table of a scheme and severity.
func tableFor(scheme Scheme, severity Severity) (table, error) {
	if scheme != ISO2859 && scheme != Z14 {
		return "", refuse("scheme", "there is no sampling scheme %q: use iso2859-1 or z1.4", "没有抽样标准 %q：请用 iso2859-1 或 z1.4", string(scheme))
	}
	switch {
	case severity == Normal:
		return normal, nil
	case severity == Tightened && scheme == ISO2859:
		return tightenedISO, nil
	case severity == Tightened:
		return tightenedZ14, nil
	case severity == Reduced && scheme == ISO2859:
		return reducedISO, nil
	case severity == Reduced:
		return reducedZ14, nil
	}
	return "", refuse("severity", "there is no plan for severity %q: use normal, tightened or reduced", "检验严格度 %q 没有方案：请用 normal、tightened 或 reduced", string(severity))
}

// plan resolves the cell of a row and AQL column for a lot: it follows the
// arrows to the row whose plan is used and takes everything from there.
func (t table) plan(codeLetter string, row, column, lot int) Plan {
	cell := t.cell(row, column)
	for {
		switch cell[cellWidth-1] {
		case 'v':
			row++
		case '^':
			row--
		default:
			n := number(t.line(row)[1:headWidth])
			ac, re := acRe(cell)
			return Plan{
				CodeLetter: codeLetter, PlanLetter: letters[row : row+1],
				SampleSize: min(n, lot), Ac: ac, Re: re, InspectAll: n >= lot,
			}
		}
		cell = t.cell(row, column)
	}
}

// printed reports whether the cell holds Ac and Re, not an arrow or nothing.
func (t table) printed(row, column int) bool {
	if (row+2)*lineWidth > len(t) { // row S stands in tightened tables only
		return false
	}
	last := t.cell(row, column)[cellWidth-1]
	return '0' <= last && last <= '9'
}

// line is the text of a row; the constant starts with a line break and the heads.
func (t table) line(row int) table { return t[1+(row+1)*lineWidth:][:lineWidth-1] }

func (t table) cell(row, column int) table {
	return t.line(row)[headWidth+column*cellWidth:][:cellWidth]
}

// rowOf is the row of a code letter.
func rowOf(letter string) int {
	for row := range letters {
		if letters[row] == letter[0] {
			return row
		}
	}
	panic("sampling: no code letter " + letter)
}

// acRe reads a cell "Ac/Re".
func acRe(cell table) (ac, re int) {
	for i := range cell {
		if cell[i] == '/' {
			return number(cell[:i]), number(cell[i+1:])
		}
	}
	panic("sampling: no plan in the cell " + string(cell))
}

// number reads the digits of a right-aligned field.
func number(field table) (n int) {
	for i := range field {
		if field[i] != ' ' {
			n = n*10 + int(field[i]-'0')
		}
	}
	return n
}
