package body

import (
	"bytes"
	stdutf8 "unicode/utf8"

	"github.com/segmentio/asm/utf8"
)

// begin reads up to the outermost object. If the body is another value that must
// be valid, too, before we say what we want.
func (r *reader) begin() error {
	if !utf8.Valid(r.src) {
		return invalid("utf8", charactersOf(r.src), "the body is not UTF-8")
	}
	switch c := r.peek(); {
	case r.at == len(r.src):
		return invalid("empty", r.at, "the body is empty")
	case c == '{':
		return nil
	case bytes.HasPrefix(r.src, []byte("\ufeff")):
		return invalid("syntax", 0, "JSON must not begin with a byte order mark")
	}
	at := r.at
	if err := r.value(0); err != nil {
		return err
	}
	if err := r.end(); err != nil {
		return err
	}
	return wrong(422, "", "object_type", at, "the body must be a JSON object")
}

// charactersOf is how many bytes b begins with that are UTF-8.
func charactersOf(b []byte) int {
	at := 0
	for at < len(b) {
		c, size := stdutf8.DecodeRune(b[at:])
		if c == stdutf8.RuneError && size == 1 {
			break
		}
		at += size
	}
	return at
}

// end sees to it that the body ends here.
func (r *reader) end() error {
	if r.peek(); r.at < len(r.src) {
		return invalid("trailing_data", r.at, "something follows the value")
	}
	return nil
}

// member reads what is in front of a member's value: the object's { for the
// first one, else a comma, then the name, unescaped, which is at at. r.at is then
// on the value. name is nil where the object ends instead.
func (r *reader) member(first bool) (name []byte, at int, err error) {
	switch c := r.peek(); {
	case first: // c is {
	case c == '}':
		r.at++
		return nil, 0, nil
	case c != ',':
		return nil, 0, r.unexpected()
	}
	r.at++
	switch c := r.peek(); {
	case c == '}' && first:
		r.at++
		return nil, 0, nil
	case c != '"':
		return nil, 0, r.unexpected()
	}
	at = r.at
	if name, err = r.text(); err != nil {
		return nil, 0, err
	}
	if r.peek() != ':' {
		return nil, 0, r.unexpected()
	}
	r.at++
	if r.peek(); r.at == len(r.src) {
		return nil, 0, r.unexpected()
	}
	return name, at, nil
}

// unknown reads the value of a member of the outermost object that is none of
// ours.
func (r *reader) unknown(name []byte, at int) error {
	if err := r.remember(0, name, at); err != nil {
		return err
	}
	return r.value(1)
}

// remember sees to it that the name, which is at at, is new in its object.
func (r *reader) remember(object int, name []byte, at int) error {
	if r.names == nil {
		r.names = map[member]struct{}{}
	}
	if _, ok := r.names[member{object, string(name)}]; ok {
		return duplicate(at)
	}
	if len(r.names) == maxNames {
		return invalid("too_many_names", at, "the body has too many members")
	}
	r.names[member{object, string(name)}] = struct{}{}
	return nil
}

func duplicate(at int) error {
	return invalid("duplicate_name", at, "a member is there twice")
}

// value reads any value; depth is how many objects and arrays it is in.
func (r *reader) value(depth int) error {
	switch c := r.peek(); {
	case c == '"':
		_, err := r.text()
		return err
	case c == '{' || c == '[':
		if depth == maxDepth {
			return invalid("too_deep", r.at, "the body is nested too deep")
		}
		if c == '{' {
			return r.object(depth + 1)
		}
		return r.array(depth + 1)
	case c == '-' || isDigit(c):
		return r.number()
	case c == 't':
		return r.word("true")
	case c == 'f':
		return r.word("false")
	case c == 'n':
		return r.word("null")
	}
	return r.unexpected()
}

func (r *reader) object(depth int) error {
	r.inner++
	object := r.inner
	for first := true; ; first = false {
		name, at, err := r.member(first)
		if err != nil || name == nil {
			return err
		}
		if err := r.remember(object, name, at); err != nil {
			return err
		}
		if err := r.value(depth); err != nil {
			return err
		}
	}
}

func (r *reader) array(depth int) error {
	r.at++
	if r.peek() == ']' {
		r.at++
		return nil
	}
	for {
		if err := r.value(depth); err != nil {
			return err
		}
		switch r.peek() {
		case ',':
			r.at++
		case ']':
			r.at++
			return nil
		default:
			return r.unexpected()
		}
	}
}

func (r *reader) word(want string) error {
	for i := range len(want) {
		if r.at == len(r.src) || r.src[r.at] != want[i] {
			return r.unexpected()
		}
		r.at++
	}
	return nil
}

// number reads a number as RFC 8259, section 6, has it.
func (r *reader) number() error {
	if r.here() == '-' {
		r.at++
	}
	if r.here() == '0' {
		r.at++
	} else if err := r.digits(); err != nil {
		return err
	}
	if r.here() == '.' {
		r.at++
		if err := r.digits(); err != nil {
			return err
		}
	}
	if r.here()|0x20 == 'e' {
		r.at++
		if c := r.here(); c == '+' || c == '-' {
			r.at++
		}
		return r.digits()
	}
	return nil
}

// digits reads one digit or more.
func (r *reader) digits() error {
	if !isDigit(r.here()) {
		return r.unexpected()
	}
	for isDigit(r.here()) {
		r.at++
	}
	return nil
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
