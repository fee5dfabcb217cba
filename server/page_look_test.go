package server

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

var screens = flag.Bool("screens", false, "make the pictures in docs/screens again")

// lookAt answers what is wrong with the look of the page as it is, one thing a
// line: words of the wrong language, letters that hardly differ from what is
// behind them, what sticks out of the window, controls without a name.
const lookAt = `(() => {
	const wrong = [];
	const root = document.documentElement;
	const chinese = root.lang.startsWith('zh');
	const shown = (el) => el.checkVisibility() && el.getClientRects().length > 0;
	const name = (el) => el.tagName.toLowerCase() + (el.id ? '#' + el.id : '.' + el.className);

	// Words. Names and code are the same everywhere, and what is in another
	// language says so.
	const same = /\b(zstdshop|zstd|zst|serve|API|OpenAPI|MB|CPUs?|GIL|goroutine|Python|curl|base64|URL|UTF|HTTP|http|JavaScript|Level|go\d[\w.]*|klauspost|datadog)\b/g;
	const check = (el, text) => {
		if (el.closest('[translate=no], code, pre, .error [lang]')) return;
		if (chinese && /[A-Za-z]{2,}/.test(text.replaceAll(chinese ? same : '', ''))) wrong.push('not Chinese: ' + name(el) + ': ' + text);
		if (!chinese && /[\u3400-\u9fff]/.test(text)) wrong.push('not English: ' + name(el) + ': ' + text);
	};
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walk.nextNode()) {
		const el = walk.currentNode.parentElement, text = walk.currentNode.data.trim();
		if (!text || /^(SCRIPT|STYLE|NOSCRIPT)$/.test(el.tagName) || !shown(el) && el.tagName !== 'OPTION') continue;
		check(el, text);
		if (/\{\w+\}|undefined|NaN|\b[a-z]+\.[a-z]+\b$/.test(text) && !el.closest('pre, code, [translate=no]') && !/zst$/.test(text)) wrong.push('no word: ' + name(el) + ': ' + text);
	}
	for (const el of document.querySelectorAll('[placeholder], [aria-label], [title]')) {
		for (const a of ['placeholder', 'aria-label', 'title']) if (el.hasAttribute(a)) check(el, el.getAttribute(a));
	}

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

	// The window.
	const width = root.clientWidth;
	if (root.scrollWidth > width) wrong.push('the page is ' + root.scrollWidth + ' wide in a window of ' + width);
	for (const el of document.querySelectorAll('body *')) {
		if (!shown(el) || el.closest('.skip, pre')) continue;
		const r = el.getBoundingClientRect();
		if (r.right > width + 0.5 || r.left < -0.5) wrong.push('sticks out: ' + name(el) + ' from ' + r.left + ' to ' + r.right + ' of ' + width);
		if (/^(BUTTON|LABEL|H[12]|DD|TH|TD|A)$/.test(el.tagName) && el.scrollWidth > el.clientWidth + 1 && el.clientWidth > 0) wrong.push('too narrow: ' + name(el) + ': ' + el.textContent);
	}

	// Controls: a name, and room for a finger (WCAG 2.2, 2.5.8: 24 pixels).
	for (const el of document.querySelectorAll('button, input, select, textarea')) {
		if (!shown(el)) continue;
		const named = el.getAttribute('aria-label') || el.textContent.trim() && el.tagName === 'BUTTON' || [...el.labels || []].some((l) => l.textContent.trim());
		if (!named) wrong.push('no name: ' + name(el));
		const r = (el.type === 'checkbox' ? el.closest('label') : el).getBoundingClientRect();
		if (r.width < 24 || r.height < 24) wrong.push('too small: ' + name(el) + ' ' + r.width + ' x ' + r.height);
	}
	return wrong.join('\n');
})()`

func (b *tab) look(where string) {
	b.Helper()
	// Two frames, for what is drawn again after its size has changed, and no
	// animation half way.
	eval[bool](b, `(async () => {
		for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
		document.getAnimations().forEach((a) => { try { a.finish(); } catch { a.cancel(); } });
		return true;
	})()`)
	if wrong := eval[string](b, lookAt); wrong != "" {
		b.Errorf("%s:\n%s", where, wrong)
	}
}

