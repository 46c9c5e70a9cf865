// Package models holds the nouns of Recourse: records as they are stored and
// replied, the states they may be in with the transitions allowed between them,
// and the small exact values they are made of (ID, Date, Decimal, Quantity,
// Money, Text, Error). It runs no query, reads no clock and imports nothing of
// ours. Its invariant: a value that exists is well formed; every parser here
// refuses what it cannot represent exactly.
package models

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Text is one wording in Chinese and English. Either may be empty, not both
// where a text is required.
type Text struct {
	ZH string `json:"zh" validate:"max=500"`
	EN string `json:"en" validate:"max=500"`
}

// In returns the wording in lang ("zh" or "en"), or the other one when that is empty.
func (t Text) In(lang string) string {
	if lang == "zh" && t.ZH != "" || t.EN == "" {
		return t.ZH
	}
	return t.EN
}

// IsZero reports whether both wordings are empty.
func (t Text) IsZero() bool { return t.ZH == "" && t.EN == "" }

// Key is the normal form under which a code or number is unique and searched:
// NFKC (full-width digits become ASCII), lower case, inner white space folded
// to one space. "ＰＣ－2026  017" and "pc-2026 017" are one key.
func Key(s string) string {
	s = norm.NFKC.String(s)
	s = strings.Join(strings.FieldsFunc(s, unicode.IsSpace), " ")
	return strings.ToLower(s)
}
