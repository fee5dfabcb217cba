package frame

import (
	"encoding/binary"
	"fmt"
)

const (
	magic          = 0xFD2FB528
	skippableMagic = 0x184D2A50 // to ...5F
	skippableMask  = 0xFFFFFFF0
)

// The Block_Types of RFC 8878, 3.1.1.2.
const (
	blockRaw = iota
	blockRLE
	blockCompressed
)

const (
	maxBlock = 128 << 10 // of a block's content, where the window is no smaller
	minBlock = 2         // of a compressed block: a literals and a sequences header
)

// skipped names what skip counts.
var skipped = [...]string{inSkippable: "skippable frame", inBlock: "block", inLastBlock: "block", inChecksum: "checksum"}

// Scan takes the next part of the input, which is only read. An error is the one
// that Check has for the whole input, and ends the scan; without one nothing is
// allocated.
func (s *Scanner) Scan(src []byte) error {
	for {
		if s.skip > 0 {
			n := min(s.skip, int64(len(src)))
			s.skip, s.at, src = s.skip-n, s.at+n, src[n:]
			if s.skip > 0 {
				return nil
			}
		}
		if s.stage == inLastBlock {
			if err := s.endFrame(); err != nil {
				return err
			}
			continue
		}
		if len(src) == 0 {
			return nil
		}
		n, err := s.next(src)
		if err != nil {
			return err
		}
		src = src[n:]
	}
}

// Skip returns how many of the next bytes Scan will not look at.
func (s *Scanner) Skip() int64 { return s.skip }

// Discard says that the next n bytes, at most Skip, have come.
func (s *Scanner) Discard(n int64) { s.skip, s.at = s.skip-n, s.at+n }

// End says that there is no more input, and returns what it held.
func (s *Scanner) End() (Info, error) {
	if s.stage == inLastBlock && s.skip == 0 { // Discard took the end of it
		if err := s.endFrame(); err != nil {
			return Info{}, err
		}
	}
	switch beginning := s.carry[:s.carried]; {
	case s.skip > 0:
		return Info{}, s.truncated(s.skipAt, skipped[s.stage])
	case s.stage == inBlock:
		return Info{}, s.truncated(s.at, "block header")
	case s.at == 0 && s.carried == 0:
		return Info{}, &Error{CodeEmpty, 0, "no frame in empty input"}
	case s.carried == 0: // a frame has ended
	case s.carried < 4:
		return Info{}, s.truncated(s.at, "magic number")
	case isSkippable(beginning):
		return Info{}, s.truncated(s.at+4, "skippable frame's size")
	default:
		return Info{}, s.truncated(s.at+4, "frame header")
	}
	return Info{
		Content: min(s.most, s.limits.Output),
		Exact:   s.least == s.most,
		Frames:  s.frames, Blocks: s.blocks, Checksums: s.checksums,
	}, nil
}

// next takes a field, or as much of it as src holds, behind what is carried of it.
// It returns how many bytes of src that is.
func (s *Scanner) next(src []byte) (int, error) {
	if s.carried == 0 {
		n, err := s.field(src)
		if err == nil && n == 0 {
			s.carried = copy(s.carry[:], src)
			return len(src), nil
		}
		s.at += int64(n)
		return n, err
	}
	had := s.carried
	s.carried += copy(s.carry[had:], src)
	n, err := s.field(s.carry[:s.carried])
	if err != nil || n == 0 {
		return s.carried - had, err
	}
	s.at, s.carried = s.at+int64(n), 0
	return n - had, nil
}

// field takes the field that src begins with and returns how long it is; 0 where
// src holds too little of it.
func (s *Scanner) field(src []byte) (int, error) {
	if s.stage == inBlock {
		return s.block(src)
	}
	return s.frame(src)
}

