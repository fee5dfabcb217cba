// Package intake reads an HTTP connection for fasthttp, and looks at what comes before
// fasthttp has it.
//
// Start at Intake. It knows where headers and bodies begin and end and decides nothing:
// what is to become of a request is said by the hooks that the session gives it.
package intake

import (
	"net"
	"syscall"

	"zstdshop/server/internal/lane"
)

// Intake is what a session reads its connection through. It knows where headers
// and bodies begin and end, so that it can look at a body as it arrives, and
// fasthttp gets no byte of a body together with the header before it.
//
// It decides nothing: fasthttp reads the same bytes by rules of its own, and where
// the two should differ a body is looked at in the wrong place or not at all.
type Intake struct {
	conn net.Conn
	raw  syscall.RawConn // nil where the connection is no socket

	buf  []byte
	r, w int // buf[r:w] has been read from conn and not from here

	lines lineEnds // while in a header
	left  int64    // bytes of a body to come, or Chunked
	chunk chunks   // of a body in chunks
	look  func(part []byte) error
	seen  int // bytes of the body in buf that have been looked at
	// Announced, where there is one and a look, is told the size of a chunk before
	// fasthttp is, which makes room for all of it at once. What it returns ends the
	// reading.
	Announced func(size int64) error

	// lane has a place for each large body that may be received just now. held is set
	// while a place is kept for what fasthttp does with a part of a body in chunks.
	lane lane.Lane
	held bool

	turn turn // receives through a socket
}

// Chunked is the length of a body that comes in chunks, as fasthttp has it.
const Chunked = -1

// Buffer is the most bytes that are read at once, but for large bodies.
const Buffer = 16 << 10

// Begin is called for a new connection.
func (i *Intake) Begin(conn net.Conn, places lane.Lane) {
	i.conn, i.raw = conn, nil
	if sc, ok := conn.(syscall.Conn); ok {
		if raw, err := sc.SyscallConn(); err == nil {
			i.raw = raw
		}
	}
	if i.buf == nil {
		i.buf = make([]byte, Buffer)
	}
	i.r, i.w, i.lines, i.left, i.look = 0, 0, 0, 0, nil
	i.lane, i.held = places, false
}

// Body is called once a header has been read: a body of length bytes follows, or
// one in chunks. look is shown its content before fasthttp is, and what it returns
// ends the reading.
func (i *Intake) Body(length int, look func([]byte) error) {
	i.left, i.look, i.chunk, i.seen = int64(length), look, chunks{}, 0
}

// LookAhead looks at what has come of a body whose length is known, and waits for it
// where nothing has. An error comes again when the body is read, unless it is the
// look's.
func (i *Intake) LookAhead() {
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

// Looks reports whether a body of known length is to come and to be looked at.
func (i *Intake) Looks() bool { return i.look != nil && i.left != Chunked }

// Waiting reports whether bytes have come that nobody has read.
func (i *Intake) Waiting() bool { return i.r < i.w }

func (i *Intake) Read(p []byte) (int, error) {
	i.LeaveLane()
	switch {
	case i.r < i.w:
	case i.left > 0:
		return i.receive(p[:min(int64(len(p)), i.left)])
	case i.left == Chunked && i.chunk.content() >= largeRead && len(p) >= largeRead:
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
	case i.left == Chunked:
		return i.chunkRead(p, ready)
	}
	n := copy(p, ready[:i.lines.headerEnd(ready)])
	i.r += n
	return n, nil
}

// bodyRead counts part, which fasthttp gets next.
func (i *Intake) bodyRead(part []byte, err error) (int, error) {
	if i.left != Chunked {
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
// Body doubles. So the place in the lane is kept until fasthttp comes for more.
func (i *Intake) chunkRead(p, ready []byte) (int, error) {
	n := 0
	for n < len(ready) && i.left == Chunked {
		size, content := i.chunk.next(ready[n:])
		if i.chunk.total > lane.SmallBody {
			i.enterLane()
		}
		if begun := !content && i.chunk.stage == inContent; begun && i.look != nil && i.Announced != nil {
			if refused := i.Announced(i.chunk.size); refused != nil {
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
func (i *Intake) enterLane() {
	if !i.held {
		i.lane.Enter()
		i.held = true
	}
}

// LeaveLane gives back a place in the lane that was taken for a body. fasthttp is done with the part of a body
// that it was taken for when it reads more, calls a hook or closes the connection.
func (i *Intake) LeaveLane() {
	if i.held {
		i.lane.Leave()
		i.held = false
	}
}

// receive reads into p, which is part of a body. Large parts are read and looked at in
// turn: whoever waits for a CPU waits for no more of that than there are turns.
func (i *Intake) receive(p []byte) (int, error) {
	if i.raw == nil || len(p) < largeRead {
		n, err := i.conn.Read(p)
		return i.bodyRead(p[:n], err)
	}
	return i.turn.receive(i, i.conn, i.raw, p[:min(len(p), mostRead)])
}
