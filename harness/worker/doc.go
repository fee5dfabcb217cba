// Package worker is the worker side of the harness, and the protocol both
// sides speak.
//
// A worker is a process that measures one cell. The controller (package
// harness) starts it, hands it the cell with a prepare message and asks for
// slices; the worker answers each with a sample. While it is not asked for
// anything it sleeps in a read. docs/protocol.md is the specification, written
// so that a worker in another language can be made from that page alone.
//
// Start with Message, then Serve.
package worker
