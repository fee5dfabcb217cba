package socket

import (
	"errors"
	"io"
	"net"
	"syscall"

	"golang.org/x/sys/unix"

	"zstdshop/server/internal/lane"
)

// discard reads what comes and forgets it, until the client ends or the
// connection's deadline. Of TCP the kernel copies none of it (MSG_TRUNC, tcp(7)),
// which is most of what reading costs; a client that sends megabytes for nothing
// would otherwise keep a CPU from those that wait for an answer. For their sake, too,
// only as many do so at once as there are places.
func discard(c net.Conn, places lane.Lane) {
	sc, ok := c.(syscall.Conn)
	if !ok {
		_, _ = io.Copy(io.Discard, c)
		return
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return
	}
	buf := make([]byte, 64<<10)
	for more := true; more; {
		// The end of the time, or of the client, is what is waited for.
		err := raw.Read(func(fd uintptr) bool {
			places.Enter()
			n, _, err := unix.Recvfrom(int(fd), buf, unix.MSG_TRUNC|unix.MSG_DONTWAIT)
			places.Leave()
			if errors.Is(err, unix.EAGAIN) {
				return false
			}
			more = errors.Is(err, unix.EINTR) || err == nil && n > 0
			return true
		})
		more = more && err == nil
	}
}
