package runnertest

import (
	"fmt"
	"strings"

	"zstdshop/runners"
)

func info(r runners.Runner) error {
	first := r.Info()
	switch {
	case r.Info() != first:
		return fmt.Errorf("info: %+v, asked again: %+v", first, r.Info())
	case strings.TrimSpace(first.Summary) == "" || strings.ContainsAny(first.Summary, "\r\n"):
		return fmt.Errorf("info: summary %q is not one line of text", first.Summary)
	case first.MaxWorkers < 0 || first.Process.GOMAXPROCS < 0 || first.Process.CPUs < 0:
		return fmt.Errorf("info: negative number in %+v", first)
	}
	return nil
}
