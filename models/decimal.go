package models

import (
	"cmp"
	"database/sql/driver"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// Decimal is an exact decimal number with the digits it was written with:
// "594.0" stays "594.0". At most 15 digits before and 9 after the point; no
// exponent, no grouping, no comma. JSON form: a string.
type Decimal struct {
	unscaled int64
	places   int
	set      bool
}

// ParseDecimal reads "-12.50". The error is an *Error that names field and, for
// a number written in a locale ("1,15"), says how to write it.
func ParseDecimal(field, s string) (Decimal, error) {
	whole, fraction, point := strings.Cut(s, ".")
	unsigned := strings.TrimPrefix(whole, "-")
	if !digits(unsigned, 15) || point && !digits(fraction, 9) {
		return Decimal{}, Invalid(field, "%q is not a number: write it with a point and without grouping, as 1234.5.",
			"%q 不是数字：请用小数点书写，不要分隔符，例如 1234.5。", shorten(s))
	}
	n, err := strconv.ParseInt(whole+fraction, 10, 64)
	if err != nil {
		return Decimal{}, Invalid(field, "%q has too many digits.", "%q 位数过多。", s)
	}
	return Decimal{n, len(fraction), true}, nil
}

// digits reports whether s is 1 to most digits and nothing else.
func digits(s string, most int) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return 1 <= len(s) && len(s) <= most
}

// MustDecimal is ParseDecimal for constants; it panics on a bad one.
func MustDecimal(s string) Decimal {
	d, err := ParseDecimal("", s)
	if err != nil {
		panic(err)
	}
	return d
}

// DecimalFromScaled is unscaled × 10^-places.
func DecimalFromScaled(unscaled int64, places int) Decimal { return Decimal{unscaled, places, true} }

// IsSet distinguishes 0 from "not given".
func (d Decimal) IsSet() bool { return d.set }

// IsZero reports "not given" (for omitzero); the number 0 is set.
func (d Decimal) IsZero() bool { return !d.set }

// Places is the number of digits after the point as written.
func (d Decimal) Places() int { return d.places }

// Exact is the value for arithmetic.
func (d Decimal) Exact() decimal.Decimal { return decimal.New(d.unscaled, int32(-d.places)) }

// Sign is -1, 0 or 1.
func (d Decimal) Sign() int { return d.Exact().Sign() }

// Cmp compares the values: -1, 0 or 1.
func (d Decimal) Cmp(e Decimal) int {
	places := max(d.places, e.places)
	n, fits := timesTen(d.unscaled, places-d.places)
	m, both := timesTen(e.unscaled, places-e.places)
	if !fits || !both {
		return d.Exact().Cmp(e.Exact())
	}
	return cmp.Compare(n, m)
}

// Scaled is the value × 10^places as an integer; ok is false when digits would be lost.
func (d Decimal) Scaled(places int) (n int64, ok bool) {
	if places >= d.places {
		return timesTen(d.unscaled, places-d.places)
	}
	n = d.unscaled
	for range d.places - places {
		if n%10 != 0 {
			return 0, false
		}
		n /= 10
	}
	return n, true
}

// timesTen is n × 10^times; ok is false when it doesn't fit.
func timesTen(n int64, times int) (product int64, ok bool) {
	for range times {
		if n > math.MaxInt64/10 || n < math.MinInt64/10 {
			return 0, false
		}
		n *= 10
	}
	return n, true
}

// String is the number as written; "" when not given.
func (d Decimal) String() string {
	if !d.set {
		return ""
	}
	var buffer [40]byte
	text := strconv.AppendInt(buffer[:0], d.unscaled, 10)
	if d.places == 0 {
		return string(text)
	}
	first := 0 // digit, behind the sign
	if d.unscaled < 0 {
		first = 1
	}
	for len(text)-first <= d.places { // a digit before the point
		text = slices.Insert(text, first, '0')
	}
	return string(slices.Insert(text, len(text)-d.places, '.'))
}

// MarshalText writes the number as written.
func (d Decimal) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads a number; the empty text is "not given".
func (d *Decimal) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Decimal{}
		return nil
	}
	v, err := ParseDecimal("", string(b))
	*d = v
	return err
}

// Value stores the number as text, so that both engines keep it exactly.
func (d Decimal) Value() (driver.Value, error) {
	if !d.set {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads the stored text.
func (d *Decimal) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Decimal{}
		return nil
	case []byte:
		return d.UnmarshalText(v)
	case string:
		return d.UnmarshalText([]byte(v))
	}
	return fmt.Errorf("models: cannot read a decimal from %T", src)
}

// GormDataType keeps gorm from guessing.
func (Decimal) GormDataType() string { return "string" }

// Quantity is a count of goods in thousandths of the contract's unit, so that
// sums are integer sums: 12000 sheets, 37.125 m². JSON form: a plain number.
type Quantity int64

// Pieces makes a quantity of n whole units.
func Pieces(n int64) Quantity { return Quantity(n * 1000) }

// ParseQuantity reads up to three digits after the point; not negative. The
// error is an *Error that names field.
func ParseQuantity(field, s string) (Quantity, error) {
	d, err := ParseDecimal(field, s)
	if err != nil {
		return 0, err
	}
	n, ok := d.Scaled(3)
	if !ok || n < 0 || n > 1e15 {
		return 0, Invalid(field, "%s is not a quantity: not negative, at most three digits after the point, at most 10¹².",
			"%s 不是有效数量：不得为负，小数最多三位，不超过 10¹²。", s)
	}
	return Quantity(n), nil
}

// Whole is the quantity in whole units, rounded up: a started unit is a unit that can be drawn.
func (q Quantity) Whole() int { return int((int64(q) + 999) / 1000) }

// String is the shortest plain decimal.
func (q Quantity) String() string { return decimal.New(int64(q), -3).String() }

// MarshalJSON writes a plain JSON number.
func (q Quantity) MarshalJSON() ([]byte, error) { return []byte(q.String()), nil }

// UnmarshalJSON reads a JSON number, or the same in a string.
func (q *Quantity) UnmarshalJSON(b []byte) error {
	s := string(b)
	if len(s) > 1 && s[0] == '"' {
		s = s[1 : len(s)-1]
	}
	v, err := ParseQuantity("", s)
	*q = v
	return err
}

func shorten(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
