package server

import (
	"testing"

	"zstdshop/harness/result"
)

// TestChoose: sizes lead to the codec of their range; a codec that is not there
// leaves its range to the one below.
func TestChoose(t *testing.T) {
	a, b := &backend{name: "a"}, &backend{name: "b"}
	choices := []result.Choice{{From: 0, Codec: "a"}, {From: 100, Codec: "b"}, {From: 200, Codec: "a"}}
	for _, c := range []struct {
		usable []*backend
		size   int
		want   *backend
	}{
		{[]*backend{a, b}, 0, a}, {[]*backend{a, b}, 99, a}, {[]*backend{a, b}, 100, b}, {[]*backend{a, b}, 199, b}, {[]*backend{a, b}, 200, a},
		{[]*backend{a}, 150, a}, {[]*backend{b}, 0, b}, {[]*backend{b}, 300, b},
	} {
		if got := resolve(choices, c.usable).choose(c.size, false); got != c.want {
			t.Errorf("%v for %d: %s, want %s", names(c.usable), c.size, got.name, c.want.name)
		}
	}
}

// TestChooseUntuned: without a tuning, and where the tuned codecs are not there,
// native code serves every size, or the first codec where there is none.
func TestChooseUntuned(t *testing.T) {
	a, b := &backend{name: "a"}, &backend{name: "b", foreign: true}
	for _, choices := range [][]result.Choice{nil, {{From: 0, Codec: "gone"}}} {
		for _, c := range []struct {
			usable []*backend
			want   *backend
		}{{[]*backend{a, b}, b}, {[]*backend{b, a}, b}, {[]*backend{a}, a}} {
			for _, size := range []int{0, 1 << 20} {
				if got := resolve(choices, c.usable).choose(size, false); got != c.want {
					t.Errorf("%v of %v for %d: %s, want %s", choices, names(c.usable), size, got.name, c.want.name)
				}
			}
		}
	}
}
