package measure

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// The child is bound before it runs, and the next one is as free as before.
func TestStartChildWithCPUs(t *testing.T) {
	var usable unix.CPUSet
	if err := unix.SchedGetaffinity(0, &usable); err != nil {
		t.Fatal(err)
	}
	first := 0
	for !usable.IsSet(first) {
		first++
	}
	free := allowedOf(t, "")
	if got := allowedOf(t, strconv.Itoa(first)); got != strconv.Itoa(first) {
		t.Errorf("the child may run on %q, want one CPU", got)
	}
	if got := allowedOf(t, ""); got != free {
		t.Errorf("the next child may run on %q, the one before on %q", got, free)
	}
}

// allowedOf returns the CPUs that a child may run on that is started with cpus.
func allowedOf(t *testing.T, cpus string) string {
	t.Helper()
	cmd := exec.Command("grep", "Cpus_allowed_list", "/proc/self/status")
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, os.Stderr
	if err := startChild(cmd, cpus); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(out.String(), ":")
	return strings.TrimSpace(list)
}

func TestStartChildRefusesCPUs(t *testing.T) {
	for _, list := range []string{"a", "1-0", "1023", "99999"} {
		if err := startChild(exec.Command("true"), list); err == nil {
			t.Errorf("%q: started", list)
		}
	}
}
