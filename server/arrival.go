package server

import (
	"errors"

	"zstdshop/server/internal/body"
	"zstdshop/server/internal/frame"
	"zstdshop/server/internal/intake"
	"zstdshop/server/internal/lane"
)

// arrival looks at a large body while it is received, so that who sends megabytes
// that claim gigabytes is refused at the first byte too many. It refuses nothing
// that would not be refused when all of the body is there.
type arrival struct {
	of       *exchange
	most     int // of the body
	received int
	frames   frame.Scanner
	json     body.Arrival
	kind     bodyKind
}

// errRefused ends the reading of a body; exchange.refused says why.
var errRefused = errors.New("the body is refused")

// expect makes ready for a body of length bytes of a kind, of which most are taken. It
// reports whether the body is to be looked at.
func (a *arrival) expect(kind bodyKind, length, most int) bool {
	e := a.of
	if length != intake.Chunked && (length <= lane.SmallBody || !kind.isFrames()) {
		return false
	}
	content := e.limits.Raw
	if kind == decompressBody {
		content = e.limits.Text
	}
	*a = arrival{of: e, most: most, frames: *frame.NewScanner(e.frameLimits(content)), kind: kind}
	return true
}

// announced is told of a chunk of size bytes that is about to come. fasthttp makes room
// for it when it has read as much; a chunk over the limit it refuses.
func (a *arrival) announced(size int64) error {
	total := int64(a.received) + size
	if total > int64(a.most) {
		return nil
	}
	if a.of.hold.MakeMoreRoom(int(total)) != nil {
		a.of.refused = a.of.noRoom()
		return errRefused
	}
	return nil
}

// arrived looks at the next part of the body.
func (a *arrival) arrived(part []byte) error {
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
	p := frameProblem(err)
	p.close = true
	if a.kind == decompressBody {
		p.inField("b64")
	}
	a.of.refused = p
	return errRefused
}
