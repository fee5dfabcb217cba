package plan

import (
	"strings"
	"testing"

	"zstdshop/harness/result"
)

func TestQuestioned(t *testing.T) {
	var cells []result.Cell
	for _, codec := range []string{"fast", "small"} {
		for _, level := range []int{1, 3} {
			for _, runner := range []string{"single", "pool"} {
				cells = append(cells, result.Cell{Scenario: "compress", Corpus: "logs", Codec: codec, Level: level, Runner: runner, Workers: 2})
			}
		}
	}
	for _, c := range []struct{ text, a, b, wrong string }{
		{text: "fast@3/pool vs small@3/pool", a: "codec=fast/level=3/runner=pool", b: "codec=small/level=3/runner=pool"},
		{text: "  level=1/fast/single  vs  small@3/single ", a: "codec=fast/level=1/runner=single", b: "codec=small/level=3/runner=single"},
		{text: "fast@3/pool", wrong: "want two cells"},
		{text: " vs fast@3/pool", wrong: "want two cells"},
		{text: "fast@9/pool vs small@3/pool", wrong: `"fast@9/pool" fits no cell`},
		{text: "fast/pool vs small@3/pool", wrong: `"fast/pool" fits 2 cells`},
		{text: "fast@3/pool vs pool/fast@3", wrong: "both sides are the cell"},
	} {
		q, err := Questioned(c.text, cells)
		switch {
		case c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)):
			t.Errorf("%q: error is %v, want %q", c.text, err, c.wrong)
		case c.wrong == "" && (err != nil || !strings.Contains(q.A, c.a) || !strings.Contains(q.B, c.b)):
			t.Errorf("%q is %+v, %v", c.text, q, err)
		}
	}
	if _, err := Questioned("a vs b", nil); err == nil {
		t.Error("a question about no cells is none")
	}
}
