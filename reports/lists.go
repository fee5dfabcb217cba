package reports

import (
	"fmt"
	"strings"
)

// mapped is what of makes of each of all; nil for nothing.
func mapped[T, U any](all []T, of func(T) U) (out []U) {
	for _, one := range all {
		out = append(out, of(one))
	}
	return out
}

// runsOf cuts all into runs of neighbours with the same key.
func runsOf[T any, K comparable](all []T, key func(T) K) (runs [][]T) {
	for i, one := range all {
		if i > 0 && key(one) == key(all[i-1]) {
			runs[len(runs)-1] = append(runs[len(runs)-1], one)
		} else {
			runs = append(runs, []T{one})
		}
	}
	return runs
}

// list is parts of a line, joined by commas.
type list []string

func (l *list) addIf(is bool, text string, args ...any) {
	if is {
		*l = append(*l, fmt.Sprintf(text, args...))
	}
}

// upTo is the first n, and how many more cells there are.
func (l list) upTo(n int) list {
	if more := len(l) - n; more > 0 {
		return append(l[:n:n], plural(more, "more cell"))
	}
	return l
}

func (l list) String() string { return strings.Join(l, ", ") }

// legendLines is a line of each that says anything.
func legendLines(all ...list) (lines []string) {
	for _, l := range all {
		if len(l) > 0 {
			lines = append(lines, strings.Join(l, "; "))
		}
	}
	return lines
}
