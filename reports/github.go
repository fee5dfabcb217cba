package reports

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"zstdshop/harness/result"
)

// What GitHub Actions takes of a step.
const (
	maxAnnotations = 10      // of each kind; more are not shown
	maxSummary     = 1 << 20 // bytes; a longer one is refused whole
)

// workflowText escapes the message of a workflow command.
var workflowText = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")

// Annotations are the workflow commands for what did not pass, the worst first,
// at most ten lines in all.
func Annotations(r *result.Result) []byte {
	var b bytes.Buffer
	open := slices.DeleteFunc(byOutcome(r.Checks), func(c result.Check) bool {
		return c.Outcome == result.OutcomePass || c.Outcome == result.OutcomeAccepted
	})
	shown := open
	if len(r.Checks) > maxAnnotations {
		shown = open[:min(len(open), maxAnnotations-1)]
	}
	for _, c := range shown {
		command := "error"
		if c.Outcome == result.OutcomeUndecided {
			command = "warning"
		}
		fmt.Fprintf(&b, "::%s title=zstdshop gate::%s\n", command, workflowText.Replace(checkText(c)))
	}
	if rest := len(open) - len(shown); rest > 0 {
		fmt.Fprintf(&b, "::warning title=zstdshop gate::%d more did not pass: see the summary of the step\n", rest)
	}
	return b.Bytes()
}

// Summary is the markdown of a gate for a step summary or a pull request: the
// verdict first, then what did not pass, the rest folded. It stays below what
// GitHub takes.
func Summary(r *result.Result) ([]byte, error) {
	var short, long bytes.Buffer
	title := "### zstdshop gate\n\n" + markdownText(gateClosing(r)) + "\n"
	short.WriteString(title)
	open := slices.DeleteFunc(slices.Clone(r.Checks), func(c result.Check) bool { return c.Outcome == result.OutcomePass })
	if len(open) > 0 {
		t := gateTable(open)
		if err := markdownTable(&short, &t); err != nil {
			return nil, err
		}
	}
	markdownList(&short, "- ", gateNotes(r.Checks))
	if short.Len() >= maxSummary {
		return fmt.Appendf(nil, "%s\n%d checks did not pass: too many for a summary, they are in the log.\n", title, len(open)), nil
	}
	if err := writeMarkdown(&long, r, Options{}); err != nil {
		return nil, err
	}
	if short.Len()+long.Len() < maxSummary-200 {
		folded(&short, "all checks and figures", long.String())
	}
	return short.Bytes(), nil
}
