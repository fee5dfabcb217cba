// Package browsertest opens pages in a Chromium, for tests. A page fails its
// test by any message on the console and by any request to another host. Tests
// are skipped where there is no Chromium.
package browsertest

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	jsruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// chromium lists the names that a Chromium may have.
var chromium = []string{
	"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
	"/Applications/Chromium.app/Contents/MacOS/Chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
}

// New starts a Chromium that reaches nothing but 127.0.0.1, and makes the test a parallel
// one: most of its time it waits for the browser. The test is skipped where there is none,
// and in short runs.
func New(t *testing.T) context.Context {
	t.Helper()
	t.Parallel()
	if testing.Short() {
		t.Skip("a browser takes too long for a short run")
	}
	path := ""
	for _, name := range chromium {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Skipf("no Chromium found: none of %s", strings.Join(chromium, ", "))
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.DisableGPU,
		chromedp.UserDataDir(t.TempDir()), chromedp.Env("TMPDIR="+t.TempDir()), // otherwise it leaves its files behind when it is killed
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("lang", "en-US"),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"))
	if runtime.GOOS == "linux" && os.Geteuid() == 0 {
		opts = append(opts, chromedp.NoSandbox) // root cannot have one
	}
	ctx, stop := chromedp.NewExecAllocator(t.Context(), opts...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	return ctx
}

// A Tab is a page with storage of its own and a list of its faults: requests to
// other hosts, and errors and warnings on the console.
type Tab struct {
	*testing.T
	Ctx context.Context // for steps of chromedp

	mu       sync.Mutex
	faults   []string
	requests []string
	allowed  map[string]bool // hosts
}

// NewTab opens an empty tab that may send requests to hosts.
func NewTab(t *testing.T, ctx context.Context, hosts ...string) *Tab {
	t.Helper()
	ctx, stop := chromedp.NewContext(ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(stop)
	b := &Tab{T: t, Ctx: ctx, allowed: map[string]bool{}}
	for _, h := range hosts {
		b.allowed[h] = true
	}
	b.Do(chromedp.Navigate("about:blank"))
	if err := chromedp.Listen(ctx, b.hear); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			b.keepPicture()
		}
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, f := range b.faults {
			t.Error(f)
		}
	})
	return b
}

func (b *Tab) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	fault := func(format string, args ...any) { b.faults = append(b.faults, fmt.Sprintf(format, args...)) }
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		u, err := url.Parse(e.Request.URL)
		if err != nil {
			fault("request to %q: %v", e.Request.URL, err)
			return
		}
		b.requests = append(b.requests, e.Request.Method+" "+e.Request.URL)
		if u.Scheme != "data" && u.Scheme != "blob" && u.Scheme != "file" && !b.allowed[u.Host] {
			fault("request to another host: %.100s", e.Request.URL)
		}
	case *jsruntime.EventConsoleAPICalled:
		if e.Type != "log" && e.Type != "info" && e.Type != "debug" {
			words := make([]string, len(e.Args))
			for i, a := range e.Args {
				words[i] = string(a.Value) + a.Description
			}
			fault("console: %s: %s", e.Type, strings.Join(words, " "))
		}
	case *jsruntime.EventExceptionThrown:
		what := e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			what += " " + e.ExceptionDetails.Exception.Description
		}
		fault("exception: %s", what)
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			fault("console: %s: %s (%s)", e.Entry.Source, e.Entry.Text, e.Entry.URL)
		}
	}
}

// Allow lets the page send requests to a host.
func (b *Tab) Allow(host string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.allowed[host] = true
}

// Excuse removes the faults that contain words, which a step has caused on
// purpose. There must be at least one.
func (b *Tab) Excuse(words string) {
	b.Helper()
	if b.Forgive(words) == 0 {
		b.Errorf("the console does not say %q", words)
	}
}

// Forgive removes the faults that contain words, if any, and returns how many
// there were.
func (b *Tab) Forgive(words string) int {
	b.Settle()
	b.mu.Lock()
	defer b.mu.Unlock()
	before := len(b.faults)
	b.faults = slices.DeleteFunc(b.faults, func(f string) bool { return strings.Contains(f, words) })
	return before - len(b.faults)
}

// Settle returns once every event so far has been received.
func (b *Tab) Settle() { b.Do(chromedp.Evaluate[chromedp.Void]("0")) }

// Sent returns how many requests began with prefix.
func (b *Tab) Sent(prefix string) int {
	n := 0
	for _, r := range b.Requests() {
		if strings.HasPrefix(r, prefix) {
			n++
		}
	}
	return n
}

// Requests returns all requests that the page has sent, each as its method and
// address.
func (b *Tab) Requests() []string {
	b.Settle()
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.requests)
}

// stepTimeout is how long a page may take for a step before the test fails.
const stepTimeout = time.Minute

