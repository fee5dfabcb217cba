package reports

import (
	"strings"
	"testing"

	"zstdshop/harness/result"
)

// Advice for several machines names them and has the speed that they have together.
func TestAdviceForSeveralMachines(t *testing.T) {
	r := &result.Result{}
	for host, kind := range map[string]string{"a": "old", "b": "old", "c": "new"} {
		h := result.Host{Name: host}
		h.Machine.Fingerprint, h.Machine.CPU = kind, "the "+kind+" CPU"
		r.Hosts = append(r.Hosts, h)
		c := result.CellResult{Cell: result.Cell{Scenario: "compress", Codec: "klauspost", Level: 3, Runner: "single", Workers: 1, Host: host}, MBPerS: &result.Interval{Est: 1}}
		c.Name = c.Cell.Name()
		r.Cells = append(r.Cells, c)
	}
	for want, hosts := range map[string][]string{" on 2 machines with the old CPU": {"a", "b"}, " over all 3 machines of 2 kinds": {"a", "b", "c"}} {
		a := result.Advice{For: "speed", Scenario: "compress", Cell: r.Cells[0].Unhosted(), Hosts: hosts, MBPerS: &result.Interval{Est: 321}}
		got := adviceLine(r, a)
		if !strings.Contains(got, want) || !strings.Contains(got, "klauspost at level 3") || !strings.Contains(got, "321") {
			t.Errorf("%v: %s", hosts, got)
		}
	}
}
