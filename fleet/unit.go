package fleet

import (
	"fmt"
	"slices"
	"time"

	"zstdshop/harness/plan"
	"zstdshop/harness/result"
	"zstdshop/scenarios/corpus"
)

const unitSchema = "zstdshop/unit/v1"

// Unit is one message of the work queue: all that is compared with each other, as values
// of a plan. It names no command and no path.
type Unit struct {
	Schema string `json:"schema"`
	Run    string `json:"run"`
	ID     string `json:"unit"`
	Queue  string `json:"queue"`
	Name   string `json:"name"` // for people
	// Attempt counts from 1 how often the unit was put into the queue: again where an
	// outcome was refused.
	Attempt int           `json:"attempt"`
	Cells   []result.Cell `json:"cells"`
	Corpora []Parcel      `json:"corpora"`
	Dicts   []Parcel      `json:"dicts"` // that are files; others are trained by the agent
	Terms
	// Wants is the program that is to measure, and Fingerprint the kind of machine; nil
	// and "" where any will do.
	Wants       *Program `json:"wants,omitempty"`
	Fingerprint string   `json:"fingerprint,omitempty"`
}

// Terms are how to measure a unit, as plan.Terms are.
type Terms struct {
	Budget    int64   `json:"budget_ns"`
	Timeout   int64   `json:"timeout_ns"`
	Precision float64 `json:"precision"`
	Delta     float64 `json:"delta"`
	Seed      uint64  `json:"seed"`
	Seeded    bool    `json:"seeded"`
	Reference string  `json:"reference"`
}

// Parcel is data that a unit works on.
type Parcel struct {
	Name   string `json:"name"`   // as cells have it
	Digest string `json:"digest"` // of the data, as results have it
	Bytes  int64  `json:"bytes"`
	// Object is the digest of what travels, by which it is called; "" where every program
	// has the data built in.
	Object string `json:"object,omitempty"`
}

const (
	maxCells    = 2000
	maxParcels  = 200
	maxBudget   = 7 * 24 * time.Hour
	maxAttempts = 5
	// maxFailures is how often a unit may fail: what disturbed a machine once, as where its
	// budget was too small for what it took then, need not be there another time.
	maxFailures = 2
	// maxDeliveries is how often one unit is given to agents: one that ends every agent
	// must not end them for ever.
	maxDeliveries = 5
)

// unitOf writes down a unit of a plan.
func unitOf(u plan.Unit, run, queue string, corpora, dicts []Parcel) *Unit {
	return &Unit{Schema: unitSchema, Run: run, ID: u.ID, Queue: queue, Name: u.Name, Attempt: 1, Cells: u.Cells, Corpora: corpora, Dicts: dicts,
		Terms: Terms{Budget: int64(u.Budget), Timeout: int64(u.Timeout), Precision: u.Precision, Delta: u.Delta, Seed: u.Seed, Seeded: u.Seeded, Reference: u.Reference}}
}

// readUnit reads the message that waits at a subject. What it takes is possible; whether
// this program can do it, admit says.
func readUnit(subject string, data []byte) (*Unit, error) {
	var u Unit
	if err := decode(data, unitSchema, &u); err != nil {
		return nil, err
	}
	if err := u.check(); err != nil {
		return nil, refused("%w", err)
	}
	if want := unitSubject(u.Run, u.Queue, u.ID); subject != want {
		return nil, refused("it is unit %s, queue %s of run %s, and came as %s", u.ID, u.Queue, u.Run, clip(subject))
	}
	return &u, nil
}

func (u *Unit) check() error {
	for _, token := range []string{u.Run, u.ID, u.Queue} {
		if err := checkToken(token); err != nil {
			return err
		}
	}
	switch {
	case u.Attempt < 1 || u.Attempt > maxAttempts:
		return fmt.Errorf("attempt %d: want 1 to %d", u.Attempt, maxAttempts)
	case len(u.Cells) == 0 || len(u.Cells) > maxCells:
		return fmt.Errorf("%d cells: want 1 to %d", len(u.Cells), maxCells)
	case len(u.Corpora) > maxParcels || len(u.Dicts) > maxParcels:
		return fmt.Errorf("%d corpora, %d dictionaries: want at most %d", len(u.Corpora), len(u.Dicts), maxParcels)
	case u.Budget <= 0 || u.Budget > int64(maxBudget) || u.Timeout <= 0 || u.Timeout > int64(maxBudget):
		return fmt.Errorf("budget %v, timeout %v: want times above zero, of a week at most", time.Duration(u.Budget), time.Duration(u.Timeout))
	case !(u.Precision > 0 && u.Precision < 1) || !(u.Delta > 0 && u.Delta < 1):
		return fmt.Errorf("precision %v, delta %v: want shares above 0 and below 1", u.Precision, u.Delta)
	}
	if err := checkText("name", u.Name); err != nil {
		return err
	}
	if err := checkText("fingerprint", u.Fingerprint); err != nil {
		return err
	}
	if u.Wants != nil {
		if err := u.Wants.check(); err != nil {
			return err
		}
	}
	return u.checkCells()
}

// checkCells refuses cells that are there twice, are not of one unit, or name data that
// does not come along.
func (u *Unit) checkCells() error {
	names := map[string]bool{}
	for _, c := range u.Cells {
		name := c.Name()
		switch {
		case names[name]:
			return fmt.Errorf("cell %s is there twice", clip(name))
		case c.Build != "" || c.Host != "":
			return fmt.Errorf("cell %s names a build or a host", clip(name))
		case c.UnitName() != u.Cells[0].UnitName():
			return fmt.Errorf("cell %s is of another unit than %s", clip(name), clip(u.Cells[0].Name()))
		case c.Corpus != "" && !has(u.Corpora, c.Corpus):
			return fmt.Errorf("cell %s: its corpus does not come along", clip(name))
		}
		if err := checkText("cell", name); err != nil {
			return err
		}
		if _, trained := result.TrainSize(c.Dict); c.Dict != "" && !trained && !has(u.Dicts, c.Dict) {
			return fmt.Errorf("cell %s: its dictionary does not come along", clip(name))
		}
		names[name] = true
	}
	if u.Reference != "" && !names[u.Reference] {
		return fmt.Errorf("no cell is the reference %s", clip(u.Reference))
	}
	for _, p := range u.Corpora {
		if err := p.check(corpus.MaxBytes); err != nil {
			return fmt.Errorf("corpus %w", err)
		}
	}
	for _, p := range u.Dicts {
		if p.Object == "" {
			return fmt.Errorf("dictionary %s does not come along", clip(p.Name))
		}
		if err := p.check(plan.MaxDict); err != nil {
			return fmt.Errorf("dictionary %w", err)
		}
	}
	return nil
}

func has(parcels []Parcel, name string) bool {
	return slices.ContainsFunc(parcels, func(p Parcel) bool { return p.Name == name })
}

func (p Parcel) check(most int64) error {
	if err := checkName(p.Name); err != nil {
		return err
	}
	if p.Bytes < 0 || p.Bytes > most {
		return fmt.Errorf("%s: %d bytes: want at most %d", p.Name, p.Bytes, most)
	}
	if err := checkSum(p.Digest); err != nil {
		return fmt.Errorf("%s: %w", p.Name, err)
	}
	if p.Object == "" {
		return nil
	}
	if err := checkSum(p.Object); err != nil {
		return fmt.Errorf("%s: %w", p.Name, err)
	}
	return nil
}
