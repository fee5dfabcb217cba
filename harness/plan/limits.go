package plan

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"zstdshop/harness"
	"zstdshop/harness/result"
)

// defaultMaxRegression is the limit of times where neither options nor file have one.
const defaultMaxRegression = 0.03

// limitsOf reads the limits of cells: beside time, ratio and allocs, which are
// gated unless they are off, those that are named.
func limitsOf(texts map[string]string, maxRegression float64) (result.Limits, error) {
	l := result.Limits{result.MetricTime: maxRegression, result.MetricRatio: 0, result.MetricAllocs: 0}
	var known []string
	for _, m := range result.Compared() {
		known = append(known, m.Key)
	}
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		m, ok := result.MetricOf(name)
		if !ok {
			return l, harness.UnknownName("limit", name, known)
		}
		text := texts[name]
		if text == "off" {
			delete(l, name)
			continue
		}
		digits, percent := strings.CutSuffix(text, "%")
		v, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
		if percent {
			v /= 100
		}
		switch {
		case m.IsShare() && (err != nil || v < 0 || !percent || v >= 10):
			return l, fmt.Errorf("%s %q: want a percentage, such as 5%%, or off", name, text)
		case !m.IsShare() && (err != nil || v < 0 || percent):
			return l, fmt.Errorf("%s %q: want a number, such as 1.8, or off", name, text)
		}
		l[name] = v
	}
	return l, nil
}
