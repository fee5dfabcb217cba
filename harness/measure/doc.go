// Package measure runs cells and records what they took.
//
// Engine.Run is the way in: it measures the cells of a journal's header until
// every question is answered or the budget is spent. Within it, a pilot run learns
// what each cell costs (pilot.go), the schedule is cut from that (schedule.go),
// and rounds follow (engine.go): a fresh process for each cell of a group, which
// take turns. Launcher and WorkerConn are how it sees those processes; Processes starts
// real ones. Trial is one comparison of a cell with itself, for calibration.
//
// When to stop is decided with package analyze; what the samples mean is left to
// it too.
package measure
