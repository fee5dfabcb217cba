// Command estimates tries estimates of a comparison against each other on recorded raw
// samples: how far each is off for equals, and whether what it says of its own doubt is
// true.
//
//	zstdshop calibrate --planted 0,50 --raw 1000 --rows rows.jsonl --budget 20m
//	go run ./docs/evidence/estimates rows.jsonl
//
// off is the root of the mean square of the estimate's distance from what was planted,
// said the same of the standard errors it gives itself, by a jackknife over rounds; both
// in percent. found is the mean of what it finds of a planted slowdown. Rows are verdicts
// of calibrate with raw samples; collections and starved turns are left as they are, but
// where a line says that the CPU time that threads waited for is taken off.
//
// It is evidence for docs/method.md, no part of the program.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"

	"zstdshop/harness/analyze"
	"zstdshop/harness/result"
	"zstdshop/stats"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "estimates:", err)
		os.Exit(1)
	}
}

// trial is one comparison: the log quotients of its turns, by round.
type trial struct {
	kind    string
	planted float64 // log
	rounds  [][]turn
}

// turn is the log quotient of a turn and the slowest sentinel around it in ns; fed is the
// log quotient without the CPU time that threads waited for.
type turn struct{ log, fed, sentinel float64 }

func run(files []string) error {
	trials := map[string][]trial{}
	var order []string
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<28)
		for lines.Scan() {
			var t analyze.Trial
			if err := json.Unmarshal(lines.Bytes(), &t); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			if len(t.Raw) != 2 {
				continue
			}
			one := trial{fmt.Sprintf("%s %s planted %.1f %%", t.Workload, t.Note, float64(t.Planted)/10), math.Log1p(float64(t.Planted) / 1000), turnsOf(t.Raw[0], t.Raw[1], workers[t.Workload])}
			if len(one.rounds) < 3 {
				continue
			}
			if trials[one.kind] == nil {
				order = append(order, one.kind)
			}
			trials[one.kind] = append(trials[one.kind], one)
		}
		if err := lines.Err(); err != nil {
			return err
		}
	}
	for _, kind := range order {
		print(kind, trials[kind])
	}
	return nil
}

// workers is how many each workload of several has.
var workers = map[string]float64{"pool": 2}

// fedLog is the log of what slice i would have taken, had threads never been ready without
// a CPU: each of the workers has that much less to wait for.
func fedLog(f result.Fork, i int, workers float64) float64 {
	workers = max(workers, 1)
	wall := float64(f.WallNS[i])
	lost := max(0, min(float64(f.WaitNS[i]), workers*wall-float64(f.CPUNS[i])))
	return math.Log(wall - min(lost/workers, 0.95*wall))
}

func turnsOf(old, new []result.Fork, workers float64) (rounds [][]turn) {
	for _, a := range old {
		at := slices.IndexFunc(new, func(b result.Fork) bool { return a.Fork == b.Fork })
		if at < 0 {
			continue
		}
		b := new[at]
		var turns []turn
		for i := range a.Turn {
			j := slices.Index(b.Turn, a.Turn[i])
			if j < 0 {
				continue
			}
			one := turn{log: math.Log(float64(b.WallNS[j]) / float64(a.WallNS[i])), fed: fedLog(b, j, workers) - fedLog(a, i, workers)}
			for _, s := range [][]int64{a.Before, a.After} {
				one.sentinel = max(one.sentinel, float64(s[i]))
			}
			for _, s := range [][]int64{b.Before, b.After} {
				one.sentinel = max(one.sentinel, float64(s[j]))
			}
			turns = append(turns, one)
		}
		if len(turns) > 0 {
			rounds = append(rounds, turns)
		}
	}
	return rounds
}

