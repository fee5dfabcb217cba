package intake

// lineEnds is how far the end of a header has come: line ends without anything
// between them.
type lineEnds uint8

const (
	inLine    lineEnds = iota
	afterLine          // behind \n
	afterCR            // behind \n\r
)

// headerEnd returns how much of p there is up to the end of a header, which is an
// empty line. All of p where there is none.
func (e *lineEnds) headerEnd(p []byte) int {
	for at, c := range p {
		switch {
		case c == '\n' && *e != inLine:
			*e = inLine
			return at + 1
		case c == '\n':
			*e = afterLine
		case c == '\r' && *e == afterLine:
			*e = afterCR
		default:
			*e = inLine
		}
	}
	return len(p)
}
