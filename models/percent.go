package models

import "fmt"

// Percent is a share in hundredths of a per cent: 6000 is 60.00 %. JSON form: a
// string with two decimals, "60.00".
type Percent int

// Whole is 100.00 %.
const Whole Percent = 10000

// ParsePercent takes a share from 0 to 100 with at most two decimals. The error
// is an *Error that names field.
func ParsePercent(field string, d Decimal) (Percent, error) {
	n, ok := d.Scaled(2)
	if !d.IsSet() || !ok || n < 0 || n > int64(Whole) {
		return 0, Invalid(field, "%q is not a share: from 0 to 100, at most two decimals.", "%q 不是有效比例：0 至 100，最多两位小数。", d.String())
	}
	return Percent(n), nil
}

// String is "60.00".
func (p Percent) String() string { return fmt.Sprintf("%d.%02d", p/100, p%100) }

// MarshalText writes "60.00".
func (p Percent) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads "60" or "60.00".
func (p *Percent) UnmarshalText(b []byte) error {
	d, err := ParseDecimal("", string(b))
	if err != nil {
		return err
	}
	*p, err = ParsePercent("", d)
	return err
}
