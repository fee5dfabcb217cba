package corpus

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// Names returns the names of the corpora that specs name, for one run: those that Load
// gives them, and where several data would have one name, as many folders of their paths
// before it as tell them apart. So a name does not depend on the order of specs. Two
// specs of one file have one name.
func Names(specs []string) map[string]string {
	paths := map[string]string{} // by spec; "" for what is no path
	names := map[string]string{}
	for _, spec := range specs {
		names[spec] = spec
		switch {
		case spec == "-":
			names[spec] = "stdin"
		case !slices.Contains(embeddedNames(), spec):
			paths[spec] = absolute(spec)
			names[spec] = corpusName(spec)
		}
	}
	ordered := slices.SortedFunc(slices.Values(specs), func(a, b string) int {
		return cmp.Or(cmp.Compare(paths[a], paths[b]), cmp.Compare(a, b))
	})
	for folders := 0; ; folders++ {
		shared := sharedNames(ordered, names, paths)
		if len(shared) == 0 {
			return names
		}
		longer := false
		for _, spec := range shared {
			if paths[spec] != "" {
				name := lastElements(paths[spec], folders)
				longer = longer || name != lastElements(paths[spec], folders+1)
				names[spec] = name
			}
		}
		if !longer { // the paths are used up
			number(ordered, names, paths)
			return names
		}
	}
}

// sharedNames are the specs whose names stand for other data, too.
func sharedNames(specs []string, names, paths map[string]string) (shared []string) {
	for _, a := range specs {
		if slices.ContainsFunc(specs, func(b string) bool { return names[a] == names[b] && !sameData(a, b, paths) }) {
			shared = append(shared, a)
		}
	}
	return shared
}

func sameData(a, b string, paths map[string]string) bool {
	return a == b || paths[a] != "" && paths[a] == paths[b]
}

// lastElements is the last element of a path and so many folders before it.
func lastElements(path string, folders int) string {
	parts := strings.Split(strings.Trim(filepath.ToSlash(path), "/"), "/")
	return strings.ReplaceAll(label(strings.Join(parts[max(0, len(parts)-1-folders):], "_")), "/", "_")
}

// number makes names of paths unique that cannot be told apart otherwise.
func number(specs []string, names, paths map[string]string) {
	shared := sharedNames(specs, names, paths)
	taken := map[string]string{} // name -> path, or what is no path
	for _, spec := range specs {
		if paths[spec] == "" || !slices.Contains(shared, spec) {
			taken[names[spec]] = cmp.Or(paths[spec], spec)
		}
	}
	for _, spec := range shared {
		base := names[spec]
		for n := 2; paths[spec] != ""; n++ {
			if path, ok := taken[names[spec]]; !ok || path == paths[spec] {
				break
			}
			names[spec] = fmt.Sprintf("%s-%d", base, n)
		}
		if paths[spec] != "" {
			taken[names[spec]] = paths[spec]
		}
	}
}

// absolute is the path that a spec names.
func absolute(spec string) string {
	if abs, err := filepath.Abs(spec); err == nil {
		return abs
	}
	return filepath.Clean(spec)
}
