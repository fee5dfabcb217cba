package server

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/dom"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"zstdshop/harness"
)

// pageToken is what the servers of these tests want for /bench.
const pageToken = "open-sesame"

// shop starts a server with real workers for a browser and answers its host.
func shop(t *testing.T, change func(*Options)) (host string, l *live) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ln := loopback(t)
	l = start(t, ln, dialer(ln), func(o *Options) {
		o.Launcher = harness.Processes{Argv: []string{exe, workerArgument}, Patience: time.Minute}
		o.Token, o.Loopback = pageToken, true
		if change != nil {
			change(o)
		}
	})
	return ln.Addr().String(), l
}

// visit opens a page and waits until it has found its server.
func (b *tab) visit(address string) {
	b.Helper()
	b.do(chromedp.Navigate(address))
	b.wait(`document.querySelector('#status.up')`)
}

// TestPage works each part of the page: as it is served, as it is when saved and
// opened from disk, and as it is in the source.
func TestPage(t *testing.T) {
	ctx := newBrowser(t)
	host, l := shop(t, nil)
	saved := filepath.Join(t.TempDir(), "saved page.html")
	if err := os.WriteFile(saved, l.once(t, getRequest("/")).body, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, address string }{
		{"served", "http://" + host + "/"},
		{"saved", fileURL(t, saved)},
		{"source", fileURL(t, "web/index.html")},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newTab(t, ctx, host)
			if strings.HasPrefix(c.address, "file:") {
				b.connect(c.address, host)
			} else {
				b.visit(c.address)
			}
			workTexts(b)
			workBench(b)
			if c.name == "source" {
				return // the same code as saved
			}
			workFiles(b)
			workLevels(b)
			if n := b.sent("GET http://" + host + "/favicon.ico"); n > 0 {
				t.Error("the page has no icon of its own")
			}
		})
	}
}

func fileURL(t *testing.T, path string) string {
	t.Helper()
	path, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	if path = filepath.ToSlash(path); !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}

// connect opens the page from disk and tells it where the server is, by the URL
// that the server prints. Before that it looks where servers usually are.
func (b *tab) connect(address, host string) {
	b.Helper()
	b.allowed["127.0.0.1:8000"] = true
	b.do(chromedp.Navigate(address))
	b.wait(`document.querySelector('#status.up, #status.down')`)
	if eval[bool](b, `document.querySelector('#status').classList.contains('down')`) {
		b.excuse("127.0.0.1:8000")
	}
	b.fill("#address", "http://"+host+"/#token="+pageToken)
	b.click("#connect button")
	b.wait(`document.querySelector('#status.up') && document.querySelector('#address').value === 'http://` + host + `'`)
	if got := eval[string](b, `document.querySelector('#token').value`); got != pageToken {
		b.Errorf("token %q", got)
	}
}

func (b *tab) value(selector string) string {
	b.Helper()
	return eval[string](b, fmt.Sprintf(`document.querySelector(%q).value`, selector))
}

func (b *tab) text(selector string) string {
	b.Helper()
	return eval[string](b, fmt.Sprintf(`document.querySelector(%q).innerText`, selector))
}

// unpacked is the content of a frame.
func unpacked(t testing.TB, frame []byte) string {
	t.Helper()
	codec, err := registry().Codec("klauspost")
	if err != nil {
		t.Fatal(err)
	}
	ctx, err := codec.NewContext(defaultLevel)
	if err != nil {
		t.Fatal(err)
	}
	defer ctx.Close()
	content, err := ctx.Decompress(make([]byte, 0, 1<<20), frame)
	if err != nil {
		t.Fatalf("decompress %d bytes: %v", len(frame), err)
	}
	return string(content)
}

