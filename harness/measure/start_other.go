//go:build !linux

package measure

import (
	"errors"
	"os/exec"
)

// startChild starts cmd. There is no way to have it killed with this process: it
// finds out by the end of its pipe, or by its parent (package worker).
func startChild(cmd *exec.Cmd, cpus string) error {
	if cpus != "" {
		return errors.New("affinity (--cpus and runners that bind to CPUs) needs Linux")
	}
	return cmd.Start()
}
