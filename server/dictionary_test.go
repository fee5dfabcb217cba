package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"zstdshop/codecs"
)

// dictRecord is a record of the kind that the dictionaries of tests are for.
func dictRecord(seed, i int) string {
	r := rand.New(rand.NewPCG(uint64(seed), uint64(i)))
	return fmt.Sprintf(`{"service":"checkout-%d","level":"info","user":"%08x","path":"/cart/items/%d","status":%d,"took_ms":%d}`,
		seed, r.Uint32(), r.IntN(5000), 200+r.IntN(5), r.IntN(900))
}

// noise is content that stays as large when it is compressed.
func noise(size int) string {
	out := make([]byte, size)
	for i := range out {
		out[i] = byte(rand.IntN(256))
	}
	return string(out)
}

// trained is a dictionary for records with the seed, by the codec in Go, which each build has.
func trained(t testing.TB, seed int) []byte {
	t.Helper()
	codec, err := registry().Codec("klauspost")
	if err != nil {
		t.Fatal(err)
	}
	samples := make([][]byte, 400)
	for i := range samples {
		samples[i] = []byte(dictRecord(seed, i))
	}
	dict, err := codec.(codecs.DictCodec).Train(samples, 4<<10)
	if err != nil {
		t.Fatal(err)
	}
	return dict
}

// dict is a dictionary of zstd's format, and rawDict one that is raw content.
func dict(name string, content []byte) Dict { return Dict{name, codecs.Dict{Content: content}} }
func rawDict(name string, content []byte) Dict {
	return Dict{name, codecs.Dict{Content: content, Raw: true}}
}

// withDicts gives a server the dictionaries "logs" and "other.v2".
func withDicts(t testing.TB) func(*Options) {
	t.Helper()
	dicts := []Dict{dict("logs", trained(t, 1)), dict("other.v2", trained(t, 2))}
	return func(o *Options) { o.Dicts = dicts }
}

// TestDictRoundTrip: what each codec makes with a dictionary names it, is smaller, and is
// read by each codec, and by the zstd command where there is one.
func TestDictRoundTrip(t *testing.T) {
	l := inMemory(t, withDicts(t))
	logs := l.dicts.named("logs")
	file := filepath.Join(t.TempDir(), "logs.dict")
	if err := os.WriteFile(file, logs.Content, 0o600); err != nil {
		t.Fatal(err)
	}
	everyCodec(t, func(t *testing.T, codec string) {
		for _, level := range []int{-5, 1, 3, 19} {
			for _, text := range []string{"", "a", dictRecord(1, 5000), strings.Repeat(dictRecord(1, 5001), 2000)} {
				path := fmt.Sprintf("/v1/compress?level=%d&codec=%s", level, codec)
				plain := l.once(t, postRequest(path, text))
				packed := l.once(t, postRequest(path+"&dict=logs", text))
				if packed.status != 200 {
					t.Fatalf("level %d, %d bytes: %v", level, len(text), packed)
				}
				if n := len(dictRecord(1, 5000)); len(text) == n && len(packed.body) > len(plain.body)*3/4 {
					t.Errorf("level %d: %d bytes with the dictionary, %d without", level, len(packed.body), len(plain.body))
				}
				for _, reader := range codecNames() {
					back := l.once(t, postRequest("/v1/decompress?dict=logs&codec="+reader, string(packed.body)))
					if back.status != 200 || string(back.body) != text {
						t.Errorf("level %d, %d bytes: %s reads %v", level, len(text), reader, back)
					}
				}
				if zstd, err := exec.LookPath("zstd"); err == nil {
					cmd := exec.Command(zstd, "-dc", "-D", file)
					cmd.Stdin = bytes.NewReader(packed.body)
					if back, err := cmd.Output(); err != nil || string(back) != text {
						t.Errorf("level %d, %d bytes: zstd -d -D: %d bytes, %v", level, len(text), len(back), err)
					}
				}
			}
		}
	})
}

