// Package nearest finds the known name that a mistyped one probably meant, for
// error messages that suggest it.
package nearest

import "strings"

// Name returns the known name with the smallest edit distance to name, or ""
// where none is near enough (within a third of its length, but at least two
// edits).
func Name(name string, known []string) string {
	best, bestDistance := "", 1<<30
	for _, k := range known {
		d := distance(strings.ToLower(name), strings.ToLower(k))
		if d < bestDistance && d <= max(2, len(k)/3) && d < len(k) {
			best, bestDistance = k, d
		}
	}
	return best
}

// distance returns the number of insertions, deletions and replacements of
// bytes between two names (Levenshtein, one row at a time).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
