// Package server is the shop: compression and decompression over HTTP, on
// fasthttp, with any of the zstd codecs of the registry.
//
// Start at routes.go, the table of contents: router, limits, methods and the
// OpenAPI document are made from it. A request then goes through
//
//	accept.go    one goroutine for each connection, whose panics end nobody else
//	session.go   what a connection is to fasthttp: hooks and per-request state
//	intake.go    where headers and bodies begin and end in what the connection brings
//	examine.go   all that can be refused by the header alone, before a body is read
//	arrival.go   all that can be refused while a body arrives
//	memory.go    what bodies and answers may hold, counted before it exists
//	admission.go who may begin, in order of arrival, and who must come again
//	prices.go    what codings take here and now, by which the queue is bounded
//	dictionary.go what frames of a request may refer to
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
