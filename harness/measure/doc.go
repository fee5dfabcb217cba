// Package measure runs cells and records what they took.
//
// Run is the way in: it measures what a Request says until every question is
// answered or the budget is spent, and returns the log. bench, compare, gate,
// calibrate and bench --resume all hand it one. It puts programs and corpora in
// place (programs.go, spooled.go); then a pilot run learns what each cell costs
// (pilot.go), the schedule is cut from that (schedule.go), and rounds follow
// (rounds.go): a fresh process for each cell of a group, which take turns. Launcher
// and WorkerConn are how it sees those processes; Processes starts real ones.
//
// When to stop is decided with package analyze; what the samples mean is left to
// it too.
package measure
