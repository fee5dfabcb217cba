package load

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"zstdshop/codecs"
	"zstdshop/codecs/datadog"
	"zstdshop/codecs/klauspost"
	"zstdshop/codecs/memcpy"
	"zstdshop/scenarios"
)

var texts = [][]byte{
	[]byte("hello hello hello hello"),
	[]byte(strings.Repeat("a line of \"text\" & <more> of it, \u00e9\n", 3000)),
	[]byte("x"),
}

func usable(t *testing.T) map[string]codecs.Codec {
	t.Helper()
	all := map[string]codecs.Codec{"klauspost": klauspost.New()}
	if d := datadog.New(); d.Info().Unavailable == "" {
		all["datadog"] = d
	}
	return all
}

func prepare(t *testing.T, in scenarios.Input) *job {
	t.Helper()
	j, err := New().Prepare(t.Context(), in)
	if err != nil {
		t.Fatalf("%s: %v", in.Endpoint, err)
	}
	return j.(*job)
}

// TestRequests: every endpoint with every codec, on two connections.
func TestRequests(t *testing.T) {
	for name, codec := range usable(t) {
		digests := map[string]int{}
		for _, e := range endpoints {
			if e.ask == nil {
				continue
			}
			seen := 0
			j := prepare(t, scenarios.Input{Codec: codec, Level: 3, Endpoint: e.name, Items: texts, Workers: 2, Verify: true,
				Progress: func(done, total int) { seen = done + 10*total }})
			f := j.Facts()
			if f.Items != 3 || f.BytesIn != int64(len(texts[0])+len(texts[1])+1) || f.BytesOut <= 0 || f.BytesOut > f.BytesIn/10 || len(f.ItemBytes) != 3 || seen != 33 {
				t.Errorf("%s %s: facts %+v, progress %d", name, e.name, f, seen)
			}
			if strings.Contains(e.name, "-compress") || e.name == "compress" {
				digests[f.Digest]++
			}
			for i := range 6 {
				if err := j.Do(i%2, i/2); err != nil {
					t.Errorf("%s %s: %v", name, e.name, err)
				}
			}
			// An answer that is not as long as it was.
			j.lengths[1]++
			if err := j.Do(1, 1); !errors.Is(err, scenarios.ErrCorrupt) {
				t.Errorf("%s %s: an answer of another length: %v", name, e.name, err)
			}
			if err := j.Close(); err != nil {
				t.Errorf("%s %s: close: %v", name, e.name, err)
			}
			if err := j.Do(0, 0); err == nil {
				t.Errorf("%s %s: an answer after Close", name, e.name)
			}
		}
		if len(digests) != 1 {
			t.Errorf("%s: /compress and /v1/compress make other frames: %v", name, digests)
		}
	}
}

// TestLevel: the server is asked for the level of the cell.
func TestLevel(t *testing.T) {
	for _, name := range []string{"compress", "v1-compress"} {
		sizes := map[int64]bool{}
		for _, level := range []int{1, 19} {
			j := prepare(t, scenarios.Input{Codec: klauspost.New(), Level: level, Endpoint: name, Items: [][]byte{[]byte(words(1 << 16))}, Workers: 1})
			sizes[j.Facts().BytesOut] = true
			if err := j.Close(); err != nil {
				t.Error(err)
			}
		}
		if len(sizes) != 2 {
			t.Errorf("%s: levels 1 and 19 make %v bytes", name, sizes)
		}
	}
}

// words is n bytes of few words in no order.
func words(n int) string {
	r := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	for b.Len() < n {
		fmt.Fprintf(&b, "word%d ", r.IntN(500))
	}
	return b.String()
}

func TestPing(t *testing.T) {
	j := prepare(t, scenarios.Input{Endpoint: "ping", Workers: 1, Verify: true})
	defer j.Close()
	if f := j.Facts(); f.Items != 1 || f.BytesIn != 0 || f.BytesOut != 0 || f.ItemBytes != nil || f.Digest != "" {
		t.Errorf("facts %+v", f)
	}
	if err := j.Do(0, 0); err != nil {
		t.Error(err)
	}
}

// TestInfo: each endpoint is one of the scenario's, and only /ping has no data.
func TestInfo(t *testing.T) {
	info := New().Info()
	for _, e := range endpoints {
		of, ok := info.Of(e.name)
		if !ok || of.Corpus != (e.name != "ping") || of.Codec != of.Corpus {
			t.Errorf("%s: %+v, %v", e.name, of, ok)
		}
	}
	if _, ok := info.Of(""); ok {
		t.Error("requests that go nowhere")
	}
}

