package server

import (
	"slices"
	"sync/atomic"
	"time"
)

// tally counts what the server does. Every label has a fixed set of values, so
// the number of series does not depend on what clients send.
type tally struct {
	routes  []routeMetrics // as the server has them, then one for all other paths
	codings []codingMetrics
	refusal [refusals]atomic.Uint64
	panics  atomic.Uint64
}

// routeMetrics is one route's.
type routeMetrics struct {
	method, path string
	statuses     [len(statuses) + 1]atomic.Uint64 // the last for any other
	took         histogram
}

// statuses are those the server answers with.
var statuses = [...]int{200, 204, 304, 307, 400, 403, 404, 405, 408, 413, 415, 421, 422, 429, 431, 500, 503, 505}

// What a codec does.
const (
	opCompress = iota
	opDecompress
	ops
)

var opNames = [ops]string{"compress", "decompress"}

// codingMetrics is one codec's in one direction.
type codingMetrics struct {
	backend        *backend
	op             int
	count, in, out atomic.Uint64
}

// Why requests and connections are turned away.
const (
	refusedBusy = iota
	refusedMemory
	refusedConnections
	refusedGone   // whoever left while waiting
	refusedSilent // the connection longest without a request, for a new one
	refusals
)

var refusalNames = [refusals]string{"busy", "memory", "connections", "gone", "silent"}

// histogram counts durations by upper bounds.
type histogram struct {
	counts [len(bounds) + 1]atomic.Uint64
	sum    atomic.Int64 // ns
}

var bounds = [...]time.Duration{
	100 * time.Microsecond, 250 * time.Microsecond, 500 * time.Microsecond,
	time.Millisecond, 2500 * time.Microsecond, 5 * time.Millisecond, 10 * time.Millisecond, 25 * time.Millisecond, 50 * time.Millisecond,
	100 * time.Millisecond, 250 * time.Millisecond, 500 * time.Millisecond, time.Second, 5 * time.Second,
}

func (h *histogram) add(d time.Duration) {
	at, _ := slices.BinarySearch(bounds[:], d)
	h.counts[at].Add(1)
	h.sum.Add(int64(d))
}

// init makes room for a server's routes, whose methods and paths are labels, and codecs.
func (m *tally) init(labels [][2]string, bs []*backend) {
	m.routes = make([]routeMetrics, len(labels)+1)
	for i, label := range append(labels, [2]string{"other", "other"}) {
		m.routes[i].method, m.routes[i].path = label[0], label[1]
	}
	m.codings = make([]codingMetrics, len(bs)*ops)
	for i, b := range bs {
		for op := range ops {
			c := &m.codings[i*ops+op]
			c.backend, c.op = b, op
		}
	}
}

// answered counts an answer of a route by its index; -1 for a path that leads nowhere.
func (m *tally) answered(index, status int, took time.Duration) {
	at := index
	if at < 0 || at >= len(m.routes) {
		at = len(m.routes) - 1
	}
	e := &m.routes[at]
	i := slices.Index(statuses[:], status)
	if i < 0 {
		i = len(statuses)
	}
	e.statuses[i].Add(1)
	e.took.add(took)
}

func (m *tally) coded(b *backend, op, in, out int) {
	c := &m.codings[b.index*ops+op]
	c.count.Add(1)
	c.in.Add(uint64(in))
	c.out.Add(uint64(out))
}

func (m *tally) refused(why int) { m.refusal[why].Add(1) }

// requests is how many have been answered.
func (m *tally) requests() uint64 {
	var n uint64
	for i := range m.routes {
		for j := range m.routes[i].statuses {
			n += m.routes[i].statuses[j].Load()
		}
	}
	return n
}
