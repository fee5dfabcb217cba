package intake

// chunks is where in a body in chunks the input is (RFC 9112, section 7.1). It
// takes anything for one: fasthttp refuses what is malformed.
type chunks struct {
	stage chunkStage
	size  int64    // of the chunk, less what has come of it; while it is read, so far
	total int64    // of the chunks that have begun
	lines lineEnds // in the trailer
}

type chunkStage uint8

const (
	inSize chunkStage = iota
	inExtension
	inContent
	behindContent // its \r\n
	inTrailer
	atChunksEnd
)

// next takes the first bytes of p, which is not empty, and returns how many, and
// whether they are content.
func (c *chunks) next(p []byte) (n int, content bool) {
	switch c.stage {
	case inContent:
		n := min(c.size, int64(len(p)))
		if c.size -= n; c.size == 0 {
			c.stage = behindContent
		}
		return int(n), true
	case inTrailer:
		n := c.lines.headerEnd(p)
		if c.lines == inLine && p[n-1] == '\n' {
			c.stage = atChunksEnd
		}
		return n, false
	}
	switch b := p[0]; {
	case b == '\n' && c.stage == behindContent:
		c.stage, c.size = inSize, 0
	case c.stage == behindContent:
	case b == '\n' && c.size == 0:
		// An empty line ends the trailer, which may be the next.
		c.stage, c.lines = inTrailer, afterLine
	case b == '\n':
		c.stage = inContent
		c.total += c.size
	case c.stage == inExtension:
	case hexDigit(b) >= 0 && c.size < 1<<55:
		c.size = c.size<<4 | hexDigit(b)
	default:
		c.stage = inExtension
	}
	return 1, false
}

// content is how many bytes of content come next.
func (c *chunks) content() int64 {
	if c.stage != inContent {
		return 0
	}
	return c.size
}

// over reports whether the body has ended.
func (c *chunks) over() bool { return c.stage == atChunksEnd }

// hexDigit is what c stands for; -1 where it is none.
func hexDigit(c byte) int64 {
	switch {
	case '0' <= c && c <= '9':
		return int64(c - '0')
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return int64(c|0x20-'a') + 10
	}
	return -1
}
