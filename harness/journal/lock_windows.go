package journal

import (
	"errors"
	"os"

	win "golang.org/x/sys/windows" // windows is a function of this package
)

// LockFile takes f for this process until it is closed or the process ends. It
// reports whether another has it. The lock is on a byte far behind the end, so
// that others may read meanwhile.
func LockFile(f *os.File) (taken bool) {
	const how = win.LOCKFILE_EXCLUSIVE_LOCK | win.LOCKFILE_FAIL_IMMEDIATELY
	err := win.LockFileEx(win.Handle(f.Fd()), how, 0, 1, 0, &win.Overlapped{OffsetHigh: 1 << 30})
	return errors.Is(err, win.ERROR_LOCK_VIOLATION)
}
