package models

import (
	"errors"
	"fmt"
	"slices"
)

// Code classifies an Error; the HTTP layer maps each to one status.
type Code string

// The codes of Error with the HTTP status they become.
const (
	CodeInvalid         Code = "invalid"         // 422 (400 for a request that cannot be read)
	CodeMalformed       Code = "malformed"       // 400
	CodeUnauthenticated Code = "unauthenticated" // 401
	CodeForbidden       Code = "forbidden"       // 403
	CodeNotFound        Code = "not_found"       // 404
	CodeConflict        Code = "conflict"        // 409
	CodeStale           Code = "stale"           // 412
	CodeTooLarge        Code = "too_large"       // 413
	CodeUnsupported     Code = "unsupported"     // 415
	CodePrecondition    Code = "precondition"    // 428
	CodeTooMany         Code = "too_many"        // 429
	CodeUnavailable     Code = "unavailable"     // 503
	CodeStorageFull     Code = "storage_full"    // 507
)

// Error is what a user did wrong or met: a code, the input field it concerns
// ("lots[0].findings[2].units", empty when none) and a sentence in both
// languages that names the thing and the remedy. Every other error is internal
// and never shown.
type Error struct {
	Code    Code
	Field   string
	Message Text
	// Current is what the client needs to go on: the current version of a stale
	// record, the offset of an upload. Nil when there is nothing.
	Current map[string]any
}

// Error is the field and the English sentence.
func (e *Error) Error() string {
	if e.Field == "" {
		return e.Message.EN
	}
	return e.Field + ": " + e.Message.EN
}

// Errorf makes an Error of any code. Both formats take the same args, in the
// same order (use %[n]v to reorder).
func Errorf(code Code, field, en, zh string, args ...any) *Error {
	return &Error{Code: code, Field: field, Message: Say(en, zh, args...)}
}

// Say words a sentence in both languages. Both formats take the same args, in
// the same order (use %[n]v to reorder); either may leave some unused.
func Say(en, zh string, args ...any) Text {
	// The empty last argument, named by its index, keeps Sprintf from reporting unused ones.
	end := fmt.Sprintf("%%[%d]s", len(args)+1)
	args = append(slices.Clip(args), "")
	return Text{EN: fmt.Sprintf(en+end, args...), ZH: fmt.Sprintf(zh+end, args...)}
}

// Invalid is a refused input value.
func Invalid(field, en, zh string, args ...any) *Error {
	return Errorf(CodeInvalid, field, en, zh, args...)
}

// Conflict is a request that the record's present state does not allow.
func Conflict(field, en, zh string, args ...any) *Error {
	return Errorf(CodeConflict, field, en, zh, args...)
}

// NotFound says that no such record exists for this reader. The words name the kind: "inspection", "验货".
func NotFound(en, zh string) *Error {
	return Errorf(CodeNotFound, "", "There is no such %[1]s.", "没有这条%[2]s记录。", en, zh)
}

// At puts prefix before the field of an *Error, so that a nested input names
// its whole path; other errors pass through.
func At(prefix string, err error) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	c := *e
	switch {
	case c.Field == "":
		c.Field = prefix
	case c.Field[0] == '[':
		c.Field = prefix + c.Field
	default:
		c.Field = prefix + "." + c.Field
	}
	return &c
}

// IsCode reports whether err is an *Error of that code.
func IsCode(err error, code Code) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == code
}
