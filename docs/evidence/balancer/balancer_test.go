//go:build linux

package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// Two restarts behind each balancer that is installed: nothing is lost. main.go has the
// long form.
func TestNothingIsLost(t *testing.T) {
	if testing.Short() {
		t.Skip("starts servers and a balancer")
	}
	program := filepath.Join(t.TempDir(), "zstdshop")
	build := exec.Command("go", "build", "-o", program, ".")
	build.Dir = filepath.Join("..", "..", "..")
	if text, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	for name := range configurations {
		t.Run(name, func(t *testing.T) {
			if _, err := exec.LookPath(name); err != nil {
				if _, err := os.Stat("/usr/sbin/" + name); err != nil {
					t.Skipf("%s is not installed", name)
				}
			}
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			defer cancel()
			seen, err := trial(ctx, program, name, 2, 500)
			if err != nil {
				t.Fatal(err)
			}
			t.Log(seen)
			if err := seen.err(); err != nil {
				t.Error(err)
			}
		})
	}
}
