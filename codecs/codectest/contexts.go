package codectest

// contextRules are those of contexts, whichever way they were made.
var contextRules = []rule{
	{"bound", checkBound},
	{"round trip", checkRoundTrip},
	{"compress buffer", checkCompressBuffer},
	{"decompress buffer", checkDecompressBuffer},
	{"source", checkSource},
	{"allocation", checkAllocation},
	{"same output", checkSameOutput},
	{"reuse after error", checkReuse},
	{"damaged frames", checkDamage},
	{"close", checkClose},
	{"separate contexts", checkSeparate},
	{"concurrent contexts", checkConcurrent},
}
