package corpus

import "math/bits"

// rng is SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom
// number generators", OOPSLA 2014). It is written out because the embedded
// corpora must be the same bytes for ever, which math/rand does not promise.
// The value is the state; any seed is good.
type rng uint64

func (r *rng) next() uint64 {
	*r += 0x9e3779b97f4a7c15
	z := uint64(*r)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below returns a number uniform in [0, n), except for a bias below n/2^64; n >
// 0.
func (r *rng) below(n int) int {
	hi, _ := bits.Mul64(r.next(), uint64(n))
	return int(hi)
}

// between returns a number uniform in [lo, hi].
func (r *rng) between(lo, hi int) int { return lo + r.below(hi-lo+1) }

// oneIn returns true once in n calls on average.
func (r *rng) oneIn(n int) bool { return r.below(n) == 0 }

// skewed returns a number in [0, n), small ones far more likely than large
// ones, as with users, paths and hosts: about 13 % are 0 for n = 100, and half
// are below 8.
func (r *rng) skewed(n int) int { return r.below(1 + r.below(1+r.below(n))) }

// magnitude returns a number in [1, 2^size) with every power of two equally
// likely, as sizes and durations roughly are.
func (r *rng) magnitude(size int) int {
	bit := r.below(size)
	return 1<<bit | int(r.next()>>(64-bit))
}
