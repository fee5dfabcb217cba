package workers_test

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"zstdshop/workers"
)

// Each worker answers the known checksums, alone and with several workers, as the
// protocol has it, slice by slice.
func TestWorkers(t *testing.T) {
	talk := strings.Join([]string{
		`{"type":"prepare","version":1,"cell":{"scenario":"cpuburn","runner":"RUNNER","workers":2,"tasks":4,"iters":100000},"seed":42,"verify":true,"redo_permille":500}`,
		`{"type":"slice","id":0,"first":0,"count":4,"warmup":4,"place":0,"mode":"throughput"}`,
		`{"type":"slice","id":1,"first":2,"count":6,"warmup":0,"place":0,"mode":"latency"}`,
		`{"type":"bye"}`}, "\n") + "\n"
	for language, interpreter := range map[string]string{"python": "python3", "node": "node"} {
		path, err := exec.LookPath(interpreter)
		if err != nil {
			t.Logf("%s is not installed: its worker is not tested", interpreter)
			continue
		}
		argv, ok := workers.Argv(language, []string{path})
		if !ok {
			t.Fatalf("no worker for %s", language)
		}
		run := func(in string) (string, error) {
			cmd := exec.Command(argv[0], argv[1:]...)
			cmd.Stdin = strings.NewReader(in)
			out, err := cmd.Output()
			return string(out), err
		}
		for _, runner := range []string{"single", "pool"} {
			out, err := run(strings.Replace(talk, "RUNNER", runner, 1))
			if err != nil {
				t.Errorf("%s, %s: %v\n%s", language, runner, err, out)
				continue
			}
			for text, times := range map[string]int{`"checksum":1005997292`: 2, `"type":"idle"`: 2, `"type":"bye"`: 1, `"task_ns":[`: 1, `"tasks":6`: 1} {
				if got := strings.Count(out, text); got != times {
					t.Errorf("%s, %s: %s %d times, want %d:\n%s", language, runner, text, got, times, out)
				}
			}
		}
		out, err := run(strings.Replace(talk, "RUNNER", "stealing", 1))
		if err == nil || !strings.Contains(out, `"type":"error"`) || !strings.Contains(out, "this worker has single and pool") || !strings.Contains(out, `"lacks":true`) {
			t.Errorf("%s, an unknown runner: %v\n%s", language, err, out)
		}
		if out, err := run(""); err != nil || !strings.Contains(out, `"versions":[1]`) {
			t.Errorf("%s, the end at once: %v\n%s", language, err, out)
		}
	}
	if _, ok := workers.Argv("ruby", []string{"ruby"}); ok {
		t.Error("there is a worker for ruby")
	}
}

// standInZstd is compression.zstd as the worker uses it, by another codec: the module
// itself came with Python 3.14.
const standInZstd = `
import zlib
zstd_version = "stand-in"
class ZstdDict:
    def __init__(self, content): self.content, self.as_digested_dict = content, ("digested", content)
def compress(data, level, zstd_dict=None):
    if zstd_dict is None: return zlib.compress(data)
    assert zstd_dict[0] == "digested"
    c = zlib.compressobj(zdict=zstd_dict[1])
    return c.compress(data) + c.flush()
def decompress(data, zstd_dict=None):
    if zstd_dict is None: return zlib.decompress(data)
    return zlib.decompressobj(zdict=zstd_dict.content).decompress(data)
`

