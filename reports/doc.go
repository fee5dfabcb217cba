// Package reports turns a *result.Result into something to read: tables for a
// terminal, markdown, CSV, the Go benchmark format, and the JSON that is the
// saved form of a Result. It measures nothing and decides nothing: figures,
// intervals and verdicts are the Result's own, and a report never names a
// winner that no Comparison in the Result supports.
//
// Write is the one way in for all formats; Encode and Read are the two
// directions of the JSON form, ResultSchema its JSON Schema, Sentence the line
// that sums a run up.
//
// The flow, for the formats that people read:
//
//	figures.go   what can stand in a column: unit, direction, how it is drawn
//	ranking.go   which cells the comparisons put first
//	sentence.go  the closing sentence
//	table.go     all of it as one model, the document
//	comparison.go  the same model for two sides of the same cells
//	text.go, markdown.go  draw and escape a document, nothing more
//	html.go, package html  the same as a page, with pictures
//
// CSV, JSON and the benchmark format are for programs: they carry every figure
// in base units and are written from the Result itself.
//
// Names of corpora, codecs and environments come from users. visible.go makes
// them harmless wherever they are drawn; only JSON keeps them as they are.
package reports
