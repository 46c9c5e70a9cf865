package wire

import (
	"encoding"
	"errors"
	"reflect"
	"strconv"
	"time"

	"recourse/models"
)

func (d *decoder) boolean(v reflect.Value) error {
	switch d.peek() {
	case 't':
		v.SetBool(true)
		return d.word("true")
	case 'f':
		v.SetBool(false)
		return d.word("false")
	}
	return d.mismatch("true or false", " true 或 false")
}

// count reads a whole number or a floating one, by the kind of v.
func (d *decoder) count(v reflect.Value) error {
	whole := v.CanInt() || v.CanUint()
	mismatch := func() error {
		if whole {
			return d.wrong("a whole number such as 12, without quotes, within bounds", "范围内的整数，例如 12，不带引号")
		}
		return d.wrong("a number such as 1.5, without quotes", "数字，例如 1.5，不带引号")
	}
	if c := d.peek(); c != '-' && (c < '0' || c > '9') {
		if _, err := d.raw(0); err != nil {
			return err
		}
		return mismatch()
	}
	s, err := d.number()
	if err != nil {
		return err
	}
	switch {
	case v.CanInt():
		n, err := strconv.ParseInt(s, 10, v.Type().Bits())
		if err != nil {
			return mismatch()
		}
		v.SetInt(n)
	case v.CanUint():
		n, err := strconv.ParseUint(s, 10, v.Type().Bits())
		if err != nil {
			return mismatch()
		}
		v.SetUint(n)
	default:
		f, err := strconv.ParseFloat(s, v.Type().Bits())
		if err != nil {
			return mismatch()
		}
		v.SetFloat(f)
	}
	return nil
}

// own gives the path to an error of a type that reads itself.
func (d *decoder) own(err error) error {
	if err == nil {
		return nil
	}
	if known := new(models.Error); errors.As(err, &known) {
		return models.At(d.field(), known)
	}
	return d.wrong("of another form", "其他形式")
}

func (d *decoder) textValue(v reflect.Value) error {
	if d.peek() != '"' {
		return d.mismatch("text in quotes", "带引号的文本")
	}
	s, err := d.text()
	if err != nil {
		return err
	}
	return d.own(v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(s)))
}

// decimal keeps the digits as written, with quotes or without.
func (d *decoder) decimal(v reflect.Value) error {
	var s string
	var err error
	switch c := d.peek(); {
	case c == '"':
		s, err = d.text()
	case c == '-' || c >= '0' && c <= '9':
		s, err = d.number()
	default:
		return d.mismatch(`a decimal number such as "1.50"`, "小数，例如 \"1.50\"")
	}
	if err != nil {
		return err
	}
	return d.own(v.Addr().Interface().(*models.Decimal).UnmarshalText([]byte(s)))
}

func (d *decoder) money(v reflect.Value, depth int) error {
	var in struct {
		Amount   models.Decimal `json:"amount"`
		Currency string         `json:"currency"`
	}
	if err := d.value(reflect.ValueOf(&in).Elem(), depth); err != nil {
		return err
	}
	m, err := models.ParseMoney("", in.Amount.String(), in.Currency)
	if err != nil {
		return d.own(err)
	}
	v.Set(reflect.ValueOf(m))
	return nil
}

// time reads RFC 3339 with its offset, of years that every engine can hold.
func (d *decoder) time(v reflect.Value) error {
	if d.peek() != '"' {
		return d.mismatch("a time such as 2026-04-20T08:30:00+08:00", "时间，例如 2026-04-20T08:30:00+08:00")
	}
	s, err := d.text()
	if err != nil {
		return err
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || t.Year() < 1900 || t.Year() > 2200 {
		return d.wrong("a time such as 2026-04-20T08:30:00+08:00", "时间，例如 2026-04-20T08:30:00+08:00")
	}
	v.Set(reflect.ValueOf(t))
	return nil
}
