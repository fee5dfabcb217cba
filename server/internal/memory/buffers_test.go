package memory

import "testing"

func TestBuffers(t *testing.T) {
	var p buffers
	for _, n := range []int{0, 1, 4096, 4097, 100_000, 1 << 20, 1<<20 + 1} {
		b := p.borrow(n)
		if len(b.B) != 0 || cap(b.B) < n || n > 4096 && cap(b.B) >= 2*n+2 {
			t.Errorf("borrow(%d): length %d, capacity %d", n, len(b.B), cap(b.B))
		}
		b.B = append(b.B, make([]byte, cap(b.B)+1)...) // outgrown
		p.giveBack(b)
		if again := p.borrow(n); cap(again.B) < n {
			t.Errorf("after giving one back: capacity %d for %d", cap(again.B), n)
		}
	}
	p.giveBack(nil)
	p.giveBack(&Buffer{})
}
