package plan

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zstdshop/codecs"
	"zstdshop/harness/internal/standin"
	"zstdshop/harness/result"
	"zstdshop/scenarios"
)

// typed returns options as flags make them: "codec=fast@3,slow" a word.
func typed(t *testing.T, words string) Options {
	t.Helper()
	o := Options{Asked: Matrix{}, Terms: Terms{Budget: time.Minute}, Defaults: Matrix{
		"scenario": {"compress", "unheard"}, "codec": {"unheard@3", "fast"}, "level": {"3"}, "runner": {"unheard"}, "workers": {"2"}, "corpus": {"logs"}, "block": {"1KiB"}}}
	for word := range strings.FieldsSeq(words) {
		name, text, _ := strings.Cut(word, "=")
		if err := o.Asked.Add(standin.Registry(t), AxisOf(name), text); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

// written returns options with a file of that text.
func written(t *testing.T, yaml string) Options {
	t.Helper()
	o := typed(t, "")
	o.File = filepath.Join(t.TempDir(), "zstdshop.yaml")
	if err := os.WriteFile(o.File, []byte(yaml), 0o600); err != nil {
		t.Fatal(err)
	}
	return o
}

// A name that nobody has registered is no default, and where none is left all are.
func TestResolveDefaults(t *testing.T) {
	p, err := typed(t, "").Resolve(t.Context(), standin.Registry(t))
	if err != nil {
		t.Fatal(err)
	}
	const cell = "scenario=compress/corpus=logs/codec=fast/level=3/"
	want := []string{cell + "runner=single/workers=1/block=1024", cell + "runner=pool/workers=2/block=1024", cell + "runner=one/workers=2/block=1024"}
	if got := names(p.Cells); !slices.Equal(got, want) {
		t.Errorf("cells %q, want %q", got, want)
	}
	if len(p.Corpora) != 1 || p.Corpora[0].Name != "logs" || p.Budget != time.Minute {
		t.Errorf("corpora %v, budget %v", p.Corpora, p.Budget)
	}
}

func TestResolveCeiling(t *testing.T) {
	reg := standin.Registry(t)
	reg.AddCodec("copy", standin.Codec{About: codecs.Info{Ceiling: true}})
	for words, want := range map[string]bool{"": true, "workers=1": false} {
		o := typed(t, words)
		o.Ceiling = Matrix{"runner": {"pool"}}
		p, err := o.Resolve(t.Context(), reg)
		if err != nil {
			t.Fatal(err)
		}
		if got := slices.ContainsFunc(p.Cells, func(c result.Cell) bool { return c.Codec == "copy" }); got != want {
			t.Errorf("%q: a ceiling %v, want %v", words, got, want)
		}
	}
}

// A file asks for what flags ask for.
func TestFileIsAsFlags(t *testing.T) {
	for _, c := range []struct{ yaml, words string }{
		{"cells: [{codec: slow}]", "codec=slow"},
		{"cells: [{codec: [fast@1, slow], level: [3, 9], runner: pool}]", "codec=fast@1,slow level=3,9 runner=pool"},
		{"cells: [{codec: [own, raw], effort: default}]", "codec=own,raw effort=default"},
		{"cells: [{codec: all, level: 3, runner: pool, exclude: [gone]}]", "codec=fast@3,slow@3,raw,few@3,own runner=pool"},
		{"cells: [{codec: 'fast,slow', workers: 1..3, runner: [pool], block: [1KiB, whole]}]", "codec=fast,slow workers=1..3 runner=pool block=1KiB,whole"},
		{"cells: [{scenario: burn, iters: 5, env: ['A=1,2', B=3], cpus: '0', gomaxprocs: 1}]", "scenario=burn iters=5 env=A=1,2 env=B=3 cpus=0 gomaxprocs=1"},
		{"cells: [{scenario: ask, endpoint: hello, runner: single}, {scenario: ask, endpoint: hello, runner: [pool, one]}]", "scenario=ask endpoint=hello runner=single,pool,one"},
		{"cells: [{codec: [fast, slow], exclude: [codec=slow/runner=pool, one]}, {codec: slow, runner: one}, {codec: fast, runner: one}, {codec: slow, runner: pool}]", "codec=fast,slow"},
	} {
		reg := standin.Registry(t)
		a, err := written(t, c.yaml).Resolve(t.Context(), reg)
		if err != nil {
			t.Errorf("%s: %v", c.yaml, err)
			continue
		}
		b, err := typed(t, c.words).Resolve(t.Context(), reg)
		if err != nil {
			t.Fatal(err)
		}
		got, want := names(a.Cells), names(b.Cells)
		if diff := cmp.Diff(slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(got))); diff != "" {
			t.Errorf("%s (-flags +file):\n%s", c.yaml, diff)
		}
	}
}

// Errors of a file name the key, show the line, and say what to do.
func TestFileRefuses(t *testing.T) {
	for _, c := range []struct{ yaml, want, line string }{
		{"budget: 5\ncells: [{codec: fast}]", "budget: want a time above zero", "budget: 5"},
		{"max_regression: 200%\ncells: [{codec: fast}]", "max_regression: want a share", "200%"},
		{"bugdet: 5s\ncells: [{codec: fast}]", `unknown field "bugdet"; did you mean "budget"?`, "bugdet"},
		{"cells:\n- codek: fast", `cells[0].codek: unknown key; did you mean "codec"?`, "codek"},
		{"cells:\n- codec: fast\n- rate: 10", "cells[1].rate: unknown key", "rate: 10"},
		{"cells:\n- codec: [fast, slwo]", "cells[0].codec[1]: unknown codec", "slwo"},
		{"cells:\n- codec: {a: b}", "cells[0].codec: want a value or a list", "a: b"},
		{"cells:\n- level: [1, 99]", "cells[0]: codec fast@99", "level"},
		{"cells:\n- corpus: ./nowhere", `cells[0].corpus: corpus "./nowhere"`, "nowhere"},
		{"cells:\n- codec: gone", "cells[0].codec: this build cannot run gone", "gone"},
		{"cells:\n- codec: fast\n  exclude: [pol]", `cells[0].exclude[0]: "pol" fits no cell`, "pol"},
		{"cells:\n- codec: fast\n  exclude: [fast]", "cells[0]: exclude leaves no cell", "codec"},
		{"cells:\n- codec: fast\n  limits: {tiem: 3%}", "cells[0].limits: unknown limit", "tiem"},
		{"cells:\n- codec: fast\n  limits: 3%", "cells[0].limits: want names of metrics", "3%"},
		{"cells:\n- codec: fast\n- codec: fast", "cells[1]: cell scenario=compress/corpus=logs/codec=fast/level=3/runner=single/workers=1/block=1024 is in an earlier entry", "codec"},
		{"cells: []", "it names no cells", ""},
	} {
		_, err := written(t, c.yaml).Resolve(t.Context(), standin.Registry(t))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.yaml, err, c.want)
		}
		if placed, ok := errors.AsType[*PlacedError](err); c.line != "" && (!ok || !strings.Contains(placed.Excerpt, c.line)) {
			t.Errorf("%s: no excerpt with %q", c.yaml, c.line)
		}
	}
}

