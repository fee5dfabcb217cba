package codecs

import (
	"fmt"
	"io"
)

// What follows is for authors of codecs whose library writes to an io.Writer or
// reads from an io.Reader: it keeps such a library inside the caller's buffer.

// Room returns nil, or an error that wraps ErrShortBuffer where the capacity of
// dst is less than need bytes.
func Room(dst []byte, need int) error {
	if cap(dst) < need {
		return fmt.Errorf("%w: capacity %d, need %d", ErrShortBuffer, cap(dst), need)
	}
	return nil
}

// Sink is a caller's buffer as an io.Writer that never makes it larger: set
// Bytes to dst[:0], have the library write, take Bytes.
type Sink struct{ Bytes []byte }

// Write appends p where it has room. Otherwise it takes nothing of p, and the
// error wraps ErrShortBuffer.
func (s *Sink) Write(p []byte) (int, error) {
	if err := Room(s.Bytes, len(s.Bytes)+len(p)); err != nil {
		return 0, err
	}
	s.Bytes = append(s.Bytes, p...)
	return len(p), nil
}

// Filler reads the whole content of a reader into a caller's buffer. The zero
// value is ready; a context keeps one, so that no call allocates.
type Filler struct{ spare [1]byte }

// Fill reads r to io.EOF into dst[:0] and returns it. Where r has more than dst
// has capacity for, the error wraps ErrShortBuffer; errors of r are returned as
// they are. The spare byte shows whether r has more once dst is full.
func (f *Filler) Fill(dst []byte, r io.Reader) ([]byte, error) {
	room, n := dst[:cap(dst)], 0
	for {
		free := room[n:]
		if len(free) == 0 {
			free = f.spare[:]
		}
		m, err := r.Read(free)
		if n += m; n > len(room) {
			return nil, fmt.Errorf("%w: capacity %d", ErrShortBuffer, cap(dst))
		}
		if err == io.EOF {
			return room[:n], nil
		}
		if err != nil {
			return nil, err
		}
	}
}
