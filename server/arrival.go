package server

import (
	"errors"
	"time"

	"zstdshop/server/internal/body"
	"zstdshop/server/internal/frame"
	"zstdshop/server/internal/intake"
	"zstdshop/server/internal/lane"
)

// arrival looks at a large body while it is received, so that who sends megabytes
// that claim gigabytes is refused at the first byte too many. It refuses nothing
// that would not be refused when all of the body is there.
type arrival struct {
	received int
	frames   frame.Scanner
	json     body.Arrival
	kind     bodyKind
}

// errRefused ends the reading of a body; session.refused says why.
var errRefused = errors.New("the body is refused")

// lookAt returns what is to look at a body of length bytes; nil where nothing is.
func (e *session) lookAt(length int) func(part []byte) error {
	if length != intake.Chunked && (length <= lane.SmallBody || !e.route.body.isFrames()) {
		return nil
	}
	most := e.server.limits.Raw
	if e.route.body == decompressBody {
		most = e.server.limits.Text
	}
	e.arrival = arrival{frames: *frame.NewScanner(e.frameLimits(most)), kind: e.route.body}
	return e.arriving
}

// lookAhead looks at the first bytes of a body before there is any memory for it. Most
// of what is refused says so there: in the first header, or in blocks of 4 bytes that
// claim 128 KiB each.
func (e *session) lookAhead() {
	if !e.intake.Looks() || e.SetReadDeadline(time.Now().Add(e.server.limits.BodyTime)) != nil {
		return
	}
	e.intake.LookAhead()
}

// announced is told of a chunk of size bytes that is about to come. fasthttp makes room
// for it when it has read as much; a chunk over the limit it refuses.
func (e *session) announced(size int64) error {
	total := int64(e.arrival.received) + size
	if total > int64(e.route.bodyLimit(e.server)) {
		return nil
	}
	if e.hold.MakeMoreRoom(int(total)) != nil {
		e.refused = e.noRoom()
		return errRefused
	}
	return nil
}

// arrived looks at the next part of the body.
func (e *session) arrived(part []byte) error {
	a := &e.arrival
	a.received += len(part)
	var err error
	switch a.kind {
	case framesBody:
		err = a.frames.Scan(part)
	case decompressBody:
		err = a.json.Take(part, &a.frames)
	}
	if err == nil {
		return nil
	}
	e.refused = frameProblem(err)
	e.refused.close = true
	if a.kind == decompressBody {
		e.refused.inField("b64")
	}
	return errRefused
}
