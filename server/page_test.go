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

	"zstdshop/harness/measure"
	"zstdshop/internal/browsertest"
)

// pageToken is what the servers of these tests want for /bench.
const pageToken = "open-sesame"

// shop starts a server with real workers for a browser and returns its host.
func openShop(t *testing.T, change func(*Options)) (host string, l *live) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ln := loopback(t)
	l = start(t, ln, dialer(ln), func(o *Options) {
		o.Bench.Launcher = measure.Processes{Argv: []string{exe, workerArgument}, Timeout: time.Minute}
		o.Token, o.Loopback = pageToken, true
		if change != nil {
			change(o)
		}
	})
	return ln.Addr().String(), l
}

// visit opens a page and waits until it has found its server.
func visit(b *browsertest.Tab, address string) {
	b.Helper()
	b.Do(chromedp.Navigate(address))
	b.Wait(`document.querySelector('#status.up')`)
}

// TestPage works each part of the page: as it is served, as it is when saved and
// opened from disk, and as it is in the source.
func TestPage(t *testing.T) {
	ctx := browsertest.New(t)
	host, l := openShop(t, nil)
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
			b := browsertest.NewTab(t, ctx, host)
			if strings.HasPrefix(c.address, "file:") {
				connect(b, c.address, host)
			} else {
				visit(b, c.address)
			}
			workTexts(b)
			workFigures(b)
			workBench(b)
			if c.name == "source" {
				return // the same code as saved
			}
			workFiles(b)
			workLevels(b)
			if n := b.Sent("GET http://" + host + "/favicon.ico"); n > 0 {
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
func connect(b *browsertest.Tab, address, host string) {
	b.Helper()
	b.Allow("127.0.0.1:8000")
	b.Do(chromedp.Navigate(address))
	b.Wait(`document.querySelector('#status.up, #status.down')`)
	if browsertest.Eval[bool](b, `document.querySelector('#status').classList.contains('down')`) {
		b.Excuse("127.0.0.1:8000")
	}
	b.Fill("#address", "http://"+host+"/#token="+pageToken)
	b.Click("#connect button")
	b.Wait(`document.querySelector('#status.up') && document.querySelector('#address').value === 'http://` + host + `'`)
	if got := browsertest.Eval[string](b, `document.querySelector('#token').value`); got != pageToken {
		b.Errorf("token %q", got)
	}
}

func valueOf(b *browsertest.Tab, selector string) string {
	b.Helper()
	return browsertest.Eval[string](b, fmt.Sprintf(`document.querySelector(%q).value`, selector))
}

func textOf(b *browsertest.Tab, selector string) string {
	b.Helper()
	return browsertest.Eval[string](b, fmt.Sprintf(`document.querySelector(%q).innerText`, selector))
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

func workTexts(b *browsertest.Tab) {
	text := strings.Repeat("Ein Löwe, 一头狮子, 🦁. ", 40)
	b.Fill("#text", text)
	b.Click("#compress")
	b.Wait(`document.querySelector('#b64').value && !document.querySelector('#receipt').hidden`)
	frame, err := base64.StdEncoding.DecodeString(valueOf(b, "#b64"))
	if err != nil || unpacked(b, frame) != text {
		b.Errorf("compressed to %q: %v", valueOf(b, "#b64"), err)
	}
	if got := browsertest.Eval[string](b, `document.querySelector('#r-packed').textContent.replace(/\D/g, '')`); got != fmt.Sprint(len(frame)) {
		b.Errorf("the receipt says %s bytes of %d", got, len(frame))
	}
	if name, content := b.Download("#packed-save"); name != "text.txt.zst" || !bytes.Equal(content, frame) {
		b.Errorf("downloaded %s, %d bytes", name, len(content))
	}
	// Back again, from base64 in lines as other programs write it.
	b.Fill("#text", "")
	browsertest.Eval[bool](b, `(() => { const el = document.querySelector('#b64'); el.value = el.value.replace(/.{40}/g, '$&\n'); return true; })()`)
	b.Click("#decompress")
	b.Wait(`document.querySelector('#text').value`)
	if got := valueOf(b, "#text"); got != text {
		b.Errorf("decompressed to %q", got)
	}
	if name, content := b.Download("#plain-save"); name != "text.txt" || string(content) != text {
		b.Errorf("downloaded %s, %d bytes", name, len(content))
	}
	// What is no text is shown with a word of warning.
	b.Fill("#b64", base64.StdEncoding.EncodeToString(packed(b, "a\xffb")))
	b.Click("#decompress")
	b.Wait(`document.querySelector('#text').value === 'a\ufffdb' && document.querySelector('#work-note').dataset.t === 'work.lossy'`)
	// A text too short to become shorter.
	b.Fill("#text", "a")
	b.Click("#compress")
	b.Wait(`document.querySelector('#work-note').dataset.t === 'work.grew'`)
	b.Fill("#text", "")
	b.Click("#compress")
	b.Wait(`document.querySelector('#r-ratio').dataset.t === 'ratio.none'`)
	b.Click("#copy")
	b.Wait(`['work.copied', 'work.notcopied'].includes(document.querySelector('#work-note').dataset.t)`)
	// The codec and the level that were chosen are asked for.
	b.Fill("#level-number", "19")
	browsertest.Eval[bool](b, `(() => { const el = document.querySelector('#codec'); el.value = 'klauspost'; el.dispatchEvent(new Event('change')); return true; })()`)
	b.Click("#sample")
	b.Wait(`document.querySelector('#plain-size').textContent && !document.querySelector('#work-note').textContent && document.querySelector('#b64').value.length > 1000`)
	if b.Sent("POST "+browsertest.Eval[string](b, `Shop.base`)+"/compress?codec=klauspost") != 1 {
		b.Errorf("the codec is not asked for: %q", b.Requests())
	}
	b.Click("#work summary")
	if got := textOf(b, "#curl"); !strings.Contains(got, "level=19&codec=klauspost") {
		b.Errorf("curl: %s", got)
	}
	browsertest.Eval[bool](b, `(() => { const el = document.querySelector('#codec'); el.value = ''; el.dispatchEvent(new Event('change')); return true; })()`)
	b.Fill("#level-number", "3")
}

// workFigures: figures are marked once they are not those of what is held, until a key
// has made new ones; the codec's own time is among them.
func workFigures(b *browsertest.Tab) {
	const marked, unmarked = `document.querySelector('#receipt.old') && document.querySelector('#receipt-old').checkVisibility()`,
		`!document.querySelector('#receipt').hidden && !document.querySelector('#receipt.old') && !document.querySelector('#receipt-old').checkVisibility()`
	press := func(selector string) {
		browsertest.Eval[bool](b, fmt.Sprintf(`(() => { document.querySelector(%q).focus(); return true; })()`, selector))
		b.Do(chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	}
	for _, change := range []func(){
		func() { b.Fill("#text", strings.Repeat("another text ", 50)) },
		func() { b.Fill("#b64", base64.StdEncoding.EncodeToString(packed(b, "another frame"))) },
		func() { b.Fill("#level-number", "5") },
		func() { b.Fill("#level-number", "3") },
	} {
		change()
		b.Wait(marked)
		press("#text")
		b.Wait(unmarked)
	}
	if got := browsertest.Eval[string](b, `document.querySelector('#r-codec').dataset.t`); got != "ms" {
		b.Errorf("the codec's time: %s", textOf(b, "#r-codec"))
	}
	text := valueOf(b, "#text")
	b.Fill("#text", "")
	press("#b64")
	b.Wait(unmarked)
	if got := valueOf(b, "#text"); got != text || strings.Contains(valueOf(b, "#b64"), "\n") {
		b.Errorf("unpacked by a key: %q", got)
	}
}

// TestPageDictionaries: where the server has dictionaries the page offers them and
// remembers which was chosen, and what it asks for and shows has it; elsewhere there is
// nothing of them.
func TestPageDictionaries(t *testing.T) {
	ctx := browsertest.New(t)
	const shown = `document.querySelector('#dictionary').checkVisibility()`
	choose := func(b *browsertest.Tab, name string) {
		browsertest.Eval[bool](b, fmt.Sprintf(`(() => { const el = document.querySelector('#dictionary'); el.value = %q; el.dispatchEvent(new Event('change')); return true; })()`, name))
	}
	host, l := openShop(t, withContent(t))
	b := browsertest.NewTab(t, ctx, host)
	visit(b, "http://"+host+"/")
	if got := browsertest.Eval[string](b, `[...document.querySelector('#dictionary').options].map((o) => o.text).join()`); got != "none,logs,other.v2" || !browsertest.Eval[bool](b, shown) {
		t.Errorf("offered: %s", got)
	}
	text := dictRecord(1, 5000)
	b.Fill("#text", text)
	b.Click("#compress")
	b.Wait(`document.querySelector('#b64').value`)
	plain := len(valueOf(b, "#b64"))
	choose(b, "logs")
	b.Wait(`document.querySelector('#receipt.old')`)
	b.Click("#compress")
	b.Wait(`!document.querySelector('#receipt.old')`)
	if packed := len(valueOf(b, "#b64")); packed >= plain*3/4 {
		t.Errorf("%d bytes with the dictionary, %d without", packed, plain)
	}
	b.Click("#work summary")
	if got := textOf(b, "#curl"); strings.Count(got, "dict=logs") != 3 {
		t.Errorf("curl: %s", got)
	}
	browsertest.Eval[bool](b, `(() => { document.querySelector('#level').focus(); return true; })()`)
	b.Do(chromedp.KeyEvent(kb.End))
	b.Wait(`document.querySelector('#levels-now').dataset.t === 'levels.now'`)
	if n := b.Sent("POST http://" + host + "/v1/compress?level=22&dict=logs"); n == 0 {
		t.Errorf("levels are tried without the dictionary: %q", b.Requests())
	}
	packed := valueOf(b, "#b64")

	visit(b, "http://"+host+"/?again")
	if got := valueOf(b, "#dictionary"); got != "logs" {
		t.Errorf("remembered: %q", got)
	}
	b.Fill("#b64", packed)
	b.Click("#decompress")
	b.Wait(`document.querySelector('#text').value`)
	if got := valueOf(b, "#text"); got != text {
		t.Errorf("unpacked: %q", got)
	}
	if n := l.dicts.named("logs").codings[opDecompress].Load(); n != 1 {
		t.Errorf("%d unpacked with the dictionary", n)
	}

	none, _ := openShop(t, nil)
	b = browsertest.NewTab(t, ctx, none)
	visit(b, "http://"+none+"/")
	if browsertest.Eval[bool](b, shown) {
		t.Error("a choice of dictionaries where there are none")
	}
	b.Fill("#text", text)
	b.Click("#compress")
	b.Wait(`document.querySelector('#b64').value`)
	if n := b.Sent("POST http://" + none + "/compress"); n != 1 {
		t.Errorf("%q", b.Requests())
	}
}

func workFiles(b *browsertest.Tab) {
	dir := b.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
			b.Fatal(err)
		}
		return path
	}
	binary := strings.Repeat("\x00\xff binary", 100)
	// A bar shows how much has been sent, until there is an answer.
	browsertest.Eval[bool](b, `(() => {
		window.bars = [];
		const bar = document.querySelector('#work-progress');
		new MutationObserver(() => window.bars.push(bar.hidden ? 'hidden' : bar.hasAttribute('value') ? 'sending' : 'sent'))
			.observe(bar, { attributes: true });
		return true;
	})()`)
	b.Drop("#plain", file("data.bin", binary))
	b.Wait(`!document.querySelector('#packed-chip').hidden && document.querySelector('#packed-chip strong').textContent === 'data.bin.zst'`)
	b.Wait(`window.bars.at(-1) === 'hidden'`)
	if got := browsertest.Eval[string](b, `window.bars.join()`); !strings.Contains(got, "sent") {
		b.Errorf("the bar was %s", got)
	}
	name, frame := b.Download("#packed-save")
	if name != "data.bin.zst" || unpacked(b, frame) != binary {
		b.Errorf("downloaded %s, %d bytes", name, len(frame))
	}
	if b.Sent("POST "+browsertest.Eval[string](b, `Shop.base`)+"/v1/compress?level=3") == 0 {
		b.Errorf("a file does not go through /v1: %q", b.Requests())
	}
	b.Click("#plain-chip button")
	b.Wait(`document.querySelector('#plain-chip').hidden && document.activeElement.id === 'text'`)
	// A frame is unpacked on whichever side it lands.
	b.Drop("#plain", file("again.zst", string(frame)))
	b.Wait(`!document.querySelector('#plain-chip').hidden`)
	if name, content := b.Download("#plain-save"); name != "again" || string(content) != binary {
		b.Errorf("downloaded %s, %d bytes", name, len(content))
	}
	b.Drop("#packed", file("words.txt.zst", string(packed(b, "only words"))))
	b.Wait(`document.querySelector('#plain-chip').hidden && document.querySelector('#text').value === 'only words'`)
	choose(b, "#packed-open", file("chosen.zst", string(packed(b, "chosen words"))))
	b.Wait(`document.querySelector('#text').value === 'chosen words'`)
	choose(b, "#plain-open", file("chosen.txt", "plain words"))
	b.Wait(`document.querySelector('#packed-chip strong').textContent === 'chosen.txt.zst'`)
	// A file that misses does not replace the page.
	b.Drop("footer", file("missed.txt", "missed"))
	b.Click("#packed-chip button")
	b.Click("#sample")
	b.Wait(`document.querySelector('#b64').value.length > 1000`)
}

// choose clicks a button and gives a file to the dialogue that it opens.
func choose(b *browsertest.Tab, button, path string) {
	b.Helper()
	browsertest.Call(b, cdppage.SetInterceptFileChooserDialog, cdppage.SetInterceptFileChooserDialogParams{Enabled: true})
	opened, err := chromedp.Run(b.Ctx, chromedp.WaitEvent(cdppage.FileChooserOpened, nil, func(context.Context, *chromedp.Target) (chromedp.Void, error) {
		b.Click(button)
		return chromedp.Void{}, nil
	}))
	if err != nil {
		b.Fatal(err)
	}
	browsertest.Call(b, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: []string{path}, BackendNodeID: opened.BackendNodeID})
}

func workLevels(b *browsertest.Tab) {
	const points = `document.querySelectorAll('#levels-chart .mark').length`
	b.Fill("#text", strings.Repeat("content that has levels ", 500))
	browsertest.Eval[bool](b, `(() => { document.querySelector('#level').focus(); return true; })()`)
	b.Do(chromedp.KeyEvent(kb.ArrowRight))
	b.Wait(points + ` === 1 && document.querySelector('#levels-now').dataset.t === 'levels.now'`)
	if got := valueOf(b, "#level-number"); got != "4" {
		b.Errorf("the slider is at 4, the number at %s", got)
	}
	b.Click("#levels-run")
	b.Wait(points + ` === 22 && document.querySelector('#levels-cancel').hidden`)
	// The points are the codec's own time; the network is a line beside them, and slower.
	slower := browsertest.Eval[bool](b, `(() => {
		const points = [...document.querySelectorAll('#levels-chart .pool .mark')].map((m) => m.getBBox());
		const line = document.querySelector('#levels-chart .network .line').getAttribute('d').split(/[ML]/).slice(1).map((p) => Number(p.split(' ')[0]));
		return line.length === 22 && Math.min(...line) < Math.min(...points.map((p) => p.x + p.width / 2)) + 0.1;
	})()`)
	if !slower {
		b.Errorf("the network: %s", browsertest.Eval[string](b, `document.querySelector('#levels-chart .network .line').getAttribute('d')`))
	}
	if got := textOf(b, "#levels-now"); !strings.HasPrefix(got, "Level 4: ") {
		b.Error(got)
	}
	browsertest.Eval[bool](b, `(() => { document.querySelector('#levels-chart .mark.press:not(.current)').dispatchEvent(new MouseEvent('click')); return true; })()`)
	b.Wait(`document.querySelector('#level-number').value !== '4' && document.querySelector('#levels-now').textContent.startsWith('Level ' + document.querySelector('#level-number').value + ': ')`)
	// Other content has other figures.
	b.Fill("#text", strings.Repeat("other content ", 5000))
	b.Wait(points + ` === 0`)
	b.Click("#levels-run")
	b.Wait(`!document.querySelector('#levels-cancel').hidden`)
	b.Click("#levels-cancel")
	b.Wait(`document.querySelector('#levels-cancel').hidden`)
	b.Fill("#text", "")
	b.Click("#levels-run")
	b.Wait(`document.querySelector('#levels-now').dataset.t === 'levels.none'`)
}

func workBench(b *browsertest.Tab) {
	b.Fill("#workers", "2")
	b.Fill("#iters", "100000")
	b.Click("#bench [value=single]")
	b.Click("#bench-run")
	b.Wait(`document.querySelector('#bench-now').dataset.t === 'bench.done'`)
	b.Click("#bench-figures summary")
	if rows := browsertest.Eval[int](b, `document.querySelectorAll('#bench-figures tbody tr').length`); rows != 6 {
		b.Errorf("%d rows of figures, want 3 modes x 2", rows)
	}
	if got := textOf(b, "#bench-checksum"); !strings.Contains(got, "502998646") {
		b.Errorf("checksum: %s", got)
	}
	for _, chart := range []string{"#bench-speed", "#bench-time"} {
		got := browsertest.Eval[map[string]int](b, fmt.Sprintf(`Object.fromEntries(['pool', 'gomaxprocs1', 'single', 'ideal'].map((kind) =>
			[kind, document.querySelectorAll(%q + ' .series.' + kind + ' .mark').length + document.querySelectorAll(%[1]q + ' .series.' + kind + ' .line').length * 10]))`, chart))
		if got["pool"] != 12 || got["gomaxprocs1"] != 12 || got["single"] != 12 || got["ideal"] != 10 {
			b.Errorf("%s: marks + 10 x lines: %v", chart, got)
		}
	}
	// Runs this short are remarked on, and longer ones offered.
	if got := browsertest.Eval[string](b, `document.querySelector('#bench-note').dataset.t`); got != "bench.short" && got != "bench.above" {
		b.Errorf("a run of 100000 iterations: %q", textOf(b, "#bench-note"))
	}
	if got := browsertest.Eval[int](b, `Number(document.querySelector('#bench-more').value)`); got < 1_000_000 {
		b.Errorf("%d iterations are offered", got)
	}
	b.Click("#bench-link")
	b.Wait(`['bench.copied', 'bench.link.is'].includes(document.querySelector('#bench-copied').dataset.t)`)
	for _, box := range []string{"pool", "gomaxprocs1", "single"} {
		b.Click("#bench [value=" + box + "]")
	}
	b.Click("#bench-run")
	b.Wait(`document.querySelector('#bench-now').dataset.t === 'bench.nomode'`)
	for _, box := range []string{"pool", "gomaxprocs1"} {
		b.Click("#bench [value=" + box + "]")
	}
}

// TestPageBenchRemarks: what no machine can do is remarked on, and what is true is not.
func TestPageBenchRemarks(t *testing.T) {
	ctx := browsertest.New(t)
	host, _ := openShop(t, nil)
	b := browsertest.NewTab(t, ctx, host)
	visit(b, "http://"+host+"/#workers=2&iters=3000000&modes=pool,gomaxprocs1")
	// A link fills in a run and starts none.
	got := browsertest.Eval[string](b, `[document.querySelector('#workers').value, document.querySelector('#iters').value,
		...[...document.querySelectorAll('#bench [name=mode]:checked')].map((m) => m.value), document.activeElement.id].join()`)
	if got != "2,3000000,pool,gomaxprocs1,bench-run" || b.Sent("GET http://"+host+"/bench") != 0 {
		t.Errorf("the link fills in %s; %q", got, b.Requests())
	}
	for _, c := range []struct {
		one, two float64 // seconds of one and of two workers
		says     string
	}{
		{1, 1, ""},
		{1, 0.83, "bench.above"}, // 2.41 times
		{0.01, 0.01, "bench.short"},
		{0.01, 0.0083, "bench.above"},
	} {
		// The server's figures are replaced: a machine that does what is asked for here
		// cannot be had.
		browsertest.Eval[bool](b, fmt.Sprintf(`(() => {
			Shop.askJSON = async (method, path) => {
				const asked = new URLSearchParams(path.split('?')[1]), workers = Number(asked.get('workers'));
				const seconds = asked.get('runner') === 'pool' ? (workers === 1 ? %v : %v) : workers * %[1]v;
				return { value: { seconds, cpu_count: 2, checksum: 1, parallelism: 1 } };
			};
			return true;
		})()`, c.one, c.two))
		b.Click("#bench-run")
		b.Wait(`!document.querySelector('#bench-link').hidden`)
		if got := browsertest.Eval[string](b, `document.querySelector('#bench-note').dataset.t ?? ''`); got != c.says {
			t.Errorf("%v and %v s: %q, want %q", c.one, c.two, got, c.says)
		}
		offered := browsertest.Eval[int](b, `document.querySelector('#bench-more').hidden ? 0 : Number(document.querySelector('#bench-more').value)`)
		if want := map[float64]int{0.01: 80_000_000}[c.one]; offered != want {
			t.Errorf("%v s: %d iterations are offered, want %d", c.one, offered, want)
		}
	}
	browsertest.Eval[bool](b, `(() => { navigator.clipboard.writeText = async (text) => { window.copied = text; }; return true; })()`)
	b.Click("#bench-link")
	b.Wait(`document.querySelector('#bench-copied').dataset.t === 'bench.copied'`)
	if got := browsertest.Eval[string](b, `window.copied`); got != "http://"+host+"/#workers=2&iters=3000000&modes=pool%2Cgomaxprocs1" {
		t.Errorf("the link is %s", got)
	}
}

// TestPageCancel: the run of a page that cancels ends; one that another client
// has is waited for.
func TestPageCancel(t *testing.T) {
	ctx := browsertest.New(t)
	f := newFakeLauncher()
	host, l := openShop(t, func(o *Options) { o.Bench.Launcher = f })
	b := browsertest.NewTab(t, ctx, host)
	visit(b, "http://"+host+"/")
	b.Click("#bench-run")
	<-f.started
	b.Click("#bench-cancel")
	if err := <-f.ended; !errors.Is(err, errClientGone) {
		t.Errorf("ended by %v", err)
	}
	<-f.killed
	b.Wait(`document.querySelector('#bench-now').dataset.t === 'bench.cancelled' && document.activeElement.id === 'bench-run'`)

	c := l.connect(t)
	c.write(request("GET", "/bench", "", "")) // Host: localhost is one of ours, too
	<-f.started
	b.Fill("#workers", "1")
	b.Click("#bench-run")
	b.Wait(`document.querySelector('#bench-now').dataset.t === 'bench.busy'`)
	b.Excuse("429")
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
	b.Wait(`document.querySelector('#bench-now').dataset.t === 'bench.done'`)
	<-done
	b.Forgive("429")
}

// TestPageErrors: what is wrong is said, in the language of the page.
func TestPageErrors(t *testing.T) {
	ctx := browsertest.New(t)
	host, l := openShop(t, nil)
	b := browsertest.NewTab(t, ctx, host)
	visit(b, "http://"+host+"/")
	frame := packed(t, strings.Repeat("good ", 100))
	for _, c := range []struct{ b64, says string }{
		{"?", "not in the base64 alphabet"},
		{base64.StdEncoding.EncodeToString([]byte("no frame at all")), "magic number"},
		{base64.StdEncoding.EncodeToString(frame[:len(frame)-1]), "ends"},
	} {
		b.Fill("#b64", c.b64)
		b.Click("#decompress")
		b.Wait(`!document.querySelector('#work-error').hidden`)
		b.Excuse("422")
		if got := textOf(b, "#work-error"); !strings.Contains(got, c.says) || !strings.Contains(got, "request ") {
			t.Errorf("%q: %s", c.b64, got)
		}
		b.Click("#language")
		if got := textOf(b, "#work-error p"); !hasHan(got) {
			t.Errorf("%q in Chinese: %s", c.b64, got)
		}
		b.Click("#language")
	}
	// More than the server takes: it says so, or has hung up before the browser
	// read it, and then the page knows the limit.
	browsertest.Eval[bool](b, `(() => { document.querySelector('#text').value = 'too much '.repeat(1 << 20); return true; })()`)
	b.Click("#compress")
	b.Wait(`!document.querySelector('#work-error').hidden`)
	b.Excuse("/compress")
	if got := textOf(b, "#work-error"); !strings.Contains(got, "are the most of this request's body") && !strings.Contains(got, "more than it takes") {
		t.Errorf("9 MiB: %s", got)
	}
	b.Fill("#text", "")
	// Another page of the same browser, from disk, without the token.
	d := browsertest.NewTab(t, ctx, host)
	d.Allow("127.0.0.1:8000")
	d.Do(chromedp.Navigate(fileURL(t, "web/index.html")))
	d.Wait(`document.querySelector('#status.up, #status.down')`)
	d.Fill("#address", host) // no address without http
	d.Click("#connect button")
	if !browsertest.Eval[bool](d, `document.querySelector('#address').matches(':invalid')`) {
		t.Error("an address without a scheme is taken")
	}
	d.Fill("#address", "http://"+host+"/")
	d.Click("#connect button")
	d.Wait(`document.querySelector('#status.up')`)
	d.Click("#bench-run")
	d.Wait(`!document.querySelector('#bench-error').hidden`)
	d.Excuse("403")
	if got := textOf(d, "#bench-error"); !strings.Contains(got, "zstdshop serve") {
		t.Error(got)
	}
	d.Forgive("127.0.0.1:8000")

	l.stop()
	b.Fill("#text", "is anybody there?")
	b.Click("#compress")
	b.Wait(`document.querySelector('#work-error p')?.dataset.t === 'error.network'`)
	b.Excuse("ERR_CONNECTION_REFUSED")
}

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r >= 0x3400 && r <= 0x9fff })
}

