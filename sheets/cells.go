package sheets

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/unicode/norm"

	"recourse/models"
)

// normal is a cell as a value is read from it: full-width forms become ASCII.
func normal(s string) string { return strings.TrimSpace(norm.NFKC.String(s)) }

var (
	datePattern   = regexp.MustCompile(`^(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年 ?(\d{1,2})月 ?(\d{1,2})[日号])(?: 0{1,2}:00(?::00)?)?$`)
	serialPattern = regexp.MustCompile(`^\d{5,6}(\.\d+)?$`)
)

// The serial dates that are taken: 1990 to 2199. A bare year or a mistyped
// number is none.
const (
	firstSerial = 32_874
	lastSerial  = 109_574
)

// parseDate reads 2026-04-20, 2026/4/20, 2026.4.20, 2026年4月20日 or a serial
// date of Excel. The error is an *Error.
func parseDate(s string, date1904 bool) (models.Date, error) {
	s = normal(s)
	bad := models.Invalid("", "%q is not a date: write it as 2026-04-20.", "%q 不是有效日期：请写成 2026-04-20 或 2026年4月20日。", cut(s))
	if s == "" {
		return "", nil
	}
	if serialPattern.MatchString(s) {
		n, err := strconv.ParseFloat(s, 64)
		if err != nil || n < firstSerial-1462 || n > lastSerial {
			return "", bad
		}
		at, err := excelize.ExcelDateToTime(n, date1904)
		if err != nil || at.Year() < 1990 || at.Year() > 2199 {
			return "", bad
		}
		return models.DateOf(at), nil
	}
	parts := datePattern.FindStringSubmatch(s)
	if parts == nil {
		return "", bad
	}
	var found []string
	for _, p := range parts[1:] {
		if p != "" {
			found = append(found, p)
		}
	}
	for i, p := range found[1:] {
		found[i+1] = strings.Repeat("0", 2-len(p)) + p
	}
	d, err := models.ParseDate("", strings.Join(found, "-"))
	if err != nil {
		return "", bad
	}
	return d, nil
}

// parseCount reads a whole number; nil for nothing.
func parseCount(s string) (*int, error) {
	if s = normal(s); s == "" {
		return nil, nil
	}
	n, err := strconv.Atoi(strings.TrimSuffix(s, ".0"))
	if err != nil {
		return nil, models.Invalid("", "%q is not a whole number: write it as 30.", "%q 不是整数：请写成 30。", cut(s))
	}
	return &n, nil
}

// parseYes reads yes or no in either language; nothing is no.
func parseYes(s string) (bool, error) {
	switch models.Key(s) {
	case "yes", "y", "true", "1", "是":
		return true, nil
	case "", "no", "n", "false", "0", "否":
		return false, nil
	}
	return false, models.Invalid("", "%q is neither yes nor no.", "%q 不是“是”或“否”。", cut(s))
}

// split cuts a cell with several values at semicolons and line breaks.
func split(s string) []string {
	var all []string
	for _, part := range strings.FieldsFunc(normal(s), func(r rune) bool { return r == ';' || r == '\n' || r == '\r' || r == '、' }) {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}

func cut(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
