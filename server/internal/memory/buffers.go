package memory

import (
	"math/bits"
	"sync"
)

// Buffer is a slice on loan. A pointer travels through the pools,
// because a slice in an interface would be an allocation each time.
type Buffer struct {
	B       []byte
	counted int64 // bytes of the memory for answers that it takes
}

// buffers lends slices by sizes, four to each power of two, so that a small
// request does not hold on to a large one and a large one not to much more than it
// needs. Contents are whatever the last borrower left.
type buffers struct {
	classes [bufferClasses]sync.Pool
}

const (
	smallestBuffer = 12       // 4 KiB, as a power of two
	bufferClasses  = 20*4 + 1 // to 4 GiB
)

// borrow returns a buffer with capacity for at least n bytes and length 0.
func (p *buffers) borrow(n int) *Buffer {
	if b, ok := p.classes[bufferClass(n)].Get().(*Buffer); ok {
		b.B = b.B[:0]
		return b
	}
	return &Buffer{B: make([]byte, 0, Size(n))}
}

// giveBack ends the loan. nil is nothing, and a buffer that append made another
// size is dropped.
func (p *buffers) giveBack(b *Buffer) {
	if b != nil && cap(b.B) == Size(cap(b.B)) {
		p.classes[bufferClass(cap(b.B))].Put(b)
	}
}

// Size is the capacity of a buffer that is lent for n bytes.
func Size(n int) int {
	if n <= 1<<smallestBuffer {
		return 1 << smallestBuffer
	}
	step := 1 << (bits.Len(uint(n-1)) - 3)
	return (n + step - 1) &^ (step - 1)
}

func bufferClass(n int) int {
	size := Size(n)
	power := bits.Len(uint(size)) - 1
	return (power-smallestBuffer)*4 + size>>(power-2)&3
}
