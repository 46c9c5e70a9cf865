// Package sampling answers how many units to draw, when a lot is accepted and
// what a sample is worth: the single-sampling plans of ISO 2859-1:1999
// (GB/T 2828.1-2012) and ANSI/ASQ Z1.4, the severity of a series of lots,
// exact risks and bounds, limiting-quality plans, and the cartons to open.
//
// It is pure: no I/O, no clock, no randomness of its own, no record of the
// program. It doesn't judge measured readings and doesn't know inspections.
//
// Invariant: code letter, sample size, Ac and Re of a Plan always come from one
// cell of one table; an arrow changes them together.
package sampling

import "fmt"

// Scheme is the sampling standard a plan is read from.
type Scheme string

// The schemes. ISO2859 is ISO 2859-1:1999, identical to GB/T 2828.1-2012.
const (
	ISO2859 Scheme = "iso2859-1"
	Z14     Scheme = "z1.4"
)

// Level is an inspection level: it sets the code letter for a lot size.
type Level string

// The four special and three general inspection levels (ISO 2859-1, 10.1).
const (
	LevelS1  Level = "S-1"
	LevelS2  Level = "S-2"
	LevelS3  Level = "S-3"
	LevelS4  Level = "S-4"
	LevelI   Level = "I"
	LevelII  Level = "II"
	LevelIII Level = "III"
)

// Severity is how strictly a lot is inspected (ISO 2859-1, 9).
type Severity string

// The severities. Discontinued is the state after five lots not accepted on
// tightened inspection: there is no plan in it.
const (
	Normal       Severity = "normal"
	Tightened    Severity = "tightened"
	Reduced      Severity = "reduced"
	Discontinued Severity = "discontinued"
)

// Text names the severity in "zh", or in English for any other language.
func (s Severity) Text(lang string) string {
	if lang != "zh" {
		return string(s)
	}
	switch s {
	case Normal:
		return "正常检验"
	case Tightened:
		return "加严检验"
	case Reduced:
		return "放宽检验"
	case Discontinued:
		return "暂停检验"
	}
	return string(s)
}

// Error is a refused value: the input field it stands in, named as in JSON
// ("aql", "lots[3].found"), and a sentence in both languages.
type Error struct {
	Field  string
	EN, ZH string
}

// Error is the field and the English sentence.
func (e *Error) Error() string { return e.Field + ": " + e.EN }

// Text is the sentence without the field, in "zh", or in English for any other language.
func (e *Error) Text(lang string) string {
	if lang == "zh" {
		return e.ZH
	}
	return e.EN
}

// refuse makes an *Error; both formats take the same args.
func refuse(field, en, zh string, args ...any) *Error {
	return &Error{Field: field, EN: fmt.Sprintf(en, args...), ZH: fmt.Sprintf(zh, args...)}
}
