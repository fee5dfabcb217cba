package runners_test

import (
	"testing"

	"zstdshop/runners"
	"zstdshop/runners/runnertest"
)

var builtin = []struct {
	name   string
	runner runners.Runner
}{
	{"single", runners.Single()},
	{"pool", runners.Pool()},
	{"gomaxprocs1", runners.GOMAXPROCS1()},
	{"pinned", runners.Pinned()},
	{"gil", runners.GIL()},
	{"gil-release", runners.GILRelease()},
	{"procs", runners.Procs()},
	{"atomic", runners.Atomic()},
	{"sharded", runners.Sharded()},
	{"stealing", runners.Stealing()},
	{"pipeline", runners.Pipeline()},
	{"osthread", runners.OSThread()},
	{"spawn", runners.Spawn()},
	{"semaphore", runners.Semaphore()},
}

func TestConformance(t *testing.T) {
	for _, test := range builtin {
		t.Run(test.name, func(t *testing.T) { runnertest.Run(t, test.runner) })
	}
}

func BenchmarkOverhead(b *testing.B) {
	for _, bench := range builtin {
		runnertest.Overhead(b, bench.name, bench.runner)
	}
}
