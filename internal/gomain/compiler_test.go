package gomain

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A compiler that was changed where it stands, and says the same version, compiles both
// sides anew.
func TestChangedCompiler(t *testing.T) {
	gcc, err := exec.LookPath("gcc")
	if err != nil {
		t.Skip("gcc is not installed")
	}
	dir := tree(t, map[string]string{
		"go.mod":  "module example.com/c\n\ngo 1.24\n",
		"main.go": "package main\n\n// static int number(void) { return NUMBER; }\nimport \"C\"\n\nfunc main() { println(int(C.number())) }\n",
	})
	cc := filepath.Join(t.TempDir(), "cc")
	t.Setenv("CC", cc)
	t.Setenv("CGO_ENABLED", "1")
	t.Setenv("CGO_CPPFLAGS", "-DMORE=1")
	for _, number := range []string{"1", "2", "1"} {
		if err := os.WriteFile(cc, []byte("#!/bin/sh\nexec "+gcc+" -DNUMBER="+number+" \"$@\"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		out := filepath.Join(t.TempDir(), "program")
		if err := (Main{Dir: dir}).Build(t.Context(), out); err != nil {
			t.Fatal(err)
		}
		said, err := exec.Command(out).CombinedOutput()
		if err != nil || strings.TrimSpace(string(said)) != number {
			t.Errorf("compiled by number %s it says %q, %v", number, said, err)
		}
	}
	// A program is no script.
	t.Setenv("CC", gcc)
	if env, err := (Main{Dir: dir}).asCompiled(t.Context()); err != nil || len(env) != 0 {
		t.Errorf("%q, %v", env, err)
	}
}