// TestPageLook looks at every part of the page, with figures and with errors, in
// both languages, light and dark, from a phone to a wide screen.
func TestPageLook(t *testing.T) {
	ctx := newBrowser(t)
	host, _ := shop(t, nil)
	b := newTab(t, ctx, host)
	b.width(1200)
	b.visit("http://" + host + "/#token=" + pageToken)
	if got := eval[string](b, "location.href"); got != "http://"+host+"/" {
		t.Errorf("the token stays in the address: %s", got)
	}
	b.look("before anything is done")
	b.fill("#text", strings.Repeat("some content ", 1000))
	b.click("#compress")
	b.fill("#iters", "100000")
	b.measure()
	b.click("#bench-figures summary")
	b.click("#work summary")
	for range 2 {
		for range 2 {
			for _, width := range []int64{1200, 800, 736, 400, 320} {
				b.width(width)
				b.look(fmt.Sprintf("%s, %s, %d pixels", eval[string](b, "document.documentElement.lang"), eval[string](b, "document.documentElement.dataset.theme"), width))
			}
			b.click("#theme")
		}
		b.click("#language")
	}
	// What else can be there: errors, files, the fields for a page from disk.
	b.width(400)
	b.fill("#b64", "KLUv/SQFKQAAaGVsbG")
	b.click("#decompress")
	b.wait(`!document.querySelector('#work-error').hidden`)
	b.excuse("422")
	eval[bool](b, `(() => { document.querySelector('#connect').hidden = false; return true; })()`)
	file := filepath.Join(t.TempDir(), strings.Repeat("a-long-name-", 10)+".txt")
	if err := os.WriteFile(file, []byte("content"), 0o666); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		b.look("an error")
		b.click("#language")
	}
	b.drop("#plain", file)
	b.wait(`!document.querySelector('#packed-chip').hidden`)
	for range 2 {
		b.look("a file with a long name")
		b.click("#language")
	}
}

// measure runs what draws.
func (b *tab) measure() {
	b.Helper()
	b.wait(`document.querySelector('#b64').value`)
	b.click("#levels-run")
	b.wait(`document.querySelector('#levels-cancel').hidden && document.querySelector('#levels-now').dataset.t === 'levels.now'`)
	b.click("#bench-run")
	b.wait(`document.querySelector('#bench-now').dataset.t === 'bench.done'`)
}

// TestPageWords: both languages have the same words, and the markup asks for
// those that are there.
func TestPageWords(t *testing.T) {
	host, _ := shop(t, nil)
	b := newTab(t, newBrowser(t), host)
	b.visit("http://" + host + "/")
	if wrong := eval[string](b, `(() => {
		const keys = (language) => Object.keys(Words[language]).filter((k) => !k.startsWith('code.'));
		const lacks = (language, list) => list.filter((k) => !(k in Words[language])).map((k) => language + ' lacks ' + k);
		const asked = [...document.querySelectorAll('*')].flatMap((el) => [el.dataset?.t, el.dataset?.tLabel, el.dataset?.tHint]).filter(Boolean);
		const holes = (s) => (s.match(/\{\w+\}/g) || []).sort().join();
		return [...lacks('zh', keys('en')), ...lacks('en', keys('zh')), ...lacks('en', asked),
			...keys('en').filter((k) => holes(Words.en[k]) !== holes(Words.zh[k] || '')).map((k) => 'other variables: ' + k)].join('\n');
	})()`); wrong != "" {
		t.Error(wrong)
	}
}

