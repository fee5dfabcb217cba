package fleet

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/renameio/v2/maybe"
	"github.com/nats-io/nats.go/jetstream"

	"zstdshop/harness/result"
)

// Collected is what came out of a run.
type Collected struct {
	// Files are the results of units, by the units' order in the plan and then by agent.
	Files []File
	// Missing says of each unit that has no result why.
	Missing []string
	// Repeated counts outcomes of units that had one, Refused those that were not taken.
	Repeated, Refused int
}

// File is the result of a unit.
type File struct {
	Path string
	Unit string // its name
	// Agent is who measured it.
	Agent string
}

// tick is how often the controller looks whether units or agents were lost.
const tick = time.Second

// Collect waits until every unit of the run has a result or is given up. What is there
// when ctx ends is returned with the error that says so; the run stays on the server.
func (s *Session) Collect(ctx context.Context) (*Collected, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	k := &collector{Session: s, began: time.Now(), agents: map[string]seen{}, open: map[string]*Unit{}, files: map[string]File{},
		given: map[string]bool{}, alone: map[string]time.Time{}}
	for _, u := range s.all() {
		k.open[u.key()] = u
	}
	k.total = len(k.open)
	if err := os.MkdirAll(s.controller.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("fleet: %w", err)
	}
	outcomes, failed := make(chan jetstream.Msg), make(chan error, 2)
	go func() { failed <- k.follow(ctx, outcomes) }()
	presences := make(chan *Presence)
	go func() { failed <- k.observe(ctx, presences) }()
	every := time.NewTicker(tick)
	defer every.Stop()
	for len(k.open) > 0 {
		select {
		case <-ctx.Done():
			return k.collected(), context.Cause(ctx)
		case err := <-failed:
			return k.collected(), err
		case msg := <-outcomes:
			k.heard++
			if err := k.outcome(ctx, msg); err != nil {
				return k.collected(), err
			}
		case p := <-presences:
			if queue, why := k.Run.queue(p); why == "" {
				k.agents[p.Agent] = seen{queue, p.Work.Run == k.Run.ID, time.Now()}
			}
		case now := <-every.C:
			if err := k.look(ctx, now); err != nil {
				return k.collected(), err
			}
			k.report()
		}
	}
	k.report()
	return k.collected(), nil
}

// End takes the run off the server.
func (s *Session) End(ctx context.Context, c *Collected) error {
	var figures []string
	for _, f := range c.Files {
		text, err := os.ReadFile(f.Path)
		if err != nil {
			return fmt.Errorf("fleet: %w", err)
		}
		figures = append(figures, sumOf(text))
	}
	return s.controller.Hub.remove(ctx, s.Run, s.data, figures)
}

// key names a unit of a queue.
func (u *Unit) key() string { return u.Queue + "." + u.ID }

// seen is an agent that may take part, and when it was heard of last.
type seen struct {
	queue string // that it serves
	busy  bool
	at    time.Time
}

// collector is a controller that collects.
type collector struct {
	*Session
	began   time.Time
	total   int
	open    map[string]*Unit // without a result, by key
	files   map[string]File
	missing []string
	given   map[string]bool // keys of the missing
	agents  map[string]seen

	repeated, refused int
	heard             uint64               // outcomes, whatever they were
	looked            time.Time            // when the queue was last looked at
	lost              map[string]bool      // keys that were not in the queue then
	alone             map[string]time.Time // since when nobody serves a queue
}

// follow sends the run's outcomes, from the first on.
func (k *collector) follow(ctx context.Context, to chan<- jetstream.Msg) error {
	var last uint64 // in the stream
	for ctx.Err() == nil {
		if err := k.followFrom(ctx, &last, to); err != nil && !passing(err) {
			return fmt.Errorf("fleet: follow the results: %w", err)
		}
		pause(ctx, retryEvery)
	}
	return nil
}

// silence is how long nothing may be heard before the server is asked anew: the one that
// had the consumer may be gone, and nobody says so.
const silence = 20 * time.Second

