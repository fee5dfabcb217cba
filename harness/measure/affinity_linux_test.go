package measure

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// The child is bound before it runs, and the parent is as free as before.
func TestStartWithCPUs(t *testing.T) {
	var before, after unix.CPUSet
	if err := unix.SchedGetaffinity(0, &before); err != nil {
		t.Fatal(err)
	}
	first := 0
	for !before.IsSet(first) {
		first++
	}
	cmd := exec.Command("grep", "Cpus_allowed_list", "/proc/self/status")
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, os.Stderr
	if err := startWithCPUs(cmd, strconv.Itoa(first)); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	fields := strings.Fields(out.String())
	if len(fields) != 2 || fields[1] != strconv.Itoa(first) {
		t.Errorf("the child may run on %q, want one CPU", out.String())
	}
	if err := unix.SchedGetaffinity(0, &after); err != nil || after != before {
		t.Errorf("the parent's affinity changed from %v to %v (%v)", before, after, err)
	}
}

func TestStartWithCPUsRefuses(t *testing.T) {
	for _, list := range []string{"a", "1-0", "1023", "99999"} {
		if err := startWithCPUs(exec.Command("true"), list); err == nil {
			t.Errorf("%q: started", list)
		}
	}
}
