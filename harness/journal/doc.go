// Package journal is the raw record of a run.
//
// A Log is what a run has found out so far: a Header that is fixed when it begins,
// then Records in the order they came: the schedule, rounds of samples, failures,
// the end. A Journal keeps a Log on disk, so that a kill loses at most the round
// under way and the run can go on. Package measure appends, package analyze reads.
package journal
