package machine

// sentinelRounds makes one Sentinel 5 to 10 us long: a round is 10 cycles on a
// wide core of today and 14 on an older one. Figures taken with another value
// cannot be compared, so it never changes.
const sentinelRounds = 2000

// Sentinel is a fixed amount of integer work, about 6 us: timed, it tells how
// fast the CPU under the caller runs at this moment. The answer is the same
// every time and is there so that the work counts as used; callers that only
// want the time may drop it.
//
// Six independent chains of xorshift64 (Marsaglia, "Xorshift RNGs", 2003) keep
// the integer units full, because only a loop that wants all of them feels the
// hyperthread next door: a single chain waits for itself and leaves room for
// the neighbour. Six is also what fits into registers; with eight the compiler
// goes through the stack. No memory is read, so what the work around it left in
// the caches does not matter. It allocates nothing and calls nothing, the
// scheduler included. Any number of goroutines may run it at once.
//
// It must not be inlined: every caller has to time the same instructions at the
// same alignment.
//
//go:noinline
func Sentinel() uint64 {
	var a, b, c, d, e, f uint64 = 1, 2, 3, 4, 5, 6
	for range sentinelRounds {
		a ^= a << 13
		b ^= b << 13
		c ^= c << 13
		d ^= d << 13
		e ^= e << 13
		f ^= f << 13
		a ^= a >> 7
		b ^= b >> 7
		c ^= c >> 7
		d ^= d >> 7
		e ^= e >> 7
		f ^= f >> 7
		a ^= a << 17
		b ^= b << 17
		c ^= c << 17
		d ^= d << 17
		e ^= e << 17
		f ^= f << 17
	}
	return a ^ b ^ c ^ d ^ e ^ f
}
