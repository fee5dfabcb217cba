// Package frame checks zstd frames (RFC 8878) by their framing alone: magic
// numbers, frame headers, block headers and where each frame ends. It decodes
// nothing, so it costs nanoseconds a block, whatever the frames claim to hold.
//
// The server calls Check on all that comes from the network, before a codec sees
// it. What Check passes is whole, wants no other dictionary and no larger window
// than allowed, and decodes into a buffer of Info.Content bytes or is over the limit;
// what it refuses gets the same answer whichever codec would have served. Seal
// adds the content checksum to frames made without one.
//
// What is inside a compressed block stays the codecs' business. They agree on
// all that an encoder makes, but not on every block that was broken on purpose;
// differential_test.go says what is left to them.
//
// A Scanner is Check for input that arrives in parts: what goes wrong shows with
// the first byte that makes it so.
package frame

import "fmt"

// Limits is what the caller is ready to spend. Nothing is unlimited: a limit of
// zero allows none.
type Limits struct {
	Output int64 // most bytes of content, of all frames together
	Window int64 // most bytes of window; a single segment's is its content
	Frames int   // most frames, skippable ones included
	Blocks int   // most blocks, of all frames together
	// Dictionary is the ID of the one dictionary that frames may name; 0 allows none.
	Dictionary uint32
}

// Info is what the framing tells.
type Info struct {
	// Content is the bytes that decoding makes if Exact is set, else the most it
	// may make: where the headers do not say, a compressed block counts as the
	// largest its frame may have. It is never above Limits.Output, so content that
	// does not fit in as many bytes is over that limit.
	Content int64
	// Exact is set where every frame says its size, or its blocks do.
	Exact bool
	// Frames includes skippable ones; Blocks is those of all frames.
	Frames, Blocks int
	// Checksums is how many frames carry the checksum of their content.
	Checksums int
}

// Codes of Error. The last four are limits: the input may be well formed.
const (
	CodeEmpty      = "empty"          // no input at all
	CodeNotZstd    = "not_zstd"       // begins with another magic number
	CodeTruncated  = "truncated"      // ends within a frame
	CodeTrailing   = "trailing_bytes" // goes on after a frame with something else
	CodeCorrupt    = "corrupt_frame"  // breaks a rule of the format
	CodeDictionary = "dictionary"     // wants a dictionary that is not there
	CodeTooLarge   = "too_large"
	CodeWindow     = "window_too_large"
	CodeFrames     = "too_many_frames"
	CodeBlocks     = "too_many_blocks"
)

// Error says why input was refused.
type Error struct {
	Code   string // one of the above
	Offset int64  // of the field at fault from the start of the input, in bytes
	Detail string // for people; holds nothing of the input but numbers
}

func (e *Error) Error() string {
	return fmt.Sprintf("zstd frame: %s at byte %d: %s", e.Code, e.Offset, e.Detail)
}

// ChecksumSize is the bytes that Seal appends.
const ChecksumSize = 4
