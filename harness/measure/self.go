package measure

import (
	"fmt"
	"os"
	"os/exec"
)

// WorkerCommand is the argument that makes this program, or another one that is
// compared with it, a worker process.
const WorkerCommand = "worker"

// selfCommand runs this program as a worker process: the file that this process was
// started from, whatever lies at its path by now. A build meanwhile does not mix two
// programs in one run, and a server's workers are of the server's own version.
func selfCommand() (*exec.Cmd, error) {
	path, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find the worker program: %w", err)
	}
	cmd := exec.Command(path, WorkerCommand)
	cmd.Path = ownImage(path)
	return cmd, nil
}

// ownImage returns where the file that this process runs can be opened and started,
// even where another one has its path: Linux has a link to it. Elsewhere it is path.
func ownImage(path string) string {
	const link = "/proc/self/exe"
	if target, err := os.Stat(link); err == nil && target.Mode().IsRegular() {
		return link
	}
	return path
}
