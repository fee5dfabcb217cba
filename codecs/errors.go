package codecs

import "errors"

var (
	// ErrLevel is wrapped where a codec does not have the level asked for.
	ErrLevel = errors.New("level out of range")
	// ErrUnavailable is wrapped where a codec is not part of this build.
	ErrUnavailable = errors.New("codec unavailable in this build")
	// ErrClosed is returned by a Context after Close.
	ErrClosed = errors.New("codec context is closed")
	// ErrShortBuffer is wrapped where dst is smaller than the contract asks.
	ErrShortBuffer = errors.New("destination buffer too small")
)
