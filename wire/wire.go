// Package wire answers for reading what others wrote: strict JSON into input
// structs, and validation of those by their tags. It knows no rule of the trade
// and no transport. Its invariant: a value that was decoded holds exactly what
// the text says (every key known and given once, no number rounded, nothing
// after the value), and every refusal is a *models.Error that names the field by
// its path, such as lots[0].findings[2].units.
package wire

import (
	"bytes"
	"fmt"
	"reflect"
	"unicode/utf8"

	"recourse/models"
)

// maxDepth bounds the nesting of values, and so the stack.
const maxDepth = 64

// Decode reads one JSON value into v, a pointer. Unknown, repeated and
// differently cased keys, null where a value is needed, values of another type,
// invalid UTF-8 and anything after the value are refused. Decimals may be
// written as strings or as plain numbers. Errors are *models.Error: malformed
// for what isn't the expected JSON, invalid for a value that can't be taken.
func Decode(data []byte, v any) error {
	target := reflect.ValueOf(v)
	if target.Kind() != reflect.Pointer || target.IsNil() {
		return fmt.Errorf("wire: Decode into %T: a pointer is needed", v)
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return models.Errorf(models.CodeMalformed, "", "The body is empty: JSON is needed.", "请求体为空：需要 JSON。")
	}
	if !utf8.Valid(data) {
		return models.Errorf(models.CodeMalformed, "", "The JSON is not valid UTF-8.", "JSON 不是有效的 UTF-8。")
	}
	d := decoder{data: data}
	if err := d.value(target.Elem(), 0); err != nil {
		return err
	}
	d.space()
	if d.pos < len(data) {
		return d.broken("something follows the value", "值之后还有内容")
	}
	return nil
}

// Read is Decode and then Validate.
func Read(data []byte, v any) error {
	if err := Decode(data, v); err != nil {
		return err
	}
	return Validate(v)
}
