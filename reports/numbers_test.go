package reports

import (
	"math"
	"testing"

	"zstdshop/harness/result"
)

func TestSignificant(t *testing.T) {
	for _, c := range []struct {
		v    float64
		n    int
		want string
	}{
		{0, 3, "0"},
		{1, 3, "1.00"},
		{5.234, 3, "5.23"},
		{81.24, 3, "81.2"},
		{512.3, 3, "512"},
		{512.3, 4, "512.3"},
		{12345.6, 3, "12346"},
		{9.996, 3, "10.0"},
		{99.96, 3, "100"},
		{0.0123456, 3, "0.0123"},
		{0.99996, 4, "1.000"},
		{-5.234, 3, "-5.23"},
		{1e300, 3, "1e+300"},
		{1e-9, 3, "1e-09"},
		{math.Inf(1), 3, "+Inf"},
		{math.NaN(), 3, "NaN"},
	} {
		if got := significant(c.v, c.n); got != c.want {
			t.Errorf("significant(%v, %d) = %s, want %s", c.v, c.n, got, c.want)
		}
	}
}

func TestBoundsOf(t *testing.T) {
	for _, c := range []struct {
		iv   *result.Interval
		want string
	}{
		{around(500, 0.013, 0.013), "±1.3%"},
		{around(500, 0.012, 0.013), "±1.3%"},   // the wider side
		{around(500, 0.0121, 0.0121), "±1.3%"}, // rounded up
		{around(500, 0.0004, 0.0004), "±0.1%"},
		{around(500, 0, 0), "±0%"},
		{around(500, 0.123, 0.123), "±13%"},
		{around(500, 0.0996, 0.0996), "±10%"},
		{around(500, 0.001, 0.005), "±0.5%"}, // uneven, but by less than half a percent
		{around(500, 0.04, 0.011), "-4/+1.1%"},
		{around(500, 0.01, 0.3), "-1/+30%"},
		{&result.Interval{Est: 500}, "±?"},
		{&result.Interval{Est: 500, Lo: ptr(490.0)}, "±?"},
		{&result.Interval{Est: 500, Lo: ptr(510.0), Hi: ptr(520.0)}, "510..520"}, // holds not its estimate
		{&result.Interval{Est: 0, Lo: ptr(0.0), Hi: ptr(0.5)}, "0..0.500"},
	} {
		if got := boundsOf(c.iv, func(v float64) string { return significant(v, 3) }); got != c.want {
			t.Errorf("boundsOf(%v %v %v) = %s, want %s", c.iv.Est, result.Value(c.iv.Lo), result.Value(c.iv.Hi), got, c.want)
		}
	}
}

func TestSizes(t *testing.T) {
	for _, c := range []struct {
		n           int64
		bytes, size string
	}{
		{0, "0 bytes", "whole files"},
		{1, "1 bytes", "1 bytes"},
		{999, "999 bytes", "999 bytes"},
		{1024, "1.0 kB", "1 KiB"},
		{65536, "65.5 kB", "64 KiB"},
		{100_000, "100.0 kB", "100,000 bytes"},
		{999_949, "999.9 kB", "999,949 bytes"},
		{999_950, "1.0 MB", "999,950 bytes"},
		{1 << 20, "1.0 MB", "1 MiB"},
		{3 << 29, "1.6 GB", "1,536 MiB"},
	} {
		if got := bytesText(c.n); got != c.bytes {
			t.Errorf("bytesText(%d) = %s, want %s", c.n, got, c.bytes)
		}
		if got := blockText(c.n); got != c.size {
			t.Errorf("blockText(%d) = %s, want %s", c.n, got, c.size)
		}
	}
}

func TestTimes(t *testing.T) {
	for _, c := range []struct {
		v    float64
		want string
	}{{0.5, "0.50x"}, {1.04, "1.04x"}, {1.0949, "1.09x"}, {1.095, "1.1x"}, {1.94, "1.9x"}, {9.96, "10x"}, {123.4, "123x"}} {
		if got := times(c.v); got != c.want {
			t.Errorf("times(%v) = %s, want %s", c.v, got, c.want)
		}
	}
}

func TestTimeUnit(t *testing.T) {
	for _, c := range []struct {
		ns   []float64
		want string
	}{
		{nil, "µs"},
		{[]float64{500}, "ns"},
		{[]float64{1500, 2e6, 900}, "µs"},
		{[]float64{1.5e6, 2e6, 900}, "ms"},
		{[]float64{2e9}, "s"},
		{[]float64{0}, "ns"},
	} {
		if got := timeUnit(c.ns).name; got != c.want {
			t.Errorf("timeUnit(%v) = %s, want %s", c.ns, got, c.want)
		}
	}
}