// lossy is a codec that forgets what it was given.
type lossy struct{ codecs.Codec }

func (l lossy) NewContext(level int) (codecs.Context, error) {
	ctx, err := l.Codec.NewContext(level)
	return lossyContext{ctx}, err
}

type lossyContext struct{ codecs.Context }

func (c lossyContext) Compress(dst, src []byte) ([]byte, error) {
	return c.Context.Compress(dst, append([]byte("?"), src[1:]...))
}

func TestPrepareRefuses(t *testing.T) {
	good := klauspost.New()
	binary := [][]byte{[]byte("text"), {0xff, 0xfe}}
	for _, c := range []struct {
		name string
		in   scenarios.Input
		want string
	}{
		{"another endpoint", scenarios.Input{Codec: good, Level: 3, Items: texts, Workers: 1, Endpoint: "v2"}, `no endpoint "v2"`},
		{"no codec", scenarios.Input{Items: texts, Workers: 1, Endpoint: "compress"}, "needs a codec"},
		{"no items", scenarios.Input{Codec: good, Level: 3, Workers: 1, Endpoint: "compress"}, "no items"},
		{"no workers", scenarios.Input{Codec: good, Level: 3, Items: texts, Endpoint: "compress"}, "workers"},
		{"another format", scenarios.Input{Codec: memcpy.New(), Items: texts, Workers: 1, Endpoint: "v1-compress"}, "drop it from --codec"},
		{"bytes where text is wanted", scenarios.Input{Codec: good, Level: 3, Items: binary, Workers: 1, Endpoint: "compress"}, "item 1: it is not UTF-8"},
		{"bytes where text is answered", scenarios.Input{Codec: good, Level: 3, Items: binary, Workers: 1, Endpoint: "decompress"}, "item 1: it is not UTF-8"},
		{"a lossy codec", scenarios.Input{Codec: lossy{good}, Level: 3, Items: texts, Workers: 1, Endpoint: "compress", Verify: true}, "request 0 to /compress: data corrupted"},
		{"a lossy codec, bytes", scenarios.Input{Codec: lossy{good}, Level: 3, Items: texts, Workers: 1, Endpoint: "v1-compress", Verify: true}, "request 0 to /v1/compress: "},
		{"a lossy codec, there and back", scenarios.Input{Codec: lossy{good}, Level: 3, Items: texts, Workers: 1, Endpoint: "decompress", Verify: true}, "request 0 to /decompress: "},
		{"a lossy codec, there and back, bytes", scenarios.Input{Codec: lossy{good}, Level: 3, Items: texts, Workers: 1, Endpoint: "v1-decompress", Verify: true}, "request 0 to /v1/decompress: "},
	} {
		if j, err := New().Prepare(t.Context(), c.in); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, %v; want %q", c.name, j, err, c.want)
		}
	}
	// Without Verify nobody looks.
	j := prepare(t, scenarios.Input{Codec: lossy{good}, Level: 3, Items: texts, Workers: 1, Endpoint: "v1-compress"})
	if err := j.Close(); err != nil {
		t.Error(err)
	}
}

// TestLargeItems: what is over the server's usual limits is served all the same.
func TestLargeItems(t *testing.T) {
	big := [][]byte{[]byte(strings.Repeat("five ", 1<<20))} // 5 MiB; /compress takes 4 elsewhere
	j := prepare(t, scenarios.Input{Codec: klauspost.New(), Level: 1, Items: big, Workers: 1, Endpoint: "compress", Verify: true})
	if err := j.Close(); err != nil {
		t.Error(err)
	}
}

// bloating is a codec that says its frames may be huge.
type bloating struct{ codecs.Codec }

func (bloating) CompressBound(int) int { return mostBytes + 1 }

func TestLimits(t *testing.T) {
	asks := []ask{{request: make([]byte, 9<<20), item: make([]byte, 5<<20)}}
	l, err := limitsFor(8, klauspost.New(), asks)
	if err != nil || l.Text < 5<<20 || l.JSON < 9<<20 || l.Memory < 8*4*9<<20 || l.Connections <= 8 || l.Window < 128<<20 {
		t.Errorf("%+v, %v", l, err)
	}
	if _, err := limitsFor(1, bloating{klauspost.New()}, asks); err == nil || !strings.Contains(err.Error(), "lower --block") {
		t.Errorf("more than a server takes: %v", err)
	}
}
