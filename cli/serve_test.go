package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"zstdshop/codecs/datadog"
	"zstdshop/codecs/klauspost"
	"zstdshop/codecs/memcpy"
	"zstdshop/harness"
	"zstdshop/harness/measure"
	"zstdshop/runners"
	"zstdshop/scenarios"
)

// asProgram is set in the environment where the test binary is to be the program.
const asProgram = "ZSTDSHOP_TEST_PROGRAM"

// TestMain makes the test binary the program where it is told to, and where it is
// started as a worker of /bench.
func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" || len(os.Args) == 2 && os.Args[1] == measure.WorkerCommand {
		os.Exit(Main(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr, shopRegistry()))
	}
	os.Exit(m.Run())
}

func shopRegistry() *harness.Registry {
	reg := new(harness.Registry)
	reg.AddCodec("klauspost", klauspost.New())
	reg.AddCodec("datadog", datadog.New())
	reg.AddCodec("memcpy", memcpy.New())
	reg.AddRunner("single", runners.Single())
	reg.AddRunner("pool", runners.Pool())
	reg.AddScenario("cpuburn", scenarios.CPUBurn())
	return reg
}

// TestServe is the life of a shop: it says where it is, serves, and ends when it
// is told to. On one CPU it has a processor more, and gives it back.
func TestServe(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	var said bytes.Buffer
	status := make(chan int)
	go func() {
		defer in.Close()
		status <- Main(ctx, []string{"serve", "--addr", "127.0.0.1:0", "--grace", "1ms", "--log", "json"}, strings.NewReader(""), in, &said, shopRegistry())
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	url, token, ok := strings.Cut(strings.TrimSpace(line), "/#token=")
	if !ok || len(token) < 16 {
		t.Fatalf("printed %q", line)
	}
	for _, c := range []struct{ path, token, want string }{
		{"/ping", "", `"ok":true`},
		{"/ping", "", `"gil_enabled":false`},
		{"/bench?workers=1&iters=2500000", "", `"checksum":621224816`},
		{"/bench?workers=1&iters=2500000", "wrong", `"code":"token"`},
		{"/bench?workers=1&iters=2500000", token, `"checksum":621224816`},
	} {
		if got := fetch(t, url+c.path, c.token); !strings.Contains(got, c.want) {
			t.Errorf("%s: %s", c.path, got)
		}
	}
	http.DefaultClient.CloseIdleConnections()
	cancel()
	if got := <-status; got != exitOK {
		t.Errorf("exit status %d", got)
	}
	if n := runtime.GOMAXPROCS(0); n != 1 {
		t.Errorf("afterwards %d processors", n)
	}
	for line := range strings.Lines(said.String()) {
		if !json.Valid([]byte(line)) {
			t.Errorf("logged %q", line)
		}
	}
}

// fetch gets url, as a page of another site where there is a token.
func fetch(t *testing.T, url, token string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Origin", "null")
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestServeBusy: an address that is taken is one line and status 2.
func TestServeBusy(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	var out, said bytes.Buffer
	status := Main(t.Context(), []string{"serve", "--addr", ln.Addr().String()}, strings.NewReader(""), &out, &said, shopRegistry())
	want := regexp.MustCompile(fmt.Sprintf(`^zstdshop: --addr "%s": .*in use.*127\.0\.0\.1:0.*\n$`, regexp.QuoteMeta(ln.Addr().String())))
	if status != exitUsage || out.Len() > 0 || !want.MatchString(said.String()) {
		t.Errorf("status %d, %q, %q", status, out.String(), said.String())
	}
}

func TestSizes(t *testing.T) {
	for text, want := range map[string]int64{"1": 1, "1KiB": 1 << 10, "4MiB": 4 << 20, "2GiB": 2 << 30, "1025": 1025} {
		n, err := parseSize(text)
		if err != nil || n != want || sizeText(n) != text {
			t.Errorf("%q: %d as %q, %v", text, n, sizeText(n), err)
		}
	}
	for _, text := range []string{"", "0", "-1", "KiB", "1.5MiB", "1 MiB", "1MB", "1mib", "9223372036854775807KiB"} {
		if n, err := parseSize(text); err == nil {
			t.Errorf("%q is %d", text, n)
		}
	}
}

func TestClickable(t *testing.T) {
	for _, c := range []struct{ addr, base, want string }{
		{"127.0.0.1:8000", "", "http://127.0.0.1:8000/#token=t"},
		{"[::1]:8000", "", "http://[::1]:8000/#token=t"},
		{"[::]:8000", "", "http://localhost:8000/#token=t"},
		{"0.0.0.0:9", "", "http://localhost:9/#token=t"},
		{"127.0.0.1:80", "/shop", "http://127.0.0.1/shop/#token=t"},
	} {
		tcp, err := net.ResolveTCPAddr("tcp", c.addr)
		if err != nil {
			t.Fatal(err)
		}
		if got := clickable(tcp, c.base, "t"); got != c.want {
			t.Errorf("%s: %s, want %s", c.addr, got, c.want)
		}
	}
}

// TestTunedFile: the file's errors name it and the remedy.
func TestTunedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "result.json")
	if err := os.WriteFile(path, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{path, filepath.Join(t.TempDir(), "none.json")} {
		var said bytes.Buffer
		status := Main(t.Context(), []string{"serve", "--addr", "127.0.0.1:0", "--tuned", file}, strings.NewReader(""), io.Discard, &said, shopRegistry())
		if status != exitUsage || !strings.Contains(said.String(), "--tuned "+file) || strings.Count(said.String(), "\n") != 1 {
			t.Errorf("status %d, %q", status, said.String())
		}
	}
}
