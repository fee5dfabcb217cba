package server

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"zstdshop/internal/browsertest"
)

var screens = flag.Bool("screens", false, "make the pictures in docs/screens again")

// lookAt returns what is wrong with the look of the page as it is, one thing a
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

` + browsertest.Contrast + `
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

func lookOver(b *browsertest.Tab, where string) {
	b.Helper()
	// Two frames, for what is drawn again after its size has changed, and no
	// animation half way.
	browsertest.Eval[bool](b, `(async () => {
		for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
		document.getAnimations().forEach((a) => { try { a.finish(); } catch { a.cancel(); } });
		return true;
	})()`)
	if wrong := browsertest.Eval[string](b, lookAt); wrong != "" {
		b.Errorf("%s:\n%s", where, wrong)
	}
}

// TestPageLook looks at every part of the page, with figures and with errors, in
// both languages, light and dark, from a phone to a wide screen.
func TestPageLook(t *testing.T) {
	ctx := browsertest.New(t)
	host, _ := openShop(t, nil)
	b := browsertest.NewTab(t, ctx, host)
	b.Width(1200)
	visit(b, "http://"+host+"/#token="+pageToken)
	if got := browsertest.Eval[string](b, "location.href"); got != "http://"+host+"/" {
		t.Errorf("the token stays in the address: %s", got)
	}
	lookOver(b, "before anything is done")
	b.Fill("#text", strings.Repeat("some content ", 1000))
	b.Click("#compress")
	b.Fill("#iters", "100000")
	draw(b)
	b.Click("#bench-figures summary")
	b.Click("#work summary")
	for range 2 {
		for range 2 {
			for _, width := range []int64{1200, 800, 736, 400, 320} {
				b.Width(width)
				lookOver(b, fmt.Sprintf("%s, %s, %d pixels", browsertest.Eval[string](b, "document.documentElement.lang"), browsertest.Eval[string](b, "document.documentElement.dataset.theme"), width))
			}
			b.Click("#theme")
		}
		b.Click("#language")
	}
	// What else can be there: errors, files, the fields for a page from disk.
	b.Width(400)
	b.Fill("#b64", "KLUv/SQFKQAAaGVsbG")
	b.Click("#decompress")
	b.Wait(`!document.querySelector('#work-error').hidden`)
	b.Excuse("422")
	browsertest.Eval[bool](b, `(() => { document.querySelector('#connect').hidden = false; return true; })()`)
	file := filepath.Join(t.TempDir(), strings.Repeat("a-long-name-", 10)+".txt")
	if err := os.WriteFile(file, []byte("content"), 0o666); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		lookOver(b, "an error")
		b.Click("#language")
	}
	b.Drop("#plain", file)
	b.Wait(`!document.querySelector('#packed-chip').hidden`)
	for range 2 {
		lookOver(b, "a file with a long name")
		b.Click("#language")
	}
}

// draw runs what draws.
func draw(b *browsertest.Tab) {
	b.Helper()
	b.Wait(`document.querySelector('#b64').value`)
	b.Click("#levels-run")
	b.Wait(`document.querySelector('#levels-cancel').hidden && document.querySelector('#levels-now').dataset.t === 'levels.now'`)
	b.Click("#bench-run")
	b.Wait(`document.querySelector('#bench-now').dataset.t === 'bench.done'`)
}

