//go:build race

package runnertest

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"

	"zstdshop/runners"
)

// TestWorkerMemoryRace shows that the rule on worker memory makes the race
// detector catch a runner that hands a worker number from one goroutine to
// another without ordering them. The detector's report fails the program that
// it is in, so this test runs a second process.
func TestWorkerMemoryRace(t *testing.T) {
	const inner = "RUNNERTEST_RACY_RUNNER"
	if os.Getenv(inner) != "" {
		_ = workerMemory(fake{fine, func(ctx context.Context, items, workers int, task runners.Task) error {
			return good(ctx, items, workers, func(_, item int) error { return task(0, item) })
		}})
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestWorkerMemoryRace$")
	cmd.Env = append(os.Environ(), inner+"=1")
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "DATA RACE") {
		t.Errorf("a racy runner was not reported (%v):\n%s", err, out)
	}
}
