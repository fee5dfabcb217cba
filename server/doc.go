// Package server is the shop: compression and decompression over HTTP, on
// fasthttp, with any of the zstd codecs of the registry.
//
// Start at routes.go, the table of contents: router, limits, methods and the
// OpenAPI document are made from it. server.go composes what the other files
// have; no file uses anything of one above it, so the rest reads upwards from
// resources.go, what all of them share, and exchange.go, a request as its
// handler sees it. A request goes through
//
//	accept.go      one goroutine for each connection, whose panics end nobody else
//	connections.go which connections are open, and which makes room for another
//	hooks.go       what fasthttp calls while it reads a request and when it has
//	session.go     what a connection is to fasthttp
//	examine.go     all that can be refused by the header alone, before a body is read
//	arrival.go     all that can be refused while a body arrives
//	coding.go      the work, the same for JSON and raw bodies
//	turns.go       who may begin, in order of arrival, and who must come again
//	prices.go      what codings take here and now, by which the queue is bounded
//	dictionary.go  what frames of a request may refer to
//	dcz.go         the content coding that says so by itself
//	answer.go      what every answer has
//	problem.go     what is answered when something is wrong
//
// and the listener through drain.go when the server is told to end.
//
// Nothing here knows a codec by name: they come in Options, as the benchmark's
// do. The packages under internal have their own state and know nothing of the
// API: intake reads a connection and knows where headers and bodies begin and
// end, memory counts what bodies and answers may hold before it exists,
// admission lets in what fits, lane bounds who reads large bodies, socket asks
// the operating system, frame checks zstd frames before a codec sees them, body
// reads and writes the JSON of the hot path.
package server
