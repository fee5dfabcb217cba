package server

import (
	"net"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"

	"zstdshop/server/internal/admission"
	"zstdshop/server/internal/socket"
)

// turns lets codings begin, in order of arrival, as many at a time as there is capacity
// for. How long one will take is estimated by what those like it have taken.
type turns struct {
	*resources
	codings admission.Control
	prices  prices
	begun   atomic.Uint64
}

func newTurns(r *resources, backends int) *turns {
	l := &r.limits
	return &turns{
		resources: r,
		codings:   admission.Control{Capacity: int64(l.Codings), Most: l.Queue * time.Duration(l.Codings), Timeout: l.Queue},
		prices:    newPrices(backends),
	}
}

// take does w, by calling do, when it is its turn. What w takes is measured.
func (t *turns) take(conn net.Conn, w work, do func() *problem) *problem {
	t.begun.Add(1)
	waited, err := t.codings.Enter(1, t.prices.estimate(w))
	if err != nil {
		return t.busy()
	}
	defer t.codings.Leave(1)
	if waited && socket.Peek(conn).Gone {
		t.metrics.refused(refusedGone)
		return clientGone()
	}
	began := t.now()
	p := do()
	if p == nil { // what fails is over sooner
		t.prices.observe(w, t.now().Sub(began))
	}
	return p
}

// busy is the answer while the queue is full.
func (t *turns) busy() *problem {
	t.metrics.refused(refusedBusy)
	return &problem{status: fasthttp.StatusServiceUnavailable, code: "busy",
		detail: "too many requests are waiting: come again", retry: t.codings.Wait()}
}
