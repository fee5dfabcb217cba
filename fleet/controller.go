package fleet

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go/jetstream"

	"zstdshop/harness/plan"
	"zstdshop/harness/result"
	"zstdshop/scenarios/corpus"
)

// Controller begins runs, goes on with them and collects what comes out. Its fields are set
// before it is used.
type Controller struct {
	Hub *Hub
	// Dir is a folder for the results of units, one file each.
	Dir string
	// Log is told what is refused and what goes wrong; Progress, which may be nil, how far
	// the run is.
	Log      func(format string, args ...any)
	Progress func(State)
	// Wait is how long nobody may be there who could take a unit before it is given up.
	Wait time.Duration
	// AckWait is the silence after which a unit is given to another agent; 0: 30 s.
	AckWait time.Duration
}

const defaultAckWait = 30 * time.Second

// Job is what to measure, and where.
type Job struct {
	Units    []plan.Unit
	Warnings []result.Warning // about what was asked for
	Args     []string         // of the command
	Program  Program          // of the controller
	// Each is set where every agent is to measure all units; else they are spread over
	// agents of one kind of machine.
	Each bool
	On   map[string]string // labels that an agent must have
	// Mixed lets agents of other programs take part, and of other kinds of machines.
	Mixed bool
}

// Session is a run under way, as its controller knows it.
type Session struct {
	Run    *Run
	Record *record

	controller *Controller
	data       []string // digests of the objects that agents read
}

// Args are those of the command that began the run.
func (s *Session) Args() []string { return s.Record.Args }

// Warnings are about what was asked for.
func (s *Session) Warnings() []result.Warning { return s.Record.Warnings }

// Begin puts a job into the queue.
func (c *Controller) Begin(ctx context.Context, job Job) (*Session, error) {
	if len(job.Units) == 0 {
		return nil, fmt.Errorf("%w: no unit to measure", result.ErrPlan)
	}
	var id [6]byte
	rand.Read(id[:])
	run := &Run{Schema: runSchema, ID: hex.EncodeToString(id[:]), Began: time.Now().UTC(), Units: len(job.Units), On: job.On, Agents: []string{}}
	var all []result.Cell
	for _, u := range job.Units {
		all = append(all, u.Cells...)
	}
	if !job.Mixed {
		wants := job.Program.only(codecsOf(all))
		run.Wants = &wants
	}
	if err := c.choose(ctx, run, job); err != nil {
		return nil, err
	}
	s := &Session{Run: run, controller: c, Record: &record{Schema: recordSchema, Args: job.Args, Warnings: job.Warnings}}
	sent := map[*corpus.Corpus]Parcel{}
	for _, u := range job.Units {
		unit, err := s.unit(ctx, u, sent)
		if err != nil {
			return nil, err
		}
		s.Record.Units = append(s.Record.Units, unit)
	}
	data, err := json.Marshal(s.Record)
	if err != nil {
		return nil, fmt.Errorf("fleet: %w", err)
	}
	if run.Bytes = int64(len(data)); run.Bytes > maxRecord {
		return nil, fmt.Errorf("fleet: %d units have a record of %d bytes, more than %d: measure them in several runs", run.Units, run.Bytes, maxRecord)
	}
	if run.Object, err = put(ctx, c.Hub.data, run.ID, data); err != nil {
		return nil, fmt.Errorf("fleet: the run's record: %w", err)
	}
	for _, queue := range run.queues() {
		if err := c.consumer(ctx, run, queue); err != nil {
			return nil, err
		}
	}
	if err := c.Hub.enqueue(ctx, s.all()); err != nil {
		return nil, err
	}
	data, err = encode("run", run)
	if err == nil {
		err = persist(ctx, func(ctx context.Context) error {
			_, err := c.Hub.runs.Put(ctx, run.ID, data)
			return err
		})
	}
	if err != nil {
		return nil, fmt.Errorf("fleet: begin run %s: %w", run.ID, err)
	}
	return s, nil
}

// consumer makes the consumer of a queue, from which agents take its units.
func (c *Controller) consumer(ctx context.Context, run *Run, queue string) error {
	wait := c.AckWait
	if wait == 0 {
		wait = defaultAckWait
	}
	err := persist(ctx, func(ctx context.Context) error {
		_, err := c.Hub.units.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{Durable: consumerName(run.ID, queue), FilterSubject: unitSubject(run.ID, queue, "*"),
			AckPolicy: jetstream.AckExplicitPolicy, AckWait: wait, MaxAckPending: -1, MaxDeliver: -1, InactiveThreshold: keptFor})
		return err
	})
	if err != nil {
		return fmt.Errorf("fleet: make queue %s: %w", queue, err)
	}
	return nil
}

