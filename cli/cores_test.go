package cli

import (
	"testing"

	"zstdshop/harness/machine"
)

func TestCoreBars(t *testing.T) {
	before, after := []machine.CoreTime{{Busy: 10, All: 100}, {Busy: 20, All: 100}}, []machine.CoreTime{{Busy: 110, All: 200}, {Busy: 50, All: 200}}
	for _, test := range []struct {
		name          string
		before, after []machine.CoreTime
		columns       int
		want          string
	}{
		{"wide", before, after, 80, "cpu0 [####################] 100 % cpu1 [######--------------]  30 %"},
		{"narrow", before, after, 41, "cpu0 [#####] 100 % cpu1 [##---]  30 %"},
		{"no time has passed", before, before, 41, "cpu0 [-----]   0 % cpu1 [-----]   0 %"},
		{"first reading", nil, after, 80, ""},
		{"none", nil, nil, 80, ""},
	} {
		if got := coreBars(test.before, test.after, test.columns); got != test.want {
			t.Errorf("%s:\n%q, want\n%q", test.name, got, test.want)
		}
	}
}
