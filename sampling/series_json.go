package sampling

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// ParseSeries reads a series of lots from JSON. Unknown, repeated and missing
// keys, values of another type and anything after the object are refused by
// name; only limit_number and a lot's resume may be left out. Errors are *Error.
func ParseSeries(data []byte) (Series, error) {
	keys, err := readObject(data, "series", "scheme", "level", "aql", "limit_number", "lots")
	if err != nil {
		return Series{}, err
	}
	var in Series
	var lots []json.RawMessage
	r := reader{keys: keys}
	r.read("scheme", &in.Scheme, "a text")
	r.read("level", &in.Level, "a text")
	r.read("aql", &in.AQL, "a text such as \"2.5\"")
	if _, given := keys["limit_number"]; given {
		r.readNullable("limit_number", &in.LimitNumber, "a whole number or null")
	}
	r.read("lots", &lots, "a list")
	if r.err != nil {
		return Series{}, r.err
	}
	in.Lots = make([]Lot, len(lots))
	for i, raw := range lots {
		if in.Lots[i], err = parseLot(raw, fmt.Sprintf("lots[%d]", i)); err != nil {
			return Series{}, err
		}
	}
	return in, nil
}

func parseLot(data []byte, at string) (Lot, error) {
	keys, err := readObject(data, at, "size", "found", "original", "steady", "approved", "resume")
	if err != nil {
		return Lot{}, err
	}
	var lot Lot
	r := reader{keys: keys, prefix: at + "."}
	r.read("size", &lot.Size, "a whole number")
	r.read("found", &lot.Found, "a whole number")
	r.read("original", &lot.Original, "true or false")
	r.read("steady", &lot.Steady, "true or false")
	r.read("approved", &lot.Approved, "true or false")
	if _, given := keys["resume"]; given {
		r.read("resume", &lot.Resume, "true or false")
	}
	return lot, r.err
}

// reader takes values out of an object and keeps the first error.
type reader struct {
	keys   map[string]json.RawMessage
	prefix string
	err    error
}

// read wants the key with a value of the target's type, not null.
func (r *reader) read(key string, into any, want string) {
	raw, given := r.keys[key]
	switch {
	case r.err != nil:
	case !given:
		r.err = refuse(r.prefix+key, "the key is missing", "缺少该键")
	case string(raw) == "null":
		r.err = refuse(r.prefix+key, "the value is null: it must be %s", "值为 null，应为 %s", want)
	default:
		r.readNullable(key, into, want)
	}
}

func (r *reader) readNullable(key string, into any, want string) {
	if r.err == nil && json.Unmarshal(r.keys[key], into) != nil {
		r.err = refuse(r.prefix+key, "the value must be %s", "值的类型不对，应为 %s", want)
	}
}

// readObject splits a JSON object into its keys. Names are exact: encoding/json
// itself would take "Found" for "found" and the last of two equal keys.
func readObject(data []byte, at string, allowed ...string) (map[string]json.RawMessage, error) {
	broken := func(err error) error {
		return refuse(at, "it is not a JSON object: %v", "不是 JSON 对象：%v", err)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return nil, broken(orElse(err, "it must start with {"))
	}
	keys := map[string]json.RawMessage{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, broken(err)
		}
		key := token.(string) // the decoder lets nothing else stand before a colon
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return nil, broken(err)
		}
		if !slices.Contains(allowed, key) {
			return nil, refuse(at, "the key %q is unknown", "未知的键 %q", key)
		}
		if _, twice := keys[key]; twice {
			return nil, refuse(at, "the key %q is given twice", "键 %q 重复", key)
		}
		keys[key] = raw
	}
	if _, err := d.Token(); err != nil {
		return nil, broken(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, broken(errors.New("something follows it"))
	}
	return keys, nil
}

// orElse is err, or else an error that says what.
func orElse(err error, what string) error {
	if err == nil || errors.Is(err, io.EOF) {
		return errors.New(what)
	}
	return err
}
