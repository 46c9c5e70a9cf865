package models

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Month is a calendar month of the trade. The form is 2026-10, so that months
// compare as text.
type Month string

// ParseMonth reads the form 2026-10, years 1900–2200. The error is an *Error that names field.
func ParseMonth(field, s string) (Month, error) {
	t, err := time.Parse("2006-01", s)
	if err != nil || t.Year() < 1900 || t.Year() > 2200 {
		return "", Invalid(field, "is not a month: write it as 2026-10.", "不是有效月份：请写成 2026-10。")
	}
	return Month(s), nil
}

// MonthOf is the month of a date; empty for an unknown date.
func MonthOf(d Date) Month {
	if d.IsZero() {
		return ""
	}
	return Month(d[:7])
}

// First is the month's first day.
func (m Month) First() Date { return Date(m + "-01") }

// Last is the month's last day.
func (m Month) Last() Date { return m.Add(1).First().AddDays(-1) }

// Add counts months.
func (m Month) Add(n int) Month { return MonthOf(DateOf(m.First().Time().AddDate(0, n, 0))) }

// UnmarshalText reads the form 2026-10; the empty text is "not known".
func (m *Month) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*m = ""
		return nil
	}
	v, err := ParseMonth("", string(b))
	*m = v
	return err
}

// Value stores the seven characters.
func (m Month) Value() (driver.Value, error) { return string(m), nil }

// Scan reads the seven characters.
func (m *Month) Scan(src any) error {
	switch v := src.(type) {
	case []byte:
		*m = Month(v)
	case string:
		*m = Month(v)
	default:
		return fmt.Errorf("models: cannot read a month from %T", src)
	}
	return nil
}
