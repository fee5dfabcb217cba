package scenarios_test

import (
	"context"
	"testing"

	"zstdshop/scenarios"
)

// The checksum is that of the work that was asked for, in any order.
func TestBlockingAndSkewedWork(t *testing.T) {
	for name, s := range map[string]scenarios.Scenario{"blocking": scenarios.Blocking(), "skewed": scenarios.Skewed()} {
		sum := func(seed uint64, iters int, backwards bool) uint64 {
			job, err := s.Prepare(t.Context(), scenarios.Input{Iters: iters, Seed: seed, Workers: 1, Tasks: 1})
			if err != nil {
				t.Fatal(err)
			}
			defer job.Close()
			job.Begin()
			n := job.Facts().Items
			if n != 64 {
				t.Fatalf("%s: %d tasks, want 64", name, n)
			}
			for i := range n {
				item := i
				if backwards {
					item = n - 1 - i
				}
				if err := job.Do(0, item); err != nil {
					t.Fatal(err)
				}
			}
			return job.Checksum()
		}
		if a, b := sum(1, 10, false), sum(1, 10, true); a != b || a == 0 {
			t.Errorf("%s: checksum %d in order, %d backwards", name, a, b)
		}
		if a, b := sum(1, 10, false), sum(2, 10, false); a != b {
			t.Errorf("%s: checksum %d and %d of two seeds: other work", name, a, b)
		}
		if a, b := sum(1, 10, false), sum(1, 11, false); a == b {
			t.Errorf("%s: checksum %d of 10 and of 11 iterations", name, a)
		}
		if _, err := s.Prepare(t.Context(), scenarios.Input{}); err == nil {
			t.Errorf("%s: prepares no iterations", name)
		}
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := s.Prepare(ended, scenarios.Input{Iters: 1}); err == nil {
			t.Errorf("%s: prepares after the end of its context", name)
		}
	}
}
