package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"zstdshop/harness/result"
	"zstdshop/server/internal/admission"
	"zstdshop/server/internal/lane"
	"zstdshop/server/internal/memory"
)

// Server answers HTTP requests. Make one with New; Serve is called once.
type Server struct {
	opts    Options
	limits  Limits
	log     *slog.Logger
	now     func() time.Time
	started time.Time

	backends      []*backend
	missing       map[string]string // codec name -> why this build has it not
	dicts         []*dictionary
	compressors   chooser
	decompressors chooser
	decodeJSON    int // most of the body of /decompress
	routes        []route
	places        map[string]*place

	contexts     contextPool
	codings      admission.Control
	memory       *memory.Memory
	prices       prices
	begun        atomic.Uint64 // codings
	metrics      tally
	ids          idSource
	benches      bench
	benchRunners []benchRunner
	complaints

	pages     map[string]*page
	indexPage []byte // the page at /, without a prefix
	pingBody  []byte

	mu         sync.Mutex
	sessions   map[*session]bool // open connections
	free       []*session
	leaving    chan struct{} // a token for each connection being turned away
	lane       lane.Lane
	draining   atomic.Bool
	drainBegun chan struct{}
	empty      chan struct{} // closed when draining and no connection is left
}

// New makes a server. The error wraps ErrOptions where opts cannot be.
func New(opts Options) (*Server, error) {
	if err := opts.complete(); err != nil {
		return nil, err
	}
	usable, missing, err := backends(opts.Catalogue)
	if err != nil {
		return nil, err
	}
	l := opts.Limits
	l.Connections = connectionLimit(l.Connections, opts.Logger)
	places := lane.New()
	s := &Server{
		opts: opts, limits: l, log: opts.Logger, now: opts.Now, started: opts.Now(),
		backends: usable, missing: missing,
		contexts: contextPool{room: 2*l.Codings + 2},
		codings:  admission.Control{Capacity: int64(l.Codings), Most: l.Queue * time.Duration(l.Codings), Timeout: l.Queue},
		memory:   memory.New(l.Memory, l.Queue, places), prices: newPrices(len(usable)),
		sessions: map[*session]bool{}, leaving: make(chan struct{}, mostLeaving),
		lane:       places,
		drainBegun: make(chan struct{}), empty: make(chan struct{}),
	}
	if s.dicts, err = loadDicts(opts.Dicts, usable); err != nil {
		return nil, err
	}
	if s.benchRunners, err = benchRunners(opts.Catalogue); err != nil {
		return nil, err
	}
	if err := s.chooseCodecs(); err != nil {
		return nil, err
	}
	s.decodeJSON = base64JSON(largestFrame(usable, l.Text))
	if err := s.ids.seed(); err != nil {
		return nil, err
	}
	s.routes = numbered(routes())
	s.places = placesOf(s.routes)
	s.placeDicts()
	if s.pages, s.indexPage, err = loadPages(s.backends[0]); err != nil {
		return nil, err
	}
	s.pages[indexName].hold(s.indexFor(opts.BasePath), s.backends[0])
	s.metrics.init(len(s.routes), s.backends)
	s.pingBody = s.ping()
	document, err := s.describe(opts.BasePath)
	if err != nil {
		return nil, fmt.Errorf("describe the API: %w", err)
	}
	s.pages[openAPIName] = &page{mediaType: jsonType}
	s.pages[openAPIName].hold(document, s.backends[0])
	return s, nil
}

// chooseCodecs settles which codec serves a request that names none.
func (s *Server) chooseCodecs() error {
	if s.opts.Codec != "" {
		b, err := pick(s.backends, s.missing, s.opts.Codec)
		if err != nil {
			return fmt.Errorf("%w: codec %q: %w", ErrOptions, s.opts.Codec, err)
		}
		only := []result.Choice{{From: 0, Codec: b.name}}
		s.compressors, s.decompressors = resolve(only, s.backends), resolve(only, s.backends)
		return nil
	}
	s.compressors, s.decompressors = resolve(s.opts.Tuned.Compress, s.backends), resolve(s.opts.Tuned.Decompress, s.backends)
	return nil
}

// largestFrame is the largest frame that any codec here makes of n bytes, and
// so the largest that is worth accepting for them.
func largestFrame(bs []*backend, n int) int {
	most := 0
	for _, b := range bs {
		most = max(most, b.bound(n))
	}
	return most
}

// Serve answers requests on ln until ctx ends, then drains (drain.go), closes ln
// and returns nil. The error is that of a listener that failed.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	defer s.contexts.close()
	quiet, stop := context.WithCancel(context.Background())
	defer stop()
	go s.watchQuiet(quiet)
	accepted := make(chan error, 1)
	go func() { accepted <- s.accept(ln) }()
	var failed error
	select {
	case failed = <-accepted:
		accepted <- nil // drain waits for it, too
	case <-ctx.Done():
	}
	s.draining.Store(true)
	close(s.drainBegun)
	s.log.Info("draining", "connections", s.connections())
	s.drain(ln, accepted)
	ln.Close() // where drain has not yet
	s.log.Info("ended", "requests", s.metrics.requests())
	return failed
}

// connections is how many are open.
func (s *Server) connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sessions)
}

// complaints keeps a flood of one kind of trouble out of the log.
type complaints struct {
	mu   sync.Mutex
	last map[string]time.Time
	left map[string]int
}

// complainEvery is how often one kind is logged.
const complainEvery = 5 * time.Second

// complain logs an error of a kind, unless that kind was logged just now.
func (s *Server) complain(kind string, err error, args ...any) {
	c := &s.complaints
	c.mu.Lock()
	now := s.now()
	if last, ok := c.last[kind]; ok && now.Sub(last) < complainEvery {
		c.left[kind]++
		c.mu.Unlock()
		return
	}
	if c.last == nil {
		c.last, c.left = map[string]time.Time{}, map[string]int{}
	}
	c.last[kind] = now
	left := c.left[kind]
	c.left[kind] = 0
	c.mu.Unlock()
	args = append(args, "error", err)
	if left > 0 {
		args = append(args, "not_logged", left)
	}
	s.log.Error(kind, args...)
}

// panicked logs a panic that was recovered. Its value may quote a request and is
// left out unless it is a runtime error; the stack names functions only.
func (s *Server) panicked(value any, stack []byte) {
	s.metrics.panics.Add(1)
	err := errors.New("panic")
	if r, ok := value.(interface {
		error
		RuntimeError()
	}); ok {
		err = r
	}
	s.complain("panic", err, "stack", string(stack))
}
