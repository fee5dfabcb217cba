// Package body reads the two JSON requests of the hot path and writes what is
// large in their answers: strings and base64.
//
// Compress and Decompress each go over a body once and allocate nothing. They
// are as strict as RFC 8259 lets them be, because the shop must not work on
// something nobody sent: invalid UTF-8, lone surrogates, a member named twice
// and anything after the value are errors, and names are told apart by case.
// Unknown members are ignored once they have been found valid.
//
// reader.go is how far a body has been read, text.go reads strings, which is where
// the time goes, and value.go all other JSON. The library
// github.com/go-json-experiment/json is the reference that the tests hold all of it
// against.
package body

import (
	"fmt"
	"math"
	"strconv"
)

// Compress reads {"text": str, "level": int or null}. text may be empty, and may
// not be longer than maxText bytes; level may be missing. set reports whether there
// is one, and then it fits 32 bits, no more is checked. As JSON Schema has it, an
// integer may be written 3.0 or 30e-1.
//
// src is overwritten: strings are unescaped where they stand, and text is a part
// of it. Errors are *Error; one that is about the JSON comes before one about a
// member.
func Compress(src []byte, maxText int) (text []byte, level int, set bool, err error) {
	r := reader{src: src}
	if err := r.begin(); err != nil {
		return nil, 0, false, err
	}
	var textSeen, levelSeen bool
	var textErr, levelErr error
	for first := true; ; first = false {
		name, at, err := r.member(first)
		if err != nil {
			return nil, 0, false, err
		}
		if name == nil {
			break
		}
		switch string(name) {
		case "text":
			if textSeen {
				return nil, 0, false, duplicate(at)
			}
			textSeen = true
			at := r.at
			text, textErr, err = r.textMember("text")
			if len(text) > maxText {
				textErr = wrong(413, "text", "too_large", at, fmt.Sprintf("text may have %d bytes at most", maxText))
			}
		case "level":
			if levelSeen {
				return nil, 0, false, duplicate(at)
			}
			levelSeen = true
			level, set, levelErr, err = r.intMember("level")
		default:
			err = r.unknown(name, at)
		}
		if err != nil {
			return nil, 0, false, err
		}
	}
	if err := r.end(); err != nil {
		return nil, 0, false, err
	}
	if !textSeen {
		textErr = missing("text")
	}
	switch {
	case textErr != nil:
		return nil, 0, false, textErr
	case levelErr != nil:
		return nil, 0, false, levelErr
	}
	return text, level, set, nil
}

// Decompress reads {"b64": str}. It overwrites src as Compress does, and b64 is
// a part of it, not decoded yet.
func Decompress(src []byte) (b64 []byte, err error) {
	r := reader{src: src}
	if err := r.begin(); err != nil {
		return nil, err
	}
	var seen bool
	var wrongType error
	for first := true; ; first = false {
		name, at, err := r.member(first)
		if err != nil {
			return nil, err
		}
		if name == nil {
			break
		}
		switch {
		case string(name) != "b64":
			err = r.unknown(name, at)
		case seen:
			err = duplicate(at)
		default:
			seen = true
			if b64 = r.bareText(); b64 == nil {
				b64, wrongType, err = r.textMember("b64")
			}
		}
		if err != nil {
			return nil, err
		}
	}
	if err := r.end(); err != nil {
		return nil, err
	}
	if !seen {
		return nil, missing("b64")
	}
	if wrongType != nil {
		return nil, wrongType
	}
	return b64, nil
}

func missing(name string) error {
	return wrong(422, name, "missing", -1, name+" is missing")
}

// textMember reads the value of a member that must be a string; if it is another
// value, that is wrongType.
func (r *reader) textMember(name string) (text []byte, wrongType, err error) {
	at := r.at
	if r.src[at] == '"' {
		text, err = r.text()
		return text, nil, err
	}
	return nil, wrong(422, name, "string_type", at, name+" must be a string"), r.value(1)
}

// intMember reads the value of a member that must be an integer or null; set
// tells which. If it is another value, that is wrongValue.
func (r *reader) intMember(name string) (n int, set bool, wrongValue, err error) {
	at := r.at
	if err := r.value(1); err != nil {
		return 0, false, nil, err
	}
	var v float64 // exact for what fits 32 bits
	switch c := r.src[at]; {
	case c == 'n':
		return 0, false, nil, nil
	case c == '-' || isDigit(c):
		v, _ = strconv.ParseFloat(string(r.src[at:r.at]), 64) // its error is infinity
	default:
		v = math.NaN()
	}
	switch {
	case v != math.Trunc(v):
		return 0, false, wrong(422, name, "int_type", at, name+" must be an integer or null"), nil
	case v < math.MinInt32 || v > math.MaxInt32:
		return 0, false, wrong(422, name, "int_range", at, name+" is out of range"), nil
	}
	return int(v), true, nil, nil
}
