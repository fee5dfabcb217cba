package server

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"

	"zstdshop/server/internal/frame"
)

// dczContent is the raw content that servers of these tests have besides dictionaries.
var dczContent = []byte(prose(3000) + dictRecord(1, 77) + dictRecord(1, 78))

// withContent gives a server two dictionaries and two raw contents.
func withContent(t testing.TB) func(*Options) {
	t.Helper()
	dicts := []Dict{dict("logs", trained(t, 1)), dict("other.v2", trained(t, 2)), rawDict("page", dczContent), rawDict("page.v2", []byte(prose(700)))}
	return func(o *Options) { o.Dicts = dicts }
}

// available is the header of who has content and takes dcz.
func available(content []byte) string {
	sum := sha256.Sum256(content)
	return "Accept-Encoding: gzip, br, zstd, dcb, dcz\r\nAvailable-Dictionary: :" + base64.StdEncoding.EncodeToString(sum[:]) + ":\r\n"
}

const bodyIsDCZ = "Content-Encoding: dcz\r\n"

// wantDCZ is the content of an answer in dcz, made with content; it is held against the
// standard by hand: the header, the window, and what each codec reads with raw content.
func wantDCZ(t *testing.T, l *live, got reply, content []byte) {
	t.Helper()
	sum := sha256.Sum256(content)
	if got.status != 200 || string(got.header.ContentEncoding()) != "dcz" || string(got.header.ContentType()) != bytesType {
		t.Fatalf("not an answer in dcz: %v", got)
	}
	if vary := string(got.header.Peek("Vary")); vary != "Accept-Encoding, Available-Dictionary" {
		t.Errorf("Vary: %q", vary)
	}
	if want := "\x5e\x2a\x4d\x18\x20\x00\x00\x00" + string(sum[:]); !bytes.HasPrefix(got.body, []byte(want)) {
		t.Fatalf("begins with %x, want %x", got.body[:min(40, len(got.body))], want)
	}
	info, err := frame.Check(got.body, frame.Limits{Output: 1 << 30, Window: 8 << 20, Frames: 2, Blocks: 1 << 20})
	if err != nil || info.Frames != 2 || info.Checksums != 1 {
		t.Errorf("%+v, %v; want a frame with a checksum and a window of 8 MiB at most", info, err)
	}
}

// TestDCZRoundTrip: what each codec makes in the coding is of the standard's form, smaller
// where the dictionary helps, and read by each codec, whichever kind the dictionary is.
func TestDCZRoundTrip(t *testing.T) {
	l := inMemory(t, withContent(t))
	everyCodec(t, func(t *testing.T, codec string) {
		for _, content := range [][]byte{l.dicts.named("logs").Content, dczContent} {
			for _, level := range []int{-5, 1, 3, 19} {
				for _, text := range []string{"", "a", dictRecord(1, 5000), string(content), strings.Repeat(dictRecord(1, 5001), 2000)} {
					path := fmt.Sprintf("/v1/compress?level=%d&codec=%s", level, codec)
					got := l.once(t, request("POST", path, available(content), text))
					wantDCZ(t, l, got, content)
					if len(text) == len(content) && len(got.body) > 150 {
						t.Errorf("level %d: the dictionary itself is %d bytes", level, len(got.body))
					}
					for _, reader := range codecNames() {
						back := l.once(t, request("POST", "/v1/decompress?codec="+reader, bodyIsDCZ, string(got.body)))
						if back.status != 200 || string(back.body) != text {
							t.Errorf("level %d, %d bytes: %s reads %v", level, len(text), reader, back)
						}
					}
				}
			}
		}
	})
}

