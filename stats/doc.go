// Package stats computes estimates, intervals, sequential tests, Pareto fronts
// and change points from measured numbers. The packages that analyze and show
// results call it. It knows nothing of cells or runs: everything is a plain
// function of numbers, without clocks or files, and it imports no package of
// this module. Formulas name their source. Start with Sequence, which verdicts
// are made from, and Estimate.
package stats