// unit makes the message of a unit, and stores its data, each once.
func (s *Session) unit(ctx context.Context, u plan.Unit, sent map[*corpus.Corpus]Parcel) (*Unit, error) {
	corpora, dicts := []Parcel{}, []Parcel{}
	for _, data := range u.Corpora {
		if _, ok := sent[data]; !ok {
			p, err := s.send(ctx, data)
			if err != nil {
				return nil, err
			}
			sent[data] = p
		}
		corpora = append(corpora, sent[data])
	}
	for _, name := range slices.Sorted(maps.Keys(u.Dicts)) {
		sum, err := put(ctx, s.controller.Hub.data, s.Run.ID, u.Dicts[name])
		if err != nil {
			return nil, fmt.Errorf("fleet: dictionary %s: %w", name, err)
		}
		s.data = append(s.data, sum)
		dicts = append(dicts, Parcel{Name: name, Digest: sum, Bytes: int64(len(u.Dicts[name])), Object: sum})
	}
	unit := unitOf(u, s.Run.ID, anyQueue, corpora, dicts)
	unit.Fingerprint = s.Run.Fingerprint
	if s.Run.Wants != nil {
		wants := s.Run.Wants.only(codecsOf(u.Cells))
		unit.Wants = &wants
	}
	if err := unit.check(); err != nil {
		return nil, fmt.Errorf("fleet: unit %s: %w", u.Name, err)
	}
	return unit, nil
}

// send stores a corpus, unless every program has it built in.
func (s *Session) send(ctx context.Context, data *corpus.Corpus) (Parcel, error) {
	p := Parcel{Name: data.Name, Digest: data.Digest(), Bytes: data.Size()}
	if builtin, err := builtIn(ctx, p); err == nil && data.Training == nil && builtin.Digest() == p.Digest {
		return p, nil
	}
	packed, err := packCorpus(data)
	if err == nil {
		p.Object, err = put(ctx, s.controller.Hub.data, s.Run.ID, packed)
	}
	if err != nil {
		return p, fmt.Errorf("fleet: corpus %s: %w", data.Name, err)
	}
	s.data = append(s.data, p.Object)
	return p, nil
}

// all are the messages of the run: the units of each queue.
func (s *Session) all() (units []*Unit) {
	for _, queue := range s.Run.queues() {
		for _, u := range s.Record.Units {
			own := *u
			own.Queue = queue
			units = append(units, &own)
		}
	}
	return units
}

// choose finds the agents that fit, and settles on the kind of machine.
func (c *Controller) choose(ctx context.Context, run *Run, job Job) error {
	agents, err := c.Hub.Agents(ctx, c.Log)
	if err != nil {
		return err
	}
	kinds := map[string][]string{} // names by fingerprint
	var names, refusals []string
	for _, p := range agents {
		if _, why := run.queue(p); why != "" {
			c.Log("agent %s takes no part: %s", p.Agent, why)
			refusals = append(refusals, p.Agent+": "+why)
			continue
		}
		kinds[p.Machine.Fingerprint] = append(kinds[p.Machine.Fingerprint], p.Agent)
		names = append(names, p.Agent)
	}
	if job.Each {
		run.Agents = append(run.Agents, names...)
	}
	switch {
	case len(agents) == 0:
		return errors.New("no agent is there: start some with `zstdshop agent --connect URL`")
	case len(kinds) == 0:
		return fmt.Errorf("no agent can take part (%s): start the same program there, or say --mixed if other programs are the question", strings.Join(refusals, "; "))
	case !job.Each && !job.Mixed && len(kinds) > 1:
		var parts []string
		for _, print := range slices.Sorted(maps.Keys(kinds)) {
			parts = append(parts, print+" ("+strings.Join(kinds[print], ", ")+")")
		}
		return fmt.Errorf("the agents are machines of %d kinds, by fingerprint: %s: choose one with --on fingerprint=%s, or let each measure all with --hosts each",
			len(kinds), strings.Join(parts, "; "), slices.Sorted(maps.Keys(kinds))[0])
	case !job.Each && !job.Mixed:
		for print := range kinds {
			run.Fingerprint = print
		}
	}
	return nil
}

// Resume goes on with a run that is on the server, on whichever machine: the newest one,
// or that of the id.
func (c *Controller) Resume(ctx context.Context, id string) (*Session, error) {
	all, err := c.Hub.Runs(ctx, c.Log)
	if err != nil {
		return nil, err
	}
	at := len(all) - 1
	if id != "" {
		at = slices.IndexFunc(all, func(r *Run) bool { return r.ID == id })
	}
	if at < 0 {
		return nil, errors.New("nothing to resume: the server knows of no such run that is not over")
	}
	run := all[at]
	data, err := get(ctx, c.Hub.data, run.ID, run.Object, run.Bytes, maxRecord)
	if err != nil {
		return nil, fmt.Errorf("fleet: the record of run %s: %w", run.ID, err)
	}
	rec, err := readRecord(run, data)
	if err != nil {
		return nil, fmt.Errorf("fleet: the record of run %s: %w", run.ID, err)
	}
	s := &Session{Run: run, Record: rec, controller: c}
	for _, u := range rec.Units {
		for _, p := range slices.Concat(u.Corpora, u.Dicts) {
			if p.Object != "" && !slices.Contains(s.data, p.Object) {
				s.data = append(s.data, p.Object)
			}
		}
	}
	return s, nil
}
