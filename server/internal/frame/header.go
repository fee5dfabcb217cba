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

// header reads the header of the frame that src begins with, magic number
// included, and returns how long it is; 0 where src holds too little of it.
func (s *Scanner) header(src []byte) (h header, length int, err error) {
	const at = 4
	if len(src) == at {
		return header{}, 0, nil
	}
	descriptor := src[at]
	if descriptor&reservedBit != 0 {
		return header{}, 0, s.refuse(CodeCorrupt, at, "reserved bit of the frame header is set")
	}
	h.checksum = descriptor&checksumBit != 0
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
	sizeAt := dictionaryAt + dictionaryLen
	end := sizeAt + sizeLen
	if end > len(src) {
		return header{}, 0, nil
	}
	if err := s.checkDictionary(uint32(number(src[dictionaryAt:sizeAt])), dictionaryAt); err != nil {
		return header{}, 0, err
	}
	h.sizeAt = s.at + int64(sizeAt)
	if sizeLen > 0 {
		size := number(src[sizeAt:end])
		if sizeLen == 2 {
			size += 256
		}
		if size > uint64(max(s.limits.Output-s.least, 0)) {
			return header{}, 0, s.tooLarge(sizeAt)
		}
		h.sized, h.size = true, int64(size)
	}
	window := uint64(h.size)
	if !single {
		exponent, mantissa := src[windowAt]>>3, uint64(src[windowAt]&7)
		base := uint64(1) << (10 + exponent)
		window = base + base/8*mantissa
	}
	if window > uint64(max(s.limits.Window, 0)) {
		return header{}, 0, s.refuse(CodeWindow, at, "window of %d bytes where %d is the most", window, s.limits.Window)
	}
	h.window = int64(window)
	return h, end, nil
}

// checkDictionary refuses a frame that names a dictionary which is not there. One that
// names none needs none, or hides it: then its content comes out wrong.
func (s *Scanner) checkDictionary(id uint32, at int) error {
	switch given := s.limits.Dictionary; {
	case id == 0, id == given, s.anyDictionary:
		return nil
	case given == 0:
		return s.refuse(CodeDictionary, at, "made with dictionary %d, and none is given", id)
	default:
		return s.refuse(CodeDictionary, at, "made with dictionary %d, and the one given is %d", id, given)
	}
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
