package reports

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"zstdshop/harness/analyze"
	"zstdshop/harness/result"
)

// A front is an analyze.Front as a picture and as a table.
type front struct {
	Title   string
	Codecs  []string // in the order of their colours
	Points  []frontPoint
	Picture *picture
}

// A frontPoint is one codec and effective level.
type frontPoint struct {
	ID, Name, Ratio, Speed, Bounds, Chance string
	On                                     bool

	codec int // number of its colour
	ratio float64
	speed *result.Interval
	label string
}

// colours is how many codecs can be told apart by colour; those beyond share
// the last one.
const colours = 6

func fronts(r *result.Result) []front {
	var all []front
	for n, f := range analyze.Fronts(r) {
		all = append(all, newFront(fmt.Sprintf("f%d", n), f))
	}
	return all
}

func newFront(id string, from analyze.Front) front {
	f := front{Title: visible(from.Name)}
	var ivs []*result.Interval
	for i := range from.Points {
		ivs = append(ivs, &from.Points[i].MBPerS)
	}
	n := digits(ivs)
	draw := func(v float64) string { return significant(v, n) }
	for i, p := range from.Points {
		codec, levels := visible(p.Cells[0].Codec), levelsText(p.Cells)
		if !slices.Contains(f.Codecs, codec) {
			f.Codecs = append(f.Codecs, codec)
		}
		f.Points = append(f.Points, frontPoint{
			ID: fmt.Sprintf("%s-%d", id, i), Name: strings.TrimSpace(codec + " " + levels),
			Ratio: fmt.Sprintf("%.2fx", p.Ratio), Speed: draw(p.MBPerS.Est), Bounds: boundsOf(&p.MBPerS, draw),
			Chance: fmt.Sprintf("%.0f %%", 100*p.Chance), On: p.On,
			codec: min(slices.Index(f.Codecs, codec), colours-1), ratio: p.Ratio, speed: &p.MBPerS, label: orElse(levels, codec),
		})
	}
	f.Picture = f.draw()
	return f
}

// levelsText is the levels that were asked for, and what they all are to the codec
// where that is another: "6, 7, 8 → 7".
func levelsText(cells []*result.CellResult) string {
	if len(cells) == 1 {
		return levelOf(cells[0])
	}
	var asked []string
	for _, c := range cells {
		asked = append(asked, strconv.Itoa(c.Level))
	}
	if len(asked) > 3 {
		asked = []string{asked[0], "…", asked[len(asked)-1]}
	}
	text := strings.ReplaceAll(strings.Join(asked, ", "), ", …, ", "…")
	if e := cells[0].EffectiveLevel; e != nil {
		text += " → " + strconv.Itoa(*e)
	}
	return text
}

// draw is the picture: speed to the right on a logarithmic axis, ratio upwards,
// filled points on the front, a stair along it.
func (f *front) draw() *picture {
	p := &picture{Label: "compression ratio against speed, with the Pareto front", W: 720, H: 400}
	loX, hiX, loY, hiY := math.Inf(1), 0.0, math.Inf(1), 0.0
	for _, q := range f.Points {
		loX, hiX = min(loX, *q.speed.Lo), max(hiX, *q.speed.Hi)
		loY, hiY = min(loY, q.ratio), max(hiY, q.ratio)
	}
	x := scale{lo: loX / 1.05, hi: hiX * 1.05, from: 56, to: 680, logarithmic: true}
	y := scale{lo: loY - 0.06*(hiY-loY), hi: hiY + 0.08*(hiY-loY), from: 350, to: 40}
	p.axes(x, y, "MB/s →", "ratio ↑")
	taken := f.legend(p)
	if stair := f.stair(x, y); stair != "" {
		p.path(stair, "stair")
	}
	for _, q := range f.Points {
		px, py := x.at(q.speed.Est), y.at(q.ratio)
		class := fmt.Sprintf("k%d ", q.codec)
		tip := q.Name + ": " + q.Ratio + ", " + q.Speed + " MB/s " + q.Bounds
		p.line(x.at(*q.speed.Lo), py, x.at(*q.speed.Hi), py, class+"reach").of(q.ID, tip)
		look := "off"
		if q.On {
			look = "on"
		}
		p.dot(px, py, 4.5, class+look).of(q.ID, tip)
		taken = append(taken, box{px - 5, py - 5, px + 5, py + 5}, box{x.at(*q.speed.Lo), py - 1, x.at(*q.speed.Hi), py + 1})
	}
	for _, q := range f.Points {
		if q.On {
			taken = p.label(x.at(q.speed.Est), y.at(q.ratio), q.label, taken)
		}
	}
	return p
}

// legend names the codecs in their colours, and returns the room it takes.
func (f *front) legend(p *picture) []box {
	at := 120.0
	for i, codec := range f.Codecs {
		name := shortened(codec, 150)
		if at+24+textWidth(name) > p.W || i == colours {
			p.text(at, 20, "name", "", "…")
			break
		}
		p.dot(at, 16, 4.5, fmt.Sprintf("k%d on", i))
		p.text(at+9, 20, "name", "", name)
		at += 24 + textWidth(name)
	}
	return []box{{0, 0, p.W, 26}}
}

// stair runs along the points that no other beats in both figures by its
// estimate, from the fastest to the smallest.
func (f *front) stair(x, y scale) string {
	sorted := slices.Clone(f.Points)
	slices.SortFunc(sorted, func(a, b frontPoint) int {
		if a.speed.Est != b.speed.Est {
			return int(math.Copysign(1, b.speed.Est-a.speed.Est))
		}
		return int(math.Copysign(1, b.ratio-a.ratio))
	})
	best, d := math.Inf(-1), ""
	for _, q := range sorted {
		if q.ratio <= best {
			continue
		}
		px, py := round1(x.at(q.speed.Est)), round1(y.at(q.ratio))
		if d == "" {
			d = fmt.Sprintf("M%g %g", px, y.from)
		} else {
			d += fmt.Sprintf("H%g", px)
		}
		d += fmt.Sprintf("V%g", py)
		best = q.ratio
	}
	if d != "" {
		d += fmt.Sprintf("H%g", x.from)
	}
	return d
}

// A box is room that is taken.
type box struct{ x, y, x2, y2 float64 }

func (b box) hits(o box) bool { return b.x < o.x2 && o.x < b.x2 && b.y < o.y2 && o.y < b.y2 }

// label writes beside a point where nothing is in its way, or not at all: its
// words are in the tip and in the table, too.
func (p *picture) label(x, y float64, text string, taken []box) []box {
	w := textWidth(text)
	for _, at := range [][2]float64{{8, 4}, {-w - 8, 4}, {-w / 2, -9}, {-w / 2, 18}, {8, -9}, {8, 17}, {-w - 8, -9}, {-w - 8, 17}} {
		b := box{x + at[0], y + at[1] - 11, x + at[0] + w, y + at[1] + 2}
		if b.x < 58 || b.x2 > p.W || slices.ContainsFunc(taken, b.hits) {
			continue
		}
		p.text(b.x, y+at[1], "name", "", text)
		return append(taken, b)
	}
	return taken
}
