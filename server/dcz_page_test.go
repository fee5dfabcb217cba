package server

import (
	"fmt"
	"testing"

	"zstdshop/internal/browsertest"
)

// TestDCZInBrowser: a browser that has fetched a dictionary asks for answers coded with it
// and undoes the coding; and what it asks to have compressed comes as a frame all the same.
func TestDCZInBrowser(t *testing.T) {
	ctx := browsertest.New(t)
	host, l := openShop(t, withContent(t))
	b := browsertest.NewTab(t, ctx, host)
	visit(b, "http://"+host+"/")
	text := dictRecord(1, 77)
	// It may remember the dictionary some moments later.
	got := browsertest.Eval[string](b, fmt.Sprintf(`(async () => {
		await (await fetch('/v1/dict/page')).arrayBuffer();
		const text = %q;
		for (let i = 0; i < 50; i++) {
			const packed = await fetch('/v1/compress', { method: 'POST', body: text });
			if (packed.headers.get('Content-Type') !== 'application/zstd') return 'compression: ' + packed.headers.get('Content-Type');
			const back = await fetch('/v1/decompress?level=' + i, { method: 'POST', body: await packed.arrayBuffer() });
			if (await back.text() !== text) return 'other content';
			const coding = back.headers.get('Content-Encoding');
			if (coding) return coding;
		}
		return 'no coding';
	})()`, text))
	if coded := l.dicts.named("page").codings[opCompress].Load(); got != dczName || coded == 0 {
		t.Errorf("%s, %d answers coded", got, coded)
	}
}
