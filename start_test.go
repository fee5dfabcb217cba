package main

import (
	"os"
	"os/exec"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"zstdshop/harness"
)

// What packages allocate before main is what every worker process pays before its
// hello, in time and in page faults. Bytes and allocations are counted, which are
// the same on every machine.
const (
	ownBytes, ownAllocs     = 12 << 10, 90    // a package of ours, at most
	otherBytes, otherAllocs = 32 << 10, 380   // any other one
	allBytes, allAllocs     = 512 << 10, 4000 // all together, those of the tests included
)

// heavy are the packages that may allocate more bytes, because nothing lighter does
// what they do, and how many.
var heavy = map[string]int{
	"github.com/olekukonko/errors": 80 << 10, // of tablewriter, which warms a pool up
}

// initLine is one of GODEBUG=inittrace=1, which Go writes to stderr.
var initLine = regexp.MustCompile(`(?m)^init (\S+) @.*, (\d+) bytes, (\d+) allocs$`)

func TestStartAllocates(t *testing.T) {
	worker := exec.Command("zstdshop", "worker")
	worker.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	var trace strings.Builder
	worker.Stderr = &trace
	if err := worker.Run(); err != nil {
		t.Fatal(err)
	}
	lines := initLine.FindAllStringSubmatch(trace.String(), -1)
	if len(lines) < 50 {
		t.Fatalf("%d packages initialised, want the program's:\n%s", len(lines), trace.String())
	}
	module := strings.TrimSuffix(reflect.TypeFor[harness.Registry]().PkgPath(), "harness")
	var bytes, allocs int
	for _, line := range lines {
		name := line[1]
		b, errB := strconv.Atoi(line[2])
		n, errN := strconv.Atoi(line[3])
		if errB != nil || errN != nil {
			t.Fatalf("inittrace says %q", line[0])
		}
		bytes, allocs = bytes+b, allocs+n
		mayBytes, mayAllocs := otherBytes, otherAllocs
		if strings.HasPrefix(name, module) {
			mayBytes, mayAllocs = ownBytes, ownAllocs
		}
		if more, ok := heavy[name]; ok {
			mayBytes = more
		}
		if b > mayBytes || n > mayAllocs {
			t.Errorf("%s allocates %d bytes in %d pieces before main, want at most %d in %d: "+
				"make it at first use (sync.OnceValue), or import something lighter", name, b, n, mayBytes, mayAllocs)
		}
	}
	if bytes > allBytes || allocs > allAllocs {
		t.Errorf("%d bytes in %d pieces are allocated before main, want at most %d in %d", bytes, allocs, allBytes, allAllocs)
	}
	t.Logf("%d packages allocate %d bytes in %d pieces before main", len(lines), bytes, allocs)
}
