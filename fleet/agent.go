package fleet

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"zstdshop/harness"
	"zstdshop/harness/machine"
	"zstdshop/harness/result"
)

// Agent measures units on one machine, one at a time. Its fields are set before Serve.
type Agent struct {
	Hub       *Hub
	Name      string // as ParseName takes one; no other agent has it
	Instance  string // a word as Token makes one, "" for one of its own; see Presence
	Labels    map[string]string
	Registry  *harness.Registry
	Languages []string // that cells may name
	Machine   machine.Info
	Program   Program
	Measure   Measure
	Dir       string // for data, while its run goes on
	// Log is told what is refused and what goes wrong.
	Log func(format string, args ...any)
	// Ready is nil, or closed when controllers can see the agent.
	Ready chan<- struct{}
}

// Serve works until ctx ends. A unit that is under way then is given back.
func (a *Agent) Serve(ctx context.Context) error {
	if _, err := ParseName(a.Name); err != nil {
		return fmt.Errorf("agent: %w", err)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	s := &serving{Agent: a, cache: cache{a.Hub, a.Dir}, self: newAnnouncer(a.Hub, a.Log, a.presence()), runs: newRuns()}
	if err := s.self.begin(ctx); err != nil {
		return err
	}
	if a.Ready != nil {
		close(a.Ready)
	}
	announced, watched := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(announced)
		s.self.keep(ctx)
	}()
	go func() {
		defer close(watched)
		if err := s.runs.watch(ctx, a.Hub, a.Log, s.ended); err != nil {
			cancel(err)
		}
	}()
	err := s.work(ctx)
	cancel(err)
	<-announced
	<-watched
	s.ended("") // of runs whose end was not heard of any more, too
	if cause := context.Cause(ctx); err == nil && !errors.Is(cause, context.Canceled) {
		err = cause
	}
	return err
}

// presence is what the agent says of itself.
func (a *Agent) presence() Presence {
	return Presence{Agent: a.Name, Instance: a.Instance, Labels: a.Labels, Machine: a.Machine, Program: a.Program}
}

// serving is an agent at work.
type serving struct {
	*Agent
	cache cache
	self  *announcer
	runs  *runs
}

// ended is told that a run is over, or with "" that all are.
func (s *serving) ended(run string) {
	if err := s.cache.drop(run); err != nil {
		s.Log("remove the data of run %s: %v", run, err)
	}
}

const (
	// pullFor is how long one request for a unit waits for one, and pullSeveral how long
	// where other runs may have some.
	pullFor     = 10 * time.Second
	pullSeveral = time.Second
)

// work takes units until ctx ends.
func (s *serving) work(ctx context.Context) error {
	for ctx.Err() == nil {
		open, changed := s.runs.fitting(&s.self.presence)
		if len(open) == 0 {
			select {
			case <-ctx.Done():
			case <-changed:
			}
			continue
		}
		wait := pullFor
		if len(open) > 1 {
			wait = pullSeveral
		}
		for _, o := range open {
			msg, ackWait, err := s.next(ctx, o, wait, changed)
			if err != nil {
				s.Log("ask for a unit of run %s: %v", o.run.ID, err)
				pause(ctx, retryEvery)
			}
			if msg == nil {
				continue
			}
			s.take(ctx, o, msg, ackWait)
		}
	}
	return nil
}