// TestDCZCommand: the zstd command reads what the shop makes, for which the header is a
// frame to skip, and the shop what the command makes behind a header.
func TestDCZCommand(t *testing.T) {
	zstd, err := exec.LookPath("zstd")
	if err != nil {
		t.Skip("no zstd command")
	}
	l := inMemory(t, withContent(t))
	file := filepath.Join(t.TempDir(), "page")
	if err := os.WriteFile(file, dczContent, 0o600); err != nil {
		t.Fatal(err)
	}
	text := dictRecord(1, 77) + "and more"
	run := func(t *testing.T, in []byte, args ...string) []byte {
		cmd := exec.Command(zstd, append(args, "-D", file)...)
		var said strings.Builder
		cmd.Stdin, cmd.Stderr = bytes.NewReader(in), &said
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("zstd %v: %v: %s", args, err, said.String())
		}
		return out
	}
	everyCodec(t, func(t *testing.T, codec string) {
		made := l.once(t, request("POST", "/v1/compress?codec="+codec, available(dczContent), text)).body
		if got := run(t, made, "-dc"); string(got) != text {
			t.Errorf("zstd reads %q", got)
		}
		body := string(made[:dczHeader]) + string(run(t, []byte(text), "-c"))
		if back := l.once(t, request("POST", "/v1/decompress?codec="+codec, bodyIsDCZ, body)); string(back.body) != text {
			t.Errorf("written by zstd: %v", back)
		}
	})
}

// TestDCZNegotiation: the coding is for who names it, likes it no less than none, has a
// dictionary that the shop has, and may read the answer; others get what they would have
// got without.
func TestDCZNegotiation(t *testing.T) {
	l := inMemory(t, withContent(t))
	text := dictRecord(1, 77)
	frame := string(l.once(t, postRequest("/v1/compress", text)).body)
	has := available(dczContent)
	field := has[strings.Index(has, "Available"):]
	for _, c := range []struct {
		name, head, query string
		coded             bool
	}{
		{"as browsers do", has, "", true},
		{"alone", "Accept-Encoding: dcz\r\n" + field, "", true},
		{"in capitals", "Accept-Encoding: DCZ\r\n" + field, "", true},
		{"liked as much as none", "Accept-Encoding: identity;q=0.5, dcz;q=0.5\r\n" + field, "", true},
		{"with a parameter", "Accept-Encoding: dcz\r\n" + strings.TrimSuffix(field, "\r\n") + ";a=1\r\n", "", true},
		{"of the same site", has + "Sec-Fetch-Site: same-origin\r\n", "", true},
		{"liked less than none", "Accept-Encoding: identity, dcz;q=0.5\r\n" + field, "", false},
		{"not liked", "Accept-Encoding: dcz;q=0\r\n" + field, "", false},
		{"anything", "Accept-Encoding: *\r\n" + field, "", false},
		{"another coding", "Accept-Encoding: dcb, zstd\r\n" + field, "", false},
		{"no coding", field, "", false},
		{"no dictionary", "Accept-Encoding: dcz\r\n", "", false},
		{"unknown dictionary", available([]byte("unknown")), "", false},
		{"no colon behind", "Accept-Encoding: dcz\r\n" + strings.TrimSuffix(field, ":\r\n") + "\r\n", "", false},
		{"no colon before", "Accept-Encoding: dcz\r\n" + strings.Replace(field, " :", " ", 1), "", false},
		{"something behind", "Accept-Encoding: dcz\r\n" + strings.TrimSuffix(field, "\r\n") + "x\r\n", "", false},
		{"no base64", "Accept-Encoding: dcz\r\nAvailable-Dictionary: :" + strings.Repeat("*", 44) + ":\r\n", "", false},
		{"short", "Accept-Encoding: dcz\r\nAvailable-Dictionary: :AAAA:\r\n", "", false},
		{"of another site", has + "Sec-Fetch-Site: cross-site\r\n", "", false},
		{"a dictionary is named", has, "?dict=logs", false},
		{"a level with large windows", has, "?level=20", false},
	} {
		got := l.once(t, request("POST", "/v1/compress"+c.query, c.head, text))
		if coded := string(got.header.ContentEncoding()) == "dcz"; got.status != 200 || coded != c.coded {
			t.Errorf("%s: %v, want dcz %v", c.name, got, c.coded)
		} else if !coded && (string(got.header.ContentType()) != zstdType || !bytes.HasPrefix(got.body, []byte(zstdMagic))) {
			t.Errorf("%s: no frame, %v", c.name, got)
		}
		if c.query != "" {
			continue
		}
		got = l.once(t, request("POST", "/v1/decompress", c.head, frame))
		if coded := string(got.header.ContentEncoding()) == "dcz"; got.status != 200 || coded != c.coded || !coded && string(got.body) != text {
			t.Errorf("/v1/decompress, %s: %v, want dcz %v", c.name, got, c.coded)
		}
	}
	none := inMemory(t, nil)
	if got := none.once(t, request("POST", "/v1/compress", has, text)); len(got.header.ContentEncoding()) > 0 || len(got.header.Peek("Vary")) > 0 {
		t.Errorf("a server without dictionaries: %v", got)
	}
}

