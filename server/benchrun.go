package server

import (
	"context"
	"fmt"
	"runtime"
	"strconv"
	"time"

	"zstdshop/harness/measure"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
	"zstdshop/runners"
)

// benchRunner is a concurrency model that /bench offers. The list of them is all that
// there is to say of it: what the document offers, what is accepted, and what an
// answer claims.
type benchRunner struct {
	name string
	info runners.Info
}

// benchRunners are the models of a catalogue that one worker process can run.
func benchRunners(cat Catalogue) ([]benchRunner, error) {
	var out []benchRunner
	for _, name := range cat.Runners() {
		r, err := cat.Runner(name)
		if err != nil {
			return nil, err
		}
		if info := r.Info(); !info.Process.ProcessPerWorker {
			out = append(out, benchRunner{name, info})
		}
	}
	return out, nil
}

// oneAtATime reports whether the model has workers compute one at a time, under a lock
// or on one of so many Go processors. It is what gil_enabled says.
func (r benchRunner) oneAtATime(processors int) bool { return processors == 1 || r.info.Serial }

func runnerNames(rs []benchRunner) []string {
	out := make([]string, len(rs))
	for i, r := range rs {
		out[i] = r.name
	}
	return out
}

// benchRun is what a run is asked to do.
type benchRun struct {
	workers, iters int
	scenario       string
	runner         benchRunner
}

// cell is the benchmark's cell for the run.
func (r benchRun) cell() worker.CellSpec {
	c := worker.CellSpec{Scenario: r.scenario, Runner: r.runner.name, Workers: r.workers, Tasks: r.workers, Iters: r.iters}
	if most := r.runner.info.MaxWorkers; most > 0 {
		c.Workers = min(c.Workers, most)
	}
	return c
}

// spawn is the process that the runner wants around it.
func (r benchRun) spawn() measure.Spawn {
	spec := r.cell()
	s := measure.Spawn{
		Cell:       result.Cell{Scenario: spec.Scenario, Runner: spec.Runner, Workers: spec.Workers, Tasks: spec.Tasks, Iters: spec.Iters},
		GOMAXPROCS: runtime.NumCPU(),
	}
	if n := r.runner.info.Process.GOMAXPROCS; n > 0 {
		s.GOMAXPROCS = n
	}
	switch n := r.runner.info.Process.CPUs; {
	case n == 1:
		s.CPUs = "0"
	case n > 1:
		s.CPUs = "0-" + strconv.Itoa(n-1)
	}
	return s
}

// measure runs it and returns the figures of a pass, which is what was asked for;
// a short one is done several times over. When ctx ends the process is killed.
func (r benchRun) measure(ctx context.Context, launcher measure.Launcher) (worker.Ready, worker.Sample, error) {
	conn, err := launcher.Start(ctx, r.spawn())
	if err != nil {
		return worker.Ready{}, worker.Sample{}, err
	}
	defer conn.Kill()
	ready, err := conn.Prepare(ctx, worker.Prepare{Cell: r.cell()})
	if err != nil {
		return worker.Ready{}, worker.Sample{}, fmt.Errorf("prepare: %w", err)
	}
	passes := r.passes(ready.PassNS)
	sample, _, err := conn.Slice(ctx, worker.Slice{Count: passes * r.workers, Warmup: r.workers, Mode: worker.ModeThroughput})
	if err != nil {
		return worker.Ready{}, worker.Sample{}, fmt.Errorf("run: %w", err)
	}
	sample.WallNS = max(sample.WallNS/int64(passes), 1)
	sample.CPUNS /= int64(passes)
	return ready, sample, nil
}

// shortest is how long several workers must be at it before the time they take
// to begin and end does not count any more.
const shortest = 25 * time.Millisecond

// passes is how many passes that is, where one worker alone takes passNS for one.
func (r benchRun) passes(passNS int64) int {
	if r.workers == 1 {
		return 1
	}
	return int(min(max(shortest.Nanoseconds()*int64(runtime.NumCPU())/max(passNS, 1), 1), 1000))
}

func (r benchRun) appendJSON(b []byte, ready worker.Ready, sample worker.Sample) []byte {
	b = append(b, `{"workers":`...)
	b = strconv.AppendInt(b, int64(r.workers), 10)
	b = append(b, `,"iters_per_worker":`...)
	b = strconv.AppendInt(b, int64(r.iters), 10)
	b = append(b, `,"seconds":`...)
	b = strconv.AppendFloat(b, float64(sample.WallNS)/1e9, 'f', 6, 64)
	b = append(b, `,"checksum":`...)
	b = strconv.AppendUint(b, sample.Checksum, 10)
	b = append(b, `,"gil_enabled":`...)
	b = appendBool(b, r.runner.oneAtATime(ready.GOMAXPROCS))
	b = append(b, `,"cpu_count":`...)
	b = strconv.AppendInt(b, int64(runtime.NumCPU()), 10)
	b = append(b, `,"go":`...)
	b = appendString(b, runtime.Version())
	b = append(b, `,"runner":`...)
	b = appendString(b, r.runner.name)
	b = append(b, `,"parallelism":`...)
	b = strconv.AppendFloat(b, float64(sample.CPUNS)/float64(sample.WallNS), 'f', 2, 64)
	return append(b, '}')
}
