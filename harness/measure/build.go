package measure

import (
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"

	"zstdshop/harness"
	"zstdshop/harness/result"
)

// buildSettings are the settings that change how fast a program is.
var buildSettings = []string{"CGO_CFLAGS", "CGO_CXXFLAGS", "CGO_LDFLAGS", "GOAMD64", "GOARM64", "GOEXPERIMENT", "-tags", "-gcflags", "-ldflags", "-race", "-pgo"}

// CurrentBuild describes the running program and the libraries of the codecs
// named. What the build does not say stays empty.
func CurrentBuild(reg *harness.Registry, codecs []string) result.Build {
	b := result.Build{Version: "unknown", Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH,
		Settings: map[string]string{}, Libraries: map[string]string{}, Binary: binaryDigest()}
	for _, name := range codecs {
		info, _, _ := reg.Infos(name, "", "")
		b.Libraries[name] = info.Library + " " + info.Version
		if info.Unavailable != "" {
			b.Libraries[name] = "unavailable: " + info.Unavailable
		}
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		takeSettings(&b, info)
	}
	return b
}

// codecsOf returns the names of the codecs that cells have.
func codecsOf(cells []result.Cell) []string {
	var names []string
	for _, c := range cells {
		if c.Codec != "" && !slices.Contains(names, c.Codec) {
			names = append(names, c.Codec)
		}
	}
	return names
}

// takeSettings fills in what a build says of itself.
func takeSettings(b *result.Build, info *debug.BuildInfo) {
	b.Go, b.Version = info.GoVersion, info.Main.Version
	for _, s := range info.Settings {
		switch {
		case s.Key == "GOOS":
			b.OS = s.Value
		case s.Key == "GOARCH":
			b.Arch = s.Value
		case s.Key == "vcs.revision":
			b.Commit = s.Value
		case s.Key == "vcs.modified":
			b.Dirty = s.Value == "true"
		case s.Key == "CGO_ENABLED":
			b.CGO = s.Value == "1"
		case slices.Contains(buildSettings, s.Key) && s.Value != "":
			b.Settings[s.Key] = s.Value
		}
	}
}

// binaryDigest returns the SHA-256 of the running executable, which it reads once;
// "" where it cannot be read.
var binaryDigest = sync.OnceValue(func() string {
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	digest, err := digestTo(io.Discard, ownImage(path))
	if err != nil {
		return ""
	}
	return digest
})

// digestTo writes the file at path to w and returns its SHA-256 in hex.
func digestTo(w io.Writer, path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	_, err = io.Copy(io.MultiWriter(w, h), f)
	return hex.EncodeToString(h.Sum(nil)), err
}

// ReadBuild describes the executable at path by what Go's linker has written
// into it, without running it. Libraries are those of the codecs named that it is
// linked with. What the file does not say stays empty; a program that is not
// Go's says nothing.
func ReadBuild(path string, reg *harness.Registry, codecs []string) result.Build {
	b := result.Build{Settings: map[string]string{}, Libraries: map[string]string{}}
	info, err := buildinfo.ReadFile(path)
	if err != nil {
		return b
	}
	takeSettings(&b, info)
	for _, name := range codecs {
		codec, _, _ := reg.Infos(name, "", "")
		for _, dep := range info.Deps {
			if dep.Path == codec.Library {
				b.Libraries[name] = dep.Path + " " + versionOf(dep)
			}
		}
	}
	return b
}

// versionOf is a module's version, or what stands in its place.
func versionOf(m *debug.Module) string {
	if m.Replace != nil {
		return strings.TrimSpace(m.Replace.Path + " " + m.Replace.Version)
	}
	return m.Version
}
