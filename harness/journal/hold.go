package journal

import (
	"errors"
	"fmt"
	"os"
)

// ErrHeld is wrapped where another process holds a file.
var ErrHeld = errors.New("another process is at work")

// Hold takes the file at path for this process until release is called or the process
// ends. It makes the file where there is none.
func Hold(path string) (release func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	if LockFile(f) {
		f.Close()
		return nil, fmt.Errorf("lock %s: %w", path, ErrHeld)
	}
	return func() { f.Close() }, nil
}
