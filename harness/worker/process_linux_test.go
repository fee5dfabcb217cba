package worker

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"testing"

	"golang.org/x/sys/unix"
)

// What a process has of files is not its own; what it has touched of its own is, also
// where C has it.
func TestOwnPeak(t *testing.T) {
	const size = 64 << 20
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, make([]byte, size), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var sum byte // so that pages are read
	var atEnd [][]byte
	defer func() {
		for _, memory := range atEnd {
			unix.Munmap(memory)
		}
		_ = sum
	}()
	touch := func(fd, flags int) {
		memory, err := unix.Mmap(fd, 0, size, unix.PROT_READ, flags)
		if err == nil && fd < 0 {
			err = unix.Mprotect(memory, unix.PROT_READ|unix.PROT_WRITE)
		}
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < size; i += os.Getpagesize() {
			if fd < 0 {
				memory[i] = 1
			} else {
				sum += memory[i]
			}
		}
		atEnd = append(atEnd, memory)
	}
	// What other tests of this process have had must not be the peak.
	debug.FreeOSMemory()
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil {
		t.Skip("the peak of this process cannot be set back: ", err)
	}
	before := ownPeak()
	if before == 0 {
		t.Skip("the kernel does not tell what of a process is of files (RssFile)")
	}
	touch(int(f.Fd()), unix.MAP_SHARED)
	if grown := ownPeak() - before; grown > size/4 {
		t.Errorf("%d bytes of a file count as %d of its own", size, grown)
	}
	touch(-1, unix.MAP_PRIVATE|unix.MAP_ANON)
	if grown := ownPeak() - before; grown < size*9/10 || grown > size*5/4 {
		t.Errorf("%d bytes of its own count as %d", size, grown)
	}
}

func TestAdded(t *testing.T) {
	for _, test := range []struct{ idle, now, want int64 }{{10, 15, 5}, {10, 10, 0}, {0, 15, 0}, {10, 0, 0}, {15, 10, 0}} {
		if got := added(test.idle, test.now); got != test.want {
			t.Errorf("from %d to %d: got %d, want %d", test.idle, test.now, got, test.want)
		}
	}
}
