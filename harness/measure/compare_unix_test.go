//go:build unix

package measure

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"zstdshop/harness/result"
)

func TestGreet(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		mode    string
		timeout time.Duration
		want    string // part of the error; "" none
		foreign bool
	}{
		{"good", time.Minute, "", false},
		{"exits at once", time.Minute, "exit status 3", false},
		{"says nothing", 300 * time.Millisecond, "hangs", false},
		{"talks nonsense", time.Minute, "Hello World", false},
		{"other version", time.Minute, "it speaks versions [99] of the worker protocol", true},
	} {
		t.Setenv(workerMode, c.mode)
		err := Processes{Timeout: c.timeout}.Greet(t.Context(), []string{exe})
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", c.mode, err, c.want)
		}
		if errors.Is(err, result.ErrUnusable) != c.foreign {
			t.Errorf("%s: is it foreign? %v", c.mode, err)
		}
	}
	if err := (Processes{Timeout: time.Minute}).Greet(t.Context(), []string{"/nonexistent/program"}); err == nil {
		t.Error("a program that is not there says hello")
	}
}
