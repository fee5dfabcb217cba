// Package result is what every package after measuring speaks: a Result is one
// run, what was asked, on which machine and what came out.
//
// Start with Result, which is made of CellResults (a Cell's keys with its figures
// and raw samples), Comparisons of two cells with a verdict, and Checks of a gate.
// Its JSON form is published as zstdshop/result/v1. How figures and verdicts come
// about is package analyze's; how they look is package reports'.
package result
