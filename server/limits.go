package server

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// Limits is what a server is ready to spend. Sizes are bytes. Every one must be
// above zero.
type Limits struct {
	// Text is the most of /compress's text and of /decompress's output: the
	// same, so that what was compressed here can be decompressed here.
	Text int
	// JSON is the most of the body of /compress, escapes and all. That of
	// /decompress follows from Text: the base64 of the largest frame for it.
	JSON int
	// Raw is the most of a body of /v1/..., and of its answer.
	Raw int

	Window int64 // of a frame, as its header has it
	Frames int   // of one request
	Blocks int   // of one request

	// Header is the most of a request's line and header fields; Fields how many
	// fields there may be.
	Header, Fields int
	Connections    int // open at once; one more is answered 503
	Requests       int // on one connection before it is closed

	HeaderTime time.Duration // for a request's header, from its first byte
	BodyTime   time.Duration // for its body
	IdleTime   time.Duration // for the next request on a connection
	WriteTime  time.Duration // for the answer

	// Cost is the most CPU time one request may ask for, as price estimates it.
	Cost time.Duration
	// Codings is how many requests are compressed or decompressed at the same
	// time; calls into C are among them, so it bounds the threads in C too.
	Codings int
	// Queue is how long a request may wait for a coding to end. Where that is to be
	// expected to take longer, by what codings have taken of late, or takes longer,
	// it is answered 503.
	Queue time.Duration
	// Memory is the most that large bodies and answers of all requests may hold
	// together, a half each. A request waits with its body unread until there is room.
	Memory int64

	Bench BenchLimits
}

// BenchLimits bounds /bench.
type BenchLimits struct {
	Workers, Iters int
	Work           int64 // workers x iters
	Time           time.Duration
}

// DefaultLimits are those of the flags' defaults. codings is for as many CPUs.
func DefaultLimits(cpus int) Limits {
	return Limits{
		Text: 4 << 20, JSON: 8 << 20, Raw: 64 << 20,
		Window: 8 << 20, Frames: 1 << 16, Blocks: 1 << 20, // the window of RFC 9659
		Header: 16 << 10, Fields: 100, Connections: 1024, Requests: 1000,
		HeaderTime: 5 * time.Second, BodyTime: 15 * time.Second, IdleTime: 30 * time.Second, WriteTime: 15 * time.Second,
		Cost: time.Second, Codings: cpus, Queue: time.Second, Memory: 128 << 20,
		Bench: BenchLimits{Workers: 64, Iters: 1_000_000_000, Work: 4_000_000_000, Time: 30 * time.Second},
	}
}

// Footprint is what the Go heap should keep to under load: what requests hold and a
// quarter as much that waits for the collector, and contexts of codecs in Go. It is
// for debug.SetMemoryLimit.
func (l Limits) Footprint() int64 {
	return l.Memory*5/4 + int64(l.Codings)*contextBytes(defaultLevel)
}

// base64JSON is the most of the body of /decompress: the base64 of bound bytes,
// and a little for the JSON around it.
func base64JSON(bound int) int { return (bound+2)/3*4 + 1<<10 }

func (l Limits) check() error {
	var wrong []error
	positive := func(name string, v int64) {
		if v <= 0 {
			wrong = append(wrong, fmt.Errorf("server: limit %s is %d: want more than 0", name, v))
		}
	}
	positive("Text", int64(l.Text))
	positive("JSON", int64(l.JSON))
	positive("Raw", int64(l.Raw))
	positive("Window", l.Window)
	positive("Frames", int64(l.Frames))
	positive("Blocks", int64(l.Blocks))
	positive("Header", int64(l.Header))
	positive("Fields", int64(l.Fields))
	positive("Connections", int64(l.Connections))
	positive("Requests", int64(l.Requests))
	positive("HeaderTime", int64(l.HeaderTime))
	positive("BodyTime", int64(l.BodyTime))
	positive("IdleTime", int64(l.IdleTime))
	positive("WriteTime", int64(l.WriteTime))
	positive("Cost", int64(l.Cost))
	positive("Codings", int64(l.Codings))
	positive("Queue", int64(l.Queue))
	positive("Memory", l.Memory)
	positive("Bench.Workers", int64(l.Bench.Workers))
	positive("Bench.Iters", int64(l.Bench.Iters))
	positive("Bench.Work", l.Bench.Work)
	positive("Bench.Time", int64(l.Bench.Time))
	if most := math.MaxInt32 / 8; l.Text > most || l.JSON > most || l.Raw > most {
		wrong = append(wrong, fmt.Errorf("server: limits Text, JSON and Raw are at most %d", most))
	}
	return errors.Join(wrong...)
}
