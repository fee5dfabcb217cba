//go:build unix

package socket

import "golang.org/x/sys/unix"

// FileLimit is how many file descriptors this process may have open.
func FileLimit() (n uint64, ok bool) {
	var limit unix.Rlimit
	err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit)
	return uint64(limit.Cur), err == nil
}