// TestDCZAnswers: what /v1/decompress answers in the coding is what it would have answered,
// and as it is where the coding would not make it smaller.
func TestDCZAnswers(t *testing.T) {
	l := inMemory(t, withContent(t))
	for _, c := range []struct {
		text  string
		coded bool
	}{
		{dictRecord(1, 77), true}, {strings.Repeat(dictRecord(1, 3), 3000), true}, {"", false}, {"a", false}, {noise(5000), false},
	} {
		frame := string(l.once(t, postRequest("/v1/compress", c.text)).body)
		got := l.once(t, request("POST", "/v1/decompress", available(dczContent), frame))
		if !c.coded {
			if got.status != 200 || string(got.body) != c.text || len(got.header.ContentEncoding()) > 0 {
				t.Errorf("%d bytes: %v", len(c.text), got)
			}
			continue
		}
		wantDCZ(t, l, got, dczContent)
		if back := l.once(t, request("POST", "/v1/decompress", bodyIsDCZ, string(got.body))); string(back.body) != c.text {
			t.Errorf("%d bytes: %v", len(c.text), back)
		}
		// Both at once: from one dictionary to another.
		logs := l.dicts.named("logs").Content
		again := l.once(t, request("POST", "/v1/decompress", bodyIsDCZ+available(logs), string(got.body)))
		wantDCZ(t, l, again, logs)
	}
	l.holdsNothing(t)
}

// TestDCZRefused: what is wrong with a body that is said to be in the coding.
func TestDCZRefused(t *testing.T) {
	l := inMemory(t, withContent(t))
	text := dictRecord(1, 77)
	good := string(l.once(t, request("POST", "/v1/compress", available(dczContent), text)).body)
	other := sha256.Sum256([]byte(prose(700)))
	unknown := sha256.Sum256([]byte("unknown"))
	named := string(l.once(t, postRequest("/v1/compress?dict=logs", text)).body)
	for _, c := range []struct {
		name, path, head, body string
		status                 int
		code, says             string
	}{
		{"unknown dictionary", "/v1/decompress", bodyIsDCZ, dczMagic + string(unknown[:]) + good[dczHeader:], 422, "dictionary", "GET /v1/dict lists"},
		{"another dictionary", "/v1/decompress", bodyIsDCZ, dczMagic + string(other[:]) + good[dczHeader:], 422, "corrupt_frame", "checksum"},
		{"a frame that names one", "/v1/decompress", bodyIsDCZ, good[:dczHeader] + named, 422, "dictionary", "made with dictionary"},
		{"nothing", "/v1/decompress", bodyIsDCZ, "", 422, "empty", "empty"},
		{"a frame without the header", "/v1/decompress", bodyIsDCZ, good[dczHeader:], 422, "not_dcz", "magic number"},
		{"another skippable frame", "/v1/decompress", bodyIsDCZ, "\x5d" + good[1:], 422, "not_dcz", "magic number"},
		{"another length", "/v1/decompress", bodyIsDCZ, good[:4] + "\x21" + good[5:], 422, "not_dcz", "magic number"},
		{"text", "/v1/decompress", bodyIsDCZ, "hello", 422, "not_dcz", "magic number"},
		{"header alone", "/v1/decompress", bodyIsDCZ, good[:dczHeader], 422, "truncated", "right behind it"},
		{"something behind", "/v1/decompress", bodyIsDCZ, good + "x", 422, "trailing_bytes", ""},
		{"a name besides", "/v1/decompress?dict=logs", bodyIsDCZ, good, 422, "bad_parameter", "leave this out"},
		{"raw content by name", "/v1/decompress?dict=page", "", good, 422, "bad_parameter", "raw content"},
		{"raw content by name", "/v1/compress?dict=page", "", text, 422, "bad_parameter", "raw content"},
		{"not said to be", "/v1/decompress", "", good, 422, "corrupt_frame", "needs Content-Encoding: dcz"},
		{"to compress", "/v1/compress", bodyIsDCZ, good, 415, "content_encoding", "without Content-Encoding"},
		{"as a text", "/decompress", bodyIsDCZ, good, 415, "content_encoding", "without Content-Encoding"},
		{"another coding", "/v1/decompress", "Content-Encoding: gzip\r\n", good, 415, "content_encoding", "or as dcz"},
		{"two codings", "/v1/decompress", "Content-Encoding: dcz, gzip\r\n", good, 415, "content_encoding", "or as dcz"},
	} {
		got := l.once(t, request("POST", c.path, c.head, c.body))
		if detail, _ := got.field("detail").(string); got.status != c.status || got.field("code") != c.code || !strings.Contains(detail, c.says) {
			t.Errorf("%s: %v; want %d %s with %q", c.name, got, c.status, c.code, c.says)
		}
	}
	for n := range good {
		if got := l.once(t, request("POST", "/v1/decompress", bodyIsDCZ, good[:n])); got.status != 422 {
			t.Errorf("cut to %d: %v", n, got)
		}
	}
}

