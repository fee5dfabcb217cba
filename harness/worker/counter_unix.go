//go:build unix

package worker

import (
	"os"

	"golang.org/x/sys/unix"
)

// mapShared maps the first size bytes of a file into memory that all processes
// that map it share.
func mapShared(path string, size int) ([]byte, func() error, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	memory, err := unix.Mmap(int(f.Fd()), 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return nil, nil, err
	}
	return memory, func() error { return unix.Munmap(memory) }, nil
}
