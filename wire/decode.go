package wire

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"recourse/models"
)

// wrong refuses a value of another type.
func (d *decoder) wrong(en, zh string) error {
	return models.Invalid(d.field(), "must be %[1]s.", "须为%[2]s。", en, zh)
}

// value reads the next value into v.
func (d *decoder) value(v reflect.Value, depth int) error {
	if depth > maxDepth {
		return d.broken("it is nested too deeply", "嵌套过深")
	}
	info := infoOf(v.Type())
	if d.peek() == 'n' {
		return d.null(v, info)
	}
	switch info.shape {
	case byText:
		return d.textValue(v)
	case byNumber:
		return d.decimal(v)
	case byJSON:
		raw, err := d.raw(depth)
		if err != nil {
			return err
		}
		return d.own(v.Addr().Interface().(json.Unmarshaler).UnmarshalJSON(raw))
	case asMoney:
		return d.money(v, depth)
	case asTime:
		return d.time(v)
	case asRaw:
		raw, err := d.raw(depth)
		v.SetBytes(slices.Clone(raw))
		return err
	case asInterface:
		raw, err := d.raw(depth)
		if err != nil {
			return err
		}
		return d.own(json.Unmarshal(raw, v.Addr().Interface()))
	}
	return d.kind(v, info, depth)
}

func (d *decoder) kind(v reflect.Value, info *typeInfo, depth int) error {
	switch v.Kind() {
	case reflect.Pointer:
		p := reflect.New(v.Type().Elem())
		v.Set(p)
		return d.value(p.Elem(), depth)
	case reflect.Struct:
		return d.object(v, info, depth)
	case reflect.Map:
		return d.mapping(v, depth)
	case reflect.Slice:
		return d.list(v, depth)
	case reflect.String:
		if d.peek() != '"' {
			return d.mismatch("text in quotes", "带引号的文本")
		}
		s, err := d.text()
		v.SetString(s)
		return err
	case reflect.Bool:
		return d.boolean(v)
	}
	return d.count(v)
}

// null is "not given" for pointers, lists, maps and the values that know a zero; nothing else may be null.
func (d *decoder) null(v reflect.Value, info *typeInfo) error {
	if err := d.word("null"); err != nil {
		return err
	}
	switch k := v.Kind(); {
	case k == reflect.Pointer || k == reflect.Slice || k == reflect.Map || k == reflect.Interface,
		info.shape == byText, info.shape == byNumber:
		v.SetZero()
		return nil
	}
	return models.Invalid(d.field(), "must not be null.", "不能为 null。")
}

// mismatch refuses a value of another type, after making sure that it is JSON at all.
func (d *decoder) mismatch(en, zh string) error {
	if _, err := d.raw(0); err != nil {
		return err
	}
	return d.wrong(en, zh)
}

func (d *decoder) object(v reflect.Value, info *typeInfo, depth int) error {
	if d.peek() != '{' {
		return d.mismatch("an object", "对象")
	}
	var few [16]string
	seen := few[:0]
	return d.members(func(key string) error {
		index, known := info.fields[key]
		switch {
		case !known:
			return d.unknown(key, info)
		case slices.Contains(seen, key):
			return models.Errorf(models.CodeMalformed, d.field(), "The key is given twice.", "键重复。")
		}
		seen = append(seen, key)
		return d.value(v.FieldByIndex(index), depth+1)
	})
}

func (d *decoder) unknown(key string, info *typeInfo) error {
	if right, ok := info.folded[strings.ToLower(key)]; ok {
		return models.Errorf(models.CodeMalformed, d.field(), "The key is unknown: write it as %q.", "未知的键：应写作 %q。", right)
	}
	return models.Errorf(models.CodeMalformed, d.field(), "The key is unknown.", "未知的键。")
}

// members walks an object; each is called with the position at its value and the key on the path.
func (d *decoder) members(each func(key string) error) error {
	if err := d.take('{'); err != nil {
		return err
	}
	if d.peek() == '}' {
		d.pos++
		return nil
	}
	for {
		if d.peek() != '"' {
			return d.broken("a key in quotes is missing", "缺少带引号的键")
		}
		key, err := d.text()
		if err != nil {
			return err
		}
		if err := d.take(':'); err != nil {
			return err
		}
		if key == "" {
			return models.Errorf(models.CodeMalformed, d.field(), "A key is empty.", "键为空。")
		}
		d.path = append(d.path, step{key: key})
		if err := each(key); err != nil {
			return err
		}
		d.path = d.path[:len(d.path)-1]
		if d.peek() == ',' {
			d.pos++
			continue
		}
		return d.take('}')
	}
}

func (d *decoder) elements(each func() error) error {
	if err := d.take('['); err != nil {
		return err
	}
	if d.peek() == ']' {
		d.pos++
		return nil
	}
	for i := 0; ; i++ {
		d.path = append(d.path, step{index: i})
		if err := each(); err != nil {
			return err
		}
		d.path = d.path[:len(d.path)-1]
		if d.peek() == ',' {
			d.pos++
			continue
		}
		return d.take(']')
	}
}

func (d *decoder) mapping(v reflect.Value, depth int) error {
	if d.peek() != '{' {
		return d.mismatch("an object", "对象")
	}
	t := v.Type()
	out := reflect.MakeMap(t)
	err := d.members(func(key string) error {
		k := reflect.ValueOf(key).Convert(t.Key())
		if out.MapIndex(k).IsValid() {
			return models.Errorf(models.CodeMalformed, d.field(), "The key is given twice.", "键重复。")
		}
		item := reflect.New(t.Elem()).Elem()
		if err := d.value(item, depth+1); err != nil {
			return err
		}
		out.SetMapIndex(k, item)
		return nil
	})
	v.Set(out)
	return err
}

func (d *decoder) list(v reflect.Value, depth int) error {
	if d.peek() != '[' {
		return d.mismatch("a list", "列表")
	}
	v.Set(reflect.MakeSlice(v.Type(), 0, 4))
	return d.elements(func() error {
		n := v.Len()
		if n == v.Cap() {
			v.Grow(n)
		}
		v.SetLen(n + 1)
		v.Index(n).SetZero()
		return d.value(v.Index(n), depth+1)
	})
}

// raw reads any value, refusing repeated keys in it, and returns its text.
func (d *decoder) raw(depth int) ([]byte, error) {
	if depth > maxDepth {
		return nil, d.broken("it is nested too deeply", "嵌套过深")
	}
	c := d.peek()
	start := d.pos
	var err error
	switch {
	case c == '{':
		seen := map[string]bool{}
		err = d.members(func(key string) error {
			if seen[key] {
				return models.Errorf(models.CodeMalformed, d.field(), "The key is given twice.", "键重复。")
			}
			seen[key] = true
			_, err := d.raw(depth + 1)
			return err
		})
	case c == '[':
		err = d.elements(func() error { _, err := d.raw(depth + 1); return err })
	case c == '"':
		_, err = d.text()
	case c == 't':
		err = d.word("true")
	case c == 'f':
		err = d.word("false")
	case c == 'n':
		err = d.word("null")
	case c == '-' || c >= '0' && c <= '9':
		_, err = d.number()
	default:
		err = d.broken("a value is missing", "缺少值")
	}
	return d.data[start:d.pos], err
}
