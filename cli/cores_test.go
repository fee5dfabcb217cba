package cli

import "testing"

const statBefore = `cpu  30 0 0 170 0 0 0 0 0 0
cpu0 10 0 0 90 0 0 0 0 0 0
cpu1 20 0 0 80 0 0 0 0 0 0
intr 1 2 3
`

const statAfter = `cpu  130 0 20 250 0 0 0 0 50 0
cpu0 110 0 0 90 0 0 0 0 50 0
cpu1 40 0 5 130 20 0 0 5 0 0
intr 4 5 6
`

func TestCoreBars(t *testing.T) {
	before, after := coreTimes(statBefore), coreTimes(statAfter)
	for _, test := range []struct {
		name          string
		before, after []coreTime
		columns       int
		want          string
	}{
		{"wide", before, after, 80, "cpu0 [####################] 100 % cpu1 [######--------------]  30 %"},
		{"narrow", before, after, 41, "cpu0 [#####] 100 % cpu1 [##---]  30 %"},
		{"no time has passed", before, before, 41, "cpu0 [-----]   0 % cpu1 [-----]   0 %"},
		{"first reading", nil, after, 80, ""},
		{"no such file", coreTimes(""), coreTimes("intr 1\n"), 80, ""},
	} {
		if got := coreBars(test.before, test.after, test.columns); got != test.want {
			t.Errorf("%s:\n%q, want\n%q", test.name, got, test.want)
		}
	}
}
