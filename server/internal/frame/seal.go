package frame

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/cespare/xxhash/v2"
)

// Seal gives frame the checksum of its content: one frame that carries none, and
// exactly what it decodes to. It changes frame and returns it with ChecksumSize
// bytes more, in place where cap(frame) has room. After an error frame is as it
// was. content is only read; that it is what frame holds is checked by its
// length only, and that only where the framing tells it.
//
// Without it most single flipped bits decode to another text and no error.
func Seal(frame, content []byte) ([]byte, error) {
	length := int64(len(content))
	info, err := (&Scanner{
		limits:        Limits{Output: length, Window: math.MaxInt64, Frames: 1, Blocks: math.MaxInt},
		anyDictionary: true, // the content is at hand
	}).whole(frame)
	switch {
	case err != nil:
		return nil, fmt.Errorf("seal: %w", err)
	case info.Blocks == 0:
		return nil, errors.New("seal: a skippable frame has no checksum")
	case info.Checksums != 0:
		return nil, errors.New("seal: the frame has a checksum already")
	case info.Exact && info.Content != length:
		return nil, fmt.Errorf("seal: frame of %d bytes of content, not %d", info.Content, length)
	}
	const descriptor = 4 // offset of the Frame_Header_Descriptor
	frame[descriptor] |= checksumBit
	return binary.LittleEndian.AppendUint32(frame, uint32(xxhash.Sum64(content))), nil
}
