package cli

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"zstdshop/harness/analyze"
	"zstdshop/harness/measure"
	"zstdshop/harness/plan"
	"zstdshop/server"
)

func (a *app) serve() *cobra.Command {
	f := newServeFlags(a.reg)
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "serve compression and decompression over HTTP, with a page to try it",
		Long: `Serves the shop until it is interrupted: /compress and /decompress with JSON,
/v1/compress and /v1/decompress with raw bytes, /bench, the API's documentation at
/docs, and a page at /. The URL is printed on standard output; the token in it
lets a page of another site ask for what is expensive.

An interrupt or SIGTERM ends it without losing a request; a second one ends it at
once. Started with a socket (LISTEN_FDS=1, as systemd does) it serves that one and
leaves it open for the next.

Sizes are bytes, with KiB, MiB or GiB. Exit status: 0 ended as told; 2 wrong
usage, or the address is taken.`,
		Example: `  zstdshop serve
  zstdshop serve --addr :8080 --codec klauspost --access-log
  zstdshop serve --dict logs=logs.dict
  zstdshop serve --base-path /shop --host shop.example
  zstdshop bench --runner single --block 1KiB,16KiB,256KiB --export tuned.json && zstdshop serve --tuned tuned.json`,
		Args: noArguments(""),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runServe(cmd.Context(), f) },
	}
	f.register(cmd)
	return cmd
}

// leastProcs is how many Go processors serving takes, however few CPUs there are: the
// server leaves one of them to requests that ask for little, and the system shares the
// CPU between the two better than Go shares a processor between goroutines.
const leastProcs = 2

// runServe serves until ctx ends.
func (a *app) runServe(ctx context.Context, f *serveFlags) error {
	opts, err := a.serverOptions(f)
	if err != nil {
		return err
	}
	ln, shared, err := listen(ctx, f.addr, a.getenv)
	if err != nil {
		return err
	}
	defer ln.Close()
	if a.getenv("GOMAXPROCS") == "" && runtime.GOMAXPROCS(0) < leastProcs {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(leastProcs))
	}
	opts.Shared, opts.Loopback = shared, onLoopback(ln.Addr())
	s, err := server.New(opts)
	if err != nil {
		return f.dictFault(err)
	}
	if a.getenv("GOMEMLIMIT") == "" {
		defer debug.SetMemoryLimit(debug.SetMemoryLimit(opts.Footprint()))
	}
	if _, err := fmt.Fprintf(a.stdout, "%s\n", clickable(ln.Addr(), opts.BasePath, opts.Token)); err != nil {
		return fmt.Errorf("print the URL: %w", err)
	}
	return s.Serve(ctx, ln)
}

// serverOptions makes of the flags what the server takes.
func (a *app) serverOptions(f *serveFlags) (server.Options, error) {
	opts := f.Options
	opts.Proxies = f.proxies.values
	opts.Logger = logger(a.stderr, f.log)
	token := make([]byte, 12)
	if _, err := rand.Read(token); err != nil {
		return opts, fmt.Errorf("make a token: %w", err)
	}
	opts.Token = base64.RawURLEncoding.EncodeToString(token)
	for _, given := range f.givenDicts() {
		d, err := readDict(given.text)
		if err != nil {
			return opts, given.fault(err)
		}
		d.Raw = given.flag == rawDictFlag
		opts.Dicts = append(opts.Dicts, d)
	}
	if f.tuned != "" {
		result, err := a.readFile(f.tuned)
		if err != nil {
			return opts, fmt.Errorf("--tuned %s: %w", f.tuned, err)
		}
		var known []string
		for _, name := range a.reg.Codecs() {
			if codec, _, _ := a.reg.Infos(name, "", ""); server.Servable(codec) == "" {
				known = append(known, name)
			}
		}
		compress, decompress := "", "" // the scenarios that stand for the two
		for _, name := range slices.Backward(a.reg.Scenarios()) {
			if _, _, info := a.reg.Infos("", "", name); info.Compresses {
				compress = name
			} else if info.Decompresses {
				decompress = name
			}
		}
		if opts.Tuned, err = analyze.Tune(result, compress, decompress, known); err != nil {
			return opts, fmt.Errorf("--tuned %s: %w; `zstdshop bench --runner single --block 1KiB,16KiB,256KiB --export FILE.json` measures some", f.tuned, err)
		}
		fmt.Fprintf(a.stderr, "zstdshop: codecs by size, from %s: %s\n", f.tuned, opts.Tuned)
	}
	opts.Bench = server.BenchOptions{
		Launcher: measure.Processes{Timeout: opts.Limits.Bench.Time + 5*time.Second},
		Scenario: "cpuburn", Runner: "pool",
	}
	return opts, nil
}

