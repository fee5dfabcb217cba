package server

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"runtime"
	"time"

	"zstdshop/codecs"
	"zstdshop/harness/measure"
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
	// Dicts are dictionaries that requests may use, each with a name and, unless it is
	// raw content, an ID of its own.
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

// Dict is a dictionary that requests may use. One of zstd's format, as `zstd --train`
// and `zstdshop dict train` make them, is also content for dcz; raw content is for that
// alone, since other frames would not say what they need.
type Dict struct {
	Name        string
	codecs.Dict // Content must stay as it is
}

// BenchOptions is what /bench runs, by the names of the catalogue.
type BenchOptions struct {
	// Launcher starts the worker processes; nil: there is no /bench.
	Launcher measure.Launcher
	// Scenario computes and needs no data; Runner is the one that a request gets
	// which names none.
	Scenario, Runner string
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
