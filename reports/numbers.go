package reports

import (
	"math"
	"strconv"
	"time"

	"zstdshop/harness/analyze"
	"zstdshop/harness/result"
)

// significant draws v with n significant digits, and with all of those before
// the decimal point: 5.23, 81.2, 512, 12345. Only beyond 10^15 is there an
// exponent.
func significant(v float64, n int) string {
	if v == 0 {
		return "0"
	}
	if a := math.Abs(v); !(a < 1e15) || a < 1e-6 { // NaN too
		return strconv.FormatFloat(v, 'g', n, 64)
	}
	decimals := func(v float64) int {
		return max(0, n-1-int(math.Floor(math.Log10(math.Abs(v)))))
	}
	d := decimals(v)
	// 9.996 becomes 10.00, which is a digit too many: count again once rounded.
	scale := math.Pow(10, float64(d))
	if rounded := math.Round(v*scale) / scale; rounded != 0 {
		d = decimals(rounded)
	}
	return fixedPlaces(v, d)
}

// noBounds stands where there is no interval.
const noBounds = "±?"

// farBounds stands where an interval is wider than the figure itself.
const farBounds = "±>99%"

// boundsOf draws how far the interval reaches, as shares of the estimate and
// rounded up, so that what is printed always holds what was computed: "±1.3%"
// is the wider side; "-4/+1.1%" stands where that side is wider by more than
// half and by more than half a percent of the estimate. "±?" stands where
// there is no interval, and the two ends where shares mean nothing because the
// estimate is not between them or not positive. draw draws an end.
func boundsOf(iv *result.Interval, draw func(float64) string) string {
	if iv.Lo == nil || iv.Hi == nil {
		return noBounds
	}
	below, above := (iv.Est-*iv.Lo)/iv.Est, (*iv.Hi-iv.Est)/iv.Est
	narrow, wide := min(below, above), max(below, above)
	switch {
	case wide >= 1 && narrow >= 0:
		return farBounds
	case iv.Est <= 0 || narrow < 0:
		return draw(*iv.Lo) + ".." + draw(*iv.Hi)
	case wide > 1.5*narrow && wide-narrow > 0.005:
		return "-" + percentUp(below) + "/+" + percentUp(above) + "%"
	}
	return "±" + percentUp(wide) + "%"
}

// percentUp draws a share as percent rounded up: 0.1 steps below 10 %, whole
// ones above.
func percentUp(share float64) string {
	const noise = 1e-9 // of the float itself, not to be rounded up
	p := share * 100
	if p < 10-noise {
		return fixedPlaces(max(0, math.Ceil(p*10-noise)/10), -1)
	}
	return fixedPlaces(math.Ceil(p-noise), 0)
}

// times draws a factor for a sentence: 1.04x, 1.9x, 12x.
func times(v float64) string {
	switch {
	case v < 1.095:
		return fixedPlaces(v, 2) + "x"
	case v < 9.95:
		return fixedPlaces(v, 1) + "x"
	}
	return fixedPlaces(v, 0) + "x"
}

// bytesText draws a size in decimal units, as throughput has them: 1.0 MB.
func bytesText(n int64) string {
	switch v := float64(n); {
	case v < 1e3:
		return strconv.FormatInt(n, 10) + " bytes"
	case v < 999.95e3:
		return fixedPlaces(v/1e3, 1) + " kB"
	case v < 999.95e6:
		return fixedPlaces(v/1e6, 1) + " MB"
	default:
		return fixedPlaces(v/1e9, 1) + " GB"
	}
}

// blockText draws a block size, which people choose in binary units: 64 KiB.
func blockText(n int64) string {
	const kib, mib = 1 << 10, 1 << 20
	switch {
	case n == 0:
		return "whole files"
	case n%mib == 0:
		return grouped(n/mib) + " MiB"
	case n%kib == 0:
		return grouped(n/kib) + " KiB"
	}
	return grouped(n) + " bytes"
}

// grouped draws a whole number with commas between the thousands.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// plural counts things: 1 CPU, 2 CPUs.
func plural(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return grouped(int64(n)) + " " + thing
}

func fixedPlaces(v float64, places int) string { return strconv.FormatFloat(v, 'f', places, 64) }

// percentText is a share as percent, with the digits that it takes.
func percentText(share float64) string { return fixedPlaces(100*share, -1) }

// secondsText draws a duration given in nanoseconds: 48.2 s.
func secondsText(ns int64) string { return fixedPlaces(float64(ns)/1e9, 1) + " s" }

// moreText is how much longer something would take, in seconds; that nobody waits for it
// where it is longer than anybody would.
func moreText(ns int64) string {
	if tooLong(ns) {
		return "> " + grouped(int64(analyze.LongestAdvised/time.Second))
	}
	return grouped(ns/1e9 + 1)
}

// tooLong reports whether advice does not name a time.
func tooLong(ns int64) bool { return time.Duration(ns) > analyze.LongestAdvised }

// outlook says how much longer deciding would take, or where nobody would wait for it what
// share of a difference, 0 where that is not known, is told in the time given.
func outlook(ns int64, would string, told float64) string {
	if !tooLong(ns) {
		return "about " + moreText(ns) + " s more " + would
	}
	text := "this machine does not tell in an hour"
	if told > 0 {
		text += "; in the time given it tells differences of " + percentUp(told) + " %"
	}
	return text
}

// quotient draws a quotient with at least so many places, and more where it
// would look like 1 and is not.
func quotient(v float64, places int) string {
	for math.Abs(v-1) > 1e-7 && fixedPlaces(v, places) == fixedPlaces(1, places) {
		places++
	}
	return fixedPlaces(v, places)
}
