package frame

import "fmt"

// Scanner checks frames that arrive in parts. Make one with NewScanner.
type Scanner struct {
	limits        Limits
	anyDictionary bool  // frames may name
	at            int64 // of the field that comes next, from the start of the input

	stage stage
	skip  int64 // bytes without a field that are still to come
	// carry holds the beginning of a field whose rest has not come.
	carry   [maxHeader]byte
	carried int

	// Of the frame under way.
	head                  header
	frameLeast, frameMost int64 // bytes of content
	skipAt                int64 // of the field that said how much to skip

	// least and most bytes of content of the frames so far. least never passes
	// limits.Output.
	least, most               int64
	frames, blocks, checksums int
}

// stage is where in a frame the input is: what skip counts, and what field follows.
type stage uint8

const (
	atFrame     stage = iota // a frame follows
	inSkippable              // the content of a skippable frame, then a frame
	inBlock                  // a block, if one has begun, then the next
	inLastBlock              // the last block, then the end of the frame
	inChecksum               // a checksum, then a frame
)

// maxHeader is the most bytes of a magic number and the header behind it.
const maxHeader = 4 + 1 + 1 + 4 + 8

// header is what a frame header says, within the limits.
type header struct {
	window   int64 // bytes
	size     int64 // bytes of content, where sized
	sized    bool
	sizeAt   int64 // where the input says size
	checksum bool
}

// NewScanner returns a Scanner that allows what lim does.
func NewScanner(lim Limits) *Scanner { return &Scanner{limits: lim} }

// refuse is the error of what is offset bytes behind where the field begins.
func (s *Scanner) refuse(code string, offset int, format string, args ...any) error {
	return &Error{Code: code, Offset: s.at + int64(offset), Detail: fmt.Sprintf(format, args...)}
}

func (s *Scanner) tooLarge(offset int) error {
	return s.refuse(CodeTooLarge, offset, "more than %d bytes of content", s.limits.Output)
}

// truncated is the error of input that ends too early: field begins at at.
func (s *Scanner) truncated(at int64, field string) error {
	return &Error{CodeTruncated, at, "input ends within a " + field}
}
