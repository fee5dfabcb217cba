package corpus

import "testing"

func TestText(t *testing.T) {
	for _, tt := range []struct {
		name  string
		write func(*text)
		want  string
	}{
		{"num", func(t *text) { t.num(-42) }, "-42"},
		{"pad zero", func(t *text) { t.pad(0, 2) }, "00"},
		{"pad short", func(t *text) { t.pad(7, 4) }, "0007"},
		{"pad full", func(t *text) { t.pad(1234, 4) }, "1234"},
		{"pad long", func(t *text) { t.pad(12345, 4) }, "12345"},
		{"pad one", func(t *text) { t.pad(0, 1) }, "0"},
		{"three decimals", func(t *text) { t.fixed(12_034, 3) }, "12.034"},
		{"two decimals", func(t *text) { t.fixed(12_039, 2) }, "12.03"},
		{"one decimal", func(t *text) { t.fixed(5, 1) }, "0.0"},
		{"hex", func(t *text) { t.hex(0xabcdef0123456789, 16) }, "abcdef0123456789"},
		{"hex low digits", func(t *text) { t.hex(0xabcdef, 3) }, "def"},
		{"json", func(t *text) { t.json("a \"b\"\\c\nd") }, `a \"b\"\\c\nd`},
		{"address low", func(t *text) { t.address(0) }, "198.18.0.0"},
		{"address high", func(t *text) { t.address(1<<17 - 1) }, "198.19.255.255"},
	} {
		var got text
		tt.write(&got)
		if string(got) != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