// next asks a queue for a unit; nil where there is none by then, or runs have changed.
func (s *serving) next(ctx context.Context, o openRun, wait time.Duration, changed <-chan struct{}) (jetstream.Msg, time.Duration, error) {
	consumer, err := s.Hub.js.Consumer(ctx, unitStream, consumerName(o.run.ID, o.queue))
	if errors.Is(err, jetstream.ErrConsumerNotFound) {
		pause(ctx, retryEvery) // the run is just being removed
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	go func() {
		select {
		case <-changed:
			cancel()
		case <-ctx.Done():
		}
	}()
	batch, err := consumer.Fetch(1, jetstream.FetchContext(ctx))
	if err != nil {
		return nil, 0, err
	}
	for msg := range batch.Messages() {
		return msg, consumer.CachedInfo().Config.AckWait, nil
	}
	if err := batch.Error(); err != nil && ctx.Err() == nil && !errors.Is(err, jetstream.ErrConsumerDeleted) {
		return nil, 0, err
	}
	return nil, 0, nil
}

// take does what a unit asks for, says what became of it, and only then acknowledges it.
// It ends with the unit's run, whose controller has all that it wants by then.
func (s *serving) take(ctx context.Context, o openRun, msg jetstream.Msg, ackWait time.Duration) {
	unit, end := s.runs.whileOpen(ctx, o.run.ID)
	defer end()
	stop := beat(unit, msg, ackWait)
	outcome, err := s.outcome(unit, o, msg)
	if err == nil {
		err = s.say(unit, outcome)
	}
	stop()
	s.self.set(Work{})
	if ctx.Err() != nil {
		_ = msg.Nak() // another agent takes it at once, or after a while where this is lost, too
		return
	}
	if errors.Is(context.Cause(unit), errOver) {
		return // and the queue is gone with it
	}
	if err != nil {
		s.Log("unit %s: %v", msg.Subject(), err)
		_ = msg.NakWithDelay(retryEvery)
		return
	}
	if err := acknowledge(unit, msg); err != nil {
		s.Log("acknowledge %s: %v", msg.Subject(), err)
	}
}

// acknowledge takes a unit out of the queue. Its run may be over before that is heard of,
// and nobody answers any more.
func acknowledge(unit context.Context, msg jetstream.Msg) error {
	err := persist(unit, msg.DoubleAck)
	if errors.Is(context.Cause(unit), errOver) {
		return nil
	}
	return err
}

// outcome measures a unit. An error is of the fleet; what is wrong with the unit is part of
// the outcome.
func (s *serving) outcome(ctx context.Context, o openRun, msg jetstream.Msg) (*Outcome, error) {
	words, err := wordsOf(msg.Subject(), 3)
	if err != nil {
		return nil, err
	}
	out := &Outcome{Schema: outcomeSchema, Run: words[0], Queue: words[1], Unit: words[2], Attempt: 1, Agent: s.Name,
		Host: s.Machine.Host, Fingerprint: s.Machine.Fingerprint}
	end := func(status Status, why error) (*Outcome, error) {
		out.Status, out.Reason = status, shown(why)
		s.Log("unit %s of run %s: %s: %s", out.Unit, out.Run, status, out.Reason)
		return out, nil
	}
	u, err := readUnit(msg.Subject(), msg.Data())
	if err != nil {
		return end(Refused, err)
	}
	out.Attempt = u.Attempt
	if meta, err := msg.Metadata(); err == nil && meta.NumDelivered > maxDeliveries {
		return end(Lost, fmt.Errorf("%d agents were lost while they measured it", maxDeliveries))
	}
	if err := s.admit(u); err != nil {
		return end(Refused, err)
	}
	s.self.set(Work{Run: u.Run, Unit: u.ID, Name: u.Name})
	data, err := s.cache.of(ctx, u)
	if errors.Is(err, errRefused) {
		return end(Refused, err)
	}
	if err != nil {
		return nil, err
	}
	r, err := s.Measure(ctx, u, data, func(elapsed, total time.Duration) {
		s.self.set(Work{Run: u.Run, Unit: u.ID, Name: u.Name, Elapsed: int64(elapsed), Total: int64(total)})
	})
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		return end(Failed, err)
	}
	var b bytes.Buffer
	if err := result.Encode(&b, r); err != nil {
		return end(Failed, err)
	}
	if b.Len() > maxFigures {
		return end(Failed, fmt.Errorf("its result has %d bytes, more than %d", b.Len(), maxFigures))
	}
	out.Status, out.Bytes = Measured, int64(b.Len())
	out.Object, err = put(ctx, s.Hub.figures, u.Run, b.Bytes())
	return out, err
}

// admit refuses a unit that this agent does not do.
func (s *serving) admit(u *Unit) error {
	if u.Queue != anyQueue && u.Queue != s.Name {
		return fmt.Errorf("it is of the queue of agent %s", u.Queue)
	}
	if u.Fingerprint != "" && u.Fingerprint != s.Machine.Fingerprint {
		return fmt.Errorf("it is for machines of fingerprint %s, this one has %s", u.Fingerprint, s.Machine.Fingerprint)
	}
	if u.Wants != nil {
		if why := u.Wants.differs(s.Program, slices.Sorted(maps.Keys(u.Wants.Libraries))); why != "" {
			return fmt.Errorf("this agent's program is another: %s", why)
		}
	}
	for _, c := range u.Cells {
		if err := admit(s.Registry, s.Languages, c); err != nil {
			return err
		}
	}
	return nil
}

// say stores an outcome. One of the same attempt, of an agent that was only slow, is there
// once.
func (s *serving) say(ctx context.Context, o *Outcome) error {
	data, err := encode("outcome", o)
	if err != nil {
		return err
	}
	return persist(ctx, func(ctx context.Context) error {
		ack, err := s.Hub.js.Publish(ctx, outcomeSubject(o.Agent, o.Run, o.Unit), data,
			jetstream.WithMsgID(fmt.Sprintf("%s.%s.%s.%d", o.Run, o.Queue, o.Unit, o.Attempt)))
		if err == nil && ack.Duplicate {
			s.Log("unit %s of run %s: another agent has measured it meanwhile", o.Unit, o.Run)
		}
		return err
	})
}

// shown is an error as a text that may be sent.
func shown(err error) string {
	text := err.Error()
	if checkText("", text) != nil {
		text = clip(fmt.Sprintf("%q", text))
	}
	return text
}
