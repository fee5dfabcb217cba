package cli

import (
	"os"
	"strings"
	"testing"

	"zstdshop/harness"
)

// A word of another program leads to a flag of a command that has no flag of that word.
func TestOtherWords(t *testing.T) {
	root := (&app{reg: new(harness.Registry), stderr: os.Stderr, getenv: os.Getenv}).root()
	for word, flag := range otherWords {
		var hints []string
		for _, cmd := range root.Commands() {
			if cmd.Flags().Lookup(word) != nil || cmd.Flags().Lookup(flag) == nil {
				continue
			}
			err := cmd.ParseFlags([]string{"--" + word, "x"})
			if err = (&app{}).flagError(cmd, err); strings.Contains(err.Error(), "did you mean --"+flag+"?") {
				hints = append(hints, cmd.Name())
			}
		}
		if len(hints) == 0 {
			t.Errorf("--%s leads to --%s in no command", word, flag)
		}
	}
}
