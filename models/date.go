package models

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Date is a plain calendar date of the trade, without a time zone: the day a
// contract was signed, goods were delivered or a claim arrived. The form is
// 2026-04-20; the zero value means "not known".
type Date string

// ParseDate reads the form 2026-04-20, years 1900–2200. The error is an *Error that names field.
func ParseDate(field, s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1900 || t.Year() > 2200 {
		return "", Invalid(field, "is not a date: write it as 2026-04-20.", "不是有效日期：请写成 2026-04-20。")
	}
	return Date(s), nil
}

// DateOf is the calendar date of t in t's own location.
func DateOf(t time.Time) Date { return Date(t.Format(time.DateOnly)) }

// IsZero reports whether the date is not known.
func (d Date) IsZero() bool { return d == "" }

// Time is midnight UTC of the date; the zero time for an unknown date.
func (d Date) Time() time.Time {
	t, _ := time.Parse(time.DateOnly, string(d))
	return t
}

// AddDays counts calendar days.
func (d Date) AddDays(n int) Date { return DateOf(d.Time().AddDate(0, 0, n)) }

// UnmarshalText reads the form 2026-04-20; the empty text is "not known".
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = ""
		return nil
	}
	v, err := ParseDate("", string(b))
	*d = v
	return err
}

// Value stores the date; not known is NULL.
func (d Date) Value() (driver.Value, error) {
	if d == "" {
		return nil, nil
	}
	return string(d), nil
}

// Scan reads a DATE or its text.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = ""
	case time.Time:
		*d = DateOf(v)
	case []byte:
		*d = Date(v)
	case string:
		*d = Date(v)
	default:
		return fmt.Errorf("models: cannot read a date from %T", src)
	}
	return nil
}

// Now truncates t to what every engine keeps: UTC milliseconds.
func Now(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }
