package measure

import (
	"context"
	"fmt"
	"slices"

	"zstdshop/harness/result"
	"zstdshop/harness/worker"
)

// Greet starts a worker by argv, waits for its hello and ends it. The error
// wraps ErrUnusable where it speaks none of the protocol's versions that this
// program does.
func (l Processes) Greet(ctx context.Context, argv []string) error {
	conn, err := l.Start(ctx, Spawn{Argv: argv, GOMAXPROCS: 1})
	if err != nil {
		return err
	}
	defer conn.Kill()
	p := conn.(*process)
	m, err := p.talk.expect(ctx, worker.TypeHello)
	if err != nil {
		return p.lost(ctx, err)
	}
	if slices.ContainsFunc(worker.Versions, func(v int) bool { return slices.Contains(m.Hello.Versions, v) }) {
		return nil
	}
	return fmt.Errorf("%w protocol: it speaks versions %v of the worker protocol, this program %v", result.ErrUnusable, m.Hello.Versions, worker.Versions)
}
