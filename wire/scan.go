package wire

import (
	"encoding/json"
	"strconv"
	"unicode/utf16"

	"recourse/models"
)

// decoder stands at a position of a JSON text and knows the path to it.
type decoder struct {
	data []byte
	pos  int
	path []step
}

// step is one part of a path: a key, or an index when key is empty.
type step struct {
	key   string
	index int
}

// field is the path as it is written in errors: lots[0].findings[2].units.
func (d *decoder) field() string {
	var out []byte
	for _, s := range d.path {
		switch {
		case s.key == "":
			out = append(out, '[')
			out = strconv.AppendInt(out, int64(s.index), 10)
			out = append(out, ']')
		case len(out) > 0:
			out = append(out, '.')
			out = append(out, s.key...)
		default:
			out = append(out, s.key...)
		}
	}
	return string(out)
}

// broken refuses text that is not JSON, saying where.
func (d *decoder) broken(en, zh string) error {
	line, column := 1, 1
	for _, b := range d.data[:min(d.pos, len(d.data))] {
		if column++; b == '\n' {
			line, column = line+1, 1
		}
	}
	return models.Errorf(models.CodeMalformed, d.field(), "This is not valid JSON: %[1]s (line %[3]d, column %[4]d).", "不是有效的 JSON：%[2]s（第 %[3]d 行第 %[4]d 列）。", en, zh, line, column)
}

func (d *decoder) space() {
	for d.pos < len(d.data) {
		switch d.data[d.pos] {
		case ' ', '\t', '\n', '\r':
			d.pos++
		default:
			return
		}
	}
}

// peek is the next byte that is no space; 0 at the end.
func (d *decoder) peek() byte {
	d.space()
	if d.pos < len(d.data) {
		return d.data[d.pos]
	}
	return 0
}

// take reads the byte that must come next.
func (d *decoder) take(want byte) error {
	if d.peek() != want {
		return d.broken("«"+string(want)+"» is missing", "缺少“"+string(want)+"”")
	}
	d.pos++
	return nil
}

// word reads true, false or null.
func (d *decoder) word(w string) error {
	if len(d.data)-d.pos < len(w) || string(d.data[d.pos:d.pos+len(w)]) != w {
		return d.broken("a value is missing", "缺少值")
	}
	d.pos += len(w)
	return nil
}

// number reads a number and returns its text.
func (d *decoder) number() (string, error) {
	start := d.pos
	digits := func() bool {
		from := d.pos
		for d.pos < len(d.data) && d.data[d.pos] >= '0' && d.data[d.pos] <= '9' {
			d.pos++
		}
		return d.pos > from
	}
	at := func(b ...byte) bool {
		for _, c := range b {
			if d.pos < len(d.data) && d.data[d.pos] == c {
				d.pos++
				return true
			}
		}
		return false
	}
	at('-')
	ok := at('0') || digits()
	if ok && at('.') {
		ok = digits()
	}
	if ok && at('e', 'E') {
		at('+', '-')
		ok = digits()
	}
	if !ok {
		return "", d.broken("a number is cut off or misspelt", "数字不完整或书写有误")
	}
	return string(d.data[start:d.pos]), nil
}

// text reads a string. The usual one without escapes is copied as it stands.
func (d *decoder) text() (string, error) {
	if err := d.take('"'); err != nil {
		return "", err
	}
	start, escaped := d.pos, false
	for d.pos < len(d.data) {
		switch c := d.data[d.pos]; {
		case c == '"':
			raw := d.data[start:d.pos]
			d.pos++
			if escaped {
				return d.unescape(d.data[start-1 : d.pos])
			}
			return string(raw), nil
		case c == '\\':
			escaped = true
			d.pos += 2
		case c < ' ':
			return "", d.broken("a line break or control character inside a string", "字符串中有换行或控制字符")
		default:
			d.pos++
		}
	}
	return "", d.broken("a string has no end", "字符串没有结束")
}

// unescape refuses what would be lost: half a surrogate pair, and the character U+0000.
func (d *decoder) unescape(quoted []byte) (string, error) {
	var s string
	if json.Unmarshal(quoted, &s) != nil {
		return "", d.broken("a string has a wrong escape", "字符串中有错误的转义")
	}
	for i := 0; i < len(quoted)-1; i++ {
		if quoted[i] != '\\' {
			continue
		}
		if i++; quoted[i] != 'u' {
			continue
		}
		r := hexRune(quoted[i+1:])
		i += 4
		if utf16.IsSurrogate(r) {
			if i+6 >= len(quoted) || quoted[i+1] != '\\' || quoted[i+2] != 'u' || utf16.DecodeRune(r, hexRune(quoted[i+3:])) == '\uFFFD' {
				return "", d.broken("a string has half a surrogate pair", "字符串中有不完整的代理对")
			}
			i += 6
		}
		if r == 0 {
			return "", d.broken("a string holds the character U+0000", "字符串中含有字符 U+0000")
		}
	}
	return s, nil
}

// hexRune reads the four digits of an escape that encoding/json has found sound.
func hexRune(b []byte) rune {
	n, _ := strconv.ParseUint(string(b[:4]), 16, 32)
	return rune(n)
}
