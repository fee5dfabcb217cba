package analyze

import (
	"strings"

	"zstdshop/harness/result"
)

// describeBuild names a build on part of a line.
func describeBuild(b result.Build) string {
	parts := []string{strings.TrimSpace("zstdshop " + b.Version)}
	if b.Go == "" && b.Version == "" {
		parts[0] = "not a Go program"
	}
	if b.Commit != "" {
		parts = append(parts, "commit "+revision(b))
	}
	if b.Go != "" {
		parts = append(parts, b.Go, map[bool]string{true: "cgo on", false: "cgo off"}[b.CGO])
	}
	if len(b.Binary) > 12 {
		parts = append(parts, "sha256 "+short(b.Binary))
	}
	return strings.Join(parts, ", ")
}

// AboutPrograms says what the two programs of a comparison are, and warns of what makes
// them differ. Each name is how the user calls it.
func AboutPrograms(oldName string, old result.Build, newName string, new result.Build) (result.TwoSides, result.Warning) {
	sides := result.TwoSides{Old: oldName + ": " + describeBuild(old), New: newName + ": " + describeBuild(new)}
	if old.Binary == new.Binary {
		return sides, result.Warning{Code: "same_program", Text: "both programs are the same, byte for byte: what is called different here is an error of the measurement, or what they make of their names"}
	}
	return sides, result.Warning{Code: "builds", Text: "the programs differ in " + buildDifference(old, new)}
}
