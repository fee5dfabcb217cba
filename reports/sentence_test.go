package reports

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"zstdshop/harness/analyze"
	"zstdshop/harness/result"
)

func ExampleSentence() {
	f, err := os.Open("testdata/cpuburn.json")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer f.Close()
	r, err := read(f)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(Sentence(r))
	// Output:
	// Running cpuburn as 4 tasks of 2,500,000 iterations: a pool of 4 is fastest at 1.64 ms a task (2.0x the single goroutine). One Go processor (gomaxprocs1) holds cpuburn (1.00 cores busy) to one core.
}

func TestSentence(t *testing.T) {
	const on = "On 1.0 MB of logs in 64 KiB blocks, compressing at level 3: "
	formats := func(r *result.Result) {
		r.Cells[0].About.Codec.Format, r.Cells[1].About.Codec.Format = "one", "other"
		r.Cells[0].Ratio, r.Cells[1].Ratio = ptr(4.0), ptr(2.5)
		r.Cells[0].CorpusRatio, r.Cells[1].CorpusRatio = nil, nil
	}
	speedUp := func(r *result.Result) { r.Cells[0].SpeedUp = around(1.94, 0.01, 0.01) }
	for _, c := range []struct {
		about, cells, comparisons string
		change                    func(*result.Result)
		want                      string
	}{
		{"a winner over another codec", "datadog/pool klauspost/pool klauspost", "datadog/pool<klauspost/pool datadog/pool<klauspost klauspost/pool<klauspost", speedUp,
			on + "datadog in a pool of 2 is fastest at 655 MB/s (1.9x the single goroutine), 1.1x klauspost's best."},
		{"a winner alone with its codec", "klauspost/pool klauspost", "klauspost/pool<klauspost", speedUp,
			on + "klauspost in a pool of 2 is fastest at 655 MB/s (1.9x the single goroutine)."},
		{"a winner over another language", "a b", "a<b", func(r *result.Result) {
			r.Cells[1].Codec, r.Cells[1].Language = r.Cells[0].Codec, "python"
		},
			on + "a in a single goroutine is fastest at 655 MB/s, 1.1x a in a single goroutine (python)."},
		{"the factor is the comparison's", "a b", "a<b", func(r *result.Result) { r.Comparisons[0].TimeRatio.Est = 3 },
			on + "a in a single goroutine is fastest at 655 MB/s, 3.0x b's best."},
		{"formats differ", "a b", "a<b", formats,
			on + "a in a single goroutine is fastest at 655 MB/s and 4.00x smaller, 1.1x b's best, which makes the data 2.50x smaller."},
		{"formats differ, undecided", "a b", "a?b", formats,
			on + "a in a single goroutine at 655 MB/s and 4.00x smaller and b in a single goroutine at 596 MB/s and 2.50x smaller cannot be told apart: at most 1.12x."},
		{"dictionaries differ, undecided", "a b", "a?b", func(r *result.Result) {
			formats(r)
			r.Cells[1].About.Codec.Format, r.Cells[1].Dict = "one", "train"
		},
			on + "a in a single goroutine at 655 MB/s and 4.00x smaller and b in a single goroutine (dictionary train) at 596 MB/s and 2.50x smaller cannot be told apart: at most 1.12x."},
		{"what makes the data larger does not lead", "a b c", "a<b a<c b<c", func(r *result.Result) {
			for i, ratio := range []float64{0.97, 2.5, 2.5} {
				r.Cells[i].Ratio, r.Cells[i].CorpusRatio = ptr(ratio), nil
			}
		},
			on + "b in a single goroutine is fastest at 596 MB/s, 1.09x c's best; left out for making the data larger: a at level 3 in a single goroutine (0.97x at 655 MB/s)."},
		{"the best of a codec does not lead", "a b a/pool", "a<b a<a/pool b<a/pool", func(r *result.Result) {
			for i, ratio := range []float64{0.97, 2.5, 2.5} {
				r.Cells[i].Ratio, r.Cells[i].CorpusRatio = ptr(ratio), nil
			}
		},
			on + "b in a single goroutine is fastest at 596 MB/s, 1.09x a in a pool of 2; left out for making the data larger: a at level 3 in a single goroutine (0.97x at 655 MB/s)."},
		{"formats differ, ratios do not", "a b", "a<b", func(r *result.Result) {
			formats(r)
			r.Cells[1].Ratio = ptr(3.98)
		},
			on + "a in a single goroutine is fastest at 655 MB/s, 1.1x b's best; both make the data about as small (3.98x to 4.00x)."},
		{"formats differ, nothing is smaller", "a b c", "a?b a?c b?c", func(r *result.Result) {
			formats(r)
			for i, ratio := range []float64{0.9961, 0.9993, 1} {
				r.Cells[i].Ratio, r.Cells[i].CorpusRatio = ptr(ratio), nil
			}
		},
			on + "a in a single goroutine at 655 MB/s, b in a single goroutine at 596 MB/s and c in a single goroutine at 546 MB/s cannot be told apart: " +
				"at most 1.22x between a in a single goroutine and c in a single goroutine; none makes the data smaller (1.00x)."},
		{"formats differ, one makes nothing smaller", "a b", "a<b", func(r *result.Result) {
			formats(r)
			r.Cells[0].Ratio = ptr(0.9961)
		},
			on + "a in a single goroutine is fastest at 655 MB/s and no smaller (1.00x), 1.1x b's best, which makes the data 2.50x smaller."},
		{"all make the data larger by as much", "a b", "a?b", func(r *result.Result) {
			for i := range r.Cells {
				r.Cells[i].Ratio, r.Cells[i].CorpusRatio = ptr(0.97), nil
			}
		},
			on + "a in a single goroutine at 655 MB/s and b in a single goroutine at 596 MB/s cannot be told apart: at most 1.12x; both make the data larger (0.97x)."},
		{"shared turns and speeds put them in another order", "a b c", "a?b a?c b?c", func(r *result.Result) {
			for i, est := range []float64{1.2, 1, 0.97} {
				r.Cells[i].VsBest = around(est, 0.1, 0.1)
			}
			r.Cells[1].VsBest = around(1, 0, 0) // the others are held against it
		},
			on + "b in a single goroutine at 596 MB/s, c in a single goroutine (0.97x its time) and a in a single goroutine (1.20x its time) cannot be told apart: " +
				"at most 1.22x between a in a single goroutine and c in a single goroutine."},
		{"and the rival is of shared turns", "a b b/pool", "a<b a<b/pool b?b/pool", func(r *result.Result) {
			r.Comparisons[0].TimeRatio.Est, r.Comparisons[1].TimeRatio.Est = 1.9, 1.3
		},
			on + "a in a single goroutine is fastest at 655 MB/s, 1.3x b's best."},
		{"all make the data larger", "a b", "a<b", func(r *result.Result) {
			for i, ratio := range []float64{0.97, 0.9} {
				r.Cells[i].Ratio, r.Cells[i].CorpusRatio = ptr(ratio), nil
			}
		},
			on + "a in a single goroutine is fastest at 655 MB/s and larger (0.97x), 1.1x b's best, which makes the data larger (0.90x)."},
		{"undecided", "a b c", "a?b a<c b<c", nil,
			on + "a in a single goroutine at 655 MB/s and b in a single goroutine at 596 MB/s cannot be told apart: at most 1.12x."},
		{"undecided, with a forecast", "a b", "a?b", func(r *result.Result) { r.Comparisons[0].MoreNS = ptr[int64](29.5e9) },
			on + "a in a single goroutine at 655 MB/s and b in a single goroutine at 596 MB/s cannot be told apart: at most 1.12x, about 30 s more might tell them apart."},
		{"undecided, and nobody would wait", "a b", "a?b", func(r *result.Result) {
			r.Comparisons[0].MoreNS, r.Comparisons[0].MDE = ptr[int64](61200e9), ptr(0.153)
		},
			on + "a in a single goroutine at 655 MB/s and b in a single goroutine at 596 MB/s cannot be told apart: at most 1.12x, " +
				"this machine does not tell in an hour; in the time given it tells differences of 16 %."},
		{"equivalent", "a b", "a=b", nil,
			on + "a in a single goroutine at 655 MB/s and b in a single goroutine at 596 MB/s cannot be told apart: equivalent within 2 %."},
		{"many undecided", "a b c d e", "a?b a?c a?d a?e b?c b?d b?e c?d c?e d?e", nil,
			on + "a in a single goroutine at 655 MB/s, b in a single goroutine at 596 MB/s, c in a single goroutine at 546 MB/s and 2 more cells cannot be told apart: at most 1.42x between a in a single goroutine and e in a single goroutine."},
		{"not compared", "a b", "", nil,
			on + "2 cells run at 596 MB/s to 655 MB/s, but were not compared, so none can be called fastest."},
		{"one cell", "a b/single/failed", "", nil,
			on + "a in a single goroutine runs at 655 MB/s, with nothing to compare it with (not counting cells: 1 failed)."},
		{"unavailable rival", "a b c/single/unavailable", "a<b", nil,
			on + "a in a single goroutine is fastest at 655 MB/s, 1.1x b's best (not counting cells: 1 unavailable)."},
		{"interrupted", "a b c/single/unmeasured", "a<b", func(r *result.Result) { r.Plan.Complete = false },
			"The run is not complete; so far: " + on + "a in a single goroutine is fastest at 655 MB/s, 1.1x b's best (not counting cells: 1 unmeasured)."},
		{"nothing measured", "a/single/failed b/single/unavailable c/single/unmeasured", "", nil,
			"Nothing was measured: 3 cells, 1 failed, 1 unavailable, 1 unmeasured."},
		{"the ceiling alone", "memcpy memcpy/pool", "", nil,
			"Only the ceiling was measured: 2 cells of memcpy, which copies, at 596 MB/s to 655 MB/s. Name codecs to see how near they come to it."},
		{"one cell of the ceiling, another failed", "memcpy a/single/failed", "", nil,
			"Only the ceiling was measured: 1 cell of memcpy, which copies, at 655 MB/s. Name codecs to see how near they come to it."},
		{"no cells", "", "", nil,
			"Nothing was measured: 0 cells."},
		{"conditions", "a b", "a<b", func(r *result.Result) {
			c := &r.Cells[0]
			c.Cell.GOMAXPROCS, c.CPUs, c.Env = 1, "0-1", "GOGC=100"
		}, on + "a in a single goroutine (GOMAXPROCS=1, CPUs 0-1, GOGC=100) is fastest at 655 MB/s, 1.1x b's best."},
		{"records", "a b", "a<b", func(r *result.Result) { r.Cells[0].Items, r.Cells[1].Items = 8192, 8192 },
			"On 1.0 MB of logs in items of 128 bytes, compressing at level 3: a in a single goroutine is fastest at 655 MB/s, 1.1x b's best."},
		{"a sample", "a b", "a<b", func(r *result.Result) {
			for i := range r.Cells {
				r.Cells[i].BytesIn, r.Cells[i].Items = 65536, 1
			}
		},
			"On a sample of 65.5 kB of logs in 64 KiB blocks, compressing at level 3: a in a single goroutine is fastest at 655 MB/s, 1.1x b's best."},
		{"streams", "a b", "a<b", func(r *result.Result) { r.Cells[0].Stream, r.Cells[1].Stream = 256<<10, 256<<10 },
			"On 1.0 MB of logs in 64 KiB blocks, compressing of 256 KiB at level 3: a in a single goroutine is fastest at 655 MB/s, 1.1x b's best."},
		{"whole files", "a b", "", func(r *result.Result) {
			for i := range r.Cells {
				r.Cells[i].Block, r.Cells[i].Scenario = 0, "decompress"
			}
			described(r)
		}, "On 1.0 MB of logs in whole files, decompressing at level 3: 2 cells run at 596 MB/s to 655 MB/s, but were not compared, so none can be called fastest."},
		{"names are made harmless", "a", "", func(r *result.Result) { r.Cells[0].Codec = "\x1b[2J" },
			on + `\x1b[2J in a single goroutine runs at 655 MB/s, with nothing to compare it with.`},
	} {
		r := setOf(c.cells, c.comparisons)
		if c.change != nil {
			c.change(r)
		}
		if got := Sentence(r); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.about, got, c.want)
		}
	}
}

