package server

import (
	"math/bits"
	"sync"
)

// buffer is a slice on loan from buffers. A pointer travels through the pools,
// because a slice in an interface would be an allocation each time.
type buffer struct{ b []byte }

// buffers lends slices by powers of two, so that a small request does not hold
// on to a large one. Contents are whatever the last borrower left.
type buffers struct {
	classes [bufferClasses]sync.Pool
}

const (
	smallestBuffer = 12 // 4 KiB, as a power of two
	bufferClasses  = 20 // to 2 GiB
)

// borrow returns a buffer with capacity for at least n bytes and length 0.
func (p *buffers) borrow(n int) *buffer {
	class := bufferClass(n)
	if b, ok := p.classes[class].Get().(*buffer); ok {
		b.b = b.b[:0]
		return b
	}
	return &buffer{make([]byte, 0, 1<<(class+smallestBuffer))}
}

// giveBack ends the loan. nil is nothing.
func (p *buffers) giveBack(b *buffer) {
	if b == nil {
		return
	}
	// What append made larger is a class of its own size, rounded down.
	class := bits.Len(uint(cap(b.b))) - 1 - smallestBuffer
	if class >= 0 && class < bufferClasses {
		p.classes[class].Put(b)
	}
}

func bufferClass(n int) int {
	if n <= 1<<smallestBuffer {
		return 0
	}
	return bits.Len(uint(n-1)) - smallestBuffer
}