// TestDCZDamage: every flipped bit of a body in the coding is refused or leaves the text as
// it was; and so is every record read with other content than it was made with.
func TestDCZDamage(t *testing.T) {
	few := withContent(t)
	for _, codec := range codecNames() {
		s := benchServer(t, func(o *Options) { few(o); o.Codec = codec })
		send := func(path, head string, body []byte) (out, content []byte) {
			out = exchangeBytes(s, []byte(request("POST", path, head, string(body))))
			_, content, _ = bytes.Cut(out, []byte("\r\n\r\n"))
			return out, content
		}
		for i := range 60 {
			text := dictRecord(1, 9000+i)
			_, made := send("/v1/compress?codec="+codecNames()[i%len(codecNames())], available(s.dicts.named("logs").Content), []byte(text))
			if out, back := send("/v1/decompress", bodyIsDCZ, made); string(back) != text {
				t.Fatalf("%s, record %d, as it was made: %.200q", codec, i, out) // and damage would show nothing
			}
			check := func(what string, damaged []byte) {
				out, back := send("/v1/decompress", bodyIsDCZ, damaged)
				if bytes.HasPrefix(out, []byte("HTTP/1.1 500")) || bytes.HasPrefix(out, []byte("HTTP/1.1 200")) && string(back) != text {
					t.Errorf("%s, record %d, %s: %.200q", codec, i, what, out)
				}
			}
			for _, name := range []string{"other.v2", "page", "page.v2"} {
				sum := s.dicts.named(name).digest
				check("read with "+name, append([]byte(dczMagic+string(sum[:])), made[dczHeader:]...))
			}
			if i >= 4 {
				continue
			}
			for bit := range 8 * len(made) {
				damaged := bytes.Clone(made)
				damaged[bit/8] ^= 1 << (bit % 8)
				check(fmt.Sprintf("bit %d", bit), damaged)
			}
		}
	}
}

