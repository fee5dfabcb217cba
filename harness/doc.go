// Package harness is the catalogue of what can be benchmarked, the Registry; the
// packages below it are the measuring engine, along the way of the data:
//
//  1. plan: Options, which flags or a zstdshop.yaml fill, become a Plan: cells, and
//     how to measure them. A cell is one row of a table: a scenario, a codec and
//     level, a runner and its workers, a corpus and a block size.
//  2. measure: Run is told a Request. It starts worker processes, lets the cells of
//     a group take turns, and appends what they said to a journal after each round.
//  3. worker: the process that does a cell's work, and the protocol that it
//     speaks with measure over its standard input and output.
//  4. journal: the raw record of a run, on disk and in memory. A run that was
//     interrupted goes on from it.
//  5. analyze: a journal becomes a Result: estimates with intervals, comparisons
//     with verdicts, checks of a gate, advice. It measures nothing and reads no
//     file, so an old journal or result can be looked at in a new way.
//  6. result: Result and what it is made of: cells, metrics, comparisons, checks.
//     It is all that reports, history and the server see of a run.
//
// Beside them machine says which machine this is and what disturbs it.
//
// Arrows run one way: measure to analyze to journal to result to worker and
// machine, and plan to result. internal/lint holds them.
package harness
