package server

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"zstdshop/server/internal/lane"
	"zstdshop/server/internal/memory"
	"zstdshop/server/internal/socket"
)

// TestAnswerThatGrows: what is six times as long once it is escaped comes whole, in a
// buffer of its size, and not at all where there is no memory for it.
func TestAnswerThatGrows(t *testing.T) {
	const size = 1 << 20
	l := onLoopback(t, func(o *Options) { o.Limits.Memory = 8 * size })
	for _, text := range []string{strings.Repeat("\x00", size), strings.Repeat(`"`, size), strings.Repeat("a", size), strings.Repeat("a\n", size/2)} {
		raw := postRequest("/decompress", `{"b64":"`+base64Of(sealedFrame(t, text))+`"}`)
		if got := l.once(t, raw); got.status != 200 || got.field("text") != text {
			t.Errorf("%.10q: %.100v", text, got)
		}
	}
	// Somebody else holds a little of the memory for answers: the content of 1 MiB
	// fits, its escapes of 6 MiB do not.
	other := l.memory.Hold()
	little, err := other.Borrow(2 * lane.SmallBody)
	if err != nil {
		t.Fatal(err)
	}
	nuls := postRequest("/decompress", `{"b64":"`+base64Of(sealedFrame(t, strings.Repeat("\x00", size)))+`"}`)
	got := l.once(t, nuls)
	if got.status != 503 || got.header.Peek("Retry-After") == nil {
		t.Errorf("without memory: %.100v", got)
	}
	l.stop()
	if held, _ := l.memory.Load(); held != int64(cap(little.B)) {
		t.Errorf("%d bytes are held", held)
	}
}

// TestAnswersBuffer: an answer is never in a buffer much larger than it is.
func TestAnswersBuffer(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector empties the pools")
	}
	s := benchServer(t, nil)
	text := strings.Repeat("\x00", 1<<20)
	raw := postRequest("/decompress", `{"b64":"`+base64Of(sealedFrame(t, text))+`"}`)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	through(t, s, raw, 1)
	runtime.ReadMemStats(&after)
	// The content, as much again with an eighth for where escapes do not fit, and the
	// answer; half as much again for the codec and all else.
	most := uint64(memory.Size(6*len(text)+jsonAround) + 3*len(text))
	if grown := after.TotalAlloc - before.TotalAlloc; grown > most*3/2 {
		t.Errorf("%d bytes allocated, want at most %d", grown, most*3/2)
	}
}

// TestPrices: the price of a coding is the nominal one until one like it has been
// measured, and follows what is measured.
func TestPrices(t *testing.T) {
	a, b := &backend{index: 0}, &backend{index: 1}
	p := newPrices(2)
	w := work{backend: a, op: opCompress, level: 3, size: 100_000}
	if got, want := p.estimate(w), priceOf(100_000, 3); got != want {
		t.Errorf("unmeasured: %v, want %v", got, want)
	}
	p.observe(w, 40*time.Millisecond)
	if got := p.estimate(w); got != 40*time.Millisecond {
		t.Errorf("measured once: %v", got)
	}
	for _, other := range []work{{b, opCompress, 3, 100_000, nil}, {a, opDecompress, 3, 100_000, nil}, {a, opCompress, 4, 100_000, nil}, {a, opCompress, -5, 100_000, nil}, {a, opCompress, 3, 1_000_000, nil}, {a, opCompress, 3, 100_000, &dictionary{}}} {
		if got, op := p.estimate(other), other; got == 40*time.Millisecond || op.op == opCompress && got != priceOf(op.size, op.level) {
			t.Errorf("%+v has the price of another: %v", op, got)
		}
	}
	if got := p.estimate(work{a, opCompress, 3, 50_000 + 20_000, nil}); got != 28*time.Millisecond {
		t.Errorf("one of a like size: %v", got)
	}
	p.observe(w, 2*time.Millisecond)
	if got := p.estimate(w); got < 30*time.Millisecond || got >= 40*time.Millisecond {
		t.Errorf("after a quick one, which may be chance: %v", got)
	}
	for range 60 {
		p.observe(w, 2*time.Millisecond)
	}
	if got := p.estimate(w); got < 1900*time.Microsecond || got > 2200*time.Microsecond {
		t.Errorf("after 60 quicker ones: %v", got)
	}
	for _, size := range []int{0, 1, 511, 512, 1 << 30} {
		for _, level := range []int{minLevel, 0, maxLevel} {
			w := work{b, opDecompress, level, size, nil}
			if p.observe(w, time.Second); p.estimate(w) < 990*time.Millisecond {
				t.Errorf("%d bytes at level %d: %v", size, level, p.estimate(w))
			}
			p = newPrices(2)
		}
	}
}