// TestPageChoices: language and colours are the browser's until they are chosen,
// and then remembered.
func TestPageChoices(t *testing.T) {
	ctx := newBrowser(t)
	host, _ := shop(t, nil)
	state := func(b *tab) string {
		return eval[string](b, `[document.documentElement.lang, document.documentElement.dataset.theme, document.querySelector('#theme').getAttribute('aria-pressed'),
			getComputedStyle(document.body).backgroundColor].join(' ')`)
	}
	const light, dark = "light false rgb(243, 245, 242)", "dark true rgb(17, 22, 21)"
	for _, c := range []struct{ language, scheme, want string }{
		{"en-GB", "light", "en " + light}, {"de-DE", "dark", "en " + dark}, {"zh-CN", "dark", "zh-Hans " + dark}, {"zh", "light", "zh-Hans " + light},
	} {
		b := newTab(t, ctx, host)
		b.speaks(c.language)
		b.prefers(c.scheme)
		b.visit("http://" + host + "/")
		if got := state(b); got != c.want {
			t.Errorf("%s, %s: %s, want %s", c.language, c.scheme, got, c.want)
		}
	}
	b := newTab(t, ctx, host)
	b.speaks("en")
	b.prefers("light")
	b.visit("http://" + host + "/")
	b.prefers("dark") // as at sunset
	b.wait(`document.documentElement.dataset.theme === 'dark'`)
	b.click("#theme")
	b.click("#language")
	b.visit("http://" + host + "/?again")
	if got := state(b); got != "zh-Hans "+light {
		t.Errorf("chosen light and Chinese, come again: %s", got)
	}
}

// TestPageKeyboard: everything can be reached and done without a mouse, and one
// sees where one is.
func TestPageKeyboard(t *testing.T) {
	host, _ := shop(t, nil)
	b := newTab(t, newBrowser(t), host)
	b.width(1200)
	b.visit("http://" + host + "/")
	const here = `(() => { const el = document.activeElement, s = getComputedStyle(el);
		el.dataset.reached = s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 ? 'seen' : 'unseen'; return el.tagName; })()`
	for range 60 {
		b.do(chromedp.KeyEvent(kb.Tab))
		if eval[string](b, here) == "BODY" {
			break
		}
	}
	if wrong := eval[string](b, `[...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
		.filter((el) => el.checkVisibility() && el.dataset.reached !== 'seen').map((el) => el.outerHTML.slice(0, 80) + ' is ' + (el.dataset.reached || 'not reached')).join('\n')`); wrong != "" {
		t.Error(wrong)
	}
	focus := func(selector string) {
		eval[bool](b, fmt.Sprintf(`(() => { document.querySelector(%q).focus(); return true; })()`, selector))
	}
	focus("#text")
	b.do(chromedp.KeyEvent("some words"))
	focus("#compress")
	b.do(chromedp.KeyEvent(kb.Enter))
	b.wait(`document.querySelector('#b64').value`)
	focus("#level")
	b.do(chromedp.KeyEvent(kb.End))
	b.wait(`document.querySelector('#level-now').textContent === '22' && document.querySelectorAll('#levels-chart .mark').length === 1`)
	focus("#workers")
	eval[bool](b, `(() => { document.activeElement.select(); return true; })()`)
	b.do(chromedp.KeyEvent("1"), chromedp.KeyEvent(kb.Enter))
	b.wait(`document.querySelector('#bench-now').dataset.t === 'bench.done'`)
	focus("#theme")
	b.do(chromedp.KeyEvent(" "))
	b.wait(`document.querySelector('#theme').getAttribute('aria-pressed') === 'true'`)
}

// TestScreens makes the pictures of the page in docs, when told to.
func TestScreens(t *testing.T) {
	if !*screens {
		t.Skip("only with -screens")
	}
	ctx := newBrowser(t)
	host, _ := shop(t, nil)
	for _, c := range []struct {
		name, language, scheme string
		width                  int64
	}{
		{"light", "en", "light", 1000}, {"dark", "en", "dark", 1000}, {"phone", "zh-CN", "light", 400},
	} {
		b := newTab(t, ctx, host)
		b.width(c.width)
		b.speaks(c.language)
		b.prefers(c.scheme)
		b.visit("http://" + host + "/")
		b.click("#sample")
		b.measure()
		b.look(c.name)
		size := eval[int64](b, "document.documentElement.scrollHeight")
		call(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: c.width, Height: size, DeviceScaleFactor: 1, Mobile: c.width < 600})
		eval[bool](b, `(document.activeElement.blur(), scrollTo(0, 0), new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true)))))`)
		picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
		if err != nil {
			t.Fatal(err)
		}
		small, err := fewerColours(picture)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join("..", "docs", "screens", c.name+".png"), small, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// fewerColours keeps the 256 most frequent colours of a picture, which takes a
// third of the space and can hardly be seen where the rest are edges of letters.
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