// TestPageDocs works the documentation.
func TestPageDocs(t *testing.T) {
	ctx := browsertest.New(t)
	host, _ := openShop(t, nil)
	b := browsertest.NewTab(t, ctx, host)
	b.Do(chromedp.Navigate("http://" + host + "/docs"))
	b.Wait(`document.querySelector('#operations-bench-bench')`)
	// Operations stand in their groups, in the order of the routes.
	var want []string
	for _, r := range routes(new(handlers)) {
		if r.doc != nil {
			want = append(want, r.doc.group+"-"+operationID(&route{entry: r}))
		}
	}
	if got := browsertest.Eval[[]string](b, `[...document.querySelectorAll('[id^=operations-].opblock')].map((o) => o.id.replace('operations-', ''))`); !slices.Equal(got, want) {
		t.Errorf("operations %q, want %q", got, want)
	}
	b.Click("#operations-texts-compress .opblock-summary-control")
	b.Wait(`document.querySelector('#operations-texts-compress textarea')`)
	if got := valueOf(b, "#operations-texts-compress textarea"); strings.Index(got, `"text"`) > strings.Index(got, `"level"`) || !strings.Contains(got, `"level"`) {
		t.Errorf("the example of /compress: %s", got)
	}
	b.Click("#operations-texts-compress .opblock-summary-control")
	b.Wait(`!document.querySelector('#operations-texts-compress textarea')`)
	for operation, method := range map[string]string{"server-ping": "get", "texts-compress": "post", "texts-decompress": "post", "bench-bench": "get", "server-healthz": "get"} {
		at := "#operations-" + operation
		_, operation, _ := strings.Cut(operation, "-")
		b.Wait(`document.querySelector('` + at + `')`)
		b.Click(at + " .opblock-summary-control")
		// Before it has read that part of the document, Swagger UI finds nothing to execute.
		b.Wait(`document.querySelector('` + at + ` .execute') && ui.specSelectors.specResolvedSubtree(['paths', '/` + operation + `', '` + method + `'])`)
		b.Click(at + " .execute")
		b.Wait(`document.querySelector('` + at + ` .live-responses-table tbody .response-col_status')?.textContent.startsWith('200')`)
		b.Click(at + " .opblock-summary-control")
		b.Wait(`!document.querySelector('` + at + ` .execute')`)
	}
}

