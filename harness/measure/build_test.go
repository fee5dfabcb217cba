package measure

import (
	"os"
	"testing"

	"zstdshop/harness/internal/standin"
)

func TestReadBuild(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	b, now := ReadBuild(exe, standin.Registry(t)), CurrentBuild(standin.Registry(t))
	if b.Go != now.Go || b.OS != now.OS || b.Arch != now.Arch || b.CGO != now.CGO {
		t.Errorf("the file says %+v, the program %+v", b, now)
	}
	if b := ReadBuild("build_test.go", standin.Registry(t)); b.Go != "" {
		t.Errorf("a text is %+v", b)
	}
}
