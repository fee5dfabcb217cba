package journal

import (
	"errors"
	"path/filepath"
	"testing"
)

// A file is held once, until it is released.
func TestHold(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	for range 2 {
		release, err := Hold(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Hold(path); !errors.Is(err, ErrHeld) {
			t.Errorf("held twice: got %v, want ErrHeld", err)
		}
		release()
	}
}
