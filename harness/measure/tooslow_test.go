package measure

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"zstdshop/harness/journal"
	"zstdshop/harness/plan"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
)

// oneFile is a corpus of one large item, of which a piece takes its share of the time.
type oneFile struct{ simData }

const oneFileBytes = 14 << 20

func (oneFile) Info() journal.CorpusInfo {
	return journal.CorpusInfo{Name: "data", Source: "sim", Bytes: oneFileBytes, Files: 1, Digest: "one file"}
}

func (oneFile) Sample(block int64, _ int, _ int64, _ uint64) (journal.Subset, error) {
	return journal.Subset{Corpus: "data", Block: block, Items: 1, WholeItems: 1, Bytes: oneFileBytes, Digest: "it",
		Data: worker.Data{Path: "data", Index: "1"}}, nil
}

func (oneFile) Piece(of journal.Subset, bytes int64) (journal.Subset, bool, error) {
	of.Bytes, of.Data.Index = bytes, fmt.Sprint("1 0 ", float64(bytes)/oneFileBytes)
	return of, true, nil
}

var budgetNamed = regexp.MustCompile(`--budget (\S+) (?:is|should be) enough`)

// slowRun is a run of cells that take so many milliseconds, and what became of them.
func slowRun(t *testing.T, data Data, ms map[string]float64, budget time.Duration) (*engine, *sim, error) {
	t.Helper()
	s := newSim()
	us := map[string]float64{}
	for name, ms := range ms {
		us[name] = 1000 * ms
	}
	s.cost = costByName(us)
	e := simEngine(t, s, simMatrix{plan.Matrix{"scenario": {"compress"}, "codec": {"fast", "slow", "raw"}, "level": {"3"}, "runner": {"single"},
		"workers": {"1"}, "corpus": {"data"}, "block": {fmt.Sprint(simItemBytes)}}, budget, 0.02, 7})
	e.Data = map[string]Data{"data": data}
	return e, s, s.run(t.Context(), e, budget)
}

// A cell that is too slow for the budget costs the others nothing, and the budget that
// is named for it is enough, whether it became known in its trial or after it. Where all
// are too slow the run says so, with a budget that is enough for all.
func TestTooSlow(t *testing.T) {
	for _, c := range []struct {
		name   string
		data   Data
		ms     map[string]float64
		budget time.Duration
		out    []string // codecs; all: an error
	}{
		{"none", oneFile{}, map[string]float64{"fast": 100, "slow": 2000, "raw": 150}, 45 * time.Second, nil},
		{"trial too long", oneFile{}, map[string]float64{"fast": 100, "slow": 9000, "raw": 150}, 45 * time.Second, []string{"slow"}},
		{"trial in time, first slice not", oneFile{}, map[string]float64{"fast": 100, "slow": 5500, "raw": 150}, 45 * time.Second, []string{"slow"}},
		{"two of them", oneFile{}, map[string]float64{"fast": 100, "slow": 60_000, "raw": 50_000}, 45 * time.Second, []string{"slow", "raw"}},
		{"a piece is too slow, too", simData{1}, map[string]float64{"fast": 100, "slow": 20_000, "raw": 150}, 45 * time.Second, []string{"slow"}},
		{"many items of which one is in time", simData{640}, map[string]float64{"fast": 1, "slow": 500, "raw": 1}, 45 * time.Second, nil},
		{"all", oneFile{}, map[string]float64{"fast": 8000, "slow": 30_000, "raw": 9000}, 20 * time.Second, []string{"fast", "slow", "raw"}},
		{"all alike, in the pilot run in time", oneFile{}, map[string]float64{"fast": 500, "slow": 500, "raw": 500}, 9500 * time.Millisecond, []string{"fast"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, s, err := slowRun(t, c.data, c.ms, c.budget)
			named := ""
			if len(c.out) == len(c.ms) {
				if !errors.Is(err, result.ErrPlan) || !strings.Contains(err.Error(), "the slowest is scenario=compress") || !strings.Contains(err.Error(), "codec=slow") {
					t.Fatalf("got %v, want ErrPlan that names the slowest", err)
				}
				named = err.Error()
			} else if err != nil {
				t.Fatal(err)
			}
			if over := s.now.Sub(s.deadline); over > maxOverrun {
				t.Errorf("%v over the budget", over)
			}
			if s.alive != 0 {
				t.Errorf("%d workers left", s.alive)
			}
			for _, log := range e.Journal.Log.Cells {
				out := slices.Contains(c.out, log.Cell.Codec)
				switch {
				case named != "":
				case out && (log.Failed == nil || !strings.Contains(log.Failed.Error, "too slow for the budget")):
					t.Errorf("%s: %v, want it left out", log.Cell.Name(), log.Failed)
				case !out && (log.Failed != nil || len(log.Forks) == 0):
					t.Errorf("%s: %v, %d forks, want it measured", log.Cell.Name(), log.Failed, len(log.Forks))
				case out:
					named = log.Failed.Error
				}
			}
			if len(c.out) == 0 {
				return
			}
			found := budgetNamed.FindStringSubmatch(named)
			if found == nil {
				t.Fatalf("no budget in %q", named)
			}
			enough, err := time.ParseDuration(found[1])
			if err != nil || enough <= c.budget {
				t.Fatalf("%v, %v: want more than %v", enough, err, c.budget)
			}
			e, _, err = slowRun(t, c.data, c.ms, enough)
			if err != nil {
				t.Fatal(err)
			}
			for _, log := range e.Journal.Log.Cells {
				if log.Failed != nil || len(log.Forks) == 0 {
					t.Errorf("in %v %s: %v, %d forks", enough, log.Cell.Name(), log.Failed, len(log.Forks))
				}
			}
		})
	}
}
