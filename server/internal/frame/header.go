package frame

import "encoding/binary"

// Bits of the Frame_Header_Descriptor (RFC 8878, 3.1.1.1.1). The two highest are
// the code of the content size field's length, the two lowest that of the
// dictionary's.
const (
	singleSegment = 1 << 5
	reservedBit   = 1 << 3
	checksumBit   = 1 << 2
)

// header is what a frame header says, within the limits.
type header struct {
	window   uint64 // bytes
	size     uint64 // bytes of content, where sized
	sized    bool
	sizeAt   int // where the input says size
	checksum bool
}

// header reads the header of the frame that begins at w.at, magic number
// included, and goes past it.
func (w *walk) header() (header, error) {
	at := w.at + 4
	rest := w.src[at:]
	if len(rest) == 0 {
		return header{}, truncated(at, "frame header")
	}
	descriptor := rest[0]
	if descriptor&reservedBit != 0 {
		return header{}, refuse(CodeCorrupt, at, "reserved bit of the frame header is set")
	}
	h := header{checksum: descriptor&checksumBit != 0}
	single := descriptor&singleSegment != 0

	// In this order: window, dictionary, content size.
	windowLen, sizeLen := 1, 0
	if single {
		windowLen, sizeLen = 0, 1
	}
	if code := descriptor >> 6; code != 0 {
		sizeLen = 1 << code
	}
	dictionaryLen := [...]int{0, 1, 2, 4}[descriptor&3]
	windowAt := at + 1
	dictionaryAt := windowAt + windowLen
	h.sizeAt = dictionaryAt + dictionaryLen
	end := h.sizeAt + sizeLen
	if end > len(w.src) {
		return header{}, truncated(at, "frame header")
	}
	if dictionary := number(w.src[dictionaryAt:h.sizeAt]); dictionary != 0 {
		return header{}, refuse(CodeDictionary, dictionaryAt, "made with a dictionary")
	}
	if sizeLen > 0 {
		h.sized = true
		h.size = number(w.src[h.sizeAt:end])
		if sizeLen == 2 {
			h.size += 256
		}
		if h.size > uint64(max(w.lim.Output-w.least, 0)) {
			return header{}, w.tooLarge(h.sizeAt)
		}
	}
	h.window = h.size
	if !single {
		exponent, mantissa := w.src[windowAt]>>3, uint64(w.src[windowAt]&7)
		base := uint64(1) << (10 + exponent)
		h.window = base + base/8*mantissa
	}
	if h.window > uint64(max(w.lim.Window, 0)) {
		return header{}, refuse(CodeWindow, at, "window of %d bytes where %d is the most", h.window, w.lim.Window)
	}
	w.at = end
	return h, nil
}

// number reads a little-endian field of 0, 1, 2, 4 or 8 bytes.
func number(field []byte) uint64 {
	switch len(field) {
	case 0:
		return 0
	case 1:
		return uint64(field[0])
	case 2:
		return uint64(binary.LittleEndian.Uint16(field))
	case 4:
		return uint64(binary.LittleEndian.Uint32(field))
	default:
		return binary.LittleEndian.Uint64(field)
	}
}
