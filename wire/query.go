package wire

import (
	"encoding"
	"net/url"
	"reflect"
	"strconv"

	"recourse/models"
)

// Query reads the parameters of a query string into v, a pointer to a struct, by
// the JSON names of its fields. Unknown and repeated names are refused. Errors
// are *models.Error that name the parameter.
func Query(values url.Values, v any) error {
	target := reflect.ValueOf(v).Elem()
	fields := infoOf(target.Type()).fields
	for name, texts := range values {
		index, known := fields[name]
		switch {
		case !known:
			return models.Errorf(models.CodeMalformed, name, "There is no parameter of this name.", "没有此参数。")
		case len(texts) > 1:
			return models.Errorf(models.CodeMalformed, name, "The parameter is given twice.", "参数重复。")
		}
		if err := parameter(target.FieldByIndex(index), name, texts[0]); err != nil {
			return err
		}
	}
	return nil
}

func parameter(v reflect.Value, name, text string) error {
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	if reads, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		return models.At(name, reads.UnmarshalText([]byte(text)))
	}
	var err error
	en, zh := "a number such as 1.5", "数字，例如 1.5"
	switch {
	case v.Kind() == reflect.String:
		v.SetString(text)
	case v.Kind() == reflect.Bool:
		var b bool
		b, err = strconv.ParseBool(text)
		v.SetBool(b)
		en, zh = "true or false", " true 或 false"
	case v.CanInt():
		var n int64
		n, err = strconv.ParseInt(text, 10, v.Type().Bits())
		v.SetInt(n)
		en, zh = "a whole number such as 12, within bounds", "范围内的整数，例如 12"
	default:
		var f float64
		f, err = strconv.ParseFloat(text, 64)
		v.SetFloat(f)
	}
	if err != nil {
		return models.Invalid(name, "must be %[1]s.", "须为%[2]s。", en, zh)
	}
	return nil
}
