package frame_test

import (
	"encoding/binary"
	"strings"
)

// Frames by hand. All of these answer bytes as a string, so that rows of a table
// can be sums of them.

const magic = "\x28\xb5\x2f\xfd"

// head is a frame header.
type head struct {
	window     string // one byte; none makes a single segment
	size       string // of the content: 0, 1, 2, 4 or 8 bytes
	dictionary string // 0, 1, 2 or 4 bytes
	flags      byte   // more bits of the descriptor
}

func (h head) String() string {
	descriptor := h.flags | map[int]byte{0: 0, 1: 0, 2: 1 << 6, 4: 2 << 6, 8: 3 << 6}[len(h.size)]
	descriptor |= map[int]byte{0: 0, 1: 1, 2: 2, 4: 3}[len(h.dictionary)]
	if h.window == "" {
		descriptor |= 1 << 5
	}
	return magic + string([]byte{descriptor}) + h.window + h.dictionary + h.size
}

const checksummed = 1 << 2

// windowLog is the window descriptor of 1<<log bytes.
func windowLog(log int) string { return string([]byte{byte(log-10) << 3}) }

// sized begins a frame of one segment and n bytes; open one that does not say.
func sized(n uint64) string { return head{size: le64(n)}.String() }
func open() string          { return head{window: windowLog(20)}.String() }

func le32(n uint32) string { return string(binary.LittleEndian.AppendUint32(nil, n)) }
func le64(n uint64) string { return string(binary.LittleEndian.AppendUint64(nil, n)) }

// block is a header, for what follows it or for what does not.
func block(last bool, kind, size int) string {
	field := uint32(size)<<3 | uint32(kind)<<1
	if last {
		field |= 1
	}
	return le32(field)[:3]
}

func raw(content string) string           { return block(false, 0, len(content)) + content }
func lastRaw(content string) string       { return block(true, 0, len(content)) + content }
func rle(n int) string                    { return block(false, 1, n) + "z" }
func lastRLE(n int) string                { return block(true, 1, n) + "z" }
func compressed(inside string) string     { return block(false, 2, len(inside)) + inside }
func lastCompressed(inside string) string { return block(true, 2, len(inside)) + inside }

// literals is the inside of a compressed block: n times the same literal and no
// sequences.
func literals(n int) string {
	return le32(uint32(n)<<4 | 3<<2 | 1)[:3] + "y" + "\x00"
}

func skippable(content string) string {
	return "\x5a\x2a\x4d\x18" + le32(uint32(len(content))) + content
}

func times(n int, s string) string { return strings.Repeat(s, n) }