// The file's budget and limit hold where options ask for none.
func TestFileTerms(t *testing.T) {
	o := written(t, "budget: 7s\nmax_regression: 9%\ncells: [{runner: pool, limits: {ratio: off, cores: 1.5}}]")
	check := func(budget time.Duration, limit float64) {
		t.Helper()
		p, err := o.Resolve(t.Context(), standin.Registry(t))
		if err != nil {
			t.Fatal(err)
		}
		want := result.Limits{result.MetricTime: limit, result.MetricAllocs: 0, result.MetricCores: 1.5}
		if diff := cmp.Diff(want, p.Limits[p.Cells[0].Name()]); p.Budget != budget || diff != "" {
			t.Errorf("budget %v, want %v; limits %s", p.Budget, budget, diff)
		}
	}
	check(7*time.Second, 0.09)
	o.BudgetAsked, o.MaxRegression = true, 0.04
	check(time.Minute, 0.04)
}

// Records are corpora of their own, by flags and by a file.
func TestRecords(t *testing.T) {
	data := filepath.Join(t.TempDir(), "app.log")
	if err := os.WriteFile(data, []byte("one line, sixteen and more\nanother\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	reg := standin.Registry(t)
	flags, err := typed(t, "codec=fast runner=single records=none,lines,16 corpus="+data).Resolve(t.Context(), reg)
	if err != nil {
		t.Fatal(err)
	}
	const cell = "/codec=fast/level=3/runner=single/workers=1/block=1024"
	want := []string{"scenario=compress/corpus=app.log" + cell, "scenario=compress/corpus=app.log-lines" + cell, "scenario=compress/corpus=app.log-16" + cell}
	if got := names(flags.Cells); !slices.Equal(got, want) {
		t.Errorf("cells %q, want %q", got, want)
	}
	members := map[string]int{}
	for _, c := range flags.Corpora {
		members[c.Name] = len(c.Members)
	}
	if diff := cmp.Diff(map[string]int{"app.log": 1, "app.log-lines": 2, "app.log-16": 3}, members); diff != "" {
		t.Error(diff)
	}
	if digests := flags.Digests(); digests["app.log"] == digests["app.log-lines"] {
		t.Error("a file and its lines have one digest")
	}
	file, err := written(t, "cells: [{codec: fast, runner: single, records: [none, lines, 16], corpus: '"+data+"'}]").Resolve(t.Context(), reg)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(flags.Digests(), file.Digests()); diff != "" {
		t.Errorf("-flags +file: %s", diff)
	}
}

// One name stands for one corpus.
func TestRecordsOfOneName(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"a": "x\ny\n", "a-lines": "z\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	o := typed(t, "codec=fast runner=single records=none,lines corpus="+filepath.Join(dir, "a")+","+filepath.Join(dir, "a-lines"))
	if _, err := o.Resolve(t.Context(), standin.Registry(t)); err == nil || !strings.Contains(err.Error(), "two corpora would be called a-lines: rename") {
		t.Errorf("%v, want an error about the name", err)
	}
}

func TestUnusedAxes(t *testing.T) {
	p, err := typed(t, "scenario=burn,busy codec=fast iters=5 rate=3 workers=2").Resolve(t.Context(), standin.Registry(t))
	if err != nil || len(p.Warnings) != 1 || !strings.Contains(p.Warnings[0].Text, "--codec says nothing about burn, busy") {
		t.Errorf("%v, %v; want one of --codec", p.Warnings, err)
	}
}

// Each axis sets the key that it is called after, and no other.
func TestAxesAreKeys(t *testing.T) {
	values := map[string]string{"codec": "fast@3", "workers": "2", "block": "2048", "stream": "4096", "rate": "2", "iters": "2", "gomaxprocs": "2"}
	keys := map[string]string{"codec": "codec level", "worker": "language"}
	for _, axis := range Axes() {
		if axis.set == nil {
			continue // level and records, which codec and corpus set
		}
		value, want := values[axis.Name], keys[axis.Name]
		if value == "" {
			value = "x"
		}
		if want == "" {
			want = axis.Name
		}
		c := result.Cell{Corpus: "c"} // so that block applies
		before := c
		axis.set(&c, value)
		var changed []string
		for _, k := range result.Keys() {
			if k.Raw(c) != k.Raw(before) {
				changed = append(changed, k.Name)
			}
		}
		if got := strings.Join(changed, " "); got != want {
			t.Errorf("axis %s sets %q, want %q", axis.Name, got, want)
		}
	}
}

// pouring is a codec with streams, of which only the kind counts.
type pouring struct{ standin.Codec }

func (pouring) Streams() codecs.StreamInfo                            { return codecs.StreamInfo{} }
func (pouring) StreamWindow(int) (int, error)                         { return 0, nil }
func (pouring) NewWriter(io.Writer, int) (codecs.StreamWriter, error) { return nil, nil }
func (pouring) NewReader(io.Reader) (codecs.StreamReader, error)      { return nil, nil }

// A codec without streams is left out of scenarios of streams, and the notes say so.
func TestCodecsWithoutStreams(t *testing.T) {
	reg := standin.Registry(t)
	reg.AddCodec("pouring", pouring{standin.Codec{About: codecs.Info{}}})
	reg.AddScenario("pour", standin.Scenario{About: scenarios.Info{Codec: true, Corpus: true, Stream: 4 << 10}})
	o := typed(t, "runner=single")
	o.Asked["scenario"], o.Asked["codec"] = []string{"pour", "compress"}, []string{"raw", "pouring"}
	p, err := o.Resolve(t.Context(), reg)
	if err != nil {
		t.Fatal(err)
	}
	const rest = "/runner=single/workers=1/block=1024"
	want := []string{"scenario=pour/corpus=logs/codec=pouring" + rest + "/stream=4096",
		"scenario=compress/corpus=logs/codec=raw" + rest, "scenario=compress/corpus=logs/codec=pouring" + rest}
	if got := names(p.Cells); !slices.Equal(got, want) {
		t.Errorf("cells %q, want %q", got, want)
	}
	if len(p.Warnings) != 1 || p.Warnings[0].Text != "raw has no streams and is left out of pour" {
		t.Errorf("warnings %v, want one of raw", p.Warnings)
	}
	o.Asked["scenario"], o.Asked["codec"] = []string{"pour"}, []string{"raw"}
	if _, err := o.Resolve(t.Context(), reg); err == nil || !strings.Contains(err.Error(), "--codec: raw has no streams") {
		t.Errorf("error %v where none is left, want one that says why", err)
	}
}

// efforts are on each codec's own scale, and all is every codec to choose from.
func TestEfforts(t *testing.T) {
	reg := standin.Registry(t)
	reg.AddCodec("zs", standin.Codec{About: codecs.Info{Levels: &codecs.Levels{Min: 1, Max: 22, Fastest: 1, Default: 3, Best: 19}}})
	reg.AddCodec("gz", standin.Codec{About: codecs.Info{Levels: &codecs.Levels{Max: 9, Own: true, Default: 6, Best: 9}}})
	reg.AddCodec("copy", standin.Codec{About: codecs.Info{Ceiling: true}})
	reg.AddCodec("threads", standin.Codec{About: codecs.Info{Threads: true}})
	for _, c := range []struct{ words, want string }{
		{"codec=zs,gz effort=fastest,default,best", "zs@1 zs@3 zs@19 gz@0 gz@6 gz@9"},
		{"codec=zs@5,gz effort=best", "zs@5 gz@9"},
		{"codec=zs,gz level=4 effort=best", "zs@4 zs@19 gz@9"},
		{"codec=zs,gz level=19 effort=best", "zs@19 gz@9"},
		{"codec=zs,gz", "zs@3 gz@6"},
		{"codec=raw,gz effort=best", "raw gz@9"},
		{"codec=all level=3", "fast@3 slow@3 raw gone@3 few@3 own@2 zs@3 gz@6"},
		{"codec=all,copy level=3", "fast@3 slow@3 raw gone@3 few@3 own@2 zs@3 gz@6 copy"},
	} {
		o := typed(t, "runner=single")
		for word := range strings.FieldsSeq(c.words) {
			name, text, _ := strings.Cut(word, "=")
			if err := o.Asked.Add(reg, AxisOf(name), text); err != nil {
				t.Fatal(err)
			}
		}
		p, err := o.Resolve(t.Context(), reg)
		if err != nil {
			t.Errorf("%s: %v", c.words, err)
			continue
		}
		var got []string
		for _, cell := range p.Cells {
			name := cell.Codec
			if cell.HasLevel() {
				name += "@" + strconv.Itoa(cell.Level)
			}
			got = append(got, name)
		}
		if text := strings.Join(got, " "); text != c.want {
			t.Errorf("%s: cells of %s, want %s", c.words, text, c.want)
		}
	}
	for word, want := range map[string]string{
		"codec=all@3":  "all has no levels of its own: write all alone, with --effort or --level",
		"effort=Best":  "want one of fastest, default, best",
		"effort=worst": "want one of fastest, default, best",
	} {
		name, text, _ := strings.Cut(word, "=")
		if err := (Matrix{}).Add(reg, AxisOf(name), text); err == nil || err.Error() != want {
			t.Errorf("%s: error %v, want %q", word, err, want)
		}
	}
}

// --level is of zstd's scale: where it says nothing to a codec, that is told.
func TestLevelOfAnotherScale(t *testing.T) {
	reg := standin.Registry(t)
	reg.AddCodec("zs", standin.Codec{About: codecs.Info{Levels: &codecs.Levels{Min: 1, Max: 22, Fastest: 1, Default: 3, Best: 19}}})
	reg.AddCodec("gz", standin.Codec{About: codecs.Info{Levels: &codecs.Levels{Min: 1, Max: 9, Own: true, Fastest: 1, Default: 6, Best: 9}}})
	const passedOver = " and was passed over: drop it"
	for _, c := range []struct{ words, note, err string }{
		{"codec=gz level=9", "", "--level: it is zstd's scale, and gz has its own, 1..9: write --codec gz@9"},
		{"codec=gz,own,zs@3 level=19", "", "--level: it is zstd's scale, and gz has its own, 1..9, and own has its own, 0..9: write --codec gz@9,own@9"},
		{"codec=gz effort=best level=-5", "", "--level: it is zstd's scale, and gz has its own, 1..9: write --codec gz@1"},
		{"codec=gz,zs,own level=9", "--level is zstd's scale and says nothing about codecs with their own, which are measured as gz@6,own@2: name their levels like that to choose", ""},
		{"codec=gz,zs level=9 effort=fastest,best", "--level is zstd's scale and says nothing about codecs with their own, which are measured as gz@1,gz@9: name their levels like that to choose", ""},
		{"codec=raw,gz@1 level=9", "--level says nothing about raw, gz@1" + passedOver, ""},
		{"codec=gz level=9 scenario=burn", "--level says nothing about burn" + passedOver, ""},
		{"codec=gz,gz@9,zs", "", ""},
		{"codec=gz@1,zs level=9", "", ""},
		{"codec=gz", "", ""},
	} {
		o := typed(t, "runner=single")
		for word := range strings.FieldsSeq(c.words) {
			name, text, _ := strings.Cut(word, "=")
			delete(o.Asked, name)
			if err := o.Asked.Add(reg, AxisOf(name), text); err != nil {
				t.Fatal(err)
			}
		}
		p, err := o.Resolve(t.Context(), reg)
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != c.err {
			t.Errorf("%s: error %q, want %q", c.words, got, c.err)
		}
		if err != nil {
			continue
		}
		notes := ""
		for _, w := range p.Warnings {
			if strings.HasPrefix(w.Text, "--level") {
				notes += w.Text
			}
		}
		if notes != c.note {
			t.Errorf("%s: notes %q, want %q", c.words, notes, c.note)
		}
	}
}

// Where a folder has the name of a built-in corpus that is asked for, a note says which is
// measured and how to have the other; where nobody asked, there is none.
func TestShadowedCorpus(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("logs", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("logs/a", []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	const note = "corpus logs is the built-in one: ./logs is the file or folder of that name"
	for asked, want := range map[string]string{"corpus=logs": note, "corpus=logs records=lines": note, "corpus=./logs": "", "corpus=html": "", "": ""} {
		p, err := typed(t, "codec=fast runner=single "+asked).Resolve(t.Context(), standin.Registry(t))
		if err != nil {
			t.Errorf("%q: %v", asked, err)
			continue
		}
		said := ""
		for _, w := range p.Warnings {
			said += w.Text
		}
		if said != want {
			t.Errorf("%q: warnings %q, want %q", asked, said, want)
		}
	}
}
