package gomain

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"os/exec"
	"strings"
)

// asCompiled makes go compile C anew where the compiler is another one than it knows of.
// Go's cache tells compilers apart by their path and what they call their version, and
// a script that calls a compiler has that one's version, whatever it adds to it. It
// returns the variables to build with: a macro by the script's text is among the flags.
func (m Main) asCompiled(ctx context.Context) ([]string, error) {
	told, err := m.env(ctx, "CC", "CXX", "CGO_CPPFLAGS")
	if err != nil {
		return nil, err
	}
	lines := append(strings.Split(told, "\n"), "", "", "")
	h, scripts := sha256.New(), false
	for _, command := range lines[:2] {
		words := strings.Fields(command)
		if len(words) == 0 {
			continue
		}
		path, err := exec.LookPath(words[0])
		if err != nil {
			continue // go says it, where C is compiled
		}
		if text, err := os.ReadFile(path); err == nil && strings.HasPrefix(string(text), "#!") {
			h.Write(text)
			scripts = true
		}
	}
	if !scripts {
		return m.Env, nil
	}
	macro := "-DZSTDSHOP_COMPILER_" + hex.EncodeToString(h.Sum(nil)[:8])
	return append(m.Env[:len(m.Env):len(m.Env)], "CGO_CPPFLAGS="+strings.TrimSpace(lines[2]+" "+macro)), nil
}
