package codectest

// guard is how many bytes on each side of a guarded buffer are watched. Writes
// further out go unseen.
const guard = 256

// guarded is a buffer inside a larger array, so that writes outside of it show.
type guarded struct {
	array    []byte
	capacity int
}

func newGuarded(capacity int) guarded {
	g := guarded{array: make([]byte, guard+capacity+guard), capacity: capacity}
	for i := range g.array {
		g.array[i] = mark(i)
	}
	return g
}

// guardedCopy is a guarded buffer filled with data, and a slice of just that
// with the guard behind it as spare capacity.
func guardedCopy(data []byte) (g guarded, src []byte) {
	g = newGuarded(len(data))
	src = g.array[guard : guard+len(data)]
	copy(src, data)
	return g, src
}

// mark is the byte expected at index i outside of the buffer. It differs from
// its neighbours, and from what a codec may well write there.
func mark(i int) byte { return byte(i*37 + 0xA5) }

// dst is the buffer as a slice of that length, which a codec must not mistake
// for something to keep.
func (g guarded) dst(length int) []byte {
	return g.array[guard : guard+length : guard+g.capacity]
}

// intact reports whether nothing outside of the buffer was written.
func (g guarded) intact() bool {
	for i := range guard {
		after := guard + g.capacity + i
		if g.array[i] != mark(i) || g.array[after] != mark(after) {
			return false
		}
	}
	return true
}

// begins reports whether b starts at the buffer's first byte. Where b is empty
// there is nothing to tell.
func (g guarded) begins(b []byte) bool {
	return len(b) == 0 || &b[0] == &g.array[guard]
}
