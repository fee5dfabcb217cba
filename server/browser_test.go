package server

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
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

// chromium names what a Chromium may be called.
var chromium = []string{
	"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
	"/Applications/Chromium.app/Contents/MacOS/Chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
}

// newBrowser starts a Chromium that reaches nothing but 127.0.0.1. The test is
// skipped where there is none.
func newBrowser(t *testing.T) context.Context {
	t.Helper()
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
		chromedp.UserDataDir(t.TempDir()), chromedp.Env("TMPDIR="+t.TempDir()), // or it leaves its files behind when it is killed
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("lang", "en-US"),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"))
	if runtime.GOOS == "linux" && os.Geteuid() == 0 {
		opts = append(opts, chromedp.NoSandbox) // root has none
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

// tab is a page with storage of its own, and all that is wrong with it: requests
// to other hosts, and errors and warnings on the console.
type tab struct {
	*testing.T
	ctx context.Context

	mu       sync.Mutex
	faults   []string
	requests []string
	allowed  map[string]bool // hosts
}

// newTab opens an empty one that may talk to hosts.
func newTab(t *testing.T, ctx context.Context, hosts ...string) *tab {
	t.Helper()
	ctx, stop := chromedp.NewContext(ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(stop)
	b := &tab{T: t, ctx: ctx, allowed: map[string]bool{}}
	for _, h := range hosts {
		b.allowed[h] = true
	}
	b.do(chromedp.Navigate("about:blank"))
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

func (b *tab) hear(event any) {
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

// excuse takes back the faults that a step has caused on purpose, one at least.
func (b *tab) excuse(words string) {
	b.Helper()
	b.settle()
	b.mu.Lock()
	defer b.mu.Unlock()
	before := len(b.faults)
	b.faults = slices.DeleteFunc(b.faults, func(f string) bool { return strings.Contains(f, words) })
	if len(b.faults) == before {
		b.Errorf("the console does not say %q", words)
	}
}

// settle returns once all has been heard that has happened before.
func (b *tab) settle() { b.do(chromedp.Evaluate[chromedp.Void]("0")) }

// sent tells how many requests began with prefix.
func (b *tab) sent(prefix string) int {
	b.settle()
	b.mu.Lock()
	defer b.mu.Unlock()
	n := 0
	for _, r := range b.requests {
		if strings.HasPrefix(r, prefix) {
			n++
		}
	}
	return n
}

// patience is how long a page may take for a step before the test fails; steps
// take what they take.
const patience = time.Minute

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	for i, step := range steps {
		if err := b.try(step); err != nil {
			b.Fatalf("step %d: %v", i, err)
		}
	}
}

func (b *tab) try(step chromedp.Action[chromedp.Void]) error {
	ctx := b.ctx
	if chromedp.FromContext(ctx).Target != nil { // the first step makes the tab, which ends with its context
		limited, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		ctx = limited
	}
	return chromedp.Do(ctx, step)
}

// wait waits until an expression is true.
func (b *tab) wait(expression string) {
	b.Helper()
	poll := ignoring(chromedp.Poll[bool]("!!("+expression+")", chromedp.WithPollingTimeout(patience-time.Second)))
	err := b.try(poll)
	for err != nil && strings.Contains(err.Error(), "Cannot find context") { // the page came while we asked
		err = b.try(poll)
	}
	if err != nil {
		b.Fatalf("wait for %s: %v\n%s", expression, err, eval[string](b, "document.body.innerText"))
	}
}

// eval answers the value of an expression.
func eval[T any](b *tab, expression string) T {
	b.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.Fatalf("%.200s: %v", expression, err)
	}
	return v
}

// call sends a command of the protocol.
func call[P, R any](b *tab, command cdp.Command[P, R], params P) R {
	b.Helper()
	r, err := chromedp.Call(b.ctx, command, params)
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

// middle scrolls to an element, waits until it stands still, and answers where
// its middle is.
func (b *tab) middle(selector string) (x, y float64) {
	b.Helper()
	at := eval[[]float64](b, fmt.Sprintf(`(async () => {
		const frame = () => new Promise(requestAnimationFrame);
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

// click clicks on an element as a mouse does.
func (b *tab) click(selector string) {
	b.Helper()
	b.do(chromedp.MouseClickXY(b.middle(selector)))
}

// fill replaces the content of a field, as typing does.
func (b *tab) fill(selector, text string) {
	b.Helper()
	eval[bool](b, fmt.Sprintf(`(() => { const el = document.querySelector(%q); el.focus(); el.select(); return true; })()`, selector))
	if text == "" {
		b.do(chromedp.KeyEvent("\b"))
		return
	}
	call(b, input.InsertText, input.InsertTextParams{Text: text})
}

// drop drops a file on an element, as from a file manager.
func (b *tab) drop(selector, path string) {
	b.Helper()
	x, y := b.middle(selector)
	data := &input.DragData{Items: []*input.DragDataItem{}, Files: []string{path}, DragOperationsMask: 1}
	for _, kind := range []input.DispatchDragEventType{input.DispatchDragEventTypeDragEnter, input.DispatchDragEventTypeDragOver, input.DispatchDragEventTypeDrop} {
		call(b, input.DispatchDragEvent, input.DispatchDragEventParams{Type: kind, X: x, Y: y, Data: data})
	}
}

// download does what starts a download and answers its name and content.
func (b *tab) download(selector string) (name string, content []byte) {
	b.Helper()
	dir := b.TempDir()
	events := true
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if _, err := chromedp.CallBrowser(ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorAllowAndName, BrowserContextID: chromedp.FromContext(b.ctx).BrowserContextID,
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
	b.click(selector)
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

// width makes the window as wide.
func (b *tab) width(pixels int64) {
	b.Helper()
	call(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: pixels, Height: 900, DeviceScaleFactor: 1, Mobile: pixels < 600})
}

// prefers makes the browser say that its user likes light or dark colours.
func (b *tab) prefers(scheme string) {
	b.Helper()
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
}

// speaks makes the browser say which language its user reads.
func (b *tab) speaks(language string) {
	b.Helper()
	call(b, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: "test", AcceptLanguage: language})
}

// keepPicture leaves a picture of a page that failed where the test says.
func (b *tab) keepPicture() {
	ctx, cancel := context.WithTimeout(b.ctx, 10*time.Second)
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
