package body

import "fmt"

// Error says why a body was refused.
type Error struct {
	// Status is the HTTP status for it: 400 where the body is not JSON, 422 where
	// it is but a member is not right, 413 where one is too large.
	Status int
	// Code is stable and short: "json_invalid" with 400, "too_large" with 413,
	// else the same as Type.
	Code string
	// Loc is the member at fault, empty for the body as a whole.
	Loc string
	// Type tells apart what Code does not: "syntax", "duplicate_name", "utf8" ...
	Type string
	// Msg is for people, and holds nothing of the input.
	Msg string
	// Offset is of what is at fault, in bytes from the start of the body; for an
	// error of DecodeBase64 from the start of its input; -1 where there is no place.
	Offset int64
}

func (e *Error) Error() string {
	at := ""
	if e.Offset >= 0 {
		at = fmt.Sprintf(" at byte %d", e.Offset)
	}
	if e.Loc != "" {
		at = " in " + e.Loc + at
	}
	return e.Type + at + ": " + e.Msg
}

// invalid is the error of a body that is not JSON.
func invalid(kind string, at int, msg string) error {
	return &Error{Status: 400, Code: "json_invalid", Type: kind, Msg: msg, Offset: int64(at)}
}

// wrong is the error of a member.
func wrong(status int, loc, code string, at int, msg string) error {
	return &Error{Status: status, Code: code, Loc: loc, Type: code, Msg: msg, Offset: int64(at)}
}
