package clients_test

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"zstdshop/cli"
	"zstdshop/codecs/datadog"
	"zstdshop/codecs/klauspost"
	"zstdshop/harness"
	"zstdshop/runners"
	"zstdshop/scenarios"
)

// The test binary is the shop, too: testscript puts a copy of it into the PATH
// under this name.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"shop": func() {
		reg := new(harness.Registry)
		reg.AddCodec("klauspost", klauspost.New())
		reg.AddCodec("datadog", datadog.New())
		reg.AddRunner("pool", runners.Pool())
		reg.AddScenario("cpuburn", scenarios.CPUBurn())
		os.Exit(cli.Main(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr, reg))
	}})
}

// TestClients runs the programs of this folder, all of which print the same.
func TestClients(t *testing.T) {
	url := serveShop(t)
	want := regexp.MustCompile(`^ping: ` + regexp.QuoteMeta(runtime.Version()) + `, codecs klauspost( datadog)?
compress: 1600 bytes to (\d\d), ratio 0\.0\d\d?\d?
decompress: the same text
bench: 4 workers in [\d.e-]+ s, checksum 1005997292
$`)
	for _, c := range []struct {
		name, path  string
		interpreter []string // the first that is there
		needs       string   // besides
	}{
		{"shell", "shop.sh", []string{"sh"}, "curl"},
		{"JavaScript", "shop.mjs", []string{"node"}, ""},
		{"Python", "shop.py", []string{"python3", "python"}, ""},
		{"Go", "go/main.go", []string{"go"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			program := ""
			for _, name := range c.interpreter {
				if found, err := exec.LookPath(name); err == nil && program == "" {
					program = found
				}
			}
			if program == "" {
				t.Skipf("no %s here", strings.Join(c.interpreter, ", no "))
			}
			if c.needs != "" {
				if _, err := exec.LookPath(c.needs); err != nil {
					t.Skipf("no %s here", c.needs)
				}
			}
			source := filepath.FromSlash(c.path)
			// go test repeats a result while what the test itself has read is as it
			// was; what its interpreter reads it does not know.
			if _, err := os.ReadFile(source); err != nil {
				t.Fatal(err)
			}
			argv := []string{program, source}
			if c.name == "Go" {
				exe := filepath.Join(t.TempDir(), "client.exe")
				if out, err := exec.Command(program, "build", "-o", exe, "./go").CombinedOutput(); err != nil {
					t.Fatalf("build: %v\n%s", err, out)
				}
				argv = []string{exe}
			}
			if stdout, stderr, status := runClient(t, argv, url); status != 0 || stderr != "" || !want.MatchString(stdout) {
				t.Errorf("status %d\n%s%s", status, stdout, stderr)
			}
			// What the server refuses is shown in its words.
			if stdout, stderr, status := runClient(t, argv, url+"/elsewhere"); status != 1 || stdout != "" || !strings.Contains(stderr, ": 404: ") {
				t.Errorf("a wrong path: status %d, stdout %q, stderr %q", status, stdout, stderr)
			}
			if stdout, stderr, status := runClient(t, argv, "http://127.0.0.1:1"); status < 1 || stdout != "" || strings.Count(stderr, "\n") != 1 {
				t.Errorf("no server: status %d, stdout %q, stderr %q", status, stdout, stderr)
			}
		})
	}
}

func runClient(t *testing.T, argv []string, url string) (stdout, stderr string, status int) {
	t.Helper()
	cmd := exec.Command(argv[0], append(argv[1:], url)...)
	var out, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaints
	cmd.Env = append(os.Environ(), "PYTHONUTF8=1", "no_proxy=127.0.0.1")
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(out.String(), "\r\n", "\n"), complaints.String(), cmd.ProcessState.ExitCode()
}

// serveShop starts the shop, for as long as the test runs, and
// returns its URL.
func serveShop(t *testing.T) string {
	t.Helper()
	cmd := exec.Command("shop", "serve", "--addr", "127.0.0.1:0", "--log", "none")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cmd.Process.Kill(); err != nil {
			t.Error(err)
		}
		_ = cmd.Wait() // it says that it was killed
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil && err != io.EOF {
		t.Fatal(err)
	}
	url, _, ok := strings.Cut(strings.TrimSpace(line), "/#token=")
	if !ok {
		t.Fatalf("serve prints %q", line)
	}
	return url
}