func packed(t testing.TB, text string) []byte {
	t.Helper()
	codec, err := registry().Codec("klauspost")
	if err != nil {
		t.Fatal(err)
	}
	ctx, err := codec.NewContext(defaultLevel)
	if err != nil {
		t.Fatal(err)
	}
	defer ctx.Close()
	frame, err := ctx.Compress(make([]byte, 0, codec.CompressBound(len(text))), []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Clone(frame)
}

func workTexts(b *tab) {
	text := strings.Repeat("Ein Löwe, 一头狮子, 🦁. ", 40)
	b.fill("#text", text)
	b.click("#compress")
	b.wait(`document.querySelector('#b64').value && !document.querySelector('#receipt').hidden`)
	frame, err := base64.StdEncoding.DecodeString(b.value("#b64"))
	if err != nil || unpacked(b, frame) != text {
		b.Errorf("compressed to %q: %v", b.value("#b64"), err)
	}
	if got := eval[string](b, `document.querySelector('#r-packed').textContent.replace(/\D/g, '')`); got != fmt.Sprint(len(frame)) {
		b.Errorf("the receipt says %s bytes of %d", got, len(frame))
	}
	if name, content := b.download("#packed-save"); name != "text.txt.zst" || !bytes.Equal(content, frame) {
		b.Errorf("downloaded %s, %d bytes", name, len(content))
	}
	// Back again, from base64 in lines as other programs write it.
	b.fill("#text", "")
	eval[bool](b, `(() => { const el = document.querySelector('#b64'); el.value = el.value.replace(/.{40}/g, '$&\n'); return true; })()`)
	b.click("#decompress")
	b.wait(`document.querySelector('#text').value`)
	if got := b.value("#text"); got != text {
		b.Errorf("decompressed to %q", got)
	}
	if name, content := b.download("#plain-save"); name != "text.txt" || string(content) != text {
		b.Errorf("downloaded %s, %d bytes", name, len(content))
	}
	// What is no text is shown with a word of warning.
	b.fill("#b64", base64.StdEncoding.EncodeToString(packed(b, "a\xffb")))
	b.click("#decompress")
	b.wait(`document.querySelector('#text').value === 'a\ufffdb' && document.querySelector('#work-note').dataset.t === 'work.lossy'`)
	// A text too short to become shorter.
	b.fill("#text", "a")
	b.click("#compress")
	b.wait(`document.querySelector('#work-note').dataset.t === 'work.grew'`)
	b.fill("#text", "")
	b.click("#compress")
	b.wait(`document.querySelector('#r-ratio').dataset.t === 'ratio.none'`)
	b.click("#copy")
	b.wait(`['work.copied', 'work.notcopied'].includes(document.querySelector('#work-note').dataset.t)`)
	// The codec and the level that were chosen are asked for.
	b.fill("#level-number", "19")
	eval[bool](b, `(() => { const el = document.querySelector('#codec'); el.value = 'klauspost'; el.dispatchEvent(new Event('change')); return true; })()`)
	b.click("#sample")
	b.wait(`document.querySelector('#plain-size').textContent && !document.querySelector('#work-note').textContent && document.querySelector('#b64').value.length > 1000`)
	if b.sent("POST "+eval[string](b, `Shop.base`)+"/compress?codec=klauspost") != 1 {
		b.Errorf("the codec is not asked for: %q", b.requests)
	}
	b.click("#work summary")
	if got := b.text("#curl"); !strings.Contains(got, "level=19&codec=klauspost") {
		b.Errorf("curl: %s", got)
	}
	eval[bool](b, `(() => { const el = document.querySelector('#codec'); el.value = ''; el.dispatchEvent(new Event('change')); return true; })()`)
	b.fill("#level-number", "3")
}

func workFiles(b *tab) {
	dir := b.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
			b.Fatal(err)
		}
		return path
	}
	binary := strings.Repeat("\x00\xff binary", 100)
	b.drop("#plain", file("data.bin", binary))
	b.wait(`!document.querySelector('#packed-chip').hidden && document.querySelector('#packed-chip strong').textContent === 'data.bin.zst'`)
	name, frame := b.download("#packed-save")
	if name != "data.bin.zst" || unpacked(b, frame) != binary {
		b.Errorf("downloaded %s, %d bytes", name, len(frame))
	}
	if b.sent("POST "+eval[string](b, `Shop.base`)+"/v1/compress?level=3") == 0 {
		b.Errorf("a file does not go through /v1: %q", b.requests)
	}
	b.click("#plain-chip button")
	b.wait(`document.querySelector('#plain-chip').hidden && document.activeElement.id === 'text'`)
	// A frame is unpacked on whichever side it lands.
	b.drop("#plain", file("again.zst", string(frame)))
	b.wait(`!document.querySelector('#plain-chip').hidden`)
	if name, content := b.download("#plain-save"); name != "again" || string(content) != binary {
		b.Errorf("downloaded %s, %d bytes", name, len(content))
	}
	b.drop("#packed", file("words.txt.zst", string(packed(b, "only words"))))
	b.wait(`document.querySelector('#plain-chip').hidden && document.querySelector('#text').value === 'only words'`)
	b.choose("#packed-open", file("chosen.zst", string(packed(b, "chosen words"))))
	b.wait(`document.querySelector('#text').value === 'chosen words'`)
	b.choose("#plain-open", file("chosen.txt", "plain words"))
	b.wait(`document.querySelector('#packed-chip strong').textContent === 'chosen.txt.zst'`)
	// A file that misses does not replace the page.
	b.drop("footer", file("missed.txt", "missed"))
	b.click("#packed-chip button")
	b.click("#sample")
	b.wait(`document.querySelector('#b64').value.length > 1000`)
}

