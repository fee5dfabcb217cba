// Package stats turns measured times into estimates, intervals and verdicts.
// Everything is a plain function of numbers: no clocks, no files, nothing of
// ours imported. Formulas name their source.
package stats
