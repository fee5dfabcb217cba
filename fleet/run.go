package fleet

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"zstdshop/harness/result"
)

const runSchema = "zstdshop/run/v1"

// Run is a run of a controller's, as agents see it.
type Run struct {
	Schema string    `json:"schema"`
	ID     string    `json:"run"`
	Began  time.Time `json:"began"`
	Units  int       `json:"units"`
	// Agents are those that measure the whole matrix each; empty where the units are
	// spread over all that fit.
	Agents []string `json:"agents"`
	// On are labels that an agent must have, Fingerprint is the kind of machine and Wants
	// the program; empty where any will do.
	On          map[string]string `json:"on"`
	Fingerprint string            `json:"fingerprint,omitempty"`
	Wants       *Program          `json:"wants,omitempty"`
	// Object is the digest of the run's own record, for a controller that goes on.
	Object string `json:"object"`
	Bytes  int64  `json:"bytes"`
}

const maxAgents = 5000

// readRun reads the value of a key of the runs' bucket.
func readRun(key string, data []byte) (*Run, error) {
	var r Run
	if err := decode(data, runSchema, &r); err != nil {
		return nil, err
	}
	if err := r.check(); err != nil {
		return nil, refused("%w", err)
	}
	if key != r.ID {
		return nil, refused("it is run %s, and came as %s", r.ID, clip(key))
	}
	return &r, nil
}

func (r *Run) check() error {
	if err := checkToken(r.ID); err != nil {
		return err
	}
	if len(r.Agents) > maxAgents || len(r.On) > maxLabels || r.Units < 1 || r.Bytes < 1 || r.Bytes > maxRecord {
		return fmt.Errorf("%d agents, %d labels, %d units, a record of %d bytes", len(r.Agents), len(r.On), r.Units, r.Bytes)
	}
	for _, agent := range r.Agents {
		if _, err := ParseName(agent); err != nil {
			return err
		}
	}
	for key, value := range r.On {
		if err := checkText("label", key+value); err != nil {
			return err
		}
	}
	if err := checkText("fingerprint", r.Fingerprint); err != nil {
		return err
	}
	if r.Wants != nil {
		if err := r.Wants.check(); err != nil {
			return err
		}
	}
	return checkSum(r.Object)
}

// queue is the queue of the run that an agent may take units from; else why it may not.
func (r *Run) queue(p *Presence) (queue, why string) {
	for _, key := range slices.Sorted(maps.Keys(r.On)) {
		if got := p.label(key); got != r.On[key] {
			return "", fmt.Sprintf("its %s is %q, not %q", key, got, r.On[key])
		}
	}
	if r.Wants != nil {
		if why := r.Wants.differs(p.Program, slices.Sorted(maps.Keys(r.Wants.Libraries))); why != "" {
			return "", why
		}
	}
	if r.Fingerprint != "" && p.Machine.Fingerprint != r.Fingerprint {
		return "", fmt.Sprintf("its fingerprint is %s, not %s", p.Machine.Fingerprint, r.Fingerprint)
	}
	if len(r.Agents) == 0 {
		return anyQueue, ""
	}
	if !slices.Contains(r.Agents, p.Agent) {
		return "", "the run was begun without it"
	}
	return p.Agent, ""
}

// queues are all of the run's.
func (r *Run) queues() []string {
	if len(r.Agents) == 0 {
		return []string{anyQueue}
	}
	return r.Agents
}

const recordSchema = "zstdshop/fleet/v1"

// maxRecord is the most bytes of a record.
const maxRecord = 256 << 20

// record is all that a controller needs to go on with a run, on whichever machine.
type record struct {
	Schema   string           `json:"schema"`
	Units    []*Unit          `json:"units"` // of one queue; others have the same
	Args     []string         `json:"args"`  // of the command
	Warnings []result.Warning `json:"warnings"`
}

// readRecord reads a record of a run.
func readRecord(r *Run, data []byte) (*record, error) {
	var rec record
	if err := decodeObject(data, recordSchema, &rec); err != nil {
		return nil, err
	}
	if len(rec.Units) != r.Units {
		return nil, refused("it has %d units, the run %d", len(rec.Units), r.Units)
	}
	seen := map[string]bool{}
	for _, u := range rec.Units {
		if u == nil || seen[u.ID] {
			return nil, refused("a unit is there twice, or not at all")
		}
		if err := u.check(); err != nil {
			return nil, refused("%w", err)
		}
		if u.Run != r.ID {
			return nil, refused("it has unit %s of run %s", u.ID, u.Run)
		}
		seen[u.ID] = true
	}
	return &rec, nil
}
