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

func TestNearest(t *testing.T) {
	known := []string{"logs", "logs-records", "html", "metrics", "random"}
	for _, tt := range []struct{ word, want string }{
		{"lgos", "logs"},
		{"log", "logs"},
		{"Logs", "logs"},
		{"metric", "metrics"},
		{"logs_record", "logs-records"},
		{"randmo", "random"},
		{"dickens", ""},
		{"x", ""},
		{"", ""},
	} {
		if got := nearest(tt.word, known); got != tt.want {
			t.Errorf("nearest(%q) = %q, want %q", tt.word, got, tt.want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"", "abc", 3},
		{"abc", "", 3},
		{"abc", "abc", 0},
		{"kitten", "sitting", 3},
		{"flaw", "lawn", 2},
		{"metricss", "metrics", 1},
		{"abc", "ac", 1},
		{"ac", "abc", 1},
	} {
		if got := distance(tt.a, tt.b); got != tt.want {
			t.Errorf("distance(%q, %q) = %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}
