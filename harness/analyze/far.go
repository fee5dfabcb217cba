package analyze

import (
	"math"

	"zstdshop/stats"
)

// Cells can be hundreds of times apart, and the slow one's rounds so long that few fit into
// a budget. Before there are rounds enough for any interval, cells are told apart where
// they differ by more than far, whatever is subtracted for doubt. A machine that switches
// speed in the same moment with every one of three rounds would move a quotient by no more
// than that, so three equal rounds are no proof of a difference of less.

// far is that quotient, and farShare the part of the error allowed that is for it.
const (
	far      = 2.0
	farShare = 0.1
)

// farInterval is of log quotients, at the level 1-level; false where they are not that far
// from 0.
func farInterval(logs stats.Sequence, level float64) (lo, hi float64, ok bool) {
	lo, hi = logs.FarInterval(farShare * level)
	return lo, hi, lo > math.Log(far) || hi < -math.Log(far)
}

// farClaim is the p-value of the claim that quotients are that far from 1.
func farClaim(logs stats.Sequence) float64 {
	mean := logs.Mean()
	if math.IsNaN(mean) || math.Abs(mean) <= math.Log(far) {
		return 1
	}
	return min(1, logs.FarPValue(math.Copysign(math.Log(far), mean))/farShare)
}
