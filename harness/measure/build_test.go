package measure

import (
	"os"
	"testing"

	"zstdshop/harness/internal/standin"
	"zstdshop/harness/result"
)

func TestReadBuild(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	b, now := ReadBuild(exe, standin.Registry(t), nil), CurrentBuild(standin.Registry(t), nil)
	if b.Go != now.Go || b.OS != now.OS || b.Arch != now.Arch || b.CGO != now.CGO {
		t.Errorf("the file says %+v, the program %+v", b, now)
	}
	if b := ReadBuild("build_test.go", standin.Registry(t), nil); b.Go != "" {
		t.Errorf("a text is %+v", b)
	}
}

// The head of a table names the libraries that were measured, and no others.
func TestLibrariesOfTheCells(t *testing.T) {
	reg := standin.Registry(t)
	cells := []result.Cell{{Codec: reg.Codecs()[0]}, {Scenario: "cpuburn"}, {Codec: reg.Codecs()[0]}}
	if got := codecsOf(cells); len(got) != 1 {
		t.Errorf("the codecs are %q, want one", got)
	}
	if b := CurrentBuild(reg, codecsOf(cells)); len(b.Libraries) != 1 {
		t.Errorf("the libraries are %v, want one", b.Libraries)
	}
}
