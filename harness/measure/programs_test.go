package measure

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

func TestCopyProgram(t *testing.T) {
	dir := t.TempDir()
	from, to := filepath.Join(dir, "from"), filepath.Join(dir, "side", "to")
	if err := os.WriteFile(from, []byte("abc"), 0o700); err != nil {
		t.Fatal(err)
	}
	digest, err := copyProgram(from, to)
	if err != nil || digest != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" {
		t.Errorf("digest %s, %v", digest, err)
	}
	info, err := os.Stat(to)
	if err != nil || info.Size() != 3 || runtime.GOOS != "windows" && info.Mode().Perm()&0o100 == 0 {
		t.Errorf("copy is %v, %v", info, err)
	}
	if _, err := copyProgram(from, to); err == nil {
		t.Error("a file that is there was written over")
	}
}
