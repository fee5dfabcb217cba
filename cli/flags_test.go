package cli

import (
	"slices"
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
		if got := split(c.text); !slices.Equal(got, c.want) {
			t.Errorf("split(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}

func TestListFlag(t *testing.T) {
	for _, c := range []struct {
		typed []string
		want  []int
		err   bool
	}{
		{nil, []int{1, 3}, false},
		{[]string{"5"}, []int{5}, false},
		{[]string{"5,6"}, []int{5, 6}, false},
		{[]string{"5", "6"}, []int{5, 6}, false},
		{[]string{"5,5", "6,5"}, []int{5, 6}, false},
		{[]string{"x"}, []int{1, 3}, true},
		{[]string{"5,"}, []int{1, 3}, true},
		{[]string{"5", "x"}, []int{5}, true},
	} {
		f := list[int]{parse: level}
		if err := f.defaults("1", "3"); err != nil {
			t.Fatal(err)
		}
		var err error
		for _, text := range c.typed {
			if err == nil {
				err = f.Set(text)
			}
		}
		if !slices.Equal(f.values, c.want) || (err != nil) != c.err {
			t.Errorf("typed %q: %v, %v; want %v", c.typed, f.values, err, c.want)
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
		got, err := environments(c.settings)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("environments(%q) = %q, %v; want %q", c.settings, got, err, c.want)
		}
	}
}

// What is printed to be typed again comes back the same from a shell.
func TestQuoted(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"bench", "--codec", "klauspost@3,datadog"}, "bench --codec klauspost@3,datadog"},
		{[]string{"a b", ""}, "'a b' ''"},
		{[]string{"it's", "$(x)"}, `'it'\''s' '$(x)'`},
	} {
		if got := quoted(c.args); got != c.want {
			t.Errorf("quoted(%q) = %s, want %s", c.args, got, c.want)
		}
	}
}
