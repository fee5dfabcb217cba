package server

import (
	"net"
	"syscall"

	"zstdshop/server/internal/lane"
)

// intake is what a session reads its connection through. It knows where headers
// and bodies begin and end, so that it can look at a body as it arrives, and
// fasthttp gets no byte of a body together with the header before it.
//
// It decides nothing: fasthttp reads the same bytes by rules of its own, and where
// the two should differ a body is looked at in the wrong place or not at all.
type intake struct {
	conn net.Conn
	raw  syscall.RawConn // nil where the connection is no socket

	buf  []byte
	r, w int // buf[r:w] has been read from conn and not from here

	lines lineEnds // while in a header
	left  int64    // bytes of a body to come; chunked
	chunk chunks   // of a body in chunks
	look  func(part []byte) error
	seen  int // bytes of the body in buf that have been looked at
	// announced, where there is one and a look, is told the size of a chunk before
	// fasthttp is, which makes room for all of it at once. What it returns ends the
	// reading.
	announced func(size int64) error

	// lane has a place for each large body that may be received just now. held is set
	// while a place is kept for what fasthttp does with a part of a body in chunks.
	lane lane.Lane
	held bool

	// turn is what receives through a socket; see intake_unix.go.
	turn turn
}

// begin is called for a new connection.
func (i *intake) begin(conn net.Conn, places lane.Lane) {
	i.conn, i.raw = conn, nil
	if sc, ok := conn.(syscall.Conn); ok {
		if raw, err := sc.SyscallConn(); err == nil {
			i.raw = raw
		}
	}
	if i.buf == nil {
		i.buf = make([]byte, ioBuffer)
	}
	i.r, i.w, i.lines, i.left, i.look = 0, 0, 0, 0, nil
	i.lane, i.held = places, false
}

// body is called once a header has been read: a body of length bytes follows, or
// one in chunks. look is shown its content before fasthttp is, and what it returns
// ends the reading.
func (i *intake) body(length int, look func([]byte) error) {
	i.left, i.look, i.chunk, i.seen = int64(length), look, chunks{}, 0
}

// lookAhead looks at what has come of a body whose length is known, and waits for it
// where nothing has. An error comes again when the body is read, unless it is the
// look's.
func (i *intake) lookAhead() {
	if i.r == i.w {
		n, err := i.conn.Read(i.buf)
		if n <= 0 || err != nil {
			return
		}
		i.r, i.w = 0, n
	}
	i.seen = int(min(int64(i.w-i.r), i.left))
	_ = i.look(i.buf[i.r : i.r+i.seen])
}

// waiting reports whether bytes have come that nobody has read.
func (i *intake) waiting() bool { return i.r < i.w }

func (i *intake) Read(p []byte) (int, error) {
	i.leaveLane()
	switch {
	case i.r < i.w:
	case i.left > 0:
		return i.receive(p[:min(int64(len(p)), i.left)])
	case i.left == chunked && i.chunk.content() >= largeRead && len(p) >= largeRead:
		return i.receive(p[:min(int64(len(p)), i.chunk.content())])
	}
	if i.r == i.w {
		n, err := i.conn.Read(i.buf)
		if n <= 0 {
			return n, err
		}
		i.r, i.w = 0, n
	}
	ready := i.buf[i.r:min(i.w, i.r+len(p))]
	switch {
	case i.left > 0:
		n := copy(p, ready[:min(int64(len(ready)), i.left)])
		i.r += n
		return i.bodyRead(p[:n], nil)
	case i.left == chunked:
		return i.chunkRead(p, ready)
	}
	n := copy(p, ready[:i.lines.headerEnd(ready)])
	i.r += n
	return n, nil
}

// bodyRead counts part, which fasthttp gets next.
func (i *intake) bodyRead(part []byte, err error) (int, error) {
	if i.left != chunked {
		i.left -= int64(len(part))
	} else if len(part) > 0 {
		i.chunk.next(part)
	}
	seen := min(i.seen, len(part))
	i.seen -= seen
	if i.look != nil && len(part) > seen {
		if refused := i.look(part[seen:]); refused != nil {
			return 0, refused
		}
	}
	return len(part), err
}

// chunkRead is Read within a body in chunks. fasthttp makes room for a chunk when it has
// read its size: for a large body that is megabytes to clear and to copy, as often as the
// body doubles. So the place in the lane is kept until fasthttp comes for more.
func (i *intake) chunkRead(p, ready []byte) (int, error) {
	n := 0
	for n < len(ready) && i.left == chunked {
		size, content := i.chunk.next(ready[n:])
		if i.chunk.total > lane.SmallBody {
			i.enterLane()
		}
		if begun := !content && i.chunk.stage == inContent; begun && i.look != nil && i.announced != nil {
			if refused := i.announced(i.chunk.size); refused != nil {
				return 0, refused
			}
		}
		if content && i.look != nil {
			if refused := i.look(ready[n : n+size]); refused != nil {
				return 0, refused
			}
		}
		n += size
		if i.chunk.over() {
			i.left, i.lines = 0, 0
		}
	}
	i.r += copy(p, ready[:n])
	return n, nil
}

// enterLane takes a place in the lane, waiting where there is none. Whoever holds one
// waits for nobody else.
func (i *intake) enterLane() {
	if !i.held {
		i.lane.Enter()
		i.held = true
	}
}

// leaveLane gives back what enterLane has taken. fasthttp is done with the part of a body
// that it was taken for when it reads more, calls a hook or closes the connection.
func (i *intake) leaveLane() {
	if i.held {
		i.lane.Leave()
		i.held = false
	}
}

// receive reads into p, which is part of a body. Large parts are read and looked at in
// turn: whoever waits for a CPU waits for no more of that than there are turns.
func (i *intake) receive(p []byte) (int, error) {
	if i.raw == nil || len(p) < largeRead {
		n, err := i.conn.Read(p)
		return i.bodyRead(p[:n], err)
	}
	return i.turn.receive(i, p)
}

const (
	largeRead = 32 << 10  // from here on
	mostRead  = 256 << 10 // at once
)

// lineEnds is how far the end of a header has come: line ends without anything
// between them.
type lineEnds uint8

const (
	inLine    lineEnds = iota
	afterLine          // behind \n
	afterCR            // behind \n\r
)

// headerEnd returns how much of p there is up to the end of a header, which is an
// empty line. All of p where there is none.
func (e *lineEnds) headerEnd(p []byte) int {
	for at, c := range p {
		switch {
		case c == '\n' && *e != inLine:
			*e = inLine
			return at + 1
		case c == '\n':
			*e = afterLine
		case c == '\r' && *e == afterLine:
			*e = afterCR
		default:
			*e = inLine
		}
	}
	return len(p)
}
