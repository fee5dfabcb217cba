//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"zstdshop/fleet"
	"zstdshop/harness/result"
)

// running is a trial under way.
type running struct {
	settings
	*processes
	dir string
	nc  *nats.Conn
	hub *fleet.Hub
	row row
}

// leader is the server that leads the stream of units.
func (t *running) leader(ctx context.Context) (string, error) {
	js, err := jetstream.New(t.nc)
	if err != nil {
		return "", err
	}
	stream, err := js.Stream(ctx, "ZSTDSHOP_UNITS")
	if err != nil {
		return "", err
	}
	if cluster := stream.CachedInfo().Cluster; cluster != nil && t.serverOf[cluster.Leader] != nil {
		return cluster.Leader, nil
	}
	return "", errors.New("the stream has no leader")
}

// cutFor is how long a network is cut.
const cutFor = 20 * time.Second

// cut keeps a process alone for a while.
func (t *running) cut(ctx context.Context, name string) error {
	heal, err := t.site.cut(name)
	if err != nil {
		return err
	}
	select {
	case <-ctx.Done():
	case <-time.After(cutFor):
	}
	return heal()
}

// count takes into the row which units have a result, and says what is wrong with them.
func (t *running) count(all []*result.Result) error {
	seen := map[int]int{} // results by a unit's iters
	for _, r := range all {
		hosts := map[string]string{}
		for _, c := range r.Cells {
			seen[c.Iters]++
			hosts[c.Name] = r.HostOf(c.Cell).Machine.Host
		}
		for _, v := range r.Comparisons {
			if hosts[v.Old] != hosts[v.New] {
				return fmt.Errorf("%s and %s are of two hosts and compared", v.Old, v.New)
			}
		}
	}
	twice := 0
	for i := range t.units {
		switch n := seen[1+i]; {
		case n == 0:
			t.row.missing++
		case n == 1:
			t.row.results++
		default:
			twice++
		}
	}
	if t.row.missing > 0 || twice > 0 {
		return fmt.Errorf("%d units have no result, %d more than one", t.row.missing, twice)
	}
	return nil
}

// left says what the server still has of a run that is over, and all that may tell why one
// did not end.
func (t *running) left(failed bool) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	js, err := jetstream.New(t.nc)
	if err != nil {
		return err
	}
	var left []error
	for _, name := range []string{"ZSTDSHOP_UNITS", "ZSTDSHOP_RESULTS"} {
		stream, err := js.Stream(ctx, name)
		if err != nil {
			return fmt.Errorf("what is left in %s: %w", name, err)
		}
		if at := stream.CachedInfo().State; at.Msgs > 0 {
			err = fmt.Errorf("left in %s: %d messages", name, at.Msgs)
		}
		if name != "ZSTDSHOP_UNITS" && !failed {
			left = append(left, err)
			continue // the controller's own consumers end by themselves
		}
		consumers := stream.ListConsumers(ctx)
		for c := range consumers.Info() {
			err = errors.Join(err, fmt.Errorf("consumer of %s: %d pending, %d not acknowledged, %d requests, delivered to %d of %d", name, c.NumPending, c.NumAckPending, c.NumWaiting, c.Delivered.Stream, stream.CachedInfo().State.LastSeq))
		}
		left = append(left, err)
	}
	return errors.Join(left...)
}

// waitForResults returns when as many results are in a folder as the fault comes after.
func (t *running) waitForResults(ctx context.Context, folder string) error {
	for {
		results, err := filepath.Glob(filepath.Join(folder, "*.json"))
		if err != nil {
			return err
		}
		if len(results) >= t.row.at {
			t.row.at = len(results)
			return nil
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func readResult(path string) (*result.Result, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return result.Read(f, nil)
}

// within is a context that ends after a while, and has no deadline: of one, a request that
// is not answered would wait for all of it, as none of zstdshop's does.
func within(ctx context.Context, d time.Duration) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	timer := time.AfterFunc(d, func() { cancel(fmt.Errorf("it did not end in %v", d)) })
	return ctx, func() {
		timer.Stop()
		cancel(nil)
	}
}

func waitForAgents(ctx context.Context, hub *fleet.Hub, count int) error {
	for {
		there, err := hub.Agents(ctx, func(string, ...any) {})
		if err != nil || len(there) == count {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
}
