package server

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"runtime"
	"slices"
	"strings"
	"time"

	"zstdshop/codecs"
	"zstdshop/harness/result"
	"zstdshop/runners"
)

// Catalogue is where codecs and runners come from; harness.Registry is one.
type Catalogue interface {
	Codecs() []string
	Codec(name string) (codecs.Codec, error)
	Runners() []string
	Runner(name string) (runners.Runner, error)
}

// Options is what a server is made of. Catalogue alone must be set.
type Options struct {
	Catalogue Catalogue
	// Codec names the one that serves where a request names none; "" leaves the
	// choice to Tuned.
	Codec string
	// Tuned chooses a codec by size; the zero value takes one that runs native
	// code for every size, where the build has one.
	Tuned result.Tuning
	// Limits; the zero value is DefaultLimits for the CPUs in use.
	Limits Limits
	// Dicts are dictionaries that requests may name, each with an ID of its own.
	Dicts []Dict

	Bench BenchOptions
	// Token lets pages of other sites ask for what is expensive; "" keeps them all
	// out.
	Token string

	// Loopback is set where the server listens on a loopback address: then only
	// requests that name this machine in Host are answered, so that a page from
	// elsewhere cannot reach it by a name that leads here.
	Loopback bool
	// Hosts are more names that Host may have on a loopback address.
	Hosts []string
	// BasePath is the path below which clients see the server, as ParsePrefix returns it;
	// "" for none.
	BasePath string
	// Proxies are the networks whose connections may say so themselves, in
	// X-Forwarded-Prefix, and in X-Forwarded-Host what clients call the server.
	Proxies []netip.Prefix
	// Shared is set where another process has the listener too. Then the end of
	// this server is none of the listener's: connections not yet accepted are
	// left to the other.
	Shared bool

	// Grace is how long a server that ends goes on answering on connections that
	// are open, each time with the word that it is the last answer there.
	Grace time.Duration
	// DrainTimeout is how long it then waits for answers that are under way.
	DrainTimeout time.Duration

	Logger *slog.Logger // nil: none
	// AccessLog writes a line for every request.
	AccessLog bool
	Now       func() time.Time // nil: time.Now
}

// Footprint is what the Go heap should keep to under load, dictionaries included.
func (o *Options) Footprint() int64 {
	n := o.Limits.Footprint()
	for _, d := range o.Dicts {
		n += int64(len(d.Content))
	}
	return n
}

// backend is a codec that the server may use.
type backend struct {
	name    string
	index   int // among the backends
	codec   codecs.Codec
	foreign bool
	dicts   codecs.DictCodec // the codec's; nil where it takes none
	// bound is the largest frame the codec makes of n bytes, sealed.
	bound func(n int) int
}

// newContext makes a context that begins frames with d; nil is without.
func (b *backend) newContext(d *dictionary, level int) (codecs.Context, error) {
	if d == nil {
		return b.codec.NewContext(level)
	}
	return b.dicts.NewDictContext(level, d.Content)
}

// ErrOptions is wrapped where options cannot be.
var ErrOptions = errors.New("server options")

// complete fills in defaults and refuses what cannot be.
func (o *Options) complete() error {
	if o.Catalogue == nil {
		return fmt.Errorf("%w: no catalogue", ErrOptions)
	}
	if o.Limits == (Limits{}) {
		o.Limits = DefaultLimits(runtime.GOMAXPROCS(0))
	}
	if err := o.Limits.check(); err != nil {
		return fmt.Errorf("%w: %w", ErrOptions, err)
	}
	if o.Grace <= 0 {
		o.Grace = 500 * time.Millisecond
	}
	if o.DrainTimeout <= 0 {
		o.DrainTimeout = o.Limits.Bench.Time + 5*time.Second
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelError + 1}))
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return nil
}

// ZstdFormat is what a codec must say of its format to serve here.
const ZstdFormat = "zstd"

// Servable returns why a codec cannot serve here, or "". One with threads of its
// own cannot: a request counts as one CPU, and all CPUs have requests already.
func Servable(info codecs.Info) string {
	switch {
	case info.Format != ZstdFormat:
		return "the shop hands out zstd frames, and this codec makes none"
	case info.Threads:
		return "the shop counts one CPU for a request, and this codec runs threads of its own"
	}
	return ""
}

// backends are the codecs of a catalogue that can serve and that this build can
// run, and what is to be said of those it cannot.
func backends(cat Catalogue) (usable []*backend, missing map[string]string, err error) {
	missing = map[string]string{}
	for _, name := range cat.Codecs() {
		c, err := cat.Codec(name)
		if err != nil {
			return nil, nil, err
		}
		info := c.Info()
		switch {
		case Servable(info) != "":
		case info.Unavailable != "":
			missing[name] = info.Unavailable
		default:
			usable = append(usable, &backend{name: name, codec: c, foreign: info.Foreign, dicts: dictsOf(c), bound: sealedBound(c)})
		}
	}
	if len(usable) == 0 {
		return nil, nil, fmt.Errorf("%w: no codec for zstd is registered and available", ErrOptions)
	}
	return usable, missing, nil
}

func names(bs []*backend) []string {
	out := make([]string, len(bs))
	for i, b := range bs {
		out[i] = b.name
	}
	return out
}

// pick finds the codec of a name among usable.
func pick(usable []*backend, missing map[string]string, name string) (*backend, error) {
	if i := slices.IndexFunc(usable, func(b *backend) bool { return b.name == name }); i >= 0 {
		return usable[i], nil
	}
	if why, ok := missing[name]; ok {
		return nil, fmt.Errorf("codec %s is unavailable: %s", name, why)
	}
	return nil, fmt.Errorf("unknown codec; known: %s", strings.Join(names(usable), ", "))
}
