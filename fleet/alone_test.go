package fleet

import (
	"context"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"zstdshop/harness/result"
)

// Two agents of one machine measure one after the other, and one that waits can be told to
// end.
func TestAlone(t *testing.T) {
	lock := filepath.Join(t.TempDir(), "lock")
	synctest.Test(t, func(t *testing.T) {
		var measuring, most, ended atomic.Int32
		measure := func(ctx context.Context) error {
			_, err := Alone(lock, func(context.Context, *Unit, *Data, func(_, _ time.Duration)) (*result.Result, error) {
				most.Store(max(most.Load(), measuring.Add(1)))
				time.Sleep(time.Minute) // of the bubble's clock
				measuring.Add(-1)
				ended.Add(1)
				return nil, nil
			})(ctx, nil, nil, nil)
			return err
		}
		for range 3 {
			go func() {
				if err := measure(t.Context()); err != nil {
					t.Error(err)
				}
			}()
		}
		synctest.Wait()
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		if err := measure(ctx); err == nil {
			t.Error("measured while another one did")
		}
		time.Sleep(5 * time.Minute)
		if most.Load() != 1 || ended.Load() != 3 {
			t.Errorf("%d at once, %d in all, want 1 and 3", most.Load(), ended.Load())
		}
	})
}
