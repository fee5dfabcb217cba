package corpus

import (
	"testing"

	"pgregory.net/rapid"
)

// TestSplitMix64 checks the published outputs for the seed 1234567.
func TestSplitMix64(t *testing.T) {
	r := rng(1234567)
	for i, want := range []uint64{6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821} {
		if got := r.next(); got != want {
			t.Errorf("output %d is %d, want %d", i, got, want)
		}
	}
}

func TestRandomRanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rng(rapid.Uint64().Draw(t, "seed"))
		n := rapid.IntRange(1, 1<<20).Draw(t, "n")
		lo := rapid.IntRange(-1000, 1000).Draw(t, "lo")
		bits := rapid.IntRange(1, 30).Draw(t, "bits")
		for range 50 {
			if v := r.below(n); v < 0 || v >= n {
				t.Fatalf("below(%d) = %d", n, v)
			}
			if v := r.skewed(n); v < 0 || v >= n {
				t.Fatalf("skewed(%d) = %d", n, v)
			}
			if v := r.between(lo, lo+n-1); v < lo || v > lo+n-1 {
				t.Fatalf("between(%d, %d) = %d", lo, lo+n-1, v)
			}
			if v := r.magnitude(bits); v < 1 || v >= 1<<bits {
				t.Fatalf("magnitude(%d) = %d", bits, v)
			}
		}
	})
}

func TestSkew(t *testing.T) {
	r := rng(1)
	const draws = 100_000
	var first, low int
	for range draws {
		v := r.skewed(100)
		if v == 0 {
			first++
		}
		if v < 8 {
			low++
		}
	}
	if first < draws*13/100 || first > draws*16/100 || low < draws*47/100 || low > draws*53/100 {
		t.Errorf("of %d draws %d are 0 and %d below 8, want about 14 and 50 %%", draws, first, low)
	}
}
