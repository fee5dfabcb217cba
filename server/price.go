package server

import "time"

// Nominal prices say what a request may ask for, and what one may cost before any
// like it has been measured (prices.go). A level costs what libzstd takes for it, in
// picoseconds of CPU for each byte of text; a codec that is quicker gains nothing
// from it. The same price for every codec keeps the answer to a level from depending
// on who serves it, and on how busy the machine is.
//
// Rounded up from 4 MiB of a novel and of a database's files, on a shared virtual
// machine whose neighbours make a factor of two at times. From 13 on libzstd
// searches trees larger than a cache, and the memory's speed is what counts.
var nominal = [...]int64{
	1: 5_000, 2: 6_500, 3: 9_000, 4: 11_000, 5: 18_000, 6: 26_000, 7: 30_000, 8: 36_000, 9: 40_000, 10: 52_000, 11: 67_000, 12: 80_000,
	13: 300_000, 14: 320_000, 15: 350_000, 16: 450_000, 17: 550_000, 18: 650_000, 19: 900_000, 20: 930_000, 21: 960_000, 22: 1_000_000,
}

// decodePrice is the same for a byte that decompression makes.
const decodePrice = 2_000

// priceOf is the CPU time that compressing size bytes at level may take. Levels
// below 1 cost what 1 does: they are quicker, and none is slower.
func priceOf(size, level int) time.Duration {
	level = min(max(level, 1), len(nominal)-1)
	return time.Duration(int64(size) * nominal[level] / 1000)
}

// affordable is the most bytes that level compresses for cost.
func affordable(cost time.Duration, level int) int {
	level = min(max(level, 1), len(nominal)-1)
	return int(int64(cost) * 1000 / nominal[level])
}

// decodeCost is the CPU time that making size bytes may take.
func decodeCost(size int64) time.Duration { return time.Duration(size * decodePrice / 1000) }