// givenDict is the value of a flag that gives the server a dictionary.
type givenDict struct{ flag, text string }

func (g givenDict) fault(err error) error { return fmt.Errorf("--%s %s: %w", g.flag, g.text, err) }

func (f *serveFlags) givenDicts() (all []givenDict) {
	for _, text := range f.dicts {
		all = append(all, givenDict{dictFlag, text})
	}
	for _, text := range f.rawDicts {
		all = append(all, givenDict{rawDictFlag, text})
	}
	return all
}

// dictFault names the flag and the file of a dictionary that err is about.
func (f *serveFlags) dictFault(err error) error {
	if e, ok := errors.AsType[server.DictError](err); ok {
		for _, given := range f.givenDicts() {
			if strings.HasPrefix(given.text, e.Name+"=") {
				return given.fault(e.Why)
			}
		}
	}
	return err
}

// readDict reads the dictionary that text calls NAME=FILE, and no more of a file than a
// dictionary may have.
func readDict(text string) (server.Dict, error) {
	name, path, ok := strings.Cut(text, "=")
	if !ok || path == "" {
		return server.Dict{}, errors.New("want NAME=FILE, such as logs=logs.dict; `zstdshop dict train` makes one")
	}
	if _, err := server.ParseDictName(name); err != nil {
		return server.Dict{}, err
	}
	content, err := plan.DictFile(path, server.MaxDict)
	if err != nil {
		return server.Dict{}, err
	}
	d := server.Dict{Name: name}
	d.Content = content
	return d, nil
}

func logger(w io.Writer, format string) *slog.Logger {
	switch format {
	case "json":
		return slog.New(slog.NewJSONHandler(w, nil))
	case "none":
		return slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.Level(math.MaxInt)}))
	}
	return slog.New(slog.NewTextHandler(w, nil))
}

// listen returns the socket that the program was started with, which others have
// too (shared), or opens one at addr.
func listen(ctx context.Context, addr string, getenv func(string) string) (ln net.Listener, shared bool, err error) {
	if ln, err := inherited(getenv); ln != nil || err != nil {
		return ln, true, err
	}
	var conf net.ListenConfig
	ln, err = conf.Listen(ctx, "tcp", addr)
	if e, ok := errors.AsType[*net.OpError](err); ok {
		err = e.Err
	}
	if err != nil {
		return nil, false, fmt.Errorf("--addr %q: %w: end what listens there, or choose another such as 127.0.0.1:0 for any free port", addr, err)
	}
	return ln, false, nil
}

// onLoopback reports whether only this machine can reach addr.
func onLoopback(addr net.Addr) bool {
	tcp, ok := addr.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

// clickable is the URL of the page, below base, with the token where servers do not see
// it and logs do not keep it.
func clickable(addr net.Addr, base, token string) string {
	host := addr.String()
	if tcp, ok := addr.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		host = fmt.Sprintf("localhost:%d", tcp.Port)
	}
	return "http://" + strings.TrimSuffix(host, ":80") + base + "/#token=" + token
}
