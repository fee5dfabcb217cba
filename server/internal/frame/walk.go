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

// walk goes over the input once, frame by frame.
type walk struct {
	src []byte
	at  int
	lim Limits

	// least and most bytes of content so far. least never passes lim.Output.
	least, most               int64
	frames, blocks, checksums int
}

func refuse(code string, at int, format string, args ...any) error {
	return &Error{Code: code, Offset: int64(at), Detail: fmt.Sprintf(format, args...)}
}

// truncated is the error of a field that begins at and is cut short.
func truncated(at int, field string) error {
	return refuse(CodeTruncated, at, "input ends within a %s", field)
}

// frame goes over the frame that begins at w.at.
func (w *walk) frame() error {
	if err := w.checkMagic(); err != nil {
		return err
	}
	if w.frames >= w.lim.Frames {
		return refuse(CodeFrames, w.at, "more than %d frames", w.lim.Frames)
	}
	w.frames++
	if w.src[w.at] != byte(magic&0xFF) {
		return w.skippable()
	}
	h, err := w.header()
	if err != nil {
		return err
	}
	return w.content(h)
}

// checkMagic sees to it that either kind of frame begins at w.at.
func (w *walk) checkMagic() error {
	rest := w.src[w.at:]
	if len(rest) >= 4 {
		if m := binary.LittleEndian.Uint32(rest); m == magic || m&skippableMask == skippableMagic {
			return nil
		}
	} else if startsLikeMagic(rest) {
		return truncated(w.at, "magic number")
	}
	if w.at > 0 {
		return refuse(CodeTrailing, w.at, "%d bytes after the last frame", len(rest))
	}
	return refuse(CodeNotZstd, w.at, "no magic number of zstd")
}

// startsLikeMagic reports whether rest, of less than 4 bytes, may be one cut short.
func startsLikeMagic(rest []byte) bool {
	var m [4]byte
	binary.LittleEndian.PutUint32(m[:], magic)
	if string(m[:len(rest)]) == string(rest) {
		return true
	}
	binary.LittleEndian.PutUint32(m[:], skippableMagic|uint32(rest[0]&0x0F))
	return string(m[:len(rest)]) == string(rest)
}

func (w *walk) skippable() error {
	rest := w.src[w.at+4:]
	if len(rest) < 4 {
		return truncated(w.at+4, "skippable frame's size")
	}
	size := int64(binary.LittleEndian.Uint32(rest))
	if size > int64(len(rest)-4) {
		return truncated(w.at+4, "skippable frame")
	}
	w.at += 4 + 4 + int(size)
	return nil
}

// content goes over the blocks of a frame with header h and its checksum. It is
// the inner loop: a flood of tiny blocks is as many rounds as input bytes / 3.
func (w *walk) content(h header) error {
	block := min(int64(h.window), maxBlock)
	var least, most int64 // of this frame
	for last := false; !last; {
		if len(w.src)-w.at < 3 {
			return truncated(w.at, "block header")
		}
		field := uint32(w.src[w.at]) | uint32(w.src[w.at+1])<<8 | uint32(w.src[w.at+2])<<16
		last = field&1 != 0
		size := int64(field >> 3)
		stored := int(size)
		if w.blocks >= w.lim.Blocks {
			return refuse(CodeBlocks, w.at, "more than %d blocks", w.lim.Blocks)
		}
		w.blocks++
		if size > block {
			return refuse(CodeCorrupt, w.at, "block of %d bytes where %d is the most", size, block)
		}
		switch field >> 1 & 3 {
		case blockRaw:
			least, most = least+size, most+size
		case blockRLE:
			stored = 1
			least, most = least+size, most+size
		case blockCompressed:
			if size < minBlock {
				return refuse(CodeCorrupt, w.at, "compressed block of %d bytes", size)
			}
			most += block
		default:
			return refuse(CodeCorrupt, w.at, "block of the reserved type")
		}
		if !h.sized && least > w.lim.Output-w.least {
			return w.tooLarge(w.at)
		}
		if stored > len(w.src)-w.at-3 {
			return truncated(w.at, "block")
		}
		w.at += 3 + stored
	}
	if h.sized {
		if size := int64(h.size); size < least || size > most { // no overflow: below lim.Output
			return refuse(CodeCorrupt, h.sizeAt, "content size %d, but the blocks make %d to %d", size, least, most)
		}
		least, most = int64(h.size), int64(h.size)
	}
	w.least, w.most = w.least+least, w.most+most
	if h.checksum {
		if len(w.src)-w.at < 4 {
			return truncated(w.at, "checksum")
		}
		w.at += 4
		w.checksums++
	}
	return nil
}

func (w *walk) tooLarge(at int) error {
	return refuse(CodeTooLarge, at, "more than %d bytes of content", w.lim.Output)
}
