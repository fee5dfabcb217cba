// Package load is the scenario that asks the shop for its services: a task is a
// request over the loopback interface, from when it is sent until its answer has
// been read. The server runs in the worker's process, as a server of a Go program
// and its clients would, and shares its CPUs; each worker is a connection.
package load

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"zstdshop/scenarios"
)

// New is the scenario.
func New() scenarios.Scenario { return shop{} }

type shop struct{}

func (shop) Info() scenarios.Info {
	info := scenarios.Info{
		Summary: "requests to the server over loopback, a connection for each worker",
		Codec:   true,
		Corpus:  true,
	}
	for _, e := range endpoints {
		info.Endpoints = append(info.Endpoints, scenarios.Endpoint{Name: e.name, NoData: e.ask == nil})
	}
	return info
}

func (shop) Prepare(ctx context.Context, in scenarios.Input) (scenarios.Job, error) {
	e, err := endpointNamed(in.Endpoint)
	switch {
	case err != nil:
		return nil, err
	case in.Workers < 1:
		return nil, fmt.Errorf("workers must be at least 1, is %d", in.Workers)
	case e.ask != nil && in.Codec == nil:
		return nil, errors.New("the scenario needs a codec, none is set")
	case e.ask != nil && len(in.Items) == 0:
		return nil, errors.New("the corpus has no items")
	}
	j := &job{endpoint: e}
	if err := j.open(ctx, in); err != nil {
		_ = j.Close() // the first error says more
		return nil, err
	}
	return j, nil
}

// job is a server and its clients.
type job struct {
	endpoint *endpoint
	server   *local
	clients  []*client // by worker
	requests [][]byte  // by item
	lengths  []int     // of the answers' bodies
	facts    scenarios.Facts
}

func (j *job) open(ctx context.Context, in scenarios.Input) error {
	asks, err := j.endpoint.requests(ctx, in)
	if err != nil {
		return err
	}
	if j.server, err = serve(in, asks); err != nil {
		return err
	}
	for worker := range in.Workers {
		c, err := dial(j.server.addr)
		if err != nil {
			return fmt.Errorf("connection of worker %d: %w", worker, err)
		}
		j.clients = append(j.clients, c)
	}
	return j.pass(ctx, in, asks)
}

// pass sends every request once to learn what the answers look like, and checks
// them where that is asked for. The digest is of all compressed forms, one after
// the other.
func (j *job) pass(ctx context.Context, in scenarios.Input, asks []ask) error {
	check, err := newChecker(in)
	if err != nil {
		return err
	}
	defer check.close()
	digest := sha256.New()
	j.facts.Items = len(asks)
	for i, a := range asks {
		if ctx.Err() != nil {
			return fmt.Errorf("prepare item %d of %d: %w", i, len(asks), context.Cause(ctx))
		}
		body, err := j.clients[0].do(a.request)
		if err != nil {
			return j.failed(i, err)
		}
		frame, err := j.endpoint.take(check, a, body)
		if err != nil {
			return j.failed(i, err)
		}
		digest.Write(frame)
		j.requests, j.lengths = append(j.requests, a.request), append(j.lengths, len(body))
		if a.item != nil {
			j.facts.BytesIn += int64(len(a.item))
			j.facts.BytesOut += int64(len(frame))
			j.facts.ItemBytes = append(j.facts.ItemBytes, len(a.item))
			j.facts.ItemOut = append(j.facts.ItemOut, len(frame))
		}
		if in.Progress != nil {
			in.Progress(i+1, len(asks))
		}
	}
	if j.facts.BytesOut > 0 {
		j.facts.Digest = hex.EncodeToString(digest.Sum(nil))
	}
	return nil
}

func (j *job) Facts() scenarios.Facts { return j.facts }
func (j *job) Begin()                 {}
func (j *job) Checksum() uint64       { return 0 }

// Do is on the clock, so it compares lengths and leaves bytes to Prepare.
func (j *job) Do(worker, item int) error {
	body, err := j.clients[worker].do(j.requests[item])
	if err == nil && len(body) != j.lengths[item] {
		err = fmt.Errorf("%w: an answer of %d bytes where it had %d", scenarios.ErrCorrupt, len(body), j.lengths[item])
	}
	if err != nil {
		return j.failed(item, err)
	}
	return nil
}

func (j *job) failed(item int, err error) error {
	return fmt.Errorf("request %d to %s: %w", item, j.endpoint.path, err)
}

// Close ends the connections and the server. Do returns an error afterwards.
func (j *job) Close() error {
	var errs []error
	for _, c := range j.clients {
		errs = append(errs, c.conn.Close())
	}
	if j.server != nil {
		errs = append(errs, j.server.close())
	}
	return errors.Join(errs...)
}
