package cli

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"zstdshop/harness"
	"zstdshop/server"
)

// serveFlags is the flags of serve.
type serveFlags struct {
	addr   string
	codec  scalar[string]
	tuned  string
	hosts  []string
	access bool
	log    scalar[string]

	grace, drainTimeout duration
	limits              server.Limits

	reg *harness.Registry
}

func newServeFlags(reg *harness.Registry) *serveFlags {
	f := &serveFlags{reg: reg, limits: server.DefaultLimits(runtime.GOMAXPROCS(0))}
	f.codec = scalar[string]{"", "", "name", f.servable}
	f.log = scalar[string]{"text", "text", "format", oneOf("format", "text", "json", "none")}
	f.grace.value = 500 * time.Millisecond
	f.drainTimeout.value = f.limits.Bench.Time + 5*time.Second
	return f
}

// servable is the name of a codec that the shop can serve with.
func (f *serveFlags) servable(name string) (string, error) {
	codec, err := f.reg.Codec(name)
	if err != nil {
		return "", err
	}
	info := codec.Info()
	if why := server.Servable(info); why != "" {
		return "", errors.New(why)
	}
	if info.Unavailable != "" {
		return "", fmt.Errorf("it is not in this build: %s", info.Unavailable)
	}
	return name, nil
}

func (f *serveFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&f.addr, "addr", "127.0.0.1:8000", "where to listen; :8000 is every network, port 0 any that is free")
	flags.Var(&f.codec, "codec", "which codec serves (default: by size, see --tuned)")
	flags.StringVar(&f.tuned, "tuned", "", "choose the codec by size from this saved benchmark `FILE`")
	flags.StringSliceVar(&f.hosts, "host", nil, "more `names` for this machine that requests may have in Host, on a loopback address")
	flags.Var(&f.log, "log", "what is written on standard error: text, json or none")
	flags.BoolVar(&f.access, "access-log", false, "log every request")
	flags.Var(&f.grace, "grace", "when ending: time to tell clients so")
	flags.Var(&f.drainTimeout, "drain-timeout", "when ending: time for answers under way")

	l := &f.limits
	size := func(p *int, name, usage string) { flags.Var(&sizeFlag[int]{p}, name, usage) }
	count := func(p *int, name, usage string) { flags.Var(&countFlag[int]{p}, name, usage) }
	span := func(p *time.Duration, name, usage string) { flags.Var(&spanFlag{p}, name, usage) }
	size(&l.Text, "max-text", "most of a text to compress, and of what is decompressed")
	size(&l.JSON, "max-json", "most of the body of /compress, escapes and all")
	size(&l.Raw, "max-raw", "most of a raw body and of its answer")
	flags.Var(&sizeFlag[int64]{&l.Window}, "max-window", "most of a frame's window")
	count(&l.Frames, "max-frames", "most frames of a request")
	count(&l.Blocks, "max-blocks", "most blocks of a request")
	size(&l.Header, "max-header", "most of a request's header")
	count(&l.Fields, "max-fields", "most fields of a header")
	count(&l.Connections, "max-connections", "most open connections, if there are file descriptors for them")
	count(&l.Requests, "max-requests", "most requests on one connection")
	span(&l.HeaderTime, "header-time", "for a header to come")
	span(&l.BodyTime, "body-time", "for a body to come")
	span(&l.IdleTime, "idle-time", "between requests")
	span(&l.WriteTime, "write-time", "for an answer to be taken")
	span(&l.Cost, "max-cost", "most CPU time of a request, as estimated by size and level")
	count(&l.Codings, "codings", "requests that are coded at the same time")
	span(&l.Queue, "queue", "longest wait for a turn; beyond it the answer is 503")
	flags.Var(&sizeFlag[int64]{&l.Memory}, "memory", "most that large bodies and answers hold together, a half each")
	count(&l.Bench.Workers, "bench-workers", "most workers of /bench")
	count(&l.Bench.Iters, "bench-iters", "most iterations of /bench")
	flags.Var(&countFlag[int64]{&l.Bench.Work}, "bench-work", "most workers times iterations of /bench")
	span(&l.Bench.Time, "bench-time", "longest run of /bench")

	cmd.RegisterFlagCompletionFunc("codec", func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		var names []cobra.Completion
		for _, name := range f.reg.Codecs() {
			if _, err := f.servable(name); err == nil {
				names = append(names, name)
			}
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	})
	cmd.RegisterFlagCompletionFunc("log", cobra.FixedCompletions([]string{"text", "json", "none"}, cobra.ShellCompDirectiveNoFileComp))
	cmd.RegisterFlagCompletionFunc("tuned", cobra.FixedCompletions([]string{"json"}, cobra.ShellCompDirectiveFilterFileExt))
}

// sizeFlag is a flag of a size: a number of bytes, or with KiB, MiB or GiB.
type sizeFlag[T int | int64] struct{ value *T }

func (f *sizeFlag[T]) Type() string   { return "size" }
func (f *sizeFlag[T]) String() string { return sizeText(int64(*f.value)) }

func (f *sizeFlag[T]) Set(text string) error {
	n, err := parseSize(text)
	if err == nil {
		*f.value = T(n)
	}
	return err
}

var sizeUnits = []struct {
	name  string
	bytes int64
}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"", 1}}

func sizeText(n int64) string {
	for _, u := range sizeUnits {
		if n >= u.bytes && n%u.bytes == 0 {
			return strconv.FormatInt(n/u.bytes, 10) + u.name
		}
	}
	return strconv.FormatInt(n, 10)
}

func parseSize(text string) (int64, error) {
	for _, u := range sizeUnits {
		digits, ok := strings.CutSuffix(text, u.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(digits, 10, 64)
		if err != nil || n < 1 || n > math.MaxInt/u.bytes {
			break
		}
		return n * u.bytes, nil
	}
	return 0, errors.New("want a size above zero in bytes, or with KiB, MiB or GiB, such as 4MiB")
}

// countFlag is a flag of a number of things.
type countFlag[T int | int64] struct{ value *T }

func (f *countFlag[T]) Type() string   { return "count" }
func (f *countFlag[T]) String() string { return strconv.FormatInt(int64(*f.value), 10) }

func (f *countFlag[T]) Set(text string) error {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 || int64(T(n)) != n {
		return errors.New("want a whole number above zero")
	}
	*f.value = T(n)
	return nil
}

// spanFlag is a duration kept elsewhere.
type spanFlag struct{ value *time.Duration }

func (f *spanFlag) Type() string   { return "time" }
func (f *spanFlag) String() string { return f.value.String() }

func (f *spanFlag) Set(text string) error {
	var d duration
	if err := d.Set(text); err != nil {
		return err
	}
	*f.value = d.value
	return nil
}