func TestHeldToOneCore(t *testing.T) {
	cores := func(est, lo, hi float64) *result.Interval { return &result.Interval{Est: est, Lo: &lo, Hi: &hi} }
	for _, c := range []struct {
		about string
		a, b  *result.Interval
		want  string
	}{
		{"one held, one escapes", cores(1.01, 1, 1.02), cores(1.97, 1.95, 1.98),
			" One Go processor (gomaxprocs1) holds a (1.01 cores busy) to one core but does not hold b (1.97 cores busy)."},
		{"both held", cores(1.01, 1, 1.02), cores(1.15, 1.15, 1.15),
			" One Go processor (gomaxprocs1) holds a (1.01 cores busy) and b (1.15 cores busy) to one core."},
		{"both escape", cores(1.6, 1.5, 1.7), cores(1.97, 1.95, 1.98),
			" One Go processor (gomaxprocs1) does not hold a (1.60 cores busy) and b (1.97 cores busy)."},
		{"the interval says neither", cores(1.12, 1.05, 1.2), nil,
			" One Go processor (gomaxprocs1) leaves it undecided for a (1.12 cores busy)."},
		{"no interval", &result.Interval{Est: 1.3}, nil, ""},
		{"the machine held it back", cores(0.7, 0.6, 0.8), nil,
			" One Go processor (gomaxprocs1) leaves it undecided for a (0.70 cores busy)."},
		{"no figure", nil, nil, ""},
	} {
		r := setOf("a/gomaxprocs1 b/gomaxprocs1 a/pool", "")
		r.Cells[0].Parallelism, r.Cells[1].Parallelism = c.a, c.b
		if got := heldToOneCore(sets(r)[0]); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.about, got, c.want)
		}
	}
	r := setOf("a/gomaxprocs1", "")
	r.Cells[0].Parallelism, r.Cells[0].Forks = cores(1.01, 1, 1.02), analyze.MinPairs-1
	if got := heldToOneCore(sets(r)[0]); got != "" {
		t.Errorf("with too few forks: %s", got)
	}
	r = setOf("a/gomaxprocs1", "")
	r.Cells[0].Workers = 1 // shows nothing
	if got := heldToOneCore(sets(r)[0]); got != "" {
		t.Errorf("with one worker: %s", got)
	}
}

