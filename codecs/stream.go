package codecs

import "io"

// Streamer is a Codec whose library also has streams: content that is written
// and read in pieces, of a length that nobody needs to know before. Find it by
// type assertion; package codectest checks it with the codec.
//
// A stream works in the goroutine of its calls alone: libraries that could use
// more are told not to. One writer or reader serves any number of streams, one
// after the other.
type Streamer interface {
	// Streams describes them. It is cheap and returns the same every time, also
	// when the backend is unavailable in this build.
	Streams() StreamInfo

	// StreamWindow returns how many bytes back a stream at a level refers at
	// most: what its reader has to hold. It is 0 where the codec is unavailable
	// in this build, and the error wraps ErrLevel where Codec.EffectiveLevel's
	// does.
	StreamWindow(level int) (int, error)

	// NewWriter makes a writer at a level, with a first stream that goes to w.
	// Nothing is written before the first call. The errors are those of
	// Codec.NewContext.
	NewWriter(w io.Writer, level int) (StreamWriter, error)

	// NewReader makes a reader, with a first stream that comes from r. Nothing
	// is read before the first Read. The error wraps ErrUnavailable where
	// Info().Unavailable is set.
	NewReader(r io.Reader) (StreamReader, error)
}

// StreamWriter compresses what is written to it. It is used by one goroutine at
// a time. Errors of the io.Writer below are wrapped; after one, only Reset and
// Close are of use.
type StreamWriter interface {
	// Write takes all of p or returns an error. It does not keep p. What comes
	// of it may wait inside until Flush or Close.
	io.Writer

	// Flush sends what is inside on its way: a reader that gets all bytes
	// written so far can return all content, without a byte more. That costs
	// some bytes each time.
	Flush() error

	// Close ends the stream, without closing the io.Writer below, and frees
	// what the library frees at that point. A stream without content is
	// written as one. Write and Flush return ErrClosed afterwards; a second
	// Close does nothing.
	Close() error

	// Reset begins another stream at the same level, to w, whatever became of
	// the last one: what was not closed is dropped. It works after Close, too.
	Reset(w io.Writer) error
}

// StreamReader is the content of a compressed stream. It is used by one
// goroutine at a time.
type StreamReader interface {
	// Read is that of io.Reader, and returns io.EOF, as it is, at the end of a
	// whole stream only; StreamInfo.LossUnseen is where that fails. A stream
	// cut short is another error. Errors of the io.Reader below are wrapped.
	//
	// Content that has been returned may yet prove to be damaged: a checksum
	// stands at the end of a block or a stream.
	io.Reader

	// Reset begins another stream, from r, whatever became of the last one.
	Reset(r io.Reader) error

	// Close frees what the reader holds. Read and Reset return ErrClosed
	// afterwards; a second Close does nothing.
	Close() error
}

// StreamInfo is what a backend says of its streams.
type StreamInfo struct {
	// Format names the byte format. Where it is Info().Format, streams and
	// frames are the same: the reader reads what Compress wrote, and Decompress
	// reads streams.
	Format string
	// Checksum is set where the format has one over all content, or over each
	// block of it, and the writer no choice. Content is right then, as far as
	// it comes out; without, damage may come out as other content.
	Checksum bool
	// ReadWindow is the most bytes of memory that a reader takes because a
	// stream asks for them. More is an error of Read.
	ReadWindow int
	// RenewsWriter and RenewsReader are set where the library has no way to
	// use one again: Reset makes a new one and frees the old one, and that cost
	// is part of every stream.
	RenewsWriter, RenewsReader bool
	// LossUnseen is empty, or says where a reader takes a stream that has lost
	// its end or a piece for a whole one, and returns io.EOF. Whoever reads
	// with it has to know the content's size and to count bytes.
	LossUnseen string
}
