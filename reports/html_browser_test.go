package reports

import (
	"bytes"
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"zstdshop/harness/result"
	"zstdshop/internal/browsertest"
)

var screens = flag.Bool("screens", false, "make the pictures of a report in docs/screens again")

// lookAtReport returns what is wrong with the look of a report, one thing a line:
// texts of a picture that overlap or stick out of it, a page that is wider than
// its window, figures that are seen only after scrolling sideways, pictures that leave
// room at their right, texts that can hardly be read.
const lookAtReport = `(() => {
	const wrong = [];
	const shown = (el) => el.checkVisibility() && el.getClientRects().length > 0;
	const name = (el) => el.tagName.toLowerCase() + '.' + (el.getAttribute('class') ?? '');
	for (const details of document.querySelectorAll('details')) details.open = true;
	for (const svg of document.querySelectorAll('svg')) {
		const own = svg.getBoundingClientRect();
		const texts = [...svg.querySelectorAll('text')].map((el) => [el.firstChild?.data ?? '', el.getBoundingClientRect()]);
		texts.forEach(([text, r], i) => {
			if (r.left < own.left - 1 || r.right > own.right + 1 || r.top < own.top - 1 || r.bottom > own.bottom + 1) wrong.push('sticks out of its picture: ' + text);
			for (const [other, o] of texts.slice(i + 1)) {
				if (r.left < o.right - 1 && o.left < r.right - 1 && r.top < o.bottom - 3 && o.top < r.bottom - 3) wrong.push('overlap: ' + text + ' and ' + other);
			}
		});
	}
	const width = document.documentElement.clientWidth;
	if (document.documentElement.scrollWidth > width) wrong.push('the page is ' + document.documentElement.scrollWidth + ' wide in a window of ' + width);
	let figures = 0;
	for (const el of document.querySelectorAll('td, th, td small')) {
		if (!shown(el)) continue;
		const r = el.getBoundingClientRect();
		if (el.tagName === 'TD' && r.right > 0) figures++;
		const head = getComputedStyle(el, '::before').content;
		if (width < 600 && el.matches('.sort td') && !/^".+"$/.test(head)) wrong.push('a figure without its heading: ' + el.textContent);
		if (r.left < 0 || r.right > width + 0.5) wrong.push('outside of the window, at ' + r.left + '..' + r.right + ': ' + el.textContent);
	}
	for (const el of document.querySelectorAll('.scroll')) if (el.scrollWidth > el.clientWidth) wrong.push('a table of ' + el.scrollWidth + ' in ' + el.clientWidth);
	if (figures === 0) wrong.push('no figure is shown');
	const body = document.body.clientWidth - 2 * parseFloat(getComputedStyle(document.body).paddingLeft);
	for (const svg of document.querySelectorAll('svg')) if (shown(svg) && Math.abs(svg.getBoundingClientRect().width - body) > 1) wrong.push('a picture of ' + svg.getBoundingClientRect().width + ' on a page of ' + body);
	` + browsertest.Contrast + `
	return wrong.slice(0, 20).join('\n');
})()`

// onDisk writes a report to a file and returns its address.
func onDisk(t *testing.T, r *result.Result) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, "html", r, Options{}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}).String()
}

// TestHTMLInBrowser opens reports from disk, light and dark, wide and narrow: no
// message on the console, no request to anywhere, nothing that overlaps.
func TestHTMLInBrowser(t *testing.T) {
	ctx := browsertest.New(t)
	for name, r := range map[string]*result.Result{
		"dictionaries": dictResult(), "streams": streamResult(),
		"matrix": matrixResult(), "levels": levelsResult(), "scaling": scalingResult(), "sides": sidesResult(), "nasty": nastyResult(), "trouble": troubleResult(),
	} {
		address := onDisk(t, r)
		b := browsertest.NewTab(t, ctx)
		for _, scheme := range []string{"light", "dark"} {
			for _, width := range []int64{1400, 400} {
				b.Prefers(scheme)
				b.Width(width)
				b.Do(chromedp.Navigate(address))
				for _, all := range []bool{false, true} {
					if all {
						browsertest.Eval[bool](b, `(document.getElementById('all')?.click(), true)`)
					}
					if wrong := browsertest.Eval[string](b, lookAtReport); wrong != "" {
						t.Errorf("%s, %s, %d pixels, all figures %v:\n%s", name, scheme, width, all, wrong)
					}
				}
			}
		}
		if n := len(b.Requests()); n != 4 {
			t.Errorf("%s: %d requests for 4 visits: %q", name, n, b.Requests())
		}
	}
}

// Tables sort by a click on a heading, by value where the text is no number, and
// a filter leaves the rows with all its words.
func TestHTMLSortAndFilter(t *testing.T) {
	ctx := browsertest.New(t)
	b := browsertest.NewTab(t, ctx)
	b.Width(1400)
	b.Do(chromedp.Navigate(onDisk(t, levelsResult())))
	speeds := func() []float64 {
		return browsertest.Eval[[]float64](b, `[...document.querySelector('table.sort').tBodies[0].rows].filter((r) => !r.hidden).map((r) => parseFloat(r.querySelector('td[data-v]').dataset.v))`)
	}
	sorted := func(down bool) bool {
		all := speeds()
		for i := 1; i < len(all); i++ {
			if all[i] != all[i-1] && (all[i] < all[i-1]) != down {
				return false
			}
		}
		return true
	}
	if sorted(false) || sorted(true) {
		t.Fatal("the rows are sorted before anybody asked")
	}
	at := browsertest.Eval[int](b, `[...document.querySelector('table.sort').tHead.rows[0].cells].findIndex((c) => c.textContent.startsWith('MB/s'))`)
	button := fmt.Sprintf("table.sort th:nth-child(%d) button", at+1)
	for _, down := range []bool{false, true} {
		b.Click(button)
		if !sorted(down) {
			t.Errorf("descending %v: %v", down, speeds())
		}
	}
	all := len(speeds())
	b.Fill("#filter input", "datadog 19")
	b.Wait(`document.querySelector('#filter output').textContent`)
	left := browsertest.Eval[[]string](b, `[...document.querySelectorAll('table.sort')].flatMap((t) => [...t.tBodies[0].rows].filter((r) => !r.hidden).map((r) => t.dataset.heading + ' ' + r.textContent))`)
	if n := len(speeds()); n == 0 || n >= all {
		t.Errorf("%d of %d rows left", n, all)
	}
	for _, row := range left {
		if !strings.Contains(row, "datadog") || !strings.Contains(row, "19") {
			t.Errorf("left is %q", row)
		}
	}
}
