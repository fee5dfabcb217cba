package server

import (
	"math/bits"
	"sync/atomic"
	"time"
)

// prices is how long codings take here and now. Any constant is wrong by a factor on
// another machine, and on this one when it is busy; so a coding that ends sets the
// price of those like it: the same codec, level and power of four of bytes,
// with a dictionary or without.
// Methods may be called by several goroutines.
type prices struct{ rates []atomic.Int64 } // picoseconds a byte; 0: none yet

// work is what a coding is about.
type work struct {
	backend *backend
	op      int
	level   int // effective; of compression
	size    int // bytes of text
	dict    *dictionary
}

const (
	priceDicts  = 2            // none, any
	priceLevels = maxLevel + 1 // 0 is all below 1
	priceSizes  = 10           // from below 1 KiB to 64 MiB and more
	// leastPriced is what smaller texts count as, because what they cost is not
	// their bytes'.
	leastPriced = 512
	// newest is the weight of a new measurement, 1 in so many: the last dozen count.
	newest = 8
)

func newPrices(backends int) prices {
	return prices{make([]atomic.Int64, backends*priceDicts*ops*priceLevels*priceSizes)}
}

// rate is where the price of w is kept.
func (p *prices) rate(w work) *atomic.Int64 {
	level := min(max(w.level, 0), maxLevel)
	if w.op == opDecompress {
		level = 0 // a frame does not say which made it
	}
	size := min(max(bits.Len(uint(w.size))-9, 0)/2, priceSizes-1)
	dict := 0
	if w.dict != nil {
		dict = 1
	}
	return &p.rates[(((w.backend.index*priceDicts+dict)*ops+w.op)*priceLevels+level)*priceSizes+size]
}

// estimate is how long w will take from its turn to its answer.
func (p *prices) estimate(w work) time.Duration {
	if rate := p.rate(w).Load(); rate > 0 {
		return time.Duration(int64(max(w.size, leastPriced)) * rate / 1000)
	}
	if w.op == opDecompress {
		return decodeCost(int64(w.size)) + w.dict.cost()
	}
	return priceOf(w.size+w.dict.size(), w.level)
}

// observe is told how long w has taken. Of two that end together one may be lost.
func (p *prices) observe(w work, took time.Duration) {
	at := p.rate(w)
	rate := max(int64(took)*1000/int64(max(w.size, leastPriced)), 1)
	if before := at.Load(); before > 0 {
		rate = max(before+(rate-before)/newest, 1)
	}
	at.Store(rate)
}