// followFrom sends the outcomes behind the last one, until there has been silence.
func (k *collector) followFrom(ctx context.Context, last *uint64, to chan<- jetstream.Msg) error {
	var consumer jetstream.Consumer
	err := persist(ctx, func(ctx context.Context) (err error) {
		consumer, err = k.controller.Hub.js.OrderedConsumer(ctx, outcomeStream, jetstream.OrderedConsumerConfig{
			FilterSubjects: []string{outcomeSubject("*", k.Run.ID, "*")}, DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: *last + 1,
			InactiveThreshold: 2 * silence, MaxResetAttempts: 1})
		return err
	})
	if err != nil {
		return err
	}
	messages, err := consumer.Messages(jetstream.PullMaxMessages(50))
	if err != nil {
		return err
	}
	defer messages.Stop()
	defer context.AfterFunc(ctx, messages.Stop)()
	for {
		msg, err := messages.Next(jetstream.NextMaxWait(silence))
		if err != nil {
			return nil
		}
		meta, err := msg.Metadata()
		if err != nil {
			return err
		}
		*last = meta.Sequence.Stream
		select {
		case <-ctx.Done():
			return nil
		case to <- msg:
		}
	}
}

// observe sends what agents say of themselves.
func (k *collector) observe(ctx context.Context, to chan<- *Presence) error {
	var watcher jetstream.KeyWatcher
	err := persist(ctx, func(ctx context.Context) (err error) {
		watcher, err = k.controller.Hub.agents.WatchAll(ctx, jetstream.IgnoreDeletes())
		return err
	})
	if err != nil {
		return fmt.Errorf("fleet: watch the agents: %w", err)
	}
	defer watcher.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case entry := <-watcher.Updates():
			if entry == nil {
				continue
			}
			p, err := readPresence(entry.Key(), entry.Value())
			if err != nil {
				k.controller.Log("agent %s: %v", clip(entry.Key()), err)
				continue
			}
			select {
			case <-ctx.Done():
				return nil
			case to <- p:
			}
		}
	}
}

// outcome takes in what became of a unit. An error is of this machine.
func (k *collector) outcome(ctx context.Context, msg jetstream.Msg) error {
	c := k.controller
	o, err := readOutcome(msg.Subject(), msg.Data())
	if err != nil {
		k.refused++
		c.Log("outcome %s: %v", clip(msg.Subject()), err)
		return nil
	}
	key := o.Queue + "." + o.Unit
	u := k.open[key]
	if u == nil {
		if _, ok := k.files[key]; ok || k.given[key] {
			k.repeated++
		} else {
			k.refused++
			c.Log("outcome %s: the run has no such unit", clip(msg.Subject()))
		}
		return nil
	}
	text, err := k.figures(ctx, u, o)
	switch {
	case errors.Is(err, errRefused):
		k.refused++
		c.Log("outcome of agent %s about unit %s: %v", o.Agent, u.Name, err)
		k.again(u, err)
		return nil
	case err != nil:
		return err
	case o.Status != Measured && o.Attempt < u.Attempt:
		k.repeated++ // it has been told before, and the unit is in the queue again
		return nil
	case o.Status == Refused:
		c.Log("agent %s does not take unit %s: %s", o.Agent, u.Name, o.Reason)
		k.again(u, errors.New(o.Reason))
		return nil
	case o.Status == Failed && u.Attempt < maxFailures:
		c.Log("unit %s failed on agent %s, and is measured again: %s", u.Name, o.Agent, o.Reason)
		k.again(u, errors.New(o.Reason))
		return nil
	case o.Status == Failed || o.Status == Lost:
		k.giveUp(u, "agent "+o.Agent+": "+o.Reason)
		return nil
	}
	path := filepath.Join(c.Dir, key+"."+o.Agent+".json")
	if err := maybe.WriteFile(path, text, 0o600); err != nil {
		return fmt.Errorf("fleet: keep the result of unit %s: %w", u.Name, err)
	}
	k.files[key] = File{path, u.Name, o.Agent}
	delete(k.open, key)
	return nil
}

// figures returns the result of a unit, which it checks; nil of an outcome without one.
func (k *collector) figures(ctx context.Context, u *Unit, o *Outcome) ([]byte, error) {
	if o.Status != Measured {
		return nil, nil
	}
	text, err := get(ctx, k.controller.Hub.figures, o.Run, o.Object, o.Bytes, maxFigures)
	if err != nil {
		return nil, err
	}
	r, err := result.Read(bytes.NewReader(text), nil)
	if err != nil {
		return nil, refused("%w", err)
	}
	return text, u.belongs(o, r)
}

