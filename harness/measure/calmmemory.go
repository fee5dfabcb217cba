package measure

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"time"

	"zstdshop/harness/analyze"
	"zstdshop/harness/journal"
	"zstdshop/harness/machine"
	"zstdshop/harness/result"
)

// A calmMemory is where runs on a machine tell each other how fast it is when it is calm,
// because one of them may never have seen it so: a file for each machine in a folder. Like
// a wholeCache it costs nothing but what it knows where it cannot be read or written.
type calmMemory struct {
	dir string // "" remembers nothing
}

const (
	calmSchema = "zstdshop/calm/v1"
	calmKept   = 32 // runs; what has not been seen in so many does not count any more
	calmMost   = 1 << 20
)

type calmFile struct {
	Schema string    `json:"schema"`
	Runs   []calmRun `json:"runs"`
}

// A calmRun is what one run told. The sentinel is code, so another compiler makes another.
type calmRun struct {
	Started time.Time     `json:"started"`
	Build   string        `json:"build"`
	Calm    []result.Calm `json:"calm"`
}

func (m calmMemory) path(of machine.Info) string {
	return filepath.Join(m.dir, of.Fingerprint+".json")
}

// compilerOf is what the sentinel's machine code depends on.
func compilerOf(b result.Build) string { return b.Go + " " + b.Arch + " " + b.Settings["GOAMD64"] }

// load returns what the runs of a machine have told, whatever of it can be read.
func (m calmMemory) load(of machine.Info) (f calmFile) {
	if m.dir == "" || of.Fingerprint == "" {
		return f
	}
	data, err := os.ReadFile(m.path(of))
	if err != nil || len(data) > calmMost || json.Unmarshal(data, &f) != nil || f.Schema != calmSchema {
		return calmFile{}
	}
	return f
}

// told is the fastest of what runs of a build have told, for each number of lanes.
func (m calmMemory) told(of machine.Info, build result.Build) (told []result.Calm) {
	for _, run := range m.load(of).Runs {
		if run.Build != compilerOf(build) {
			continue
		}
		for _, c := range run.Calm {
			if !(c.SentinelNS > 0) || math.IsInf(c.SentinelNS, 0) || c.Lanes < 1 {
				continue
			}
			at := slices.IndexFunc(told, func(o result.Calm) bool { return o.Lanes == c.Lanes })
			if at < 0 {
				told = append(told, result.Calm{Lanes: c.Lanes, SentinelNS: c.SentinelNS, Runs: 1})
				continue
			}
			told[at].SentinelNS, told[at].Runs = min(told[at].SentinelNS, c.SentinelNS), told[at].Runs+1
		}
	}
	slices.SortFunc(told, func(a, b result.Calm) int { return a.Lanes - b.Lanes })
	return told
}

// remember takes in what a run has seen; not of two programs, whose workers may be of
// different compilers.
func (m calmMemory) remember(log *journal.Log) {
	h := log.Header
	if m.dir == "" || h.Machine.Fingerprint == "" || h.Verdicts {
		return
	}
	seen := analyze.CalmOf(log)
	if len(seen) == 0 {
		return
	}
	f := m.load(h.Machine)
	f.Schema = calmSchema
	f.Runs = slices.DeleteFunc(f.Runs, func(r calmRun) bool { return r.Started.Equal(h.Plan.Started) }) // was interrupted
	f.Runs = append(f.Runs, calmRun{h.Plan.Started, compilerOf(h.Build), seen})
	f.Runs = f.Runs[max(0, len(f.Runs)-calmKept):]
	if data, err := json.Marshal(f); err == nil {
		replaceFile(m.path(h.Machine), append(data, '\n'))
	}
}
