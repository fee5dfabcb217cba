package reports

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// visible makes text harmless to draw: every rune that does not print -
// control characters and with them terminal escapes, bidirectional marks,
// zero-width and separator characters - and every byte that is not UTF-8
// stands there as a Go escape such as \x1b or \u202e. What prints is kept, the
// backslash too, so the result is for reading and not for parsing back.
func visible(s string) string {
	return escapeRunes(s, strconv.IsPrint)
}

// visibleLines is visible, but keeps line feeds.
func visibleLines(s string) string {
	return escapeRunes(s, func(r rune) bool { return r == '\n' || strconv.IsPrint(r) })
}

// escapeRunes replaces each rune that keep refuses, and each byte that is not
// UTF-8, by its Go escape.
func escapeRunes(s string, keep func(rune) bool) string {
	var b strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[0])
		case keep(r):
			b.WriteString(s[:n])
		default:
			quoted := strconv.QuoteRuneToASCII(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		}
		s = s[n:]
	}
	return b.String()
}

// asciiSymbols are the reports' own symbols and what stands for them in ASCII.
var asciiSymbols = strings.NewReplacer(
	"→", "->", "±", "+-", "µ", "u", "↑", "^", "↓", "v", "×", "x", "…", "...",
)

// ascii is visible with nothing outside ASCII left: the reports' own symbols
// become their stand-ins, all else an escape.
func ascii(s string) string {
	return escapeRunes(asciiSymbols.Replace(s), func(r rune) bool { return r < utf8.RuneSelf && strconv.IsPrint(r) })
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