// again has a unit put into the queue once more, once it is not there any more.
func (k *collector) again(u *Unit, why error) {
	if u.Attempt == maxAttempts {
		k.giveUp(u, shown(why))
		return
	}
	u.Attempt++
	k.looked = time.Time{}
}

// giveUp leaves a unit without a result.
func (k *collector) giveUp(u *Unit, why string) {
	delete(k.open, u.key())
	k.given[u.key()] = true
	// Where agents have queues of their own, whose the unit is is said once.
	if prefix := "agent " + u.Queue + ": "; u.Queue != anyQueue && !strings.HasPrefix(why, prefix) {
		why = prefix + why
	}
	k.missing = append(k.missing, u.Name+": "+why)
}

// lookEvery is how often the queue is held against the units that have no result.
const lookEvery = 15 * time.Second

// look finds units that nobody can measure, and those that are neither in the queue nor
// have a result.
func (k *collector) look(ctx context.Context, now time.Time) error {
	k.lookForAgents(now)
	if now.Sub(k.looked) < lookEvery || len(k.open) == 0 {
		return nil
	}
	k.looked = now
	waiting, err := k.controller.Hub.waiting(ctx, k.Run.ID)
	if err != nil {
		return fmt.Errorf("fleet: look at the queue: %w", err)
	}
	// Of a unit that was not in the queue then, the outcome is stored by now, if it has one.
	stored, err := k.controller.Hub.stored(ctx, k.Run.ID)
	if err != nil {
		return fmt.Errorf("fleet: look at the results: %w", err)
	}
	before := k.lost
	k.lost = map[string]bool{}
	var again []*Unit
	for key, u := range k.open {
		switch {
		case waiting[unitSubject(u.Run, u.Queue, u.ID)] > 0:
		case !before[key]:
			k.lost[key] = true // its outcome may be on the way
			if u.Attempt > 1 {
				again = append(again, u) // it was to be measured again, and is not there yet
			}
		case k.heard < stored:
			k.lost[key] = true // outcomes come late after a lost connection, this one may, too
		case u.Attempt == maxAttempts:
			k.giveUp(u, fmt.Sprintf("%d times it was taken from the queue, and nothing was heard of it", maxAttempts))
		default:
			u.Attempt++ // or the server would take it for what it has had
			again = append(again, u)
		}
	}
	if len(again) > 0 {
		k.controller.Log("%d units are put into the queue again", len(again))
	}
	return k.controller.Hub.enqueue(ctx, again)
}

// lookForAgents gives up units of queues that nobody has served for too long.
func (k *collector) lookForAgents(now time.Time) {
	served := map[string]bool{}
	for _, p := range k.agents {
		if now.Sub(p.at) < goneAfter {
			served[p.queue] = true
		}
	}
	for _, queue := range k.Run.queues() {
		since, ok := k.alone[queue]
		switch {
		case served[queue]:
			delete(k.alone, queue)
		case !ok:
			k.alone[queue] = now
		case now.Sub(since) > k.controller.Wait:
			for _, u := range k.open {
				if u.Queue == queue {
					k.giveUp(u, fmt.Sprintf("no agent that could measure it has been there for %v", k.controller.Wait))
				}
			}
		}
	}
}

// report says how far the run is.
func (k *collector) report() {
	if k.controller.Progress == nil {
		return
	}
	s := State{Units: k.total, Done: len(k.files), Given: len(k.missing), Elapsed: time.Since(k.began)}
	for _, p := range k.agents {
		if time.Since(p.at) < goneAfter {
			s.Agents++
			if p.busy {
				s.Busy++
			}
		}
	}
	each := time.Duration(k.Record.Units[0].Budget) / time.Duration(max(s.Agents, 1))
	if s.Done > 0 {
		each = s.Elapsed / time.Duration(s.Done)
	}
	s.Left = each * time.Duration(len(k.open))
	k.controller.Progress(s)
}

// collected is what there is by now.
func (k *collector) collected() *Collected {
	c := &Collected{Missing: k.missing, Repeated: k.repeated, Refused: k.refused}
	for _, u := range k.Record.Units {
		for _, queue := range k.Run.queues() {
			if f, ok := k.files[queue+"."+u.ID]; ok {
				c.Files = append(c.Files, f)
			}
		}
	}
	return c
}
