package cli

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"zstdshop/harness"
)

// Files that a gate reads where they exist.
const (
	matrixFileName   = "zstdshop.yaml"
	acceptedFileName = "zstdshop.accepted.yaml"
)

// gateFlags is the flags of gate.
type gateFlags struct {
	*options
	base, config, pkg, accept, accepted, junit, summary string
	maxRegression                                       float64 // 0: that of the file, or 3 %
	undecided                                           string
	dryRun, selftest                                    bool
	baseGiven, acceptGiven                              bool // with whatever value
	out                                                 output
}

// check finds what could not be written, before anything is measured.
func (g *gateFlags) check(reg *harness.Registry) error {
	if err := g.out.check(reg); err != nil {
		return err
	}
	if info, err := os.Stat(g.pkg); err != nil || !info.IsDir() {
		return fmt.Errorf("--package %q: there is no such folder: name that of the main package to build", g.pkg)
	}
	written := map[string]string{"junit": g.junit, "summary": g.summary}
	if g.acceptGiven {
		written["accepted"] = g.accepted
	}
	for flag, path := range written {
		if err := writable(path); err != nil {
			return fmt.Errorf("--%s %q: %w", flag, path, err)
		}
	}
	if g.acceptGiven && strings.TrimSpace(g.accept) == "" {
		return errors.New("--accept takes the reason, for the reviewers of the change: --accept \"level 3 now checks what it wrote\"")
	}
	if g.selftest && (g.acceptGiven || g.baseGiven) {
		return errors.New("--selftest compares this program with itself: drop --base and --accept")
	}
	return nil
}
