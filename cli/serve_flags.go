package cli

import (
	"errors"
	"fmt"
	"math"
	"net/netip"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"zstdshop/harness"
	"zstdshop/server"
)

// serveFlags is the flags of serve: most are options of the server.
type serveFlags struct {
	server.Options
	addr, tuned, log string
	proxies          list[netip.Prefix]
	dicts, rawDicts  []string // NAME=FILE
	reg              *harness.Registry
}

// The flags that give the server dictionaries.
const (
	dictFlag    = "dict"
	rawDictFlag = "raw-dict"
)

func newServeFlags(reg *harness.Registry) *serveFlags {
	limits := server.DefaultLimits(runtime.GOMAXPROCS(0))
	return &serveFlags{reg: reg, log: "text", proxies: list[netip.Prefix]{kind: "networks", parse: server.ParseProxy}, Options: server.Options{
		Catalogue: reg, Limits: limits, Grace: 500 * time.Millisecond, DrainTimeout: limits.Bench.Time + 5*time.Second}}
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
	flags.Var(&setting[string]{&f.Codec, "name", "", f.servable}, "codec", "which codec serves (default: by size, see --tuned)")
	flags.StringVar(&f.tuned, "tuned", "", "choose the codec by size from this saved benchmark `FILE`")
	flags.StringArrayVar(&f.dicts, dictFlag, nil, "zstd dictionary that requests may name, as `NAME=FILE`; once for each")
	flags.StringArrayVar(&f.rawDicts, rawDictFlag, nil, "any content, as `NAME=FILE`, that bodies in the coding dcz may be made with; once for each")
	flags.StringSliceVar(&f.Hosts, "host", nil, "more `names` for this machine that requests may have in Host, on a loopback address")
	flags.Var(&setting[string]{&f.BasePath, "path", "", server.ParsePrefix}, "base-path", "path below which clients see the server, behind a proxy; with or without it in requests")
	flags.Var(&f.proxies, "trusted-proxy", "`networks` of proxies whose X-Forwarded-Prefix and -Host count, such as 127.0.0.1 or 10.0.0.0/8")
	choice(cmd, &f.log, "log", "format", "format", "what is written on standard error: text, json or none", "text", "json", "none")
	flags.BoolVar(&f.AccessLog, "access-log", false, "log every request")
	flags.Var(span(&f.Grace), "grace", "when ending: time to tell clients so")
	flags.Var(span(&f.DrainTimeout), "drain-timeout", "when ending: time for answers under way")

	l := &f.Limits
	flags.Var(size(&l.Text), "max-text", "most of a text to compress, and of what is decompressed")
	flags.Var(size(&l.JSON), "max-json", "most of the body of /compress, escapes and all")
	flags.Var(size(&l.Raw), "max-raw", "most of a raw body and of its answer")
	flags.Var(size(&l.Window), "max-window", "most of a frame's window")
	flags.Var(whole(&l.Frames), "max-frames", "most frames of a request")
	flags.Var(whole(&l.Blocks), "max-blocks", "most blocks of a request")
	flags.Var(size(&l.Header), "max-header", "most of a request's header")
	flags.Var(whole(&l.Fields), "max-fields", "most fields of a header")
	flags.Var(whole(&l.Connections), "max-connections", "most open connections, if there are file descriptors for them")
	flags.Var(whole(&l.Requests), "max-requests", "most requests on one connection")
	flags.Var(span(&l.HeaderTime), "header-time", "for a header to come")
	flags.Var(span(&l.BodyTime), "body-time", "for a body to come")
	flags.Var(span(&l.IdleTime), "idle-time", "between requests")
	flags.Var(span(&l.WriteTime), "write-time", "for an answer to be taken")
	flags.Var(span(&l.Cost), "max-cost", "most CPU time of a request, as estimated by size and level")
	flags.Var(whole(&l.Codings), "codings", "requests that are coded at the same time")
	flags.Var(span(&l.Queue), "queue", "longest wait for a turn; beyond it the answer is 503")
	flags.Var(size(&l.Memory), "memory", "most that large bodies and answers hold together, a half each")
	flags.Var(whole(&l.Bench.Workers), "bench-workers", "most workers of /bench")
	flags.Var(whole(&l.Bench.Iters), "bench-iters", "most iterations of /bench")
	flags.Var(whole(&l.Bench.Work), "bench-work", "most workers times iterations of /bench")
	flags.Var(span(&l.Bench.Time), "bench-time", "longest run of /bench")

	names := slices.DeleteFunc(slices.Clone(f.reg.Codecs()), func(name string) bool {
		_, err := f.servable(name)
		return err != nil
	})
	suggest(cmd, "codec", names...)
	cmd.MarkFlagFilename("tuned", "json", "zst")
}

// size is a flag of a size: a number of bytes, or with KiB, MiB or GiB.
func size[T int | int64](to *T) pflag.Value {
	return &setting[T]{to, "size", sizeText(int64(*to)), func(text string) (T, error) {
		n, err := parseSize(text)
		return T(n), err
	}}
}

// whole is a flag of a number of things.
func whole[T int | int64](to *T) pflag.Value {
	return &setting[T]{to, "count", fmt.Sprint(*to), func(text string) (T, error) {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 1 || int64(T(n)) != n {
			return 0, errors.New("want a whole number above zero")
		}
		return T(n), nil
	}}
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
