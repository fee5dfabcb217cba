package body

import "bytes"

// Arrival looks at a body of Decompress while it arrives, and shows the bytes in
// its member b64 to a Scanner. It is quick to give up: where b64 is not the first
// member, or is written with escapes, or is not base64, nothing more is shown, and
// what is wrong is left to those who read all of it; of such a body the scanner may
// be shown anything. The zero value is at the beginning of a body.
type Arrival struct {
	stage  int // tokens that have been found
	within int // bytes of the next token that have been found
	skip   int64
	// quad is the beginning of a group of four characters.
	quad  [4]byte
	quads int
	over  bool
}

// Scanner is told what the base64 stands for; frame.Scanner is one.
type Scanner interface {
	// Scan takes the next bytes. An error ends it all.
	Scan([]byte) error
	// Skip returns how many of the next bytes Scan need not see; Discard says that
	// so many of them have come.
	Skip() int64
	Discard(n int64)
}

// tokens are what a body begins with up to the base64; white space may come before
// each.
var tokens = [...]string{"{", `"b64"`, ":", `"`}

// Take looks at the next part of the body, which is only read. The error is the
// scanner's.
func (a *Arrival) Take(part []byte, to Scanner) error {
	for len(part) > 0 && a.stage < len(tokens) && !a.over {
		part = a.token(part)
	}
	var block [shown]byte
	for len(part) > 0 && !a.over {
		if a.skip > 0 {
			n := min(a.skip, int64(len(part)))
			a.over = interrupted(part[:n])
			a.skip, part = a.skip-n, part[n:]
			continue
		}
		group := a.group(&part)
		if len(group) == 0 {
			break
		}
		n, err := strict.Decode(block[:], group)
		if a.over = err != nil || n < len(group)/4*3 && len(part) > 0 && part[0] != '"'; a.over {
			break
		}
		if err := to.Scan(block[:n]); err != nil {
			return err
		}
		groups := to.Skip() / 3
		to.Discard(groups * 3)
		a.skip = groups * 4
	}
	return nil
}

// shown is how many bytes are decoded at once; most of what follows a field of a
// frame need not be.
const shown = 96 / 4 * 3

// token takes what part holds of the next token.
func (a *Arrival) token(part []byte) []byte {
	c, want := part[0], tokens[a.stage]
	switch {
	case a.within == 0 && (c == ' ' || c == '\t' || c == '\r' || c == '\n'):
	case c != want[a.within]:
		a.over = true
	case a.within+1 == len(want):
		a.stage, a.within = a.stage+1, 0
	default:
		a.within++
	}
	return part[1:]
}

// group takes whole groups of four from *part, or one that began in the part
// before; none where there is not one.
func (a *Arrival) group(part *[]byte) []byte {
	src := *part
	if a.quads > 0 || len(src) < 4 {
		n := copy(a.quad[a.quads:], src)
		a.quads, *part = a.quads+n, src[n:]
		if a.quads < 4 {
			return nil
		}
		a.quads = 0
		return a.quad[:]
	}
	src = src[:min(len(src)&^3, shown/3*4)]
	if interrupted(src) {
		end := bytes.IndexAny(src, "\"\\") &^ 3
		a.over = end == 0
		src = src[:end]
	}
	*part = (*part)[len(src):]
	return src
}

// interrupted reports whether the string may end, or goes on with an escape.
func interrupted(part []byte) bool {
	return bytes.IndexByte(part, '"') >= 0 || bytes.IndexByte(part, '\\') >= 0
}
