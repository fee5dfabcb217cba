// Package codecs defines what a compression backend is to the harness.
//
// A backend is a Codec: a stateless description that makes Contexts. A Context
// belongs to one worker and does the work. Each backend lives in a sub-folder
// of its own, because it brings a dependency; this package imports nothing but
// the standard library. Backends are registered by name in main.go; package
// codectest holds the suite that every one of them passes.
//
// Levels are zstd's where a codec can be asked in them, and the library's own
// elsewhere: see Levels. EffectiveLevel returns what a backend makes of one.
//
// What only some backends can do is an interface of its own, found by type
// assertion: Streamer and DictCodec of a Codec, Allocating of a Context.
package codecs

// Codec describes one backend. It holds no state that work changes, so one
// value serves any number of goroutines.
type Codec interface {
	// Info describes the backend. It is cheap and returns the same every time,
	// also when the backend is unavailable in this build.
	Info() Info

	// EffectiveLevel maps a level asked for to the one on the same scale that
	// the backend will use. A codec without levels (Info().Levels == nil)
	// returns 0 for any. The error wraps ErrLevel where Levels.Check does.
	EffectiveLevel(level int) (int, error)

	// CompressBound returns the most bytes Compress can write for n bytes of
	// input. It never falls as n grows, so the largest item's is enough for all.
	CompressBound(n int) int

	// NewContext makes the state of one worker at one level. The error wraps
	// ErrUnavailable where Info().Unavailable is set and ErrLevel where
	// EffectiveLevel refuses the level. Close it when done.
	NewContext(level int) (Context, error)
}

// Context is one worker's state: made off the clock, used by one goroutine at
// a time (not always the same one), closed once.
type Context interface {
	// Compress writes one frame holding src to dst[:0] and returns it.
	// cap(dst) must be at least CompressBound(len(src)), so nothing is
	// allocated for the output. src is only read, may be empty, must not
	// overlap dst; dst may be overwritten up to its capacity, also on error.
	// The frame carries no content checksum where the format leaves that open.
	// It depends on src and level alone, not on the context or what it did.
	Compress(dst, src []byte) ([]byte, error)

	// Decompress writes the content of the frame src to dst[:0] and returns
	// it. cap(dst) must be at least the content's size, which the caller
	// knows; a frame that holds more is an error, never a larger buffer.
	// src is only read, must not overlap dst; dst may be overwritten up to its
	// capacity, also on error. Damaged input is an error where the format lets
	// the codec see it. A context stays usable after any error.
	Decompress(dst, src []byte) ([]byte, error)

	// Close frees what the context holds, C memory included where the library
	// has a way to; the backend's comments say where it has none. Compress and
	// Decompress return ErrClosed afterwards; a second Close does nothing.
	Close() error
}

// Allocating is a Context whose library allocates Go memory for every frame, or
// for every frame after a garbage collection, and offers no way around that. A
// Context without it allocates next to nothing in Compress and Decompress.
type Allocating interface {
	// FrameAllocs returns the most bytes of Go memory that one Compress of n
	// bytes allocates; Decompress has no such licence.
	FrameAllocs(n int) int
}

// Info is what a backend says of itself. Nothing outside of a codec's own folder
// compares its registered name: what matters of it is here.
type Info struct {
	// Summary is one line for lists: what it is, without its name.
	Summary string
	// Library and Version name the code that does the work, for example
	// "github.com/klauspost/compress" and "v1.20.3".
	Library, Version string
	// Format names the byte format. Codecs of one format read each other's
	// frames, and codectest checks that they do.
	Format string
	// Levels is what levels may be asked for; nil where the codec has none, and
	// then its cells carry no level.
	Levels *Levels
	// Ceiling is set where the codec compresses nothing and is there to show
	// what memory allows. It is no competitor: no verdict on it is of use, and
	// no advice may name it.
	Ceiling bool
	// ReadWindow is the most bytes of memory that Decompress takes because a
	// frame asks for them, however little it holds; 0 where it works in dst. A
	// context may keep them.
	ReadWindow int
	// Foreign is set where Compress and Decompress run outside the Go
	// scheduler's sight, as C code does.
	Foreign bool
	// Threads is set where one call of Compress or Decompress may keep more
	// than the caller's thread busy. Such a codec is a concurrency model of its
	// own: its cells say as much about that as about the format, and a server
	// that counts one CPU a request leaves it out.
	Threads bool
	// Unavailable is empty, or why this build cannot run the backend and what
	// to do about it.
	Unavailable string
}
