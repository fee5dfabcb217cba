package server

// defaultLevel is the zstd level of who asks for none, or for 0.
const defaultLevel = 3

// The range that the API promises, whichever codec serves.
const minLevel, maxLevel = -1 << 17, 22

// contextBytes is a guess at what a context holds, on the large side: tables,
// history, and for the slowest levels search trees.
func contextBytes(level int) int64 {
	if level > 12 {
		return 48 << 20
	}
	return 16 << 20
}
