package machine

import "testing"

// One chain at a time: the same numbers as Sentinel, however that one is
// interleaved.
func TestSentinelDoesTheWork(t *testing.T) {
	var want uint64
	for seed := uint64(1); seed <= 6; seed++ {
		x := seed
		for range sentinelRounds {
			x ^= x << 13
			x ^= x >> 7
			x ^= x << 17
		}
		want ^= x
	}
	if got := Sentinel(); got != want {
		t.Errorf("Sentinel() = %#x, one chain at a time gives %#x", got, want)
	}
}

func TestSentinelAllocatesNothing(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() { _ = Sentinel() }); n != 0 {
		t.Errorf("%v allocations per call", n)
	}
}

func BenchmarkSentinel(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Sentinel()
	}
}
