// Package server is the shop: compression and decompression over HTTP, on
// fasthttp, with any of the zstd codecs of the registry.
//
// Start at routes.go, the table of contents: router, limits, methods and the
// OpenAPI document are made from it. A request then goes through
//
//	accept.go    one goroutine for each connection, whose panics end nobody else
//	session.go   what a connection is to fasthttp: hooks and per-request state
//	examine.go   all that can be refused by the header alone, before a body is read
//	admission.go who may begin: memory by bytes, codings by the CPU time they will take
//	coding.go    the work, the same for JSON and raw bodies
//	problem.go   what is answered when something is wrong
//
// and the listener through drain.go when the server is told to end.
//
// Nothing here knows a codec by name: they come in Options, as the benchmark's
// do. The leaf packages under internal know nothing of HTTP: frame checks zstd
// frames before a codec sees them, body reads and writes the JSON of the hot
// path.
package server
