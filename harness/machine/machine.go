// Package machine says what machine this is and how far its figures can be
// trusted: Read collects the facts that go into every result, Probe measures
// how quiet the machine is, Examine turns both into the checks that doctor
// shows, and Sentinel is the loop by which the harness's workers watch the
// machine around every slice. It imports nothing of ours.
//
// A fact that a system does not tell is missing, never an error: most of them
// come from /proc and /sys, which only Linux has.
package machine

import "math"

// Info is the machine as far as it shows itself. A fact that this system does
// not tell is "" or 0. It is a plain comparable value.
type Info struct {
	Host         string  `json:"host"`
	OS           string  `json:"os"`     // GOOS
	Kernel       string  `json:"kernel"` // release
	Arch         string  `json:"arch"`   // GOARCH
	CPU          string  `json:"cpu"`    // model name
	CPUs         int     `json:"cpus"`   // logical CPUs of the machine
	Usable       int     `json:"usable"` // after affinity
	Quota        float64 `json:"quota"`  // cgroup CPU limit in cores; 0 none
	MemBytes     int64   `json:"mem_bytes"`
	MemAvailable int64   `json:"mem_available_bytes"` // of the whole machine, before the run
	MemLimit     int64   `json:"mem_limit_bytes"`     // cgroup; 0 none
	Driver       string  `json:"scaling_driver"`      // CPU frequency scaling; "" none in sight
	Governor     string  `json:"governor"`            // several, where CPUs differ, joined by ","
	Turbo        string  `json:"turbo"`               // "on", "off", ""
	SMT          string  `json:"smt"`                 // "on", "off", ""
	Clock        string  `json:"clock_source"`
	Virtual      string  `json:"virtual"` // hypervisor; "" none or unknown
	Container    bool    `json:"container"`
	LoadStart    float64 `json:"load_start"`  // one-minute load when the run began
	GoEnv        string  `json:"go_env"`      // "GOGC=50": settings of the Go runtime in the environment, joined by " "
	Fingerprint  string  `json:"fingerprint"` // equal for machines whose figures may be compared
}

// Usable is how many CPUs a run should keep busy by default: those the
// affinity mask leaves, or the cgroup quota rounded up where that is less; at
// least 1.
//
// The Go runtime computes its default GOMAXPROCS from the same two facts, but
// never goes below 2 for the quota's sake, so that its own background work has
// a place; here a quota of half a core means one busy worker. GOMAXPROCS
// itself does not count: the harness gives every worker process its own, and
// one set in the environment is a check's subject (Examine), not a default.
func Usable(info Info) int {
	n := info.Usable
	if info.Quota > 0 {
		n = min(n, int(math.Ceil(info.Quota)))
	}
	return max(n, 1)
}