// TestSentenceNamesNoWinner tries all verdicts on three cells: "fastest" may
// stand only where one cell is faster than both others.
func TestSentenceNamesNoWinner(t *testing.T) {
	named := regexp.MustCompile(`: (\w) in a single goroutine is fastest`)
	signs := []string{"<", ">", "?", "=", ""}
	pair := func(a, sign, b string) string {
		if sign == "" {
			return ""
		}
		return a + sign + b + " "
	}
	winners := 0
	for _, ab := range signs {
		for _, ac := range signs {
			for _, bc := range signs {
				want := ""
				switch {
				case ab == "<" && ac == "<":
					want = "a"
				case ab == ">" && bc == "<":
					want = "b"
				case ac == ">" && bc == ">":
					want = "c"
				}
				if want != "" {
					winners++
				}
				sentence := Sentence(setOf("a b c", pair("a", ab, "b")+pair("a", ac, "c")+pair("b", bc, "c")))
				got := ""
				if m := named.FindStringSubmatch(sentence); m != nil {
					got = m[1]
				}
				if got != want || want == "" && strings.Contains(sentence, "is fastest") {
					t.Errorf("a%sb a%sc b%sc: winner %q, want %q: %s", ab, ac, bc, got, want, sentence)
				}
			}
		}
	}
	if winners != 15 {
		t.Errorf("%d of the cases have a winner, want 15", winners)
	}
}