func (b *Tab) Do(steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	for i, step := range steps {
		if err := b.try(step); err != nil {
			b.Fatalf("step %d: %v", i, err)
		}
	}
}

func (b *Tab) try(step chromedp.Action[chromedp.Void]) error {
	ctx := b.Ctx
	if chromedp.FromContext(ctx).Target != nil { // the first step makes the tab; the tab ends with its context
		limited, cancel := context.WithTimeout(ctx, stepTimeout)
		defer cancel()
		ctx = limited
	}
	return chromedp.Do(ctx, step)
}

// Wait waits until an expression is true. Where the page is replaced meanwhile it goes on
// in the next one.
func (b *Tab) Wait(expression string) {
	b.Helper()
	poll := ignoring(chromedp.Poll[bool]("!!("+expression+")", chromedp.WithPollingTimeout(stepTimeout-time.Second)))
	err := b.try(poll)
	for end := time.Now().Add(stepTimeout); err != nil && replaced(err) && time.Now().Before(end); {
		err = b.try(poll)
	}
	if err != nil {
		b.Fatalf("wait for %s: %v\n%s", expression, err, Eval[string](b, "document.body?.innerText ?? 'the page has no body'"))
	}
}

// replaced reports whether a step failed because its page went away under it.
func replaced(err error) bool {
	return slices.ContainsFunc([]string{"Cannot find context", "context was destroyed", "context with specified id", "navigated or closed", "was collected"},
		func(words string) bool { return strings.Contains(err.Error(), words) })
}

// Eval returns the value of an expression.
func Eval[T any](b *Tab, expression string) T {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Ctx, stepTimeout)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.Fatalf("%.200s: %v", expression, err)
	}
	return v
}

// Call sends a command of the protocol.
func Call[P, R any](b *Tab, command cdp.Command[P, R], params P) R {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Ctx, stepTimeout)
	defer cancel()
	r, err := chromedp.Call(ctx, command, params)
	if err != nil {
		b.Fatalf("%s: %v", command.Method, err)
	}
	return r
}

func ignoring[T any](a chromedp.Action[T]) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := a(ctx, t)
		return chromedp.Void{}, err
	}
}

// Middle scrolls to an element, waits until it no longer moves, and returns the
// position of its middle.
func (b *Tab) Middle(selector string) (x, y float64) {
	b.Helper()
	at := Eval[[]float64](b, fmt.Sprintf(`(async () => {
		// A page that nobody looks at may be drawn no more.
		const frame = () => new Promise(done => { requestAnimationFrame(done); setTimeout(done, 200); });
		for (let before = ''; ;) {
			const el = document.querySelector(%q);
			el.scrollIntoView({ block: 'center', behavior: 'instant' });
			await frame();
			const r = el.getBoundingClientRect(), x = r.x + r.width / 2, y = r.y + r.height / 2;
			if (before === [x, y] + '') {
				const top = document.elementFromPoint(x, y);
				return el.contains(top) || top?.contains(el) ? [x, y] : [];
			}
			before = [x, y] + '';
		}
	})()`, selector))
	if len(at) != 2 {
		b.Fatalf("%s is hidden, or something is before it", selector)
	}
	return at[0], at[1]
}

// Click clicks on an element as a mouse does.
func (b *Tab) Click(selector string) {
	b.Helper()
	b.Do(chromedp.MouseClickXY(b.Middle(selector)))
}

// Fill replaces the content of a field, as typing does.
func (b *Tab) Fill(selector, text string) {
	b.Helper()
	Eval[bool](b, fmt.Sprintf(`(() => { const el = document.querySelector(%q); el.focus(); el.select(); return true; })()`, selector))
	if text == "" {
		b.Do(chromedp.KeyEvent("\b"))
		return
	}
	Call(b, input.InsertText, input.InsertTextParams{Text: text})
}

// Drop drops a file on an element, as from a file manager.
func (b *Tab) Drop(selector, path string) {
	b.Helper()
	x, y := b.Middle(selector)
	data := &input.DragData{Items: []*input.DragDataItem{}, Files: []string{path}, DragOperationsMask: 1}
	for _, kind := range []input.DispatchDragEventType{input.DispatchDragEventTypeDragEnter, input.DispatchDragEventTypeDragOver, input.DispatchDragEventTypeDrop} {
		Call(b, input.DispatchDragEvent, input.DispatchDragEventParams{Type: kind, X: x, Y: y, Data: data})
	}
}

