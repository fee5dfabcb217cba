package fleet

import (
	"context"
	"errors"
	"time"

	"zstdshop/harness/journal"
	"zstdshop/harness/result"
)

// Alone is a Measure that waits for its turn among all that have the same lock file: agents
// of one machine would disturb each other. The unit remains theirs meanwhile.
func Alone(lock string, measure Measure) Measure {
	return func(ctx context.Context, u *Unit, data *Data, progress func(elapsed, total time.Duration)) (*result.Result, error) {
		for {
			release, err := journal.Hold(lock)
			if err == nil {
				defer release()
				return measure(ctx, u, data, progress)
			}
			if !errors.Is(err, journal.ErrHeld) {
				return nil, err
			}
			pause(ctx, retryEvery)
			if ctx.Err() != nil {
				return nil, context.Cause(ctx)
			}
		}
	}
}