// With too few rounds for any verdict what is far apart is told all the same, and that the
// rest is not.
func TestSentenceOfFewRounds(t *testing.T) {
	const cells = "a a/pool b b/pool"
	const few = " leads is not told: that takes 8 rounds, and there was time for 3."
	for _, c := range []struct{ comparisons, want string }{
		{"a<b a<b/pool a/pool<b a/pool<b/pool", "a in a single goroutine and a in a pool of 2 are 1.09x (at least 1.08x) as fast as b in a single goroutine and b in a pool of 2; which of the faster ones" + few},
		{"a<b a<b/pool a/pool<b", "4 cells run at 504 MB/s to 655 MB/s; which" + few},
		{"", "4 cells run at 504 MB/s to 655 MB/s; which" + few},
	} {
		r := setOf(cells, c.comparisons)
		r.Cells[1].Forks = 3
		if got := Sentence(r); !strings.HasSuffix(got, ": "+c.want) {
			t.Errorf("%q: got %s\nwant %s", c.comparisons, got, c.want)
		}
		r.Cells[1].Forks = r.Cells[0].Forks
		if got, want := Sentence(r), ", but were not compared, so none can be called fastest."; !strings.HasSuffix(got, want) {
			t.Errorf("%q, enough rounds: got %s\nwant %s", c.comparisons, got, want)
		}
	}
}

