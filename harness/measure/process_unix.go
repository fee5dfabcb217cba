//go:build unix

package measure

import (
	"os/exec"
	"syscall"
)

// ownGroup puts the worker into a process group of its own: a Ctrl-C reaches
// the controller only, and what a worker starts ends with it.
func ownGroup(cmd *exec.Cmd) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setpgid = true
}

func killGroup(cmd *exec.Cmd) { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
