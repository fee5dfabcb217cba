package cli

import (
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"zstdshop/harness"
)

// progress shows how far a run is on stderr: a bar that is redrawn only when
// report is called, which the engine does between slices, or plain lines where
// stderr is no terminal.
type progress struct {
	w       io.Writer
	bars    *mpb.Progress // nil: plain lines
	bar     *mpb.Bar
	refresh chan any
	label   atomic.Pointer[string] // read by the bar's own goroutine
	next    time.Duration          // when the next line or frame is due
}

const (
	lineEvery  = 10 * time.Second
	frameEvery = 250 * time.Millisecond
)

func newProgress(w io.Writer) *progress {
	p := &progress{w: w}
	if width, ok := terminal(w); ok {
		p.refresh = make(chan any)
		p.bars = mpb.New(mpb.WithOutput(w), mpb.WithManualRefresh(p.refresh), mpb.WithWidth(min(max(width/4, 10), 30)))
	}
	return p
}

// report takes in how far the run is.
func (p *progress) report(at harness.Progress) {
	if at.Elapsed < p.next {
		return
	}
	left := max(at.Total-at.Elapsed, 0).Round(time.Second)
	where := at.Phase
	if at.Round > 0 {
		where = fmt.Sprintf("round %d", at.Round)
	}
	if p.bars == nil {
		p.next = at.Elapsed + lineEvery
		fmt.Fprintf(p.w, "%v done, at most %v to go, %s: %s\n", at.Elapsed.Round(time.Second), left, where, at.Cell)
		return
	}
	p.next = at.Elapsed + frameEvery
	label := fmt.Sprintf(" at most %v to go, %s: %s", left, where, at.Cell)
	p.label.Store(&label)
	if p.bar == nil {
		p.bar = p.bars.AddBar(int64(at.Total), mpb.BarRemoveOnComplete(),
			mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return *p.label.Load() })))
	}
	p.bar.SetCurrent(int64(min(at.Elapsed, at.Total-1)))
	p.refresh <- time.Now()
}

// end takes the bar away.
func (p *progress) end() {
	if p.bar != nil {
		p.bar.Abort(true)
		p.bars.Wait()
	}
}
