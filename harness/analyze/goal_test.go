package analyze

import (
	"strings"
	"testing"
)

func TestParseGoal(t *testing.T) {
	for _, c := range []struct {
		text, aim string
		values    []float64
	}{
		{"size", aimSize, nil},
		{"fastest", aimSpeed, nil},
		{"speed, ratio>=3", aimSpeed, []float64{3}},
		{"fastest at ratio>=3", aimSpeed, []float64{3}},
		{"decompress>=500MB/s", aimSize, []float64{500e6}},
		{"compress >= 1.5 GB/s", aimSize, []float64{1.5e9}},
		{"compress>=20kB/s", aimSize, []float64{20e3}},
		{"compress>=20KB/s", aimSize, []float64{20e3}},
		{"compress>=2MiB/s", aimSize, []float64{2 << 20}},
		{"compress>7B/s", aimSize, []float64{7}},
		{"compress>=1MB/s,decompress>=2GiB/s", aimSize, []float64{1e6, 2 << 30}},
		{"compress>=100MB/s,decompress>=500MB/s,ratio>=3,p99<1ms,memory<64MiB", aimSpeed, []float64{1e8, 5e8, 3, 1e6, 64 << 20}},
		{"balanced,P99<=30us,max<2s,p50<100ns,p90<1µs", aimBalanced, []float64{30e3, 2e9, 100, 1e3}},
		{"window<=1MiB,stream memory<2MB,stream-setup<1ms,B/flush<90", aimSpeed, []float64{1 << 20, 2e6, 1e6, 90}},
		{"stream-flush>=1MB/s,Flush P99<1ms,flush-p50<10us", aimSpeed, []float64{1e6, 1e6, 1e4}},
		{"peak RSS<1MB,allocs/op<2", aimSpeed, []float64{1e6, 2}},
		{"ratio>=2.5x,rss<100MB,allocs<1", aimSpeed, []float64{2.5, 1e8, 1}},
	} {
		g, err := ParseGoal(c.text)
		if err != nil || g.Text != c.text || g.aim != c.aim || len(g.Bounds) != len(c.values) {
			t.Errorf("%s: %+v, %v", c.text, g, err)
			continue
		}
		for i, b := range g.Bounds {
			if b.Value != c.values[i] {
				t.Errorf("%s: %v, want %v", b.Text, b.Value, c.values[i])
			}
		}
	}
	for text, want := range map[string]string{
		"": "want size, speed or balanced", "fast": "ratio, B/flush, p50, p90, p99, max, flush p50, flush p99, allocs, window, stream memory, stream setup, memory, rss", "decompress>=500": "want a speed with its unit",
		"decompress=500MB/s": "or bounds", ">=5MB/s": "or bounds", "compress>=-1MB/s": "a speed", "compress>=xMB/s": "a speed", "compress>=InfMB/s": "a speed",
		"compress<1MB/s": "write compress>1MB/s", "ratio<=3": "write ratio>=3", "p99>1ms": "write p99<1ms", "memory>=1MiB": "write memory<=1MiB",
		"ratio>=3MB": "want a number", "p99<1": "want a time", "memory<64": "want a size", "p98<1ms": "p98 is none of the figures, and so a scenario; figures are",
		"cores<2": "no goal can be about cores: figures are ratio", "RSS before<1MB": "no goal can be about RSS before", "window>1MiB": "write window<1MiB",
		"flush p98<1ms": "or bounds", "stream memory<1ms": "want a size",
		"size,speed": "--recommend once for each", "ratio>=3,ratio>=4": "bound the same", "size,": "or bounds", "ratio>=3 ,, p99<1ms": "or bounds",
	} {
		if g, err := ParseGoal(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %+v, %v; want %q", text, g, err, want)
		}
	}
}
