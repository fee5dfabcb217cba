package harness

import (
	"context"
	"debug/buildinfo"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"strings"

	"zstdshop/harness/worker"
)

// Greet starts a worker by argv, waits for its hello and ends it. The error
// wraps ErrForeign where it speaks none of the protocol's versions that this
// program does.
func (l Processes) Greet(ctx context.Context, argv []string) error {
	peer, err := l.Start(ctx, Spawn{Argv: argv, GOMAXPROCS: 1})
	if err != nil {
		return err
	}
	defer peer.Kill()
	p := peer.(*process)
	m, err := p.talk.expect(ctx, worker.TypeHello)
	if err != nil {
		return p.lost(ctx, err)
	}
	if slices.ContainsFunc(worker.Versions, func(v int) bool { return slices.Contains(m.Hello.Versions, v) }) {
		return nil
	}
	return fmt.Errorf("%w protocol: it speaks versions %v of the worker protocol, this program %v", ErrForeign, m.Hello.Versions, worker.Versions)
}

// ReadBuild describes the executable at path by what Go's linker has written
// into it, without running it. Libraries are those of reg's codecs that it is
// linked with. What the file does not say stays empty; a program that is not
// Go's says nothing.
func ReadBuild(path string, reg *Registry) Build {
	b := Build{Settings: map[string]string{}, Libraries: map[string]string{}}
	info, err := buildinfo.ReadFile(path)
	if err != nil {
		return b
	}
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
	for _, name := range reg.Codecs() {
		codec, err := reg.Codec(name)
		if err != nil {
			continue
		}
		library := codec.Info().Library
		for _, dep := range info.Deps {
			if dep.Path == library {
				b.Libraries[name] = library + " " + versionOf(dep)
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

// describe names a build on part of a line.
func (b Build) describe() string {
	parts := []string{strings.TrimSpace("zstdshop " + b.Version)}
	if b.Go == "" && b.Version == "" {
		parts[0] = "not a Go program"
	}
	if b.Commit != "" {
		parts = append(parts, "commit "+b.revision())
	}
	if b.Go != "" {
		parts = append(parts, b.Go)
		if b.CGO {
			parts = append(parts, "cgo on")
		} else {
			parts = append(parts, "cgo off")
		}
	}
	if len(b.Binary) > 12 {
		parts = append(parts, "sha256 "+b.Binary[:12])
	}
	return strings.Join(parts, ", ")
}

func (b Build) revision() string {
	text := b.Commit
	if len(text) > 12 {
		text = text[:12]
	}
	if b.Dirty {
		text += "+dirty"
	}
	return text
}

// buildDifference names what two builds have otherwise; "" where all that is
// known is the same.
func buildDifference(a, b Build) string {
	var d difference
	d.add("version", a.Version, b.Version)
	d.add("commit", a.revision(), b.revision())
	d.add("Go", a.Go, b.Go)
	d.add("cgo", fmt.Sprint(a.CGO), fmt.Sprint(b.CGO))
	both := func(a, b map[string]string) []string {
		all := maps.Clone(a)
		if all == nil {
			all = map[string]string{}
		}
		maps.Copy(all, b)
		return slices.Sorted(maps.Keys(all))
	}
	for _, name := range both(a.Settings, b.Settings) {
		d.add(name, a.Settings[name], b.Settings[name])
	}
	for _, name := range both(a.Libraries, b.Libraries) {
		d.add("library of "+name, a.Libraries[name], b.Libraries[name])
	}
	if d == nil {
		d.add("their bytes", short(a.Binary), short(b.Binary))
	}
	return d.String()
}

func short(digest string) string { return digest[:min(len(digest), 12)] }

// AboutPrograms says what the two programs of a comparison are, and in what
// they differ. Each name is how the user calls it.
func AboutPrograms(oldName string, old Build, newName string, new Build) []Warning {
	out := []Warning{
		{Code: CodeSideOld, Text: oldName + ": " + old.describe()},
		{Code: CodeSideNew, Text: newName + ": " + new.describe()},
	}
	if old.Binary == new.Binary {
		return append(out, Warning{Code: "same_program", Text: "both programs are the same, byte for byte: what is called different here is an error of the measurement, or what they make of their names"})
	}
	return append(out, Warning{Code: "builds", Text: "the programs differ in " + buildDifference(old, new)})
}
