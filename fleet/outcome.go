package fleet

import (
	"fmt"
	"slices"
)

const outcomeSchema = "zstdshop/outcome/v1"

// Outcome is what became of a unit, as its agent says it. The result itself is an object.
type Outcome struct {
	Schema      string `json:"schema"`
	Run         string `json:"run"`
	Unit        string `json:"unit"`
	Queue       string `json:"queue"`
	Attempt     int    `json:"attempt"`
	Agent       string `json:"agent"`
	Host        string `json:"host"`
	Fingerprint string `json:"fingerprint"`
	Status      Status `json:"status"`
	Reason      string `json:"reason,omitempty"` // of a status other than Measured
	Object      string `json:"object,omitempty"` // digest of the result, by which it is called
	Bytes       int64  `json:"bytes,omitempty"`
}

// Status is what became of a unit.
type Status string

const (
	Measured Status = "measured"
	Refused  Status = "refused" // the agent does not do such units
	Failed   Status = "failed"  // the run came to nothing; a failed cell is part of a result
	Lost     Status = "lost"    // agents that had it were never heard of again
)

// maxFigures is the most bytes of the result of one unit.
const maxFigures = 128 << 20

// readOutcome reads the message of a subject.
func readOutcome(subject string, data []byte) (*Outcome, error) {
	var o Outcome
	if err := decode(data, outcomeSchema, &o); err != nil {
		return nil, err
	}
	if err := o.check(); err != nil {
		return nil, refused("%w", err)
	}
	if subject != outcomeSubject(o.Agent, o.Run, o.Unit) {
		return nil, refused("it is of agent %s about unit %s of run %s, and came as %s", o.Agent, o.Unit, o.Run, clip(subject))
	}
	return &o, nil
}

func (o *Outcome) check() error {
	for _, token := range []string{o.Run, o.Unit, o.Queue, o.Agent} {
		if err := checkToken(token); err != nil {
			return err
		}
	}
	for _, text := range []string{o.Host, o.Fingerprint, o.Reason} {
		if err := checkText("outcome", text); err != nil {
			return err
		}
	}
	switch {
	case o.Attempt < 1 || o.Attempt > maxAttempts:
		return fmt.Errorf("attempt %d: want 1 to %d", o.Attempt, maxAttempts)
	case !slices.Contains([]Status{Measured, Refused, Failed, Lost}, o.Status):
		return fmt.Errorf("status %q", clip(string(o.Status)))
	case o.Queue != anyQueue && o.Queue != o.Agent:
		return fmt.Errorf("agent %s answers for queue %s", o.Agent, o.Queue)
	case o.Status != Measured && o.Reason == "":
		return fmt.Errorf("it is %s and says not why", o.Status)
	case o.Status != Measured:
		return nil
	case o.Bytes < 1 || o.Bytes > maxFigures:
		return fmt.Errorf("a result of %d bytes: want at most %d", o.Bytes, maxFigures)
	}
	return checkSum(o.Object)
}
