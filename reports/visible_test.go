package reports

import (
	"testing"
	"unicode/utf8"
)

func TestVisible(t *testing.T) {
	for _, c := range []struct{ in, visible, ascii string }{
		{"", "", ""},
		{"logs", "logs", "logs"},
		{"a b", "a b", "a b"},
		{`C:\data`, `C:\data`, `C:\data`},
		{"日本", "日本", `\u65e5\u672c`},
		{"\x1b[31mred", `\x1b[31mred`, `\x1b[31mred`},
		{"\u009b31m", `\u009b31m`, `\u009b31m`}, // CSI as one rune
		{"a\nb\tc\r", `a\nb\tc\r`, `a\nb\tc\r`},
		{"nul\x00del\x7f", `nul\x00del\x7f`, `nul\x00del\x7f`},
		{"\u202a\u202b\u202c\u202d\u202e", `\u202a\u202b\u202c\u202d\u202e`, `\u202a\u202b\u202c\u202d\u202e`},
		{"\u2066\u2067\u2068\u2069", `\u2066\u2067\u2068\u2069`, `\u2066\u2067\u2068\u2069`},
		{"\u200e\u200f\u061c", `\u200e\u200f\u061c`, `\u200e\u200f\u061c`},
		{"zero\u200bwidth\ufeff", `zero\u200bwidth\ufeff`, `zero\u200bwidth\ufeff`},
		{"line\u2028par\u2029", `line\u2028par\u2029`, `line\u2028par\u2029`},
		{"tag\U000e0041", `tag\U000e0041`, `tag\U000e0041`},
		{"bad\xff\xc3", `bad\xff\xc3`, `bad\xff\xc3`},
		{"\ufffd", "\ufffd", `\ufffd`}, // the replacement rune itself is fine
		{"9 → 7 ±1 µs", "9 → 7 ±1 µs", "9 -> 7 +-1 us"},
	} {
		if got := visible(c.in); got != c.visible {
			t.Errorf("visible(%q) = %q, want %q", c.in, got, c.visible)
		}
		if got := ascii(c.in); got != c.ascii {
			t.Errorf("ascii(%q) = %q, want %q", c.in, got, c.ascii)
		}
	}
	if got := visibleLines("a\nb\r\x1b"); got != "a\nb"+`\r\x1b` {
		t.Errorf("visibleLines = %q", got)
	}
}

func FuzzVisible(f *testing.F) {
	for _, name := range nastyNames {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, r := range visible(s) {
			if r < ' ' || r == 0x7f || 0x80 <= r && r < 0xa0 || 0x202a <= r && r <= 0x202e || 0x2066 <= r && r <= 0x2069 {
				t.Errorf("visible(%q) holds %U", s, r)
			}
		}
		if !utf8.ValidString(visible(s)) {
			t.Errorf("visible(%q) is not UTF-8", s)
		}
		for _, c := range []byte(ascii(s)) {
			if c < ' ' || c > '~' {
				t.Errorf("ascii(%q) holds %#x", s, c)
			}
		}
	})
}
