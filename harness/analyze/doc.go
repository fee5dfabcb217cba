// Package analyze turns the raw record of a run into what can be said of it.
//
// Derive makes a Result of a journal's Log: the time of each cell with an interval
// (cleantimes.go), the pairs of cells held against each other (pairs.go, verdict.go),
// the checks of a gate (gate.go). Compare and Merge make one Result of several,
// Recommend and Fronts answer which cell to take. All are functions of their
// arguments: nothing is measured, and no file or clock is read.
package analyze
