//go:build unix

package server

import "golang.org/x/sys/unix"

// fileLimit is how many file descriptors this process may have open.
func fileLimit() (n uint64, ok bool) {
	var limit unix.Rlimit
	err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit)
	return uint64(limit.Cur), err == nil
}
