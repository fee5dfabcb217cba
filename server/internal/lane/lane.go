// Package lane bounds how many large bodies are received or read at the same time, for
// the sake of those who ask for little. It is the lowest of the server's packages: what
// reads a socket, what lends memory and what parses JSON take their places here.
package lane

import "runtime"

// Lane has a token in it for each large body that is received or read just now.
type Lane chan struct{}

// New makes a lane with places for all Go processors but one, which is there for
// whoever asks for little. While each of them has work, Go looks every 10 ms whether a
// connection has something to say.
func New() Lane { return make(Lane, max(runtime.GOMAXPROCS(0)-1, 1)) }

// SmallBody is the most bytes of a body or a buffer that need no place, and that are
// not worth counting.
const SmallBody = 64 << 10

// Enter takes a place, waiting where there is none.
func (l Lane) Enter() { l <- struct{}{} }

// Leave gives it back.
func (l Lane) Leave() { <-l }

// While calls work, which reads all of body, when there is a place. However many do
// that, who asks for little waits for no more of them than there are places.
func (l Lane) While(body []byte, work func()) {
	if len(body) > SmallBody {
		l.Enter()
		defer l.Leave()
	}
	work()
}
