// Package reports turns a *result.Result into something to read: tables for a
// terminal, markdown, CSV, the Go benchmark format, and the JSON that is the
// saved form of a Result. It measures nothing and decides nothing: figures,
// intervals and verdicts are the Result's own, and a report never names a
// winner that no Comparison in the Result supports.
//
// Write is the one way in for all formats, and Sentence the line that sums a run
// up. Select and Advise are what filters and recommendations make of a Result.
// Annotations, Summary and JUnit are for the gate in CI.
//
// The flow, for the formats that people read:
//
//	table.go     the model: a document of tables, columns, rows and cells
//	keys.go      what tells rows and tables apart
//	figures.go   what can stand in a column: unit, direction, how it is drawn
//	ranking.go   which cells the comparisons put first
//	sentence.go  the closing sentence
//	comparison.go  a document of two sides of the same cells; contest.go pairs them
//	document.go  a document of any result, made of all of these
//	text.go, markdown.go  draw and escape a document, nothing more
//	html.go, package html  the same as a page, with pictures
//	reports.go   the formats
//
// No file calls one that stands behind it here.
//
// CSV, JSON and the benchmark format are for programs: they carry every figure
// in base units and are written from the Result itself.
//
// Names of corpora, codecs and environments come from users. visible.go makes
// them harmless wherever they are drawn; only JSON keeps them as they are.
package reports