// choose clicks a button and gives a file to the dialogue that it opens.
func (b *tab) choose(button, path string) {
	b.Helper()
	call(b, cdppage.SetInterceptFileChooserDialog, cdppage.SetInterceptFileChooserDialogParams{Enabled: true})
	opened, err := chromedp.Run(b.ctx, chromedp.WaitEvent(cdppage.FileChooserOpened, nil, func(context.Context, *chromedp.Target) (chromedp.Void, error) {
		b.click(button)
		return chromedp.Void{}, nil
	}))
	if err != nil {
		b.Fatal(err)
	}
	call(b, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: []string{path}, BackendNodeID: opened.BackendNodeID})
}

func workLevels(b *tab) {
	const points = `document.querySelectorAll('#levels-chart .mark').length`
	b.fill("#text", strings.Repeat("content that has levels ", 500))
	eval[bool](b, `(() => { document.querySelector('#level').focus(); return true; })()`)
	b.do(chromedp.KeyEvent(kb.ArrowRight))
	b.wait(points + ` === 1 && document.querySelector('#levels-now').dataset.t === 'levels.now'`)
	if got := b.value("#level-number"); got != "4" {
		b.Errorf("the slider is at 4, the number at %s", got)
	}
	b.click("#levels-run")
	b.wait(points + ` === 22 && document.querySelector('#levels-cancel').hidden`)
	if got := b.text("#levels-now"); !strings.HasPrefix(got, "Level 4: ") {
		b.Error(got)
	}
	eval[bool](b, `(() => { document.querySelector('#levels-chart .mark.press:not(.current)').dispatchEvent(new MouseEvent('click')); return true; })()`)
	b.wait(`document.querySelector('#level-number').value !== '4' && document.querySelector('#levels-now').textContent.startsWith('Level ' + document.querySelector('#level-number').value + ': ')`)
	// Other content has other figures.
	b.fill("#text", strings.Repeat("other content ", 5000))
	b.wait(points + ` === 0`)
	b.click("#levels-run")
	b.wait(`!document.querySelector('#levels-cancel').hidden`)
	b.click("#levels-cancel")
	b.wait(`document.querySelector('#levels-cancel').hidden`)
	b.fill("#text", "")
	b.click("#levels-run")
	b.wait(`document.querySelector('#levels-now').dataset.t === 'levels.none'`)
}

