package measure

import "testing"

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