// Download clicks on an element that starts a download and returns the name and
// content of the file.
func (b *Tab) Download(selector string) (name string, content []byte) {
	b.Helper()
	dir := b.TempDir()
	events := true
	ctx, cancel := context.WithTimeout(b.Ctx, stepTimeout)
	defer cancel()
	if _, err := chromedp.CallBrowser(ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorAllowAndName, BrowserContextID: chromedp.FromContext(b.Ctx).BrowserContextID,
		DownloadPath: dir, EventsEnabled: &events,
	}); err != nil {
		b.Fatal(err)
	}
	begun, done := make(chan *browser.EventDownloadWillBegin, 8), make(chan *browser.EventDownloadProgress, 1000)
	if err := chromedp.ListenBrowser(ctx, func(event any) {
		switch e := event.(type) {
		case *browser.EventDownloadWillBegin:
			begun <- e
		case *browser.EventDownloadProgress:
			if e.State == browser.DownloadProgressStateCompleted {
				done <- e
			}
		}
	}); err != nil {
		b.Fatal(err)
	}
	b.Click(selector)
	for {
		select {
		case e := <-done:
			content, err := os.ReadFile(filepath.Join(dir, e.GUID))
			if err != nil {
				b.Fatal(err)
			}
			return (<-begun).SuggestedFilename, content
		case <-ctx.Done():
			b.Fatalf("%s starts no download", selector)
		}
	}
}

// Width sets the width of the window.
func (b *Tab) Width(pixels int64) {
	b.Helper()
	Call(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: pixels, Height: 900, DeviceScaleFactor: 1, Mobile: pixels < 600})
}

// Prefers makes the browser say that its user likes light or dark colours.
func (b *Tab) Prefers(scheme string) {
	b.Helper()
	Call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
}

// Speaks makes the browser say which language its user reads.
func (b *Tab) Speaks(language string) {
	b.Helper()
	Call(b, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: "test", AcceptLanguage: language})
}

// Contrast is JavaScript that pushes to wrong a line for each text that hardly
// differs from its background. It needs shown(el) and name(el).
const Contrast = `
	// Contrast: WCAG 2.2, 1.4.3, at least 4.5.
	const rgba = (c) => { const n = c.match(/[\d.]+/g).map(Number); return [n[0], n[1], n[2], n[3] ?? 1]; };
	const light = ([r, g, b]) => [r, g, b].map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((s, v, i) => s + v * [0.2126, 0.7152, 0.0722][i], 0);
	const behind = (el) => { for (; el; el = el.parentElement) { const c = rgba(getComputedStyle(el).backgroundColor); if (c[3] > 0) return c; } return [255, 255, 255]; };
	const contrast = (a, b) => { const [hi, lo] = [light(a), light(b)].sort((x, y) => y - x); return (hi + 0.05) / (lo + 0.05); };
	for (const el of document.querySelectorAll('body *')) {
		if (!shown(el) || !([...el.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName))) continue;
		const style = getComputedStyle(el);
		const ink = rgba(el instanceof SVGElement ? style.fill : style.color);
		const ratio = contrast(ink, behind(el));
		if (ratio < 4.5) wrong.push('contrast ' + ratio.toFixed(1) + ': ' + name(el) + ': ' + el.textContent.slice(0, 30));
	}
`

// Screenshot returns the page as a small PNG of the given width. It shows all
// of the page, or the given height from the element with that id on.
func (b *Tab) Screenshot(width, height int64, id string) []byte {
	b.Helper()
	if height == 0 {
		height = Eval[int64](b, "document.documentElement.scrollHeight")
	}
	Call(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1, Mobile: width < 600})
	Eval[bool](b, `(document.activeElement.blur(), scrollTo(0, (document.getElementById(`+strconv.Quote(id)+`)?.offsetTop ?? 8) - 8), new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true)))))`)
	picture, err := chromedp.Run(b.Ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.Fatal(err)
	}
	small, err := fewerColours(picture)
	if err != nil {
		b.Fatal(err)
	}
	return small
}

// fewerColours keeps the 256 most frequent colours of a picture. That takes a
// third of the space and is hardly visible, since the other colours are in
// edges of letters.
func fewerColours(picture []byte) ([]byte, error) {
	full, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		return nil, err
	}
	count := map[color.Color]int{}
	for y := range full.Bounds().Dy() {
		for x := range full.Bounds().Dx() {
			count[full.At(x, y)]++
		}
	}
	colours := slices.SortedFunc(maps.Keys(count), func(a, b color.Color) int { return count[b] - count[a] })
	few := image.NewPaletted(full.Bounds(), colours[:min(256, len(colours))])
	draw.Draw(few, full.Bounds(), full, image.Point{}, draw.Src)
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	err = encoder.Encode(&out, few)
	return out.Bytes(), err
}

// keepPicture writes a picture of a page that failed and logs where it is.
func (b *Tab) keepPicture() {
	ctx, cancel := context.WithTimeout(b.Ctx, 10*time.Second)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		return
	}
	f, err := os.CreateTemp("", "page-*.png")
	if err != nil {
		return
	}
	defer f.Close()
	if _, err := f.Write(png); err == nil {
		b.Logf("what it looked like: %s", f.Name())
	}
}