func workBench(b *tab) {
	b.fill("#workers", "2")
	b.fill("#iters", "100000")
	b.click("#bench [value=single]")
	b.click("#bench-run")
	b.wait(`document.querySelector('#bench-now').dataset.t === 'bench.done'`)
	b.click("#bench-figures summary")
	if rows := eval[int](b, `document.querySelectorAll('#bench-figures tbody tr').length`); rows != 6 {
		b.Errorf("%d rows of figures, want 3 modes x 2", rows)
	}
	if got := b.text("#bench-checksum"); !strings.Contains(got, "502998646") {
		b.Errorf("checksum: %s", got)
	}
	for _, chart := range []string{"#bench-speed", "#bench-time"} {
		got := eval[map[string]int](b, fmt.Sprintf(`Object.fromEntries(['pool', 'gomaxprocs1', 'single', 'ideal'].map((kind) =>
			[kind, document.querySelectorAll(%q + ' .series.' + kind + ' .mark').length + document.querySelectorAll(%[1]q + ' .series.' + kind + ' .line').length * 10]))`, chart))
		if got["pool"] != 12 || got["gomaxprocs1"] != 12 || got["single"] != 12 || got["ideal"] != 10 {
			b.Errorf("%s: marks + 10 x lines: %v", chart, got)
		}
	}
	for _, box := range []string{"pool", "gomaxprocs1", "single"} {
		b.click("#bench [value=" + box + "]")
	}
	b.click("#bench-run")
	b.wait(`document.querySelector('#bench-now').dataset.t === 'bench.nomode'`)
	for _, box := range []string{"pool", "gomaxprocs1"} {
		b.click("#bench [value=" + box + "]")
	}
}

// TestPageCancel: the run of a page that cancels ends; one that another client
// has is waited for.
func TestPageCancel(t *testing.T) {
	f := newFakeLauncher()
	host, l := shop(t, func(o *Options) { o.Launcher = f })
	b := newTab(t, newBrowser(t), host)
	b.visit("http://" + host + "/")
	b.click("#bench-run")
	<-f.started
	b.click("#bench-cancel")
	if err := <-f.ended; !errors.Is(err, errClientGone) {
		t.Errorf("ended by %v", err)
	}
	<-f.killed
	b.wait(`document.querySelector('#bench-now').dataset.t === 'bench.cancelled' && document.activeElement.id === 'bench-run'`)

	c := l.connect(t)
	c.write(request("GET", "/bench", "", "")) // Host: localhost is one of ours, too
	<-f.started
	b.fill("#workers", "1")
	b.click("#bench-run")
	b.wait(`document.querySelector('#bench-now').dataset.t === 'bench.busy'`)
	b.excuse("429")
	done := make(chan bool)
	go func() {
		defer close(done)
		for range 1 + 2*3 {
			f.release <- true
			<-f.killed
			if len(f.started) > 0 {
				<-f.started
			}
		}
	}()
	b.wait(`document.querySelector('#bench-now').dataset.t === 'bench.done'`)
	<-done
	b.settle()
	b.mu.Lock()
	b.faults = slices.DeleteFunc(b.faults, func(f string) bool { return strings.Contains(f, "429") })
	b.mu.Unlock()
}

