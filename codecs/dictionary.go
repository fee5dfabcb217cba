package codecs

import "errors"

// DictCodec is a Codec whose contexts can begin every frame with a dictionary:
// bytes that both sides have, which small frames can refer to. Find it by type
// assertion; package codectest checks it with the codec.
type DictCodec interface {
	// Dicts describes them. It is cheap and returns the same every time, also
	// when the backend is unavailable in this build.
	Dicts() DictInfo

	// NewDictContext is NewContext with a dictionary, for both directions. Besides
	// the errors of NewContext, one wraps ErrDictionary where dict is not of the
	// format; where it is Raw and DictInfo.Raw is not set; and where it is empty.
	//
	// The encoder may leave the dictionary unused where it does not help.
	NewDictContext(level int, dict Dict) (Context, error)

	// DictID returns the number by which frames name dict, which is not 0; and
	// 0 for any where DictInfo.Named is not set. The error wraps ErrDictionary
	// where dict is not of the format, and ErrUnavailable where
	// Info().Unavailable is set.
	DictID(dict []byte) (uint32, error)

	// Train makes a dictionary of at most size bytes out of samples, which are
	// only read and are as the frames will be: of one kind, and small. It wants
	// some hundred. The error wraps ErrDictionary where the library finds too
	// little in them, and ErrUnavailable where Info().Unavailable is set.
	// DictInfo.Varies is where the same samples may make another dictionary.
	Train(samples [][]byte, size int) ([]byte, error)
}

// Dict is a dictionary, and what its bytes are.
type Dict struct {
	// Content is only read, and must stay as it is until the context is closed.
	Content []byte
	// Raw is set where Content is what frames refer to and no more, whatever it
	// looks like; else it is of DictInfo.Format. No frame names raw content, so
	// whoever hands frames on must say which it was: with other content a frame
	// without a checksum may come out as something else.
	Raw bool
}

// DictInfo is what a backend says of its dictionaries.
type DictInfo struct {
	// Format names the format of dictionaries. With the same one, codecs of the
	// same Info().Format read each other's frames.
	Format string
	// Max is the most bytes that a dictionary has; 0 is no limit.
	Max int
	// Trainer names what Train calls.
	Trainer string
	// Varies is set where Train may return another dictionary each time. Train
	// once then, and hand that dictionary to everybody.
	Varies bool
	// Named is set where a frame says which dictionary it needs, so that
	// Decompress with another one or none is an error, which wraps
	// ErrDictionary with another one. Without, other content comes out, or an
	// error if it happens to make no sense.
	Named bool
	// Raw is set where dictionaries may be Raw. Codecs of the same Info().Format
	// read each other's frames made with the same content.
	Raw bool
}

// ErrDictionary is wrapped where a dictionary is not of the codec's format, is
// not the one that a frame needs, or cannot be made out of the samples.
var ErrDictionary = errors.New("dictionary does not fit")