// TestPythonCodecs: the worker in Python has libzstd and zlib. It begins frames with the
// dictionary that it is given, and says so; one that is not the one meant is an error, and
// what it has not is none.
func TestPythonCodecs(t *testing.T) {
	path, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not installed")
	}
	dir := t.TempDir()
	write := func(name, content string) string {
		t.Helper()
		at := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(at), 0o700), os.WriteFile(at, []byte(content), 0o600)); err != nil {
			t.Fatal(err)
		}
		return at
	}
	write("compression/zstd.py", standInZstd)
	record := "a record that is hardly there, "
	data, index, dict := write("data", strings.Repeat(record, 3)), write("index", fmt.Sprintf("0 %d\n%[1]d %[1]d\n", len(record))), write("dict", record)
	argv, ok := workers.Argv("python", []string{path})
	if !ok {
		t.Fatal("no worker for python")
	}
	sum := fmt.Sprintf("%x", sha256.Sum256([]byte(record)))
	sizes := map[string]int{}
	for _, c := range []struct{ scenario, codec, dict, says string }{
		{"compress", "datadog", "", `"type":"bye"`},
		{"compress", "datadog", sum, `"dict_digest":"` + sum + `"`},
		{"decompress", "datadog", sum, `"dict_digest":"` + sum + `"`},
		{"compress", "datadog", strings.Repeat("0", 64), "is another one"},
		{"compress", "gzip", "", `"type":"bye"`},
		{"decompress", "gzip", "", `"type":"bye"`},
		{"compress", "gzip", sum, `"lacks":true`},
		{"compress", "klauspost", "", `"lacks":true`},
		{"stream-compress", "datadog", "", `"lacks":true`},
	} {
		prepare := fmt.Sprintf(`{"type":"prepare","version":1,"cell":{"scenario":%q,"codec":%q,"level":3,"runner":"single","workers":1},"data":{"path":%q,"index":%q},"seed":1,"verify":true,"redo_permille":0`,
			c.scenario, c.codec, data, index)
		if c.dict != "" {
			prepare += fmt.Sprintf(`,"dict":{"path":%q,"sha256":%q}`, dict, c.dict)
		}
		cmd := exec.Command(argv[0], argv[1:]...)
		if c.codec == "datadog" { // zlib is there without it
			cmd.Env = append(os.Environ(), "PYTHONPATH="+dir)
		}
		cmd.Stdin = strings.NewReader(prepare + "}\n" + `{"type":"slice","id":0,"first":0,"count":2,"warmup":0,"place":0,"mode":"throughput"}` + "\n" + `{"type":"bye"}` + "\n")
		out, _ := cmd.Output() // its status is that of what it says
		if !strings.Contains(string(out), c.says) {
			t.Errorf("%s, %s, dictionary %.8s: %s; want %s", c.scenario, c.codec, c.dict, out, c.says)
		}
		for line := range strings.Lines(string(out)) {
			var ready struct {
				Type     string `json:"type"`
				BytesOut int    `json:"bytes_out"`
			}
			if json.Unmarshal([]byte(line), &ready) == nil && ready.Type == "ready" {
				sizes[c.codec+c.scenario+c.dict] = ready.BytesOut
			}
		}
	}
	if with, without := sizes["datadogcompress"+sum], sizes["datadogcompress"]; with == 0 || with >= without {
		t.Errorf("%d bytes with the dictionary, %d without", with, without)
	}
}

// What an interpreter was told is part of what it says it is.
func TestOptionsAreSaid(t *testing.T) {
	for _, test := range []struct{ language, interpreter, options string }{
		{"python", "python3", "-X dev -O"},
		{"node", "node", "--max-old-space-size=512"},
	} {
		path, err := exec.LookPath(test.interpreter)
		if err != nil {
			t.Logf("%s is not installed: its worker is not tested", test.interpreter)
			continue
		}
		argv, ok := workers.Argv(test.language, append([]string{path}, strings.Fields(test.options)...))
		if !ok {
			t.Errorf("%s with options runs no worker", test.language)
			continue
		}
		out, err := exec.Command(argv[0], argv[1:]...).Output() // no input: it ends after its hello
		if err != nil || !strings.Contains(string(out), test.options+`"`) {
			t.Errorf("%s: %v: said %q, want its options in it, %s", test.language, err, out, test.options)
		}
	}
}

// An interpreter takes options of its own; a command that names a program is not ours.
func TestArgv(t *testing.T) {
	for _, test := range []struct {
		language, command string
		want              bool
	}{
		{"python", "python3", true},
		{"python", "python3 -X gil=0", true},
		{"python", "python3 -Xgil=0 -W ignore -O", true},
		{"python", "python3 worker.py", false},
		{"python", "python3 -X gil=0 worker.py", false},
		{"python", "python3 -m worker", false},
		{"python", "python3 -u -c pass", false},
		{"node", "node --max-old-space-size=512", true},
		{"node", "node -r ./trace.js", true},
		{"node", "node worker.mjs", false},
		{"node", "node -e 0", false},
		{"ruby", "ruby", false},
	} {
		words := strings.Fields(test.command)
		argv, ok := workers.Argv(test.language, words)
		if ok != test.want {
			t.Errorf("%s: got %v, want %v", test.command, ok, test.want)
		}
		if ok && !slices.Equal(argv[:len(words)], words) {
			t.Errorf("%s: got %q, want these words first", test.command, argv[:len(words)])
		}
	}
}
