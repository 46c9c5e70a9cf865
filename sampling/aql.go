package sampling

import (
	"strconv"
	"strings"
)

// AQL is an acceptance quality limit in the spelling of the printed tables ("1.0", "0.40").
type AQL string

// aqls is the series of the tables' columns (ISO 2859-1, table 2).
var aqls = [...]AQL{
	"0.010", "0.015", "0.025", "0.040", "0.065", "0.10", "0.15", "0.25", "0.40", "0.65",
	"1.0", "1.5", "2.5", "4.0", "6.5", "10", "15", "25", "40", "65",
	"100", "150", "250", "400", "650", "1000",
}

// firstPer100 is the column of AQL 15: from here on the tables count
// nonconformities per 100 units only.
const firstPer100 = 16

// AQLs lists the series of preferred AQLs, ascending.
func AQLs() []AQL { return append([]AQL(nil), aqls[:]...) }

// ParseAQL normalises a written AQL (".4" is "0.40", "1" is "1.0"). A value
// outside the series is refused with its neighbours named; nothing is interpolated.
func ParseAQL(text string) (AQL, error) {
	column, err := aqlColumn(AQL(text))
	if err != nil {
		return "", err
	}
	return aqls[column], nil
}

// Per100 reports whether the AQL (as ParseAQL gives it) counts nonconformities
// per 100 units only, so that a count may exceed the sample size: AQL 15 and above.
func (a AQL) Per100() bool {
	column, err := aqlColumn(a)
	return err == nil && column >= firstPer100
}

// aqlColumn finds the column of an AQL in any plain spelling.
func aqlColumn(a AQL) (int, error) {
	for i := range aqls {
		if aqls[i] == a {
			return i, nil
		}
	}
	return strayAQL(string(a))
}

// strayAQL handles what is not spelled as printed: another spelling of a
// member, or a value to refuse.
func strayAQL(text string) (int, error) {
	asked, ok := readDecimal(strings.TrimSpace(text))
	if !ok {
		return 0, refuse("aql", "AQL %q is not a number: write it with digits and a point, such as 2.5",
			"AQL %q 不是数字：请用数字和小数点书写，例如 2.5", text)
	}
	for i := range aqls {
		if printed, _ := readDecimal(string(aqls[i])); printed == asked {
			return i, nil
		}
	}
	value, _ := strconv.ParseFloat(asked.whole+"."+asked.fraction+"0", 64) // digits and one point
	above := 0
	for above < len(aqls) && aqls[above].value() < value {
		above++
	}
	switch above {
	case 0:
		return 0, refuse("aql", "AQL %s is below the series: its smallest value is %s", "AQL %s 低于系列：最小值为 %s", text, aqls[0])
	case len(aqls):
		return 0, refuse("aql", "AQL %s is above the series: its largest value is %s", "AQL %s 高于系列：最大值为 %s", text, aqls[above-1])
	}
	return 0, refuse("aql", "AQL %s is not in the series: use %s or %s", "AQL %s 不在系列中：请用 %s 或 %s", text, aqls[above-1], aqls[above])
}

// value is the number of an AQL of the series.
func (a AQL) value() float64 {
	v, _ := strconv.ParseFloat(string(a), 64)
	return v
}

// decimal is a number without the zeros that don't count, so that equal
// numbers are equal values.
type decimal struct{ whole, fraction string }

// readDecimal reads at most 12 digits with at most one point.
func readDecimal(text string) (decimal, bool) {
	whole, fraction, _ := strings.Cut(text, ".")
	if n := len(whole) + len(fraction); n == 0 || n > 12 || !digits(whole) || !digits(fraction) {
		return decimal{}, false
	}
	return decimal{strings.TrimLeft(whole, "0"), strings.TrimRight(fraction, "0")}, true
}

func digits(s string) bool { return strings.Trim(s, "0123456789") == "" }
