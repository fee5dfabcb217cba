package cli

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
)

// firstInherited is the file descriptor of the first socket handed on
// (sd_listen_fds(3)).
const firstInherited = 3

// inherited returns the socket that the program was started with: LISTEN_FDS says
// that there is one, LISTEN_PID, where it is set, for whom. Handing a socket from
// one process to the next loses no connection, because it is open all the time.
func inherited(getenv func(string) string) (net.Listener, error) {
	count := getenv("LISTEN_FDS")
	if pid := getenv("LISTEN_PID"); count == "" || pid != "" && pid != strconv.Itoa(os.Getpid()) {
		return nil, nil
	}
	if count != "1" {
		return nil, fmt.Errorf("LISTEN_FDS=%q: want exactly 1 socket", count)
	}
	// Not for the worker processes, which inherit the environment.
	if err := errors.Join(os.Unsetenv("LISTEN_FDS"), os.Unsetenv("LISTEN_PID"), os.Unsetenv("LISTEN_FDNAMES")); err != nil {
		return nil, fmt.Errorf("take over the socket: %w", err)
	}
	f := os.NewFile(firstInherited, "LISTEN_FD_3")
	defer f.Close() // the listener has a copy
	ln, err := net.FileListener(f)
	if err != nil {
		return nil, fmt.Errorf("LISTEN_FDS=1, but file descriptor %d is no socket to listen on: %w", firstInherited, err)
	}
	return ln, nil
}