// frame takes the beginning of a frame.
func (s *Scanner) frame(src []byte) (int, error) {
	if err := s.checkMagic(src); err != nil {
		return 0, err
	}
	if s.frames >= s.limits.Frames {
		return 0, s.refuse(CodeFrames, 0, "more than %d frames", s.limits.Frames)
	}
	if len(src) < 4 {
		return 0, nil
	}
	if isSkippable(src) {
		if len(src) < 8 {
			return 0, nil
		}
		s.frames++
		s.stage, s.skip, s.skipAt = inSkippable, int64(binary.LittleEndian.Uint32(src[4:])), s.at+4
		return 8, nil
	}
	head, n, err := s.header(src)
	if err != nil || n == 0 {
		return 0, err
	}
	s.frames++
	s.stage, s.head, s.frameLeast, s.frameMost = inBlock, head, 0, 0
	return n, nil
}

func isSkippable(src []byte) bool { return src[0] != byte(magic&0xFF) }

// checkMagic sees to it that src may begin a frame of either kind.
func (s *Scanner) checkMagic(src []byte) error {
	if len(src) >= 4 {
		if m := binary.LittleEndian.Uint32(src); m == magic || m&skippableMask == skippableMagic {
			return nil
		}
	} else if startsLikeMagic(src) {
		return nil
	}
	if s.at > 0 {
		return s.refuse(CodeTrailing, 0, "something follows the last frame")
	}
	return s.refuse(CodeNotZstd, 0, "no magic number of zstd")
}

// startsLikeMagic reports whether src, of less than 4 bytes, may be one cut short.
func startsLikeMagic(src []byte) bool {
	var m [4]byte
	binary.LittleEndian.PutUint32(m[:], magic)
	if string(m[:len(src)]) == string(src) {
		return true
	}
	binary.LittleEndian.PutUint32(m[:], skippableMagic|uint32(src[0]&0x0F))
	return string(m[:len(src)]) == string(src)
}

// block takes a block's header. A flood of tiny blocks is as many calls as input
// bytes / 3.
func (s *Scanner) block(src []byte) (int, error) {
	if len(src) < 3 {
		return 0, nil
	}
	most := min(s.head.window, maxBlock)
	field := uint32(src[0]) | uint32(src[1])<<8 | uint32(src[2])<<16
	size := int64(field >> 3)
	if s.blocks >= s.limits.Blocks {
		return 0, s.refuse(CodeBlocks, 0, "more than %d blocks", s.limits.Blocks)
	}
	if size > most {
		return 0, s.refuse(CodeCorrupt, 0, "block of %d bytes where %d is the most", size, most)
	}
	s.blocks++
	s.skip, s.skipAt = size, s.at
	switch field >> 1 & 3 {
	case blockRaw:
		s.frameLeast, s.frameMost = s.frameLeast+size, s.frameMost+size
	case blockRLE:
		s.frameLeast, s.frameMost = s.frameLeast+size, s.frameMost+size
		s.skip = 1
	case blockCompressed:
		if size < minBlock {
			return 0, s.refuse(CodeCorrupt, 0, "compressed block of %d bytes", size)
		}
		s.frameMost += most
	default:
		return 0, s.refuse(CodeCorrupt, 0, "block of the reserved type")
	}
	if !s.head.sized && s.frameLeast > s.limits.Output-s.least {
		return 0, s.tooLarge(0)
	}
	if field&1 != 0 {
		s.stage = inLastBlock
	}
	return 3, nil
}

// endFrame is called behind a frame's last block.
func (s *Scanner) endFrame() error {
	least, most := s.frameLeast, s.frameMost
	if s.head.sized {
		size := s.head.size
		if size < least || size > most { // no overflow: below limits.Output
			return &Error{CodeCorrupt, s.head.sizeAt, fmt.Sprintf("content size %d, but the blocks make %d to %d", size, least, most)}
		}
		least, most = size, size
	}
	s.least, s.most = s.least+least, s.most+most
	s.stage = atFrame
	if s.head.checksum {
		s.stage, s.skip, s.skipAt = inChecksum, ChecksumSize, s.at
		s.checksums++
	}
	return nil
}
