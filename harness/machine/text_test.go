package machine

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write golden files")

// screens are the machines of the golden files testdata/<name>.txt.
func screens(t *testing.T) map[string]string {
	t.Helper()
	draw := func(info Info, noise Noise) string {
		var b strings.Builder
		if err := WriteText(&b, info, noise, Examine(info, noise), false); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	read := func(machine, arch string, usable int) Info {
		return Read(Source{Root: recorded(t, machine), Host: machine, OS: "linux", Arch: arch, CPUs: usable})
	}
	_, slowClock := quiet()
	slowClock.ClockNS, slowClock.ClockStepNS = 1130, 70
	restless := Noise{Loops: 252_343, BusyNS: 1_967_544_028, CPUs: 4, Bound: true, SentinelNS: 4117, Disturbed: 0.37,
		Spread: 1.41, Crowding: 1.62, Uneven: 1.37, GapsPerSecond: 82.3, LongestGapNS: 12_090_676, ClockNS: 30.05,
		ClockStepNS: 20, CopyMBPerS: 22_107, CopySpread: 2.43}
	return map[string]string{
		"quiet":  draw(quiet()),
		"worst":  draw(worst()),
		"pod":    draw(read("pod-v2", "amd64", 4), restless),
		"laptop": draw(read("laptop", "amd64", 8), slowClock),
		"mac":    draw(Info{OS: "darwin", Arch: "arm64", CPU: "Apple M2", CPUs: 8, Usable: 8, Fingerprint: "ba9876543210"}, Noise{}),
	}
}

func TestWriteText(t *testing.T) {
	for name, got := range screens(t) {
		golden := filepath.Join("testdata", name+".txt")
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.ReplaceAll(string(want), "\r\n", "\n"), got); diff != "" {
			t.Errorf("%s (-want +got; -update writes it):\n%s", name, diff)
		}
		lines := strings.Split(strings.TrimSuffix(got, "\n"), "\n")
		if len(lines) > 20 {
			t.Errorf("%s: %d lines do not fit one screen", name, len(lines))
		}
		for _, line := range lines {
			if utf8.RuneCountInString(line) > textWidth {
				t.Errorf("%s: over %d columns: %s", name, textWidth, line)
			}
		}
	}
}

func TestWriteTextInColor(t *testing.T) {
	info, noise := worst()
	checks := Examine(info, noise)
	var plain, colored strings.Builder
	if err := errors.Join(WriteText(&plain, info, noise, checks, false), WriteText(&colored, info, noise, checks, true)); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(colored.String(), "\x1b[31mbad    \x1b[0m") {
		t.Errorf("no red bad in\n%q", colored.String())
	}
	if stripped := regexp.MustCompile("\x1b\\[[0-9]+m").ReplaceAllString(colored.String(), ""); stripped != plain.String() {
		t.Errorf("colour changes more than colour:\n%s", stripped)
	}
}

type full struct{}

var errFull = errors.New("no space left")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestWriteTextAnswersTheWritersError(t *testing.T) {
	if err := WriteText(full{}, Info{}, Noise{}, nil, false); !errors.Is(err, errFull) {
		t.Errorf("error %v, want %v", err, errFull)
	}
}

func TestJSON(t *testing.T) {
	info, noise := worst()
	type doctor struct {
		Machine Info    `json:"machine"`
		Noise   Noise   `json:"noise"`
		Checks  []Check `json:"checks"`
	}
	want := doctor{info, noise, Examine(info, noise)}
	data, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got doctor
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("JSON loses something (-want +got):\n%s", diff)
	}
	for _, key := range []string{`"usable":64`, `"disturbed":0.99`, `"state":"bad"`, `"advice":"`} {
		if !strings.Contains(string(data), key) {
			t.Errorf("no %s in %s", key, data)
		}
	}
}