// TestDictCommand: the shop reads what the zstd command makes with a dictionary.
func TestDictCommand(t *testing.T) {
	zstd, err := exec.LookPath("zstd")
	if err != nil {
		t.Skip("no zstd command")
	}
	l := inMemory(t, withDicts(t))
	file := filepath.Join(t.TempDir(), "logs.dict")
	if err := os.WriteFile(file, l.once(t, getRequest("/v1/dict/logs")).body, 0o600); err != nil {
		t.Fatal(err)
	}
	text := dictRecord(1, 7000)
	cmd := exec.Command(zstd, "-c", "-D", file)
	cmd.Stdin = strings.NewReader(text)
	frame, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	everyCodec(t, func(t *testing.T, codec string) {
		if back := l.once(t, postRequest("/v1/decompress?dict=logs&codec="+codec, string(frame))); string(back.body) != text {
			t.Errorf("%v", back)
		}
		if other := l.once(t, postRequest("/v1/decompress?dict=other.v2&codec="+codec, string(frame))); other.status != 422 || other.field("code") != "dictionary" {
			t.Errorf("with another dictionary: %v", other)
		}
	})
}

// TestDictJSON: the routes for texts take a dictionary, too.
func TestDictJSON(t *testing.T) {
	l := inMemory(t, withDicts(t))
	text := dictRecord(1, 6000)
	packed := l.once(t, postRequest("/compress?dict=logs", jsonOf(t, map[string]any{"text": text})))
	body := jsonOf(t, map[string]any{"b64": packed.field("b64")})
	if back := l.once(t, postRequest("/decompress?dict=logs", body)); back.field("text") != text {
		t.Errorf("%v, back %v", packed, back)
	}
	if back := l.once(t, postRequest("/decompress", body)); back.status != 422 || back.field("code") != "dictionary" {
		t.Errorf("without the dictionary: %v", back)
	}
}

// TestDictMixed: frames with the dictionary, frames without one and skippable ones come
// out in whatever order they are, and each as if it were alone.
func TestDictMixed(t *testing.T) {
	l := inMemory(t, withDicts(t))
	pack := func(t *testing.T, query, text string) string {
		return string(l.once(t, postRequest("/v1/compress"+query, text)).body)
	}
	skip := "\x50\x2a\x4d\x18\x03\x00\x00\x00abc"
	everyCodec(t, func(t *testing.T, codec string) {
		var parts, texts []string
		for i := range 40 {
			text := dictRecord(1, 8000+i)
			parts, texts = append(parts, pack(t, []string{"?dict=logs", "?level=1"}[i%2]+"&codec="+codecNames()[i/2%len(codecNames())], text)), append(texts, text)
		}
		for _, order := range [][]int{{0, 1, 2, 3}, {1, 0, 3, 2}, {1, 3, 0}, {0, 0, 1, 1, 0}} {
			for _, first := range []string{"", skip} {
				frames, want := first, ""
				for _, i := range order {
					frames, want = frames+parts[i]+skip, want+texts[i]
				}
				if back := l.once(t, postRequest("/v1/decompress?dict=logs&codec="+codec, frames)); string(back.body) != want {
					t.Errorf("order %v behind %d bytes: %v", order, len(first), back)
				}
			}
		}
	})
}

// TestDictLarge: bodies that are looked at while they arrive are read with the dictionary
// that their request names, and refused early with another.
func TestDictLarge(t *testing.T) {
	l := inMemory(t, withDicts(t))
	text := dictRecord(1, 1) + noise(300_000)
	everyCodec(t, func(t *testing.T, codec string) {
		frame := string(l.once(t, postRequest("/v1/compress?dict=logs&codec="+codec, text)).body)
		chunked := func(path string) string {
			return line("POST "+path+" HTTP/1.1") + "Transfer-Encoding: chunked\r\n\r\n" + fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(frame), frame)
		}
		for _, raw := range []string{postRequest("/v1/decompress?dict=logs", frame), chunked("/v1/decompress?dict=logs")} {
			if back := l.once(t, raw); string(back.body) != text {
				t.Errorf("%.40q: %d, %d bytes", raw, back.status, len(back.body))
			}
		}
		for _, raw := range []string{postRequest("/v1/decompress?dict=other.v2", frame), chunked("/v1/decompress?dict=other.v2"), postRequest("/v1/decompress", frame)} {
			if back := l.once(t, raw); back.status != 422 || back.field("code") != "dictionary" {
				t.Errorf("%.40q: %v", raw, back)
			}
		}
	})
}

