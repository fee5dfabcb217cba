package machine

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// The screen of WriteText: 100 columns.
const (
	textWidth    = 100
	stateWidth   = 7  // "unknown"
	nameWidth    = 9  // "container"
	findingWidth = 38 // where an advice follows
	adviceWidth  = textWidth - stateWidth - nameWidth - findingWidth - 3*2
)

// WriteText draws what doctor shows: the machine, one line a check and the
// sum, on one screen of 20 lines and 100 columns. With color, states are
// coloured by ANSI sequences. The error is w's.
func WriteText(w io.Writer, info Info, noise Noise, checks []Check, color bool) error {
	out := bufio.NewWriter(w)
	fmt.Fprintln(out, cut(join(info.CPU, plural(info.CPUs, "CPU"), size(info.MemBytes)), textWidth))
	fmt.Fprintln(out, cut(join(words(info.OS, info.Kernel, info.Arch), words("host", info.Host),
		words("fingerprint", info.Fingerprint)), textWidth))
	fmt.Fprintln(out)
	count := map[string]int{}
	for _, c := range checks {
		count[c.State]++
		state := fmt.Sprintf("%-*s", stateWidth, c.State)
		if color {
			state = paint(c.State, state)
		}
		line := cut(c.Finding, textWidth-stateWidth-nameWidth-2*2)
		if c.Advice != "" {
			line = fmt.Sprintf("%-*s  %s", findingWidth, cut(c.Finding, findingWidth), cut(c.Advice, adviceWidth))
		}
		fmt.Fprintf(out, "%s  %-*s  %s\n", state, nameWidth, c.Name, line)
	}
	fmt.Fprintln(out)
	sum := fmt.Sprintf("%d ok, %d warn, %d bad, %d unknown", count[StateOK], count[StateWarn], count[StateBad], count[StateUnknown])
	if noise.Loops > 0 {
		sum += fmt.Sprintf("; sentinel %.2f us, p95/p5 %.2f, %d loops on %s",
			noise.SentinelNS/1e3, noise.Spread, noise.Loops, plural(noise.CPUs, "CPU"))
	}
	fmt.Fprintln(out, sum)
	return out.Flush()
}

func paint(state, text string) string {
	codes := map[string]string{StateOK: "32", StateWarn: "33", StateBad: "31", StateUnknown: "2"}
	return "\x1b[" + codes[state] + "m" + text + "\x1b[0m"
}

// cut shortens s to the given number of characters.
func cut(s string, width int) string {
	if utf8.RuneCountInString(s) <= width {
		return s
	}
	return string([]rune(s)[:width-3]) + "..."
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// words is "" where a word is missing at the end, because a label alone says
// nothing.
func words(parts ...string) string {
	if parts[len(parts)-1] == "" {
		return ""
	}
	return strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
}
