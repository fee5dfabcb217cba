package workers_test

import (
	"os/exec"
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
		argv, ok := workers.Argv(language, path)
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
		if err == nil || !strings.Contains(out, `"type":"error"`) || !strings.Contains(out, "this worker has single and pool") {
			t.Errorf("%s, an unknown runner: %v\n%s", language, err, out)
		}
		if out, err := run(""); err != nil || !strings.Contains(out, `"versions":[1]`) {
			t.Errorf("%s, the end at once: %v\n%s", language, err, out)
		}
	}
	if _, ok := workers.Argv("ruby", "ruby"); ok {
		t.Error("there is a worker for ruby")
	}
}
