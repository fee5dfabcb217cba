package analyze

import (
	"errors"
	"math"
	"strconv"
	"strings"

	"zstdshop/harness/result"
)

// A dimension is what a bound of a goal counts in, and the units that people write.
type dimension struct {
	units []unit // the longer of two with one ending first; "" where none is needed
	want  string
}

type unit struct {
	name string
	size float64 // base units in one
}

var (
	sizes = []unit{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"kB", 1e3}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"B", 1}}

	ofSpeed = dimension{perSecond(sizes), "want a speed with its unit: B/s, kB/s, MB/s, GB/s, KiB/s, MiB/s or GiB/s"}
	ofSize  = dimension{sizes, "want a size with its unit: B, kB, MB, GB, KiB, MiB or GiB"}
	ofTime  = dimension{[]unit{{"ns", 1}, {"us", 1e3}, {"µs", 1e3}, {"μs", 1e3}, {"ms", 1e6}, {"s", 1e9}}, "want a time with its unit: ns, us, ms or s"}
	ofRatio = dimension{[]unit{{"x", 1}, {"", 1}}, "want a number, such as 3 or 2.5x"}
	ofCount = dimension{[]unit{{"", 1}}, "want a number, such as 1"}
)

func perSecond(of []unit) []unit {
	out := make([]unit, len(of))
	for i, u := range of {
		out[i] = unit{u.name + "/s", u.size}
	}
	return out
}

// dimensionOf is what a metric is asked for in.
func dimensionOf(m result.Metric) dimension {
	switch {
	case m.Unit == result.Nanoseconds:
		return ofTime
	case m.Unit == result.Bytes:
		return ofSize
	case m.Suffix != "":
		return ofRatio
	}
	return ofCount
}

// parse returns a quantity above zero in base units: bytes, nanoseconds.
func (d dimension) parse(text string) (float64, error) {
	for _, u := range d.units {
		number, ok := strings.CutSuffix(text, u.name)
		if !ok {
			continue
		}
		v, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		if err != nil || !(v > 0) || math.IsInf(v*u.size, 0) {
			break
		}
		return v * u.size, nil
	}
	return 0, errors.New(d.want)
}
