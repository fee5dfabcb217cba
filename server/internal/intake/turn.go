package intake

const (
	largeRead = 32 << 10  // from here on parts of a body are read in turn,
	mostRead  = 256 << 10 // so much at once
)

// taker is whom a turn receives for.
type taker interface {
	enterLane()
	LeaveLane()
	// bodyRead is told what has been read, and returns what Read is to.
	bodyRead(part []byte, err error) (int, error)
}
