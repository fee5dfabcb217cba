package runnertest

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"runtime"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"zstdshop/runners"
)

// leaveTimeout bounds how long a goroutine may take to end after its last
// statement. Only a leak takes that long.
const leaveTimeout = time.Second

func noGoroutineLeft(r runners.Runner) error {
	outcomes := []struct {
		name string
		run  func(s shape) error
	}{
		{"after success", func(s shape) error {
			return r.Run(context.Background(), s.items, s.workers, func(_, _ int) error { return nil })
		}},
		{"after an error", func(s shape) error {
			return r.Run(context.Background(), s.items, s.workers, func(_, item int) error { return &failure{item} })
		}},
		{"after a late error", func(s shape) error {
			var started atomic.Int64
			return r.Run(context.Background(), s.items, s.workers, func(_, item int) error {
				if started.Add(1) == failFrom {
					return &failure{item}
				}
				mingle(1)
				return nil
			})
		}},
		{"after ctx ended during Run", func(s shape) error {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			return r.Run(ctx, s.items, s.workers, func(_, _ int) error { cancel(); return nil })
		}},
		{"with a ctx that had ended", func(s shape) error {
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			return r.Run(ctx, s.items, s.workers, func(_, _ int) error { return nil })
		}},
	}
	for _, s := range shapes(r, 0, 2, many) {
		for _, outcome := range outcomes {
			if err := leavesNone(func() { _ = outcome.run(s) }); err != nil {
				return fmt.Errorf("%v, %s: %w", s, outcome.name, err)
			}
		}
	}
	return nil
}

// leavesNone calls f and returns an error if goroutines that f started,
// directly or through others, do not end. It recognizes them by a profiler
// label, which a goroutine hands on to those it starts.
func leavesNone(f func()) error {
	const key = "runnertest"
	mark := rand.Text() // so that calls at the same time do not count each other's
	pprof.Do(context.Background(), pprof.Labels(key, mark), func(context.Context) { f() })

	for start := time.Now(); ; runtime.Gosched() {
		n, stacks, err := labelled(fmt.Sprintf("%q:%q", key, mark))
		if err != nil || n == 0 {
			return err
		}
		if time.Since(start) > leaveTimeout {
			return fmt.Errorf("%d goroutines left:\n%s", n, stacks)
		}
	}
}

// labelled counts the goroutines with the label and returns their stacks. The
// profile's text form has one paragraph for goroutines of equal stack and
// labels: "2 @ 0x4f 0x5a", a line "# labels: {...}" where there are any, and the
// frames.
func labelled(label string) (n int, stacks string, err error) {
	profile := pprof.Lookup("goroutine")
	if profile == nil {
		return 0, "", errors.New("count goroutines: this Go has no goroutine profile")
	}
	var text bytes.Buffer
	if err := profile.WriteTo(&text, 1); err != nil {
		return 0, "", fmt.Errorf("count goroutines: %w", err)
	}
	for part := range strings.SplitSeq(text.String(), "\n\n") {
		if !strings.Contains(part, label) {
			continue
		}
		part = part[strings.LastIndex(part[:strings.Index(part, " @ ")], "\n")+1:] // the first follows a heading
		count, _, _ := strings.Cut(part, " @ ")
		same, err := strconv.Atoi(count)
		if err != nil {
			return 0, "", fmt.Errorf("count goroutines: read profile: %w", err)
		}
		n += same
		stacks += part + "\n"
	}
	return n, stacks, nil
}
