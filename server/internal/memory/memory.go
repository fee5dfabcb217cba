// Package memory is what large bodies and answers may hold together, and the buffers
// that they are in. Nothing of any size exists before it has been counted.
//
// Start at Holding, which is what one request has of it.
package memory

import (
	"errors"
	"sync/atomic"
	"time"

	"zstdshop/server/internal/admission"
	"zstdshop/server/internal/lane"
)

// Memory lends buffers and counts the large ones. Bodies and answers have a half each:
// bodies are held while their requests wait for a turn, and an answer must find room
// then. Its methods may be called by several goroutines.
type Memory struct {
	bodies, answers admission.Control
	buffers         buffers
	lane            lane.Lane
	begun           atomic.Uint64
}

// New makes a memory of so many bytes. Who wants to send a body waits for at most
// timeout. Large buffers are made with a place in l.
func New(bytes int64, timeout time.Duration, l lane.Lane) *Memory {
	half := max(bytes/2, 1)
	return &Memory{
		bodies:  admission.Control{Capacity: half, Most: 1, Timeout: timeout},
		answers: admission.Control{Capacity: half},
		lane:    l,
	}
}

// ErrFull says that there is no room, and that waiting did not help.
var ErrFull = errors.New("no memory is left")

// Load is what is held, and how many wait to send their body.
func (m *Memory) Load() (held int64, waiting int) {
	bodies, waiting := m.bodies.Load()
	answers, _ := m.answers.Load()
	return bodies + answers, waiting
}

// Begun is how many large bodies have been let in, or asked to be.
func (m *Memory) Begun() uint64 { return m.begun.Load() }
