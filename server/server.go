package server

import (
	"context"
	"net"
	"runtime"
	"runtime/debug"
	"time"

	"zstdshop/codecs"
)

// Server answers HTTP requests. Make one with New; Serve is called once.
//
// It composes what the other files have, and no handler knows it.
type Server struct {
	*resources
	handlers
	places      map[string]*place
	connections *connections
}

// New makes a server. The error wraps ErrOptions where opts cannot be.
func New(opts Options) (*Server, error) {
	if err := opts.complete(); err != nil {
		return nil, err
	}
	codecs, err := servableCodecs(opts.Catalogue)
	if err != nil {
		return nil, err
	}
	s := &Server{resources: newResources(&opts)}
	proxies := &proxies{base: opts.BasePath, networks: opts.Proxies}
	if s.handlers, err = newHandlers(s.resources, &opts, codecs, proxies); err != nil {
		return nil, err
	}
	s.figures.connections = func() int { return s.connections.count() }

	table := numbered(routes(&s.handlers), limitsOf(s.limits, codecs.largestFrame(s.limits.Text)))
	s.places = placesOf(table)
	placeDicts(s.places, s.dicts)
	s.metrics.init(labels(table), codecs.usable)
	document := describer{table, map[string]any{
		"codecs": names(codecs.usable), "runners": runnerNames(s.bench.runners), "runner": opts.Bench.Runner,
		"workers": s.limits.Bench.Workers, "iters": s.limits.Bench.Iters,
	}}
	if err := s.pages.load(document.describe); err != nil {
		return nil, err
	}

	all := &sessions{
		examiner: &examiner{
			limits: &s.limits, loopback: opts.Loopback, hosts: opts.Hosts,
			proxies: proxies, places: s.places, dicts: s.dicts,
		},
		turns: s.shop.turns, accessLog: opts.AccessLog,
	}
	if err := all.ids.seed(); err != nil {
		return nil, err
	}
	s.connections = newConnections(s.resources, all, &opts)
	return s, nil
}

// newHandlers makes what answers requests.
func newHandlers(r *resources, opts *Options, codecs codecSet, proxies *proxies) (handlers, error) {
	dicts, err := loadDicts(opts.Dicts, codecs.usable)
	if err != nil {
		return handlers{}, err
	}
	runners, err := benchRunners(opts.Catalogue)
	if err != nil {
		return handlers{}, err
	}
	sites := &sites{proxies: proxies, token: opts.Token}
	shop := &shop{
		resources: r, codecs: codecs, dicts: dicts, sites: sites, turns: newTurns(r, len(codecs.usable)),
		contexts: contextPool{room: 2*r.limits.Codings + 2},
	}
	if err := shop.chooseCodecs(opts); err != nil {
		return handlers{}, err
	}
	pages := &pages{codec: codecs.usable[0], proxies: proxies}
	return handlers{
		pages: pages, shop: shop, dicts: dicts,
		status:  &status{r, pingBody(codecs.usable)},
		figures: &figures{resources: r, dicts: dicts, turns: shop.turns, send: pages.sendEncoded},
		bench:   &bench{resources: r, opts: opts.Bench, runners: runners, sites: sites},
	}, nil
}

// Serve answers requests on ln until ctx ends, then drains (drain.go), closes ln
// and returns nil. The error is that of a listener that failed.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	defer s.shop.contexts.close()
	quiet, stop := context.WithCancel(context.Background())
	defer stop()
	go s.watchQuiet(quiet)
	accepted := make(chan error, 1)
	go func() { accepted <- s.connections.accept(ln) }()
	var failed error
	select {
	case failed = <-accepted:
		accepted <- nil // drain waits for it, too
	case <-ctx.Done():
	}
	s.draining.Store(true)
	close(s.connections.drainBegun)
	s.log.Info("draining", "connections", s.connections.count())
	s.connections.drain(ln, accepted)
	ln.Close() // where drain has not yet
	s.log.Info("ended", "requests", s.metrics.requests())
	return failed
}

// watchQuiet runs whileQuiet until ctx ends.
func (s *Server) watchQuiet(ctx context.Context) {
	ticker := time.NewTicker(quietTick)
	defer ticker.Stop()
	whileQuiet(ctx, ticker.C, s.activity, s.giveMemoryBack)
}

// activity changes when a coding or a large body begins.
func (s *Server) activity() uint64 { return s.shop.turns.begun.Load() + s.memory.Begun() }

// giveMemoryBack drops all that is only kept for requests to come.
func (s *Server) giveMemoryBack() {
	s.shop.contexts.close()
	s.connections.forgetFree()
	runtime.GC() // twice, for the pools; and for finalizers to run
	debug.FreeOSMemory()
	for _, b := range s.shop.codecs.usable {
		if t, ok := b.codec.(codecs.Trimmer); ok {
			t.Trim()
		}
	}
}