// TestDictRefused: what is wrong with a dictionary that a request names, or with what it
// sends for one.
func TestDictRefused(t *testing.T) {
	l := inMemory(t, withDicts(t))
	logs, other := l.dicts.named("logs"), l.dicts.named("other.v2")
	frame := string(l.once(t, postRequest("/v1/compress?dict=logs", dictRecord(1, 1))).body)
	for _, c := range []struct {
		path, body string
		code, says string
	}{
		{"/v1/decompress?dict=other.v2", frame, "dictionary", fmt.Sprintf("made with dictionary %d, and the one given is %d", logs.id, other.id)},
		{"/v1/decompress", frame, "dictionary", fmt.Sprintf("made with dictionary %d, and none is given", logs.id)},
		{"/v1/decompress", frame, "dictionary", "GET /v1/dict lists those of this server by their IDs, and ?dict=NAME chooses one"},
		{"/v1/decompress?dict=nope", frame, "bad_parameter", "known: logs, other.v2"},
		{"/v1/compress?dict=nope", "text", "bad_parameter", "known: logs, other.v2"},
		{"/v1/compress?dict=", "text", "bad_parameter", "unknown dictionary"},
		{"/v1/compress?dict=Logs", "text", "bad_parameter", "unknown dictionary"},
		{"/v1/compress?dict=../logs", "text", "bad_parameter", "unknown dictionary"},
		{"/v1/compress?dict=%2fetc%2fpasswd", "text", "bad_parameter", "unknown dictionary"},
		{"/v1/compress?dict=logs%00", "text", "bad_parameter", "unknown dictionary"},
		{"/v1/compress?d%69ct=nope", "text", "bad_parameter", "unknown dictionary"},
		{"/v1/compress?dict=logs&dict=logs", "text", "bad_parameter", "give it once"},
		{"/compress?dict=nope", `{"text":"a"}`, "bad_parameter", "unknown dictionary"},
		{"/v1/compress?dict=nope", strings.Repeat("large ", 50_000), "bad_parameter", "unknown dictionary"},
		{"/v1/decompress?dict=logs", string(logs.Content), "not_zstd", "no magic number"},
	} {
		got := l.once(t, postRequest(c.path, c.body))
		if detail, _ := got.field("detail").(string); got.status != 422 || got.field("code") != c.code || !strings.Contains(detail, c.says) {
			t.Errorf("%s: %v; want 422 %s with %q", c.path, got, c.code, c.says)
		}
	}
	none := inMemory(t, nil)
	if got := none.once(t, postRequest("/v1/compress?dict=logs", "text")); got.status != 422 || !strings.Contains(string(got.body), "serve --dict NAME=FILE") {
		t.Errorf("a server without dictionaries: %v", got)
	}
}

