package reports

import (
	"slices"
	"strings"

	"zstdshop/harness/result"
)

// inWords begins what stands over a table or a picture of these cells: their work, as
// sentences say it, and what else they share.
func inWords(cells []*result.CellResult) string {
	said := []string{"level", "tasks", "host"} // by where
	shared, _ := splitKeys(cells)
	rest := slices.DeleteFunc(shared, func(f fact) bool { return slices.Contains(said, f.name) })
	if len(rest) == 0 {
		return where(cells)
	}
	return where(cells) + ": " + strings.Join(mapped(rest, func(f fact) string { return f.name + " " + f.text }), ", ")
}