// estimates are functions of the turns of all rounds.
var estimates = []struct {
	name string
	of   func([][]turn) float64
}{
	{"mean of all turns", func(r [][]turn) float64 { return trimmed(0)(logs(r)) }},
	{"clipped at 0.2 around the round's median (m4)", clippedByRound(0.2)},
	{"clipped at 0.2 around the run's median", func(r [][]turn) float64 { l := logs(r); return clipped(l, stats.Median(l), 0.2) }},
	{"winsorized 5 %", func(r [][]turn) float64 { return winsorized(0.05)(logs(r)) }},
	{"winsorized 10 %", func(r [][]turn) float64 { return winsorized(0.1)(logs(r)) }},
	{"winsorized 20 %", func(r [][]turn) float64 { return winsorized(0.2)(logs(r)) }},
	{"trimmed 10 %", func(r [][]turn) float64 { return trimmed(0.1)(logs(r)) }},
	{"trimmed 20 %", func(r [][]turn) float64 { return trimmed(0.2)(logs(r)) }},
	{"Huber 0.2", func(r [][]turn) float64 { return huber(logs(r), 0.2) }},
	{"Huber 0.2, what threads waited for taken off", func(r [][]turn) float64 { return huber(feds(r), 0.2) }},
	{"Huber 0.1", func(r [][]turn) float64 { return huber(logs(r), 0.1) }},
	{"Huber 0.05", func(r [][]turn) float64 { return huber(logs(r), 0.05) }},
	{"Huber 1.5 MAD", func(r [][]turn) float64 { l := logs(r); return huber(l, 1.5*mad(l)) }},
	{"Huber 3 MAD", func(r [][]turn) float64 { l := logs(r); return huber(l, 3*mad(l)) }},
	{"mean of medians of rounds", func(r [][]turn) float64 {
		var m []float64
		for _, round := range r {
			m = append(m, stats.Median(logs([][]turn{round})))
		}
		return trimmed(0)(m)
	}},
	{"median of means of rounds", func(r [][]turn) float64 {
		var m []float64
		for _, round := range r {
			m = append(m, trimmed(0)(logs([][]turn{round})))
		}
		return stats.Median(m)
	}},
	{"median of all turns", func(r [][]turn) float64 { return stats.Median(logs(r)) }},
	{"calm half, trimmed 10 %", func(r [][]turn) float64 { return trimmed(0.1)(calm(r, 0.5)) }},
}

func print(kind string, trials []trial) {
	fmt.Printf("%s: %d comparisons\n", kind, len(trials))
	for _, e := range estimates {
		off, said, found := 0.0, 0.0, 0.0
		for _, t := range trials {
			log := e.of(t.rounds)
			var left []float64
			for skip := range t.rounds {
				left = append(left, e.of(slices.Delete(slices.Clone(t.rounds), skip, skip+1)))
			}
			se := stats.JackknifeSE(left)
			off += (log - t.planted) * (log - t.planted)
			said += se * se
			found += log
		}
		n := float64(len(trials))
		fmt.Printf("    %-46s off %5.2f  said %5.2f  off/said %4.2f  found %6.2f\n", e.name,
			100*math.Sqrt(off/n), 100*math.Sqrt(said/n), math.Sqrt(off/said), 100*math.Expm1(found/n))
	}
}

func logs(rounds [][]turn) (out []float64) {
	for _, r := range rounds {
		for _, t := range r {
			out = append(out, t.log)
		}
	}
	return out
}

func feds(rounds [][]turn) (out []float64) {
	for _, r := range rounds {
		for _, t := range r {
			out = append(out, t.fed)
		}
	}
	return out
}

// calm is the logs of the share of turns with the lowest sentinels.
func calm(rounds [][]turn, share float64) (out []float64) {
	var all []turn
	for _, r := range rounds {
		all = append(all, r...)
	}
	slices.SortFunc(all, func(a, b turn) int { return int(a.sentinel - b.sentinel) })
	for _, t := range all[:max(1, int(share*float64(len(all))))] {
		out = append(out, t.log)
	}
	return out
}

func mad(values []float64) float64 {
	middle, far := stats.Median(values), make([]float64, len(values))
	for i, v := range values {
		far[i] = math.Abs(v - middle)
	}
	return 1.4826 * stats.Median(far)
}

func clipped(values []float64, middle, reach float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += min(max(v, middle-reach), middle+reach)
	}
	return sum / float64(len(values))
}

func clippedByRound(reach float64) func([][]turn) float64 {
	return func(rounds [][]turn) float64 {
		sum := 0.0
		for _, r := range rounds {
			l := logs([][]turn{r})
			sum += clipped(l, stats.Median(l), reach)
		}
		return sum / float64(len(rounds))
	}
}

func huber(values []float64, reach float64) float64 {
	at := stats.Median(values)
	for range 100 {
		sum, inside := 0.0, 0
		for _, v := range values {
			sum += min(max(v-at, -reach), reach)
			if math.Abs(v-at) < reach {
				inside++
			}
		}
		step := sum / float64(max(inside, 1))
		at += step
		if math.Abs(step) < 1e-9 {
			break
		}
	}
	return at
}

func winsorized(share float64) func([]float64) float64 {
	return func(values []float64) float64 {
		sorted := slices.Sorted(slices.Values(values))
		cut := int(share * float64(len(sorted)))
		sum := 0.0
		for _, v := range sorted {
			sum += min(max(v, sorted[cut]), sorted[len(sorted)-1-cut])
		}
		return sum / float64(len(sorted))
	}
}

func trimmed(share float64) func([]float64) float64 {
	return func(values []float64) float64 {
		sorted := slices.Sorted(slices.Values(values))
		cut := int(share * float64(len(sorted)))
		sum := 0.0
		for _, v := range sorted[cut : len(sorted)-cut] {
			sum += v
		}
		return sum / float64(len(sorted)-2*cut)
	}
}
