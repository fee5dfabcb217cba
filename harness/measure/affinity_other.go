//go:build !linux

package measure

import (
	"errors"
	"os/exec"
)

func startWithCPUs(cmd *exec.Cmd, cpus string) error {
	if cpus != "" {
		return errors.New("affinity (--cpus and runners that bind to CPUs) needs Linux")
	}
	return cmd.Start()
}