// TestDictBomb: a dictionary makes nothing larger than the limit.
func TestDictBomb(t *testing.T) {
	few := withDicts(t)
	l := inMemory(t, func(o *Options) { few(o); o.Limits.Raw = 10_000 })
	for name, claim := range map[string]string{"claimed": "\xa3", "unsaid": "\x03\x50"} {
		frame := zstdMagic + claim + le32(l.dicts.named("logs").id)
		if name == "claimed" {
			frame += le32(1 << 20)
		}
		for range 8 {
			frame += block(false, 1, 128<<10, "z")
		}
		frame += block(true, 1, 0, "z")
		if got := l.once(t, postRequest("/v1/decompress?dict=logs", frame)); got.status != 413 || got.field("code") != "too_large" {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestDictCost: preparing the dictionary counts as compressing it does.
func TestDictCost(t *testing.T) {
	few := withDicts(t)
	l := inMemory(t, func(o *Options) { few(o); o.Limits.Cost = priceOf(len(o.Dicts[0].Content), 19) })
	if got := l.once(t, postRequest("/v1/compress?level=19", "text")); got.status != 200 {
		t.Errorf("without a dictionary: %v", got)
	}
	if got := l.once(t, postRequest("/v1/compress?level=19&dict=logs", "text")); got.status != 422 || got.field("code") != "too_expensive" {
		t.Errorf("with one: %v", got)
	}
}

// TestDictRoutes: dictionaries are listed and handed out as they are, and no other path
// below theirs is there.
func TestDictRoutes(t *testing.T) {
	l := inMemory(t, withDicts(t))
	logs := l.dicts.named("logs")
	var list struct {
		Dictionaries []struct {
			Name   string `json:"name"`
			ID     uint32 `json:"id"`
			Bytes  int    `json:"bytes"`
			SHA256 string `json:"sha256"`
		} `json:"dictionaries"`
	}
	if err := json.Unmarshal(l.once(t, getRequest("/v1/dict")).body, &list); err != nil || len(list.Dictionaries) != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	if d := list.Dictionaries[0]; d.Name != "logs" || d.ID != logs.id || d.Bytes != len(logs.Content) || d.SHA256 != fmt.Sprintf("%x", logs.digest) {
		t.Errorf("%+v", d)
	}
	got := l.once(t, getRequest("/v1/dict/logs"))
	etag := string(got.header.Peek("ETag"))
	if got.status != 200 || !bytes.Equal(got.body, logs.Content) || etag != fmt.Sprintf(`"%x"`, logs.digest) || string(got.header.Peek("Cache-Control")) != dictAge {
		t.Errorf("%d, ETag %s, %s", got.status, etag, got.header.Peek("Cache-Control"))
	}
	if again := l.once(t, request("GET", "/v1/dict/logs", "If-None-Match: "+etag+"\r\n", "")); again.status != 304 || len(again.body) != 0 {
		t.Errorf("with its tag: %v", again)
	}
	for _, path := range []string{"/v1/dict/nope", "/v1/dict/Logs", "/v1/dict/" + url.PathEscape("{name}"), "/v1/dict/{name}", "/v1/dict/logs/x",
		"/v1/dict/../logs", "/v1/dict/%2e%2e/logs", "/v1/dict/..%2flogs", "/v1/dict//logs", "/v1/dict/log%73", "/v1/dict/."} {
		if got := l.once(t, getRequest(path)); got.status != 404 {
			t.Errorf("%s: %v", path, got)
		}
	}
	if got := l.once(t, getRequest("/v1/dict/nope")); !strings.Contains(string(got.body), "GET /v1/dict lists those there are") {
		t.Errorf("of an unknown name: %v", got)
	}
	if got := l.once(t, postRequest("/v1/dict/logs", "x")); got.status != 405 {
		t.Errorf("POST: %v", got)
	}
}

// TestDictOptions: which dictionaries a server refuses to start with.
func TestDictOptions(t *testing.T) {
	good := trained(t, 1)
	for _, c := range []struct {
		name  string
		dicts []Dict
		says  string
	}{
		{"no name", []Dict{dict("", good)}, "want a name"},
		{"a path", []Dict{dict("a/b", good)}, "want a name"},
		{"a dot first", []Dict{dict("..", good)}, "want a name"},
		{"a space", []Dict{dict("a b", good)}, "want a name"},
		{"a quote", []Dict{dict(`a"b`, good)}, "want a name"},
		{"long name", []Dict{dict(strings.Repeat("a", 65), good)}, "64 at most"},
		{"too large", []Dict{dict("a", make([]byte, MaxDict+1))}, "more than"},
		{"empty", []Dict{dict("a", nil)}, "it is empty; `zstdshop dict train`"},
		{"empty raw content", []Dict{rawDict("a", nil)}, "no content"},
		{"raw content too large", []Dict{rawDict("a", make([]byte, MaxDict+1))}, "more than"},
		{"raw content of the same name", []Dict{dict("a", good), rawDict("a", good)}, "given twice"},
		{"raw content", []Dict{dict("a", []byte(prose(5000)))}, "makes one"},
		{"cut", []Dict{dict("a", good[:20])}, `dictionary "a": klauspost: dictionary does not fit: it begins as a zstd dictionary and is damaged`},
		{"twice", []Dict{dict("a", good), dict("a", trained(t, 2))}, "given twice"},
		{"the same ID", []Dict{dict("a", good), dict("b", good)}, "the same ID"},
	} {
		_, err := New(Options{Catalogue: registry(), Dicts: c.dicts})
		if !errors.Is(err, ErrOptions) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v; want %q", c.name, err, c.says)
		}
	}
}

// TestDictDamage: with a dictionary, too, every cut and every flipped bit of a frame with
// a checksum is refused or leaves the text as it was, with each codec.
func TestDictDamage(t *testing.T) {
	few := withDicts(t)
	for _, codec := range codecNames() {
		s := benchServer(t, func(o *Options) { few(o); o.Codec = codec })
		for i := range 6 {
			text := dictRecord(1, 9000+i)
			query := "?dict=logs&codec=" + codecNames()[i%len(codecNames())]
			_, frame, _ := bytes.Cut(exchangeBytes(s, []byte(postRequest("/v1/compress"+query, text))), []byte("\r\n\r\n"))
			read := func(frame []byte) (out, content []byte) {
				out = exchangeBytes(s, []byte(postRequest("/v1/decompress?dict=logs", string(frame))))
				_, content, _ = bytes.Cut(out, []byte("\r\n\r\n"))
				return out, content
			}
			if out, back := read(frame); string(back) != text {
				t.Fatalf("%s, record %d, as it was made: %.200q", codec, i, out) // and damage would show nothing
			}
			check := func(what string, damaged []byte) {
				out, back := read(damaged)
				if bytes.HasPrefix(out, []byte("HTTP/1.1 500")) || bytes.HasPrefix(out, []byte("HTTP/1.1 200")) && string(back) != text {
					t.Errorf("%s, record %d, %s: %.200q", codec, i, what, out)
				}
			}
			for n := range frame {
				check(fmt.Sprintf("cut to %d", n), frame[:n])
			}
			for bit := range 8 * len(frame) {
				damaged := bytes.Clone(frame)
				damaged[bit/8] ^= 1 << (bit % 8)
				check(fmt.Sprintf("bit %d", bit), damaged)
			}
		}
	}
}

// TestDictMetrics: codings with a dictionary are counted by its name.
func TestDictMetrics(t *testing.T) {
	l := inMemory(t, withDicts(t))
	frame := l.once(t, postRequest("/v1/compress?dict=logs", "text")).body
	l.once(t, postRequest("/v1/compress", "text"))
	for range 2 {
		l.once(t, postRequest("/v1/decompress?dict=logs", string(frame)))
	}
	l.once(t, getRequest("/v1/dict/logs"))
	got := scrape(t, l)
	for name, want := range map[string]float64{
		`zstdshop_dictionary_codings_total{dictionary="logs",operation="compress"}`:       1,
		`zstdshop_dictionary_codings_total{dictionary="logs",operation="decompress"}`:     2,
		`zstdshop_dictionary_codings_total{dictionary="other.v2",operation="decompress"}`: 0,
		`zstdshop_requests_total{method="GET",path="/v1/dict/{name}",status="200"}`:       1,
	} {
		if value, ok := got[name]; !ok || value != want {
			t.Errorf("%s: %v, want %v", name, value, want)
		}
	}
}

// TestDictContexts: contexts with a dictionary are used again, for the same one only, and
// no more of them are kept than of others.
func TestDictContexts(t *testing.T) {
	l := inMemory(t, withDicts(t))
	for level := 1; level <= 12; level++ {
		for _, dict := range []string{"", "&dict=logs", "&dict=other.v2"} {
			l.once(t, postRequest(fmt.Sprintf("/v1/compress?level=%d%s", level, dict), "text"))
		}
	}
	l.shop.contexts.mu.Lock()
	defer l.shop.contexts.mu.Unlock()
	if n := len(l.shop.contexts.idle); n != l.shop.contexts.room {
		t.Errorf("%d contexts kept, room for %d", n, l.shop.contexts.room)
	}
	seen := map[*dictionary]bool{}
	for _, c := range l.shop.contexts.idle {
		seen[c.dict] = true
	}
	if len(seen) != 3 {
		t.Errorf("of %d dictionaries, none among them, contexts are kept", len(seen))
	}
}
