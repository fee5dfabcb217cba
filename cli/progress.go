package cli

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/clipperhouse/displaywidth"

	"zstdshop/harness"
	"zstdshop/harness/measure"
	"zstdshop/harness/result"
)

// progress shows how far a run is on stderr: a line that is drawn over where
// stderr is a terminal, else a new line now and then.
//
// It writes only inside report, which the engine calls between slices, and has
// no goroutine of its own: what draws while a slice runs would be measured.
type progress struct {
	w       io.Writer
	columns func() int // of the terminal; nil: plain lines
	next    time.Duration
	began   bool              // the first slice
	reg     *harness.Registry // says what leads nobody; nil: all may
	drawn   int               // columns of the line that stands there
}

const (
	lineEvery  = 10 * time.Second
	frameEvery = 250 * time.Millisecond
	barColumns = 20
)

func (a *app) newProgress() *progress {
	p := &progress{w: a.stderr, next: lineEvery, reg: a.reg}
	if isTerminal(a.stderr) && a.getenv("TERM") != "dumb" {
		p.columns, p.next = func() int { return columns(a.stderr) }, 0
	}
	return p
}

// report takes in how far the run is.
func (p *progress) report(at measure.Progress) {
	// A plan that turns out impossible in the pilot run is one line of error, so
	// plain lines begin with the first slice.
	if begins := at.Round > 0 && !p.began; begins {
		p.began = true
	} else if at.Elapsed < p.next {
		return
	}
	where := at.Phase
	if at.Round > 0 {
		where = fmt.Sprintf("round %d", at.Round)
	}
	if known := p.known(at.Known); known != "" {
		where += ", " + known
	}
	left := max(at.Total-at.Elapsed, 0).Round(time.Second)
	if p.columns == nil {
		p.next = at.Elapsed + lineEvery
		fmt.Fprintf(p.w, "%v done, at most %v to go, %s: %s\n", at.Elapsed.Round(time.Second), left, where, printable(at.Cell))
		return
	}
	p.next = at.Elapsed + frameEvery
	done := min(float64(at.Elapsed)/float64(max(at.Total, 1)), 1)
	full := int(done * barColumns)
	p.draw(fmt.Sprintf("%3.0f %% [%s%s] at most %v to go, %s: %s", 100*done,
		strings.Repeat("#", full), strings.Repeat("-", barColumns-full), left, where, printable(values(at.Cell))))
}

// known says what a run has found out so far; "" for nothing. A ceiling leads nobody.
func (p *progress) known(k measure.Known) string {
	switch {
	case k.Asked > 0 && k.Decided < k.Asked && k.Visible > 0:
		return fmt.Sprintf("%d of %d decided, others will be where it is %s %% or more", k.Decided, k.Asked, result.Digits(100*k.Visible, 2))
	case k.Asked > 0:
		return fmt.Sprintf("%d of %d decided", k.Decided, k.Asked)
	case k.Leader != nil && !p.isCeiling(k.Leader.Codec):
		return strings.Trim(printable(k.Leader.Codec+"/"+k.Leader.Runner), "/") + " leads so far"
	}
	return ""
}

func (p *progress) isCeiling(codec string) bool {
	if p.reg == nil {
		return false
	}
	info, _, _ := p.reg.Infos(codec, "", "")
	return info.Ceiling
}

// values is a cell's name without the names of its keys.
func values(name string) string {
	fields := strings.Split(name, "/")
	for i, field := range fields {
		if _, value, ok := strings.Cut(field, "="); ok {
			fields[i] = value
		}
	}
	return strings.Join(fields, "/")
}

// draw puts a line over the last one. It leaves some columns free for the ^C
// that a terminal shows, and uses no escapes, so that any terminal will do.
func (p *progress) draw(line string) {
	if width := p.columns(); width > 0 {
		line = displaywidth.TruncateString(line, max(width-4, 0), "...")
	}
	width := displaywidth.String(line)
	fmt.Fprint(p.w, "\r"+line+strings.Repeat(" ", max(0, p.drawn-width)))
	p.drawn = width
}

// end takes the line away.
func (p *progress) end() {
	if p.drawn > 0 {
		fmt.Fprint(p.w, "\r"+strings.Repeat(" ", p.drawn+len("^C"))+"\r")
	}
}