// TestDCZLarge: bodies that are looked at while they arrive, part by part, and windows at
// the highest level that the coding is for.
func TestDCZLarge(t *testing.T) {
	few := withContent(t)
	l := inMemory(t, func(o *Options) { few(o); o.Limits.Cost = 1 << 40 })
	text := noise(300_000) + strings.Repeat(dictRecord(1, 77), 9<<20/len(dictRecord(1, 77)))
	everyCodec(t, func(t *testing.T, codec string) {
		got := l.once(t, request("POST", fmt.Sprintf("/v1/compress?level=%d&codec=%s", dczLevel, codec), available(dczContent), text))
		wantDCZ(t, l, got, dczContent)
		chunked := line("POST /v1/decompress HTTP/1.1") + bodyIsDCZ + "Transfer-Encoding: chunked\r\n\r\n" + fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(got.body), got.body)
		for _, raw := range []string{request("POST", "/v1/decompress?codec="+codec, bodyIsDCZ, string(got.body)), chunked} {
			if back := l.once(t, raw); back.status != 200 || string(back.body) != text {
				t.Errorf("%.60q: %d, %d bytes", raw, back.status, len(back.body))
			}
		}
	})
}

// TestDCZCost: preparing the dictionary counts as compressing it does, in the coding, too,
// and an answer that has become too dear to code is sent as it is.
func TestDCZCost(t *testing.T) {
	few := withContent(t)
	l := inMemory(t, func(o *Options) { few(o); o.Limits.Cost = priceOf(len(dczContent), 19) })
	if got := l.once(t, request("POST", "/v1/compress?level=19", "", "text")); got.status != 200 {
		t.Errorf("without a dictionary: %v", got)
	}
	if got := l.once(t, request("POST", "/v1/compress?level=19", available(dczContent), "text")); got.status != 422 || got.field("code") != "too_expensive" {
		t.Errorf("with one: %v", got)
	}
	l = inMemory(t, func(o *Options) { few(o); o.Limits.Cost = priceOf(len(dczContent), defaultLevel) })
	text := dictRecord(1, 77)
	frame := l.once(t, postRequest("/v1/compress?level=1", text)).body
	if got := l.once(t, request("POST", "/v1/decompress", available(dczContent), string(frame))); got.status != 200 || string(got.body) != text || len(got.header.ContentEncoding()) > 0 {
		t.Errorf("an answer too dear to code: %v", got)
	}
}

// TestDCZMetrics: the coding counts for its dictionary, and a context is kept for each use
// of one.
func TestDCZMetrics(t *testing.T) {
	l := inMemory(t, withContent(t))
	logs := l.dicts.named("logs")
	body := l.once(t, request("POST", "/v1/compress", available(logs.Content), "text")).body
	l.once(t, request("POST", "/v1/decompress", bodyIsDCZ, string(body)))
	l.once(t, postRequest("/v1/compress?dict=logs", "text"))
	got := scrape(t, l)
	for op, want := range map[string]float64{"compress": 2, "decompress": 1} {
		if n := got[`zstdshop_dictionary_codings_total{dictionary="logs",operation="`+op+`"}`]; n != want {
			t.Errorf("%s: %v, want %v", op, n, want)
		}
	}
	l.shop.contexts.mu.Lock()
	defer l.shop.contexts.mu.Unlock()
	uses := map[*dictionary]bool{}
	for _, c := range l.shop.contexts.idle {
		uses[c.dict] = true
	}
	if len(uses) != 2 || !uses[logs] || !uses[logs.content] {
		t.Errorf("contexts of %d uses", len(uses))
	}
}

// TestDCZRoutes: a dictionary says where browsers may use it, and the list of which kind
// each is.
func TestDCZRoutes(t *testing.T) {
	l := inMemory(t, withContent(t))
	for _, name := range []string{"logs", "page"} {
		if got := string(l.once(t, getRequest("/v1/dict/"+name)).header.Peek("Use-As-Dictionary")); got != `match="../decompress"` {
			t.Errorf("%s: Use-As-Dictionary: %s", name, got)
		}
	}
	list := string(l.once(t, getRequest("/v1/dict")).body)
	if want := fmt.Sprintf(`{"name":"page","id":0,"bytes":%d,"sha256":"%x","raw":true}`, len(dczContent), sha256.Sum256(dczContent)); !strings.Contains(list, want) {
		t.Errorf("%s\nwant %s", list, want)
	}
	if got := l.once(t, getRequest("/v1/dict/page")); !bytes.Equal(got.body, dczContent) || string(got.header.Peek(fasthttp.HeaderContentType)) != bytesType {
		t.Errorf("%v", got)
	}
}