// TestPageErrors: what is wrong is said, in the language of the page.
func TestPageErrors(t *testing.T) {
	ctx := newBrowser(t)
	host, l := shop(t, nil)
	b := newTab(t, ctx, host)
	b.visit("http://" + host + "/")
	frame := packed(t, strings.Repeat("good ", 100))
	for _, c := range []struct{ b64, says string }{
		{"?", "not in the base64 alphabet"},
		{base64.StdEncoding.EncodeToString([]byte("no frame at all")), "magic number"},
		{base64.StdEncoding.EncodeToString(frame[:len(frame)-1]), "ends"},
	} {
		b.fill("#b64", c.b64)
		b.click("#decompress")
		b.wait(`!document.querySelector('#work-error').hidden`)
		b.excuse("422")
		if got := b.text("#work-error"); !strings.Contains(got, c.says) || !strings.Contains(got, "request ") {
			t.Errorf("%q: %s", c.b64, got)
		}
		b.click("#language")
		if got := b.text("#work-error p"); !hasHan(got) {
			t.Errorf("%q in Chinese: %s", c.b64, got)
		}
		b.click("#language")
	}
	// More than the server takes: it says so, or has hung up before the browser
	// read it, and then the page knows the limit.
	eval[bool](b, `(() => { document.querySelector('#text').value = 'too much '.repeat(1 << 20); return true; })()`)
	b.click("#compress")
	b.wait(`!document.querySelector('#work-error').hidden`)
	b.excuse("/compress")
	if got := b.text("#work-error"); !strings.Contains(got, "are the most of this request's body") && !strings.Contains(got, "more than it takes") {
		t.Errorf("9 MiB: %s", got)
	}
	b.fill("#text", "")
	// Another page of the same browser, from disk, without the token.
	d := newTab(t, ctx, host)
	d.allowed["127.0.0.1:8000"] = true
	d.do(chromedp.Navigate(fileURL(t, "web/index.html")))
	d.wait(`document.querySelector('#status.up, #status.down')`)
	d.fill("#address", host) // no address without http
	d.click("#connect button")
	if !eval[bool](d, `document.querySelector('#address').matches(':invalid')`) {
		t.Error("an address without a scheme is taken")
	}
	d.fill("#address", "http://"+host+"/")
	d.click("#connect button")
	d.wait(`document.querySelector('#status.up')`)
	d.click("#bench-run")
	d.wait(`!document.querySelector('#bench-error').hidden`)
	d.excuse("403")
	if got := d.text("#bench-error"); !strings.Contains(got, "zstdshop serve") {
		t.Error(got)
	}
	d.settle()
	d.faults = slices.DeleteFunc(d.faults, func(f string) bool { return strings.Contains(f, "127.0.0.1:8000") })

	l.stop()
	b.fill("#text", "is anybody there?")
	b.click("#compress")
	b.wait(`document.querySelector('#work-error p')?.dataset.t === 'error.network'`)
	b.excuse("ERR_CONNECTION_REFUSED")
}

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r >= 0x3400 && r <= 0x9fff })
}

// TestPageDocs works the documentation.
func TestPageDocs(t *testing.T) {
	host, _ := shop(t, nil)
	b := newTab(t, newBrowser(t), host)
	b.do(chromedp.Navigate("http://" + host + "/docs"))
	for operation, method := range map[string]string{"ping": "get", "compress": "post", "decompress": "post", "bench": "get", "healthz": "get"} {
		at := "#operations-default-" + operation
		b.wait(`document.querySelector('` + at + `')`)
		b.click(at + " .opblock-summary-control")
		// Before it has read that part of the document, Swagger UI finds nothing to execute.
		b.wait(`document.querySelector('` + at + ` .execute') && ui.specSelectors.specResolvedSubtree(['paths', '/` + operation + `', '` + method + `'])`)
		b.click(at + " .execute")
		b.wait(`document.querySelector('` + at + ` .live-responses-table tbody .response-col_status')?.textContent.startsWith('200')`)
		b.click(at + " .opblock-summary-control")
		b.wait(`!document.querySelector('` + at + ` .execute')`)
	}
}

// TestClientInBrowser runs the JavaScript client of examples/clients on a page of
// another site.
func TestClientInBrowser(t *testing.T) {
	host, _ := shop(t, nil)
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `<!DOCTYPE html><link rel="icon" href="data:,">`)
	}))
	t.Cleanup(other.Close)
	site := strings.TrimPrefix(other.URL, "http://")
	b := newTab(t, newBrowser(t), host, site)
	b.do(chromedp.Navigate(other.URL))
	source, err := os.ReadFile("../examples/clients/shop.mjs")
	if err != nil {
		t.Fatal(err)
	}
	got := eval[string](b, fmt.Sprintf(`import('data:text/javascript;base64,%s').then(async ({ shop }) => {
		const lines = [];
		await shop('http://%s', (line) => lines.push(line), '%s');
		return lines.join('\n');
	})`, base64.StdEncoding.EncodeToString(source), host, pageToken))
	for _, line := range []string{"ping: go", "compress: 1600 bytes to ", "decompress: the same text", "checksum 1005997292"} {
		if !strings.Contains(got, line) {
			t.Errorf("no %q in\n%s", line, got)
		}
	}
}
