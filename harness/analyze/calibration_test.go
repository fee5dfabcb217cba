package analyze

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"zstdshop/harness/journal"
	"zstdshop/harness/result"
)

// What is predicted of normal noise is what is seen, whatever was planted and
// however much came after the first pairs.
func TestSeenEffects(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var rows []Trial
	for range 400 {
		r := Trial{}
		for i := range 20 {
			noise := 0.01
			if i >= seenAt {
				noise = 1
			}
			r.Logs = append(r.Logs, 0.05+noise*rng.NormFloat64())
		}
		rows = append(rows, r)
	}
	if seen := seenEffects(rows); math.Abs(seen-1) > 0.1 {
		t.Errorf("%.2f of what is predicted is seen; want 1 within a tenth", seen)
	}
	if seen := seenEffects(rows[:seenTrials-1]); !math.IsNaN(seen) {
		t.Errorf("of %d rows %v, want nothing", seenTrials-1, seen)
	}
	if seen := seenEffects([]Trial{{Logs: make([]float64, seenAt-1)}}); !math.IsNaN(seen) {
		t.Errorf("of short rows %v, want nothing", seen)
	}
}

// trialOf is a comparison of equals in 5 s, with so many pairs that alternate around 0.
func trialOf(work string, pairs int, spread float64, verdict string) Trial {
	t := Trial{TrialKind: TrialKind{Workload: work}, Took: 5 * time.Second, Verdict: verdict, Ratio: result.Ratio{Est: 1}}
	for i := range pairs {
		t.Logs = append(t.Logs, spread*float64(i%2*2-1))
	}
	return t
}

// Four times the time finds less than half of the effect, because intervals of few pairs
// are wider than their number says.
func TestCalibrationWithin(t *testing.T) {
	c := Calibrations([]Trial{trialOf("a", 16, 0.01, result.VerdictUndecided)})[0]
	if !(c.Within[0] > 0.012 && c.Within[0] < 0.016 && c.Within[1] < 0.5*c.Within[0] && c.Within[2] < 0.6*c.Within[1]) {
		t.Errorf("within %v, want about 1.4 %% and less than half of it, and of that", c.Within)
	}
	if c := Calibrations([]Trial{trialOf("a", MinPairs-1, 0.01, result.VerdictUndecided)})[0]; !math.IsNaN(c.Within[0]) {
		t.Errorf("too few pairs: %v, want nothing said", c.Within)
	}
}

func TestCalibrationSentence(t *testing.T) {
	calm, noisy := trialOf("calm", 16, 0.01, result.VerdictUndecided), trialOf("noisy", 8, 0.05, result.VerdictUndecided)
	wrong := trialOf("calm", 16, 0.01, result.VerdictFaster)
	planted := calm
	planted.Planted = 50
	for _, c := range []struct {
		name   string
		trials []Trial
		want   []string
	}{
		{"one kind", []Trial{calm}, []string{"in 5s differences of 1.4 %, in 20s", "1 equals tell: 0 were called different (at most 95 % are"}},
		{"a range", []Trial{calm, noisy}, []string{"1.4 % to ", "2 equals"}},
		{"one wrong of many proves nothing", append(repeated(calm, 99), wrong), []string{"can be trusted", "1 were called different"}},
		{"many do", append(repeated(calm, 90), repeated(wrong, 10)...), []string{"CANNOT be trusted: 10 of 100"}},
		{"planted ones only", []Trial{planted}, []string{"1.4 %", "--planted 0"}},
		{"nothing to tell by", []Trial{trialOf("a", 2, 0.01, result.VerdictUndecided)}, []string{"raise --per"}},
	} {
		got := CalibrationSentence(Calibrations(c.trials))
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %q lacks %q", c.name, got, want)
			}
		}
	}
}

func repeated(t Trial, n int) (out []Trial) {
	for range n {
		out = append(out, t)
	}
	return out
}

// A row says when and where it was made, and how far the machine was left alone.
func TestTrialTellsWhereItIsFrom(t *testing.T) {
	calm, rough := [2]int64{1000, 1000}, [2]int64{1000, 3000}
	log := &journal.Log{Cells: []journal.CellLog{
		*cellOf(forkOf(0, []int64{100, 100, 100, 100}, [][2]int64{calm, calm, calm, rough})),
		*cellOf(forkOf(0, []int64{100, 100, 100, 100}, [][2]int64{calm, rough, rough, rough})),
	}}
	log.Header.Plan.Started = time.Date(2026, 1, 2, 23, 0, 0, 0, time.FixedZone("", -3600*2))
	log.Header.Machine.Fingerprint = "abc"
	var got Trial
	if err := got.Take(log); err != nil {
		t.Fatal(err)
	}
	if got.Disturbed == nil {
		t.Fatal("nothing said of the machine, which has sentinels")
	}
	if got.Day != "2026-01-03" || got.Machine != "abc" || *got.Disturbed != 0.5 {
		t.Errorf("day %s, machine %s, disturbed %v; want the third in UTC, abc, half", got.Day, got.Machine, *got.Disturbed)
	}
	for i := range log.Cells {
		for k := range log.Cells[i].Forks {
			log.Cells[i].Forks[k].Before, log.Cells[i].Forks[k].After = nil, nil
		}
	}
	if err := got.Take(log); err != nil || got.Disturbed != nil {
		t.Errorf("without sentinels %v, %v; want nothing said of the machine", got.Disturbed, err)
	}
}

// Only a whole verdict counts; a line that lacks something says what.
func TestTrialCheck(t *testing.T) {
	whole := Trial{TrialKind: TrialKind{Method: "m", Workload: "w", Budget: 1}, Verdict: result.VerdictSlower, Ratio: result.Ratio{Est: 1.05}, Took: 1}
	if err := whole.Check(); err != nil {
		t.Errorf("whole: %v", err)
	}
	for want, spoil := range map[string]func(*Trial){
		"no method":        func(t *Trial) { t.Method = "" },
		"no workload":      func(t *Trial) { t.Workload = "" },
		"planted_permille": func(t *Trial) { t.Planted = -1 },
		`"banana"`:         func(t *Trial) { t.Verdict = "banana" },
		"time_ratio":       func(t *Trial) { t.Ratio.Est = 0 },
		"took_ns":          func(t *Trial) { t.Took = 0 },
		"budget_ns":        func(t *Trial) { t.Budget = 0 },
	} {
		broken := whole
		spoil(&broken)
		if err := broken.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// What was planted and counts as equivalent may be called either.
func TestCalibrationRight(t *testing.T) {
	for _, c := range []struct {
		planted int
		delta   float64
		want    int
	}{{0, 0.02, 2}, {20, 0.02, 2}, {50, 0.02, 1}} {
		var trials []Trial
		for _, verdict := range []string{result.VerdictSlower, result.VerdictEquivalent, result.VerdictUndecided} {
			trial := trialOf("a", 9, 0.01, verdict)
			trial.Planted, trial.Delta = c.planted, c.delta
			trials = append(trials, trial)
		}
		if got := Calibrations(trials)[0].Right; got != c.want {
			t.Errorf("%d permille, equivalent within %v: %d of 3 right, want %d", c.planted, c.delta, got, c.want)
		}
	}
}
