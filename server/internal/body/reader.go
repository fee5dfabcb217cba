package body

// What a body may hold, so that no short one makes for much work or memory.
const (
	maxDepth = 1000   // of objects and arrays within each other
	maxNames = 10_000 // of unknown members and members of inner objects
)

// reader goes over a body once. What a method reads begins at r.at, or after
// white space there, and r.at is behind it afterwards.
type reader struct {
	src []byte
	at  int

	// names is what has been named so far, but for members we know; nil until
	// there is another.
	names map[member]struct{}
	inner int // objects begun within the outermost, to number them
}

// member is a name in one of the body's objects.
type member struct {
	object int
	name   string
}

// here is the byte at r.at, 0 at the end, where no 0 can be.
func (r *reader) here() byte {
	if r.at == len(r.src) {
		return 0
	}
	return r.src[r.at]
}

// peek is here after white space.
func (r *reader) peek() byte {
	for r.at < len(r.src) {
		switch c := r.src[r.at]; c {
		case ' ', '\t', '\n', '\r':
			r.at++
		default:
			return c
		}
	}
	return 0
}

// unexpected is the error of what is at r.at.
func (r *reader) unexpected() error {
	if r.at == len(r.src) {
		return invalid("syntax", r.at, "the body ends too early")
	}
	return invalid("syntax", r.at, "this byte cannot be here")
}
