package reports

import (
	"fmt"
	"slices"
	"strings"

	"zstdshop/harness/result"
)

// footnotes numbers what there is to say about single cells. The same text has
// one number, whichever cells it is about.
type footnotes struct {
	remarks []string // about the run as a whole
	texts   []string // number n is texts[n-1]
	number  map[string]int
	byCell  map[string][]result.Warning
}

func newFootnotes(r *result.Result) *footnotes {
	f := &footnotes{remarks: shardLines(r), number: make(map[string]int), byCell: make(map[string][]result.Warning)}
	for _, w := range r.Warnings {
		if w.Cell != "" {
			f.byCell[w.Cell] = append(f.byCell[w.Cell], w)
		} else if !slices.Contains(f.remarks, w.Text) {
			f.remarks = append(f.remarks, w.Text)
		}
	}
	return f
}

// numbersOf gives each text its number, a new one where it has none yet, and returns
// those numbers, ascending.
func (f *footnotes) numbersOf(texts []string) []int {
	numbers := mapped(texts, func(text string) int {
		if f.number[text] == 0 {
			f.texts = append(f.texts, text)
			f.number[text] = len(f.texts)
		}
		return f.number[text]
	})
	slices.Sort(numbers)
	return slices.Compact(numbers)
}

// about is all there is to say about c. With sample it says where c worked on a sample
// of its corpus.
func (f *footnotes) about(c *result.CellResult, sample bool) []string {
	var texts []string
	warnings := f.warnings(c)
	if text := statusText(c); text != "" && (c.Error != nil || len(warnings) == 0) {
		texts = append(texts, text)
	}
	if sample && c.BytesIn > 0 && c.BytesIn < c.CorpusBytes {
		texts = append(texts, fmt.Sprintf("works on a seeded sample: %s of %s", bytesText(c.BytesIn), bytesText(c.CorpusBytes)))
	}
	return append(texts, warnings...)
}

// warnings is what the Result warns of about c, each once.
func (f *footnotes) warnings(c *result.CellResult) []string {
	warned := f.byCell[c.Name]
	texts := mapped(warned, func(w result.Warning) string { return w.Text })
	for _, text := range c.Warnings {
		// A warning may stand in both places, here by its code alone.
		if !slices.ContainsFunc(warned, func(w result.Warning) bool { return w.Code == text }) {
			texts = append(texts, text)
		}
	}
	return texts
}

// statusText says what became of a cell that is not all right.
func statusText(c *result.CellResult) string {
	if c.Status == result.StatusOK {
		return ""
	}
	switch {
	case c.Error != nil && *c.Error != "":
		return c.Status + ": " + *c.Error + lastWords(c)
	case c.Status == result.StatusUnmeasured:
		return c.Status + ": the run ended before this cell had an interval"
	}
	return c.Status + ": no reason given"
}

// lastWords is the line of a failed worker's stderr that says most: of a crash
// of Go the one with its cause, which a stack follows, else the last. A worker
// that could give its reason has written that there too; it is not said twice.
func lastWords(c *result.CellResult) string {
	if c.Stderr == nil {
		return ""
	}
	lines := strings.Split(strings.TrimSpace(*c.Stderr), "\n")
	said := lines[len(lines)-1]
	if i := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, "panic: ") || strings.HasPrefix(l, "fatal error: ") }); i >= 0 {
		said = lines[i]
	}
	if said == "" || strings.HasSuffix(said, *c.Error) {
		return ""
	}
	return "; it said: " + said
}
