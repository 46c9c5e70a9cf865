package wire

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/go-playground/validator/v10"

	"recourse/models"
)

// checker is the one validator, made at first use: it caches what it learns about types.
var checker = sync.OnceValue(func() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		return name
	})
	v.RegisterCustomTypeFunc(func(v reflect.Value) any { return v.Interface().(models.Decimal).String() }, models.Decimal{})
	return v
})

// Validate checks a struct, or a pointer to one, by its validate tags. The error
// is an *models.Error that names the first field refused.
func Validate(v any) error {
	t := reflect.TypeOf(v)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	err := checker().Struct(v)
	var refused validator.ValidationErrors
	if err == nil || !errors.As(err, &refused) {
		return err
	}
	first := refused[0]
	en, zh := says(first)
	return models.Invalid(path(first.Namespace()), "%[1]s", "%[2]s", en, zh)
}

// path is a field's place by its JSON names. The first step names the type, and
// one with a capital an embedded struct: neither is in the JSON.
func path(namespace string) string {
	steps := strings.Split(namespace, ".")
	return strings.Join(slices.DeleteFunc(steps[1:], func(s string) bool { return s[0] >= 'A' && s[0] <= 'Z' }), ".")
}

// wordings are the sentences for the tags in use; %s is the tag's parameter.
var wordings = map[string]struct{ en, zh string }{
	"required":   {"is required.", "必须填写。"},
	"oneof":      {"must be one of: %s.", "须为以下之一：%s。"},
	"email":      {"must be an e-mail address.", "须为电子邮件地址。"},
	"url":        {"must be a web address.", "须为网址。"},
	"gt":         {"must be greater than %s.", "须大于 %s。"},
	"gte":        {"must be at least %s.", "须不小于 %s。"},
	"lt":         {"must be less than %s.", "须小于 %s。"},
	"lte":        {"must be at most %s.", "须不大于 %s。"},
	"unique":     {"must not hold a value twice.", "不能有重复的值。"},
	"len":        {"must have the length %s.", "长度须为 %s。"},
	"printascii": {"must be plain ASCII characters.", "只能使用 ASCII 字符。"},
}

// says words a refusal in English and Chinese.
func says(e validator.FieldError) (en, zh string) {
	switch tag := e.Tag(); tag {
	case "min", "max":
		return saysBound(e)
	default:
		w, known := wordings[tag]
		if !known {
			return fmt.Sprintf("breaks the rule «%s %s».", tag, e.Param()), fmt.Sprintf("不符合规则“%s %s”。", tag, e.Param())
		}
		if !strings.Contains(w.en, "%s") {
			return w.en, w.zh
		}
		parameter := strings.Join(strings.Fields(e.Param()), ", ")
		return fmt.Sprintf(w.en, parameter), fmt.Sprintf(w.zh, parameter)
	}
}

func saysBound(e validator.FieldError) (en, zh string) {
	least, p := e.Tag() == "min", e.Param()
	switch e.Kind() {
	case reflect.String:
		if least {
			return fmt.Sprintf("must have at least %s characters.", p), fmt.Sprintf("至少 %s 个字符。", p)
		}
		return fmt.Sprintf("must have at most %s characters.", p), fmt.Sprintf("最多 %s 个字符。", p)
	case reflect.Slice, reflect.Map:
		if least {
			return fmt.Sprintf("must have at least %s entries.", p), fmt.Sprintf("至少 %s 项。", p)
		}
		return fmt.Sprintf("must have at most %s entries.", p), fmt.Sprintf("最多 %s 项。", p)
	}
	if least {
		return fmt.Sprintf("must be at least %s.", p), fmt.Sprintf("须不小于 %s。", p)
	}
	return fmt.Sprintf("must be at most %s.", p), fmt.Sprintf("须不大于 %s。", p)
}
