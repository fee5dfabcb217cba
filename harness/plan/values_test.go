package plan

import (
	"slices"
	"strings"
	"testing"
)

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"a", []string{"a"}},
		{"a,b", []string{"a", "b"}},
		{" a , b ", []string{"a", "b"}},
		{"", []string{""}},
		{"a,", []string{"a", ""}},
		{",", []string{"", ""}},
		{`"a,b",c`, []string{"a,b", "c"}},
		{`c,"a,b"`, []string{"c", "a,b"}},
		{`" a "`, []string{" a "}},
		{`""`, []string{""}},
		{`a"b,c`, []string{`a"b`, "c"}},
		{`"a"b,c`, []string{`"a"b`, "c"}},
		{`"a,b`, []string{`"a`, "b"}},
		{"a\nb,c", []string{"a\nb", "c"}},
	} {
		if got := Split(c.text); !slices.Equal(got, c.want) {
			t.Errorf("Split(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}

func TestLevels(t *testing.T) {
	for _, c := range []struct {
		text, want string // or a part of the error
	}{
		{"3", "3"},
		{"-5", "-5"},
		{"0", "0"},
		{"1..4", "1 2 3 4"},
		{"3..3", "3"},
		{"-2..2", "-2 -1 1 2"},
		{"0..2", "0 1 2"},
		{"-3..-1", "-3 -2 -1"},
		{"", "want a whole number"},
		{"1..", "want a whole number"},
		{"..3", "want a whole number"},
		{"1...3", "want a whole number"},
		{"3..1", "goes up"},
		{"1..256", ""},
		{"1..257", "at most 256"},
	} {
		got, err := levels(nil, c.text)
		if err != nil {
			got = []string{err.Error()}
		}
		if !strings.Contains(strings.Join(got, " "), c.want) || err == nil && c.want != "" && strings.Join(got, " ") != c.want {
			t.Errorf("levels(%q) = %q, %v; want %q", c.text, got, err, c.want)
		}
	}
}

func TestEnvironments(t *testing.T) {
	for _, c := range []struct {
		settings, want []string
	}{
		{nil, nil},
		{[]string{"A=1"}, []string{"A=1"}},
		{[]string{"A=1,2"}, []string{"A=1", "A=2"}},
		{[]string{"A="}, []string{"A="}},
		{[]string{"A=1,2", "B=3,4"}, []string{"A=1,B=3", "A=2,B=3", "A=1,B=4", "A=2,B=4"}},
	} {
		got, err := environments(nil, Matrix{"env": c.settings})
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("environments(%q) = %q, %v; want %q", c.settings, got, err, c.want)
		}
	}
}