// occupied takes all places for codings.
func occupied(t *testing.T, l *live) (free func()) {
	t.Helper()
	n := int64(l.limits.Codings)
	if _, err := l.shop.turns.codings.Enter(n, 0); err != nil {
		t.Fatal(err)
	}
	return func() { l.shop.turns.codings.Leave(n) }
}

// waitingFor waits until so many requests wait for a coding to end.
func waitingFor(l *live, n int) {
	for waiting := -1; waiting != n; _, waiting = l.shop.turns.codings.Load() {
		runtime.Gosched()
	}
}

// TestGone: nothing is done for a client that has left while it waited.
func TestGone(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("who has left is not seen here")
	}
	l := onLoopback(t, func(o *Options) { o.Limits.Queue = time.Hour })
	free := occupied(t, l)
	stays, leaves := l.connect(t), l.connect(t)
	leaves.write(postRequest("/v1/compress?level=9", "for nobody"))
	waitingFor(l, 1)
	stays.write(postRequest("/v1/compress", "for somebody"))
	waitingFor(l, 2)
	leaves.conn.Close()
	waitUntil(l, func(e *session) bool { return socket.Peek(e.Conn).Gone }, 1)
	free()
	if got, err := stays.read("POST"); err != nil || got.status != 200 {
		t.Errorf("%v, %v", got, err)
	}
	l.stop()
	var coded uint64
	for i := range l.metrics.codings {
		coded += l.metrics.codings[i].count.Load()
	}
	if n := l.metrics.refusal[refusedGone].Load(); n != 1 || coded != 1 {
		t.Errorf("%d have gone, %d codings", n, coded)
	}
}

// TestBusy: while the queue is full a request is refused by its header: a large body
// is not waited for, a small one does not cost the connection.
func TestBusy(t *testing.T) {
	l := onLoopback(t, func(o *Options) { o.Limits.Queue = time.Hour })
	free := occupied(t, l)
	l.shop.turns.codings.Most = 1
	first := l.connect(t)
	first.write(postRequest("/v1/compress", "waits"))
	waitingFor(l, 1)
	large := l.connect(t)
	large.write(line("POST /v1/compress HTTP/1.1") + fmt.Sprintf("Content-Length: %d\r\n\r\n", lane.SmallBody+1))
	got, err := large.read("POST")
	if err != nil || got.status != 503 || !got.header.ConnectionClose() || got.header.Peek("Retry-After") == nil {
		t.Errorf("a large one: %v, %v", got, err)
	}
	small := l.connect(t)
	if got := small.do(postRequest("/compress", `{"text":"a"}`)); got.status != 503 || got.header.ConnectionClose() || got.field("code") != "busy" {
		t.Errorf("a small one: %v", got)
	}
	if got := small.do(getRequest("/ping")); got.status != 200 {
		t.Errorf("/ping after it: %v", got)
	}
	free()
	if got, err := first.read("POST"); err != nil || got.status != 200 {
		t.Errorf("the one that waited: %v, %v", got, err)
	}
	if got := small.do(postRequest("/compress", `{"text":"a"}`)); got.status != 200 {
		t.Errorf("afterwards: %v", got)
	}
}

// TestQueueTime: nobody waits longer for a turn than the queue may be long, whatever
// was estimated.
func TestQueueTime(t *testing.T) {
	l := onLoopback(t, func(o *Options) { o.Limits.Queue = 50 * time.Millisecond })
	defer occupied(t, l)()
	if got := l.once(t, postRequest("/v1/compress", "waits")); got.status != 503 || got.field("code") != "busy" {
		t.Error(got)
	}
}
