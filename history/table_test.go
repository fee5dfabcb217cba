package history

import "testing"

// No value has an exponent, and each has the unit that fits it.
func TestDraw(t *testing.T) {
	for _, c := range []struct {
		metric string
		v      float64
		want   string
	}{
		{"ns_per_op", 12.5, "12.5 ns"}, {"ns_per_op", 187_654, "187.7 µs"}, {"ns_per_op", 12_345_678, "12.35 ms"}, {"ns_per_op", 3e9, "3 s"},
		{"p99_us", 1240, "1.24 ms"}, {"p99_us", 12.5, "12.5 µs"}, {"p99_us", 0.25, "250 ns"}, {"p99_us", 3.2e6, "3.2 s"},
		{"allocs_per_op", 123456, "123456"}, {"allocs_per_op", 0.25, "0.25"}, {"allocs_per_op", 0, "0"}, {"allocs_per_op", 0.0000123, "0.0000123"},
		{"ratio", 3.5, "3.500x"}, {"peak_rss_bytes", 1 << 20, "1.0 MiB"},
	} {
		if got := Draw(c.metric, c.v); got != c.want {
			t.Errorf("%s %v is %q, want %q", c.metric, c.v, got, c.want)
		}
	}
}
