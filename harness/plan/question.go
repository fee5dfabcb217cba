package plan

import (
	"fmt"
	"strings"

	"zstdshop/harness/result"
)

// A Question asks how many times as fast one cell is as another. Both are names of cells.
type Question struct{ A, B string }

// Questioned parses "A vs B", where each side fits one cell as for Referenced.
func Questioned(text string, cells []result.Cell) (Question, error) {
	a, b, ok := strings.Cut(text, " vs ")
	if a, b = strings.TrimSpace(a), strings.TrimSpace(b); !ok || a == "" || b == "" {
		return Question{}, fmt.Errorf("%q: want two cells, as in 'klauspost@3/pool vs datadog@3/pool'", text)
	}
	if len(cells) == 0 {
		return Question{}, fmt.Errorf("%q: there are no cells", text)
	}
	var q Question
	for _, side := range []struct {
		text string
		name *string
	}{{a, &q.A}, {b, &q.B}} {
		name, err := Referenced(side.text, cells)
		if err != nil {
			return Question{}, fmt.Errorf("%q: %w", text, err)
		}
		*side.name = name
	}
	if q.A == q.B {
		return Question{}, fmt.Errorf("%q: both sides are the cell %s", text, q.A)
	}
	return q, nil
}
