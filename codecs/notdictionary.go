package codecs

import "fmt"

// NotDictionary says why bytes are no dictionary of a codec's format. It wraps
// ErrDictionary.
type NotDictionary struct {
	Why string
	// Damaged is set where they begin as a dictionary of the format does, so that they
	// were meant to be one.
	Damaged bool
}

func (e NotDictionary) Error() string { return fmt.Sprintf("%v: %s", ErrDictionary, e.Why) }

func (e NotDictionary) Unwrap() error { return ErrDictionary }

// ZstdDictMagic begins a dictionary of zstd's format, of which the next four bytes are
// the ID (RFC 8878, section 5).
const ZstdDictMagic = "\x37\xa4\x30\xec"

// BeginsAsZstdDict returns nil where dict begins as dictionaries of zstd's format do, and
// else what is wrong with it.
func BeginsAsZstdDict(dict []byte) error {
	switch {
	case len(dict) == 0:
		return NotDictionary{Why: "it is empty"}
	case len(dict) < len(ZstdDictMagic) || string(dict[:len(ZstdDictMagic)]) != ZstdDictMagic:
		return NotDictionary{Why: "it does not begin as a zstd dictionary does"}
	}
	return nil
}

// DamagedZstdDict is the fault of what begins as a dictionary of zstd's format and does
// not go on as one.
func DamagedZstdDict() error {
	return NotDictionary{Why: "it begins as a zstd dictionary and is damaged, or was cut off", Damaged: true}
}