// TestPageWords: both languages have the same words, and the markup asks for
// those that are there.
func TestPageWords(t *testing.T) {
	ctx := browsertest.New(t)
	host, _ := openShop(t, nil)
	b := browsertest.NewTab(t, ctx, host)
	visit(b, "http://"+host+"/")
	if wrong := browsertest.Eval[string](b, `(() => {
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
	ctx := browsertest.New(t)
	host, _ := openShop(t, nil)
	state := func(b *browsertest.Tab) string {
		return browsertest.Eval[string](b, `[document.documentElement.lang, document.documentElement.dataset.theme, document.querySelector('#theme').getAttribute('aria-pressed'),
			getComputedStyle(document.body).backgroundColor].join(' ')`)
	}
	const light, dark = "light false rgb(243, 245, 242)", "dark true rgb(17, 22, 21)"
	for _, c := range []struct{ language, scheme, want string }{
		{"en-GB", "light", "en " + light}, {"de-DE", "dark", "en " + dark}, {"zh-CN", "dark", "zh-Hans " + dark}, {"zh", "light", "zh-Hans " + light},
	} {
		b := browsertest.NewTab(t, ctx, host)
		b.Speaks(c.language)
		b.Prefers(c.scheme)
		visit(b, "http://"+host+"/")
		if got := state(b); got != c.want {
			t.Errorf("%s, %s: %s, want %s", c.language, c.scheme, got, c.want)
		}
	}
	b := browsertest.NewTab(t, ctx, host)
	b.Speaks("en")
	b.Prefers("light")
	visit(b, "http://"+host+"/")
	b.Prefers("dark") // as at sunset
	b.Wait(`document.documentElement.dataset.theme === 'dark'`)
	b.Click("#theme")
	b.Click("#language")
	visit(b, "http://"+host+"/?again")
	if got := state(b); got != "zh-Hans "+light {
		t.Errorf("chosen light and Chinese, come again: %s", got)
	}
}

// TestPageKeyboard: everything can be reached and done without a mouse, and one
// sees where one is.
func TestPageKeyboard(t *testing.T) {
	ctx := browsertest.New(t)
	host, _ := openShop(t, nil)
	b := browsertest.NewTab(t, ctx, host)
	b.Width(1200)
	visit(b, "http://"+host+"/")
	const here = `(() => { const el = document.activeElement, s = getComputedStyle(el);
		el.dataset.reached = s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 ? 'seen' : 'unseen'; return el.tagName; })()`
	for range 60 {
		b.Do(chromedp.KeyEvent(kb.Tab))
		if browsertest.Eval[string](b, here) == "BODY" {
			break
		}
	}
	if wrong := browsertest.Eval[string](b, `[...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
		.filter((el) => el.checkVisibility() && el.dataset.reached !== 'seen').map((el) => el.outerHTML.slice(0, 80) + ' is ' + (el.dataset.reached || 'not reached')).join('\n')`); wrong != "" {
		t.Error(wrong)
	}
	focus := func(selector string) {
		browsertest.Eval[bool](b, fmt.Sprintf(`(() => { document.querySelector(%q).focus(); return true; })()`, selector))
	}
	focus("#text")
	b.Do(chromedp.KeyEvent("some words"))
	focus("#compress")
	b.Do(chromedp.KeyEvent(kb.Enter))
	b.Wait(`document.querySelector('#b64').value`)
	focus("#level")
	b.Do(chromedp.KeyEvent(kb.End))
	b.Wait(`document.querySelector('#level-now').textContent === '22' && document.querySelectorAll('#levels-chart .mark').length === 1`)
	focus("#workers")
	browsertest.Eval[bool](b, `(() => { document.activeElement.select(); return true; })()`)
	b.Do(chromedp.KeyEvent("1"), chromedp.KeyEvent(kb.Enter))
	b.Wait(`document.querySelector('#bench-now').dataset.t === 'bench.done'`)
	focus("#theme")
	b.Do(chromedp.KeyEvent(" "))
	b.Wait(`document.querySelector('#theme').getAttribute('aria-pressed') === 'true'`)
}

// TestScreens makes the pictures of the page in docs, when told to.
func TestScreens(t *testing.T) {
	if !*screens {
		t.Skip("only with -screens")
	}
	ctx := browsertest.New(t)
	host, _ := openShop(t, nil)
	for _, c := range []struct {
		name, language, scheme string
		width                  int64
	}{
		{"light", "en", "light", 1000}, {"dark", "en", "dark", 1000}, {"phone", "zh-CN", "light", 400},
	} {
		b := browsertest.NewTab(t, ctx, host)
		b.Width(c.width)
		b.Speaks(c.language)
		b.Prefers(c.scheme)
		visit(b, "http://"+host+"/")
		b.Click("#sample")
		draw(b)
		lookOver(b, c.name)
		if err := os.WriteFile(filepath.Join("..", "docs", "screens", c.name+".png"), b.Screenshot(c.width, 0, ""), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}