// TestPageDocsLook: the documentation has the colours that were chosen, is drawn before
// its script has come, and leads back.
func TestPageDocsLook(t *testing.T) {
	ctx := browsertest.New(t)
	host, _ := openShop(t, nil)
	b := browsertest.NewTab(t, ctx, host)
	const dark = `document.documentElement.classList.contains('dark-mode') && getComputedStyle(document.documentElement).colorScheme === 'dark'`
	b.Prefers("dark")
	b.Do(chromedp.Navigate("http://" + host + "/docs"))
	b.Wait(`document.querySelector('#operations-bench-bench')`)
	if !browsertest.Eval[bool](b, dark) {
		t.Error("light where the browser prefers dark")
	}
	b.Prefers("light")
	b.Wait(`!(` + dark + `)`)
	// Painting waits for nothing large: what the document has in its head is small, or
	// deferred.
	if got := browsertest.Eval[string](b, `[...document.head.querySelectorAll('link[rel=stylesheet], script:not([defer])')].map((e) => e.getAttribute('href') ?? e.getAttribute('src')).join()`); got != "docs/start.js,docs/swagger-ui.css" {
		t.Errorf("in the head: %s", got) // the style sheet has been added by the script
	}
	// The browser says so, too: it is held up by one small file, and no more bytes than
	// the first answers on a new connection have room for.
	const blocking = `performance.getEntriesByType('resource').filter((e) => e.renderBlockingStatus === 'blocking')`
	if got := browsertest.Eval[string](b, blocking+`.map((e) => new URL(e.name).pathname).join()`); got != "/docs/start.js" {
		t.Errorf("painting waited for %s", got)
	}
	const most = 10 << 10
	if got := browsertest.Eval[int](b, blocking+`.concat(performance.getEntriesByType('navigation')).reduce((n, e) => n + e.transferSize, 0)`); got == 0 || got > most {
		t.Errorf("painting waited for %d bytes, want at most %d", got, most)
	}
	b.Click(`nav [href="./"]`)
	b.Wait(`document.querySelector('#status.up')`)
	b.Click("#theme") // now dark
	b.Click(`nav [href="http://` + host + `/docs"]`)
	b.Wait(`document.querySelector('#operations-bench-bench')`)
	if !browsertest.Eval[bool](b, dark) {
		t.Error("light where dark was chosen")
	}
}

// TestClientInBrowser runs the JavaScript client of examples/clients on a page of
// another site.
func TestClientInBrowser(t *testing.T) {
	ctx := browsertest.New(t)
	host, _ := openShop(t, nil)
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `<!DOCTYPE html><link rel="icon" href="data:,">`)
	}))
	t.Cleanup(other.Close)
	site := strings.TrimPrefix(other.URL, "http://")
	b := browsertest.NewTab(t, ctx, host, site)
	b.Do(chromedp.Navigate(other.URL))
	source, err := os.ReadFile("../examples/clients/shop.mjs")
	if err != nil {
		t.Fatal(err)
	}
	got := browsertest.Eval[string](b, fmt.Sprintf(`import('data:text/javascript;base64,%s').then(async ({ shop }) => {
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