// Where tasks come at a rate the sentence is about how long they take, and about
// rates that are too much.
func TestSentenceAtARate(t *testing.T) {
	r := shopResult()
	for _, c := range []struct {
		keep int
		want string
	}{
		{2, "500 times a second at level 3: datadog in a pool of 8 has 99 % done within 440 µs of when they were due."},
		{3, "9,000 times a second at level 3: datadog in a pool of 8 falls behind, with 4,545 a second done."},
	} {
		one := *r
		one.Cells = slices.Clone(r.Cells[c.keep : c.keep+1])
		if got := one.Cells[0]; c.keep == 2 { // it keeps few cores busy, whatever holds it
			got.Runner, got.Parallelism = "gomaxprocs1", around(0.02, 0.1, 0.1)
			one.Cells[0] = got
			described(&one)
			c.want = strings.Replace(c.want, "datadog in a pool of 8", "datadog under gomaxprocs1 with 8 workers", 1)
		}
		if got := Sentence(&one); !strings.HasSuffix(got, c.want) {
			t.Errorf("%s\nwant %s", got, c.want)
		}
	}
}

// Each level at a rate has its answer: which of them is in time is the question.
func TestAnswersAtARate(t *testing.T) {
	r := shopResult()
	other := r.Cells[2]
	other.Level, other.LatencyUS = 9, &result.Latency{P99: 2440}
	r.Cells = []result.CellResult{r.Cells[2], other}
	all, _ := answers(r)
	want := []string{" at level 3: datadog in a pool of 8 has 99 % done within 440 µs of when they were due.", "At level 9: datadog in a pool of 8 has 99 % done within 2.44 ms of when they were due."}
	if len(all) != 2 || !strings.HasSuffix(all[0], want[0]) || all[1] != want[1] {
		t.Errorf("got %q, want %q", all, want)
	}
}

// Speeds that are not brought to the calm machine do not stand beside others that are, where
// they cannot be told apart: they are not for dividing.
func TestSpeedsOfTwoMachines(t *testing.T) {
	r := setOf("a b", "a?b")
	r.Cells[0].Disturbed = ptr(0.5)
	r.Cells[1].Language, r.Cells[1].Disturbed = "python", nil
	want := "a in a single goroutine and b in a single goroutine (python) cannot be told apart: at most 1.12x."
	if got := Sentence(r); !strings.HasSuffix(got, want) {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if legend := strings.Join(newDocument(r, Options{}).legend, "; "); !strings.Contains(legend, "speeds in python are those of the machine as it was") {
		t.Errorf("the legend is %q", legend)
	}
	for kind, disturbed := range map[string]*float64{"the calm machine": ptr(0.5), "the machine as it was": nil} {
		r.Cells[0].Disturbed, r.Cells[1].Disturbed = disturbed, disturbed
		if got := Sentence(r); !strings.Contains(got, " at 655 MB/s and ") {
			t.Errorf("both of %s: %s", kind, got)
		}
		if legend := strings.Join(newDocument(r, Options{}).legend, "; "); strings.Contains(legend, "speeds in python") {
			t.Errorf("both of %s: the legend is %q", kind, legend)
		}
	}
}
