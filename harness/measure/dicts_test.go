package measure

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"zstdshop/codecs"
	"zstdshop/harness"
	"zstdshop/harness/internal/standin"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
	"zstdshop/scenarios/corpus"
)

// keeper is a codec whose dictionaries are all that they learnt from, so that nothing
// that it has seen can be missed.
type keeper struct {
	standin.Codec
	trained *int
	fails   bool
}

func (keeper) Dicts() codecs.DictInfo { return codecs.DictInfo{Trainer: "keeper"} }

func (k keeper) NewDictContext(level int, _ codecs.Dict) (codecs.Context, error) {
	return k.NewContext(level)
}

func (keeper) DictID([]byte) (uint32, error) { return 7, nil }

func (k keeper) Train(samples [][]byte, _ int) ([]byte, error) {
	*k.trained++
	if k.fails {
		return nil, fmt.Errorf("too little: %w", codecs.ErrDictionary)
	}
	return bytes.Join(samples, nil), nil
}

// trainRequest has 100 records, one of which has a text of its own, and some twice.
func trainRequest(t *testing.T, fails bool) (*Request, *int) {
	t.Helper()
	var reg harness.Registry
	trained := new(int)
	reg.AddCodec("keeper", keeper{trained: trained, fails: fails})
	c := &corpus.Corpus{Name: "data"}
	for i := range 100 {
		c.Members = append(c.Members, corpus.Member{Name: "r", Data: fmt.Appendf(nil, "<record %d>", i%80)})
	}
	if err := c.Halve(nil); err != nil {
		t.Fatal(err)
	}
	q := &Request{Registry: &reg, Corpora: []*corpus.Corpus{c}, Dicts: map[string][]byte{"file": []byte("given")}}
	for _, scenario := range []string{"compress", "decompress"} {
		for _, dict := range []string{"", "train:16KiB", "train:1KiB", "file"} {
			q.Cells = append(q.Cells, result.Cell{Scenario: scenario, Corpus: "data", Codec: "keeper", Dict: dict})
		}
	}
	return q, trained
}

// A dictionary has learnt from no record that is measured, and is made once for all
// cells and worker processes.
func TestDictsLearnFromTheOtherHalf(t *testing.T) {
	q, trained := trainRequest(t, false)
	dicts, lost, err := q.makeDicts(t.TempDir())
	if err != nil || len(lost) > 0 || len(q.Cells) != 8 || len(dicts) != 3 || *trained != 2 {
		t.Fatalf("%v, %v: %d cells, %d dictionaries, %d trained", err, lost, len(q.Cells), len(dicts), *trained)
	}
	for _, c := range q.Cells {
		d := dicts.Of(c)
		if (d == nil) != (c.Dict == "") {
			t.Fatalf("%s: dictionary %v", c.Name(), d)
		}
		if d == nil {
			continue
		}
		content, err := os.ReadFile(d.Path)
		if err != nil || len(content) != d.Bytes || d.ID != 7 || dicts.Worker(c).Digest != d.Digest {
			t.Errorf("%s: %v, %+v", c.Name(), err, d)
		}
		if c.Dict == "file" {
			if string(content) != "given" || d.Trainer != "" {
				t.Errorf("the file became %q by %q", content, d.Trainer)
			}
			continue
		}
		if d.Samples != len(q.Corpora[0].Training) || d.Trainer != "keeper" {
			t.Errorf("%s: learnt from %d records of %d by %q", c.Name(), d.Samples, len(q.Corpora[0].Training), d.Trainer)
		}
		for _, m := range q.Corpora[0].Members {
			if bytes.Contains(content, m.Data) {
				t.Errorf("%s: %q is measured and in the dictionary", c.Name(), m.Data)
			}
		}
	}
}

// A dictionary that cannot be made leaves its cells out, and says so.
func TestDictsThatCannotBe(t *testing.T) {
	q, _ := trainRequest(t, true)
	dicts, lost, err := q.makeDicts(t.TempDir())
	if err != nil || len(dicts) != 1 || len(q.Cells) != 4 || len(lost) != 2 || !strings.Contains(lost[0].Text, "left out: dict=train:16KiB with keeper of data: too little") {
		t.Errorf("%v: %d dictionaries, %d cells, %v", err, len(dicts), len(q.Cells), lost)
	}
	q, _ = trainRequest(t, true)
	q.Cells = q.Cells[1:3]
	if _, _, err := q.makeDicts(t.TempDir()); !errors.Is(err, result.ErrPlan) {
		t.Errorf("%v with no cell left, want ErrPlan", err)
	}
}

// A worker that does not say that it uses the dictionary measures something else.
func TestDictIsEchoed(t *testing.T) {
	for said, want := range map[string]error{"abc": nil, "": worker.ErrLacks, "abd": worker.ErrNonsense} {
		in, toController := io.Pipe()
		fromController, out := io.Pipe()
		go func() {
			conn := worker.NewConn(fromController, toController)
			_ = conn.Send(worker.Message{Type: worker.TypeHello, Hello: &worker.Hello{Versions: worker.Versions}})
			_, _ = conn.Receive()
			_ = conn.Send(worker.Message{Type: worker.TypeReady, Ready: &worker.Ready{Items: 1, Dict: said}})
		}()
		c := converse(in, out, time.Minute)
		_, err := c.prepare(t.Context(), worker.Prepare{Dict: &worker.Dict{Path: "x", Digest: "abc"}})
		if !errors.Is(err, want) {
			t.Errorf("ready with %q: %v", said, err)
		}
		in.Close()
		out.Close()
	}
}
