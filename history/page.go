package history

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"
	"sync"

	"zstdshop/stats"
)

//go:embed page.html
var pageText string

// pageTemplate is parsed at its first use: each worker process would pay for it.
var pageTemplate = sync.OnceValue(func() *template.Template { return template.Must(template.New("page").Parse(pageText)) })

// The picture of a series, in pixels of its own coordinates.
const (
	pageWidth  = 720
	pageHeight = 150
	pageMargin = 10
)

// pageSeries is a series laid out: points of the picture, levels, changes.
type pageSeries struct {
	Title, Metric, First, Last, Least, Most string
	Runs                                    int
	Line                                    string // of an SVG polyline
	Band                                    string // of an SVG polygon: the intervals
	Dots                                    []pageDot
	Levels                                  []pageLevel
	Changes                                 []pageChange
}

type pageDot struct {
	X, Y  float64
	Title string
}

type pageLevel struct{ X1, X2, Y float64 }

type pageChange struct {
	X     float64
	Worse bool
	Text  string
}

// Page is one self-contained HTML page with a picture of each series, its
// intervals, levels and change points. It asks for nothing from anywhere.
func Page(series []Series, o stats.ChangeOptions) ([]byte, error) {
	type machine struct {
		Host, Fingerprint string
		Series            []pageSeries
	}
	var machines []machine
	for _, of := range byMachine(series) {
		m := machine{Host: of[0].Host, Fingerprint: of[0].Machine}
		for _, s := range of {
			parts := s.Parts()
			for i, part := range parts {
				plot := plotted(part, o)
				if i < len(parts)-1 {
					plot.Title += " (other data or method)"
				}
				m.Series = append(m.Series, plot)
			}
		}
		machines = append(machines, m)
	}
	var b bytes.Buffer
	if err := pageTemplate().Execute(&b, map[string]any{"Machines": machines, "Width": pageWidth, "Height": pageHeight}); err != nil {
		return nil, fmt.Errorf("history page: %w", err)
	}
	return b.Bytes(), nil
}

func plotted(s Series, o stats.ChangeOptions) pageSeries {
	values := s.Values()
	lows, highs := make([]float64, len(values)), make([]float64, len(values))
	for i, p := range s.Points {
		lows[i], highs[i] = p.Est, p.Est
		if p.Lo != nil && p.Hi != nil {
			lows[i], highs[i] = *p.Lo, *p.Hi
		}
	}
	lo, hi := min(slices.Min(values), slices.Min(lows)), max(slices.Max(values), slices.Max(highs))
	if hi == lo {
		lo, hi = lo-math.Abs(lo)*0.01-1e-9, hi+math.Abs(hi)*0.01+1e-9
	}
	x := func(i int) float64 {
		if len(values) == 1 {
			return pageWidth / 2
		}
		return round(pageMargin + float64(i)*(pageWidth-2*pageMargin)/float64(len(values)-1))
	}
	y := func(v float64) float64 {
		return round(pageMargin + (hi-v)/(hi-lo)*(pageHeight-2*pageMargin))
	}
	out := pageSeries{Title: s.Cell, Metric: s.Metric, Runs: len(values), First: Draw(s.Metric, values[0]),
		Last: Draw(s.Metric, values[len(values)-1]), Least: Draw(s.Metric, lo), Most: Draw(s.Metric, hi)}
	var line, upper, lower []string
	for i, p := range s.Points {
		line = append(line, fmt.Sprintf("%g,%g", x(i), y(p.Est)))
		upper = append(upper, fmt.Sprintf("%g,%g", x(i), y(highs[i])))
		lower = append(lower, fmt.Sprintf("%g,%g", x(i), y(lows[i])))
		out.Dots = append(out.Dots, pageDot{x(i), y(p.Est),
			fmt.Sprintf("%s, commit %s: %s", p.Started.Format("2006-01-02 15:04"), short(p.Commit), Draw(s.Metric, p.Est))})
	}
	slices.Reverse(lower) // the band goes back below the line
	out.Line, out.Band = strings.Join(line, " "), strings.Join(append(upper, lower...), " ")
	changes, from := s.Changes(o), 0
	for _, c := range changes {
		out.Levels = append(out.Levels, pageLevel{x(from), x(c.Index - 1), y(c.Before)})
		out.Changes = append(out.Changes, pageChange{x(c.Index), c.Worse, c.describe(s)})
		from = c.Index
	}
	if n := len(changes); n > 0 {
		out.Levels = append(out.Levels, pageLevel{x(from), x(len(values) - 1), y(changes[n-1].After)})
	}
	return out
}

func round(v float64) float64 { return math.Round(v*10) / 10 }
