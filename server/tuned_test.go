package server

import (
	"errors"
	"reflect"
	"testing"

	"zstdshop/harness/result"
)

// measured is a cell of a result.
func measured(scenario, codec string, level int, block int64, speed float64) result.CellResult {
	return result.CellResult{Cell: result.Cell{Scenario: scenario, Codec: codec, Level: level, Block: block, Workers: 1}, Status: result.StatusOK, MBPerS: &result.Interval{Est: speed}}
}

func TestTune(t *testing.T) {
	known := []string{"klauspost", "datadog"}
	base := []result.CellResult{
		measured("compress", "klauspost", 3, 1<<10, 100), measured("compress", "datadog", 3, 1<<10, 80),
		measured("compress", "klauspost", 3, 1<<14, 100), measured("compress", "datadog", 3, 1<<14, 101),
		measured("compress", "klauspost", 3, 1<<18, 100), measured("compress", "datadog", 3, 1<<18, 200),
		measured("decompress", "datadog", 3, 1<<10, 100),
	}
	want := Tuning{
		Compress:   []Choice{{0, "klauspost"}, {4096, "datadog"}}, // 4 KiB is half-way from 1 to 16 KiB
		Decompress: []Choice{{0, "datadog"}},
	}
	if got, told := want.String(), "compress from 0 bytes klauspost, from 4096 datadog; decompress from 0 bytes datadog"; got != told {
		t.Errorf("told as %q, want %q", got, told)
	}
	failed := measured("compress", "klauspost", 3, 1<<18, 900)
	failed.Status = result.StatusFailed
	pooled := measured("compress", "klauspost", 3, 1<<18, 900)
	pooled.Workers = 2
	for name, more := range map[string][]result.CellResult{
		"as it is":       nil,
		"other level":    {measured("compress", "klauspost", 1, 1<<18, 900)},
		"other scenario": {measured("roundtrip", "klauspost", 3, 1<<18, 900)},
		"unknown codec":  {measured("compress", "magic", 3, 1<<18, 900)},
		"whole files":    {measured("compress", "klauspost", 3, 0, 900)},
		"failed":         {failed},
		"two workers":    {pooled},
		"two corpora":    {measured("compress", "klauspost", 3, 1<<18, 350), measured("compress", "datadog", 3, 1<<18, 190)},
	} {
		got, err := Tune(&result.Result{Cells: append(more, base...)}, known)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v; want %+v", name, got, err, want)
		}
	}
	if _, err := Tune(&result.Result{Cells: base[:6]}, known); !errors.Is(err, ErrTune) {
		t.Errorf("without decompress: %v", err)
	}
	if _, err := Tune(&result.Result{}, known); !errors.Is(err, ErrTune) {
		t.Errorf("without a cell: %v", err)
	}
}

// What a result recommends goes before what its cells say, and for both ways where it
// knows one.
func TestTuneByAdvice(t *testing.T) {
	advice := func(scenario, codec string, block int64) result.Advice {
		return result.Advice{Scenario: scenario, Codec: codec, Block: &block, Cell: "some"}
	}
	known := []string{"klauspost", "datadog"}
	r := &result.Result{
		Cells:           []result.CellResult{measured("decompress", "datadog", 3, 1<<10, 100)},
		Recommendations: []result.Advice{advice("compress", "datadog", 1<<14), advice("compress", "klauspost", 1<<10), advice("compress", "datadog", 1<<10), advice("compress", "magic", 1<<18)},
	}
	want := Tuning{Compress: []Choice{{0, "klauspost"}, {4096, "datadog"}}, Decompress: []Choice{{0, "datadog"}}}
	if got, err := Tune(r, known); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
	r.Cells = nil
	want.Decompress = want.Compress
	if got, err := Tune(r, known); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("compress alone: %+v, %v; want %+v", got, err, want)
	}
}

// TestChoose: sizes lead to the codec of their range; a codec that is not there
// leaves its range to the one below.
func TestChoose(t *testing.T) {
	a, b := &backend{name: "a"}, &backend{name: "b"}
	choices := []Choice{{0, "a"}, {100, "b"}, {200, "a"}}
	for _, c := range []struct {
		usable []*backend
		size   int
		want   *backend
	}{
		{[]*backend{a, b}, 0, a}, {[]*backend{a, b}, 99, a}, {[]*backend{a, b}, 100, b}, {[]*backend{a, b}, 199, b}, {[]*backend{a, b}, 200, a},
		{[]*backend{a}, 150, a}, {[]*backend{b}, 0, b}, {[]*backend{b}, 300, b},
	} {
		if got := resolve(choices, c.usable).choose(c.size); got != c.want {
			t.Errorf("%v for %d: %s, want %s", names(c.usable), c.size, got.name, c.want.name)
		}
	}
}

// TestChooseUntuned: without a tuning, and where the tuned codecs are not there,
// native code serves every size, or the first codec where there is none.
func TestChooseUntuned(t *testing.T) {
	a, b := &backend{name: "a"}, &backend{name: "b", foreign: true}
	for _, choices := range [][]Choice{nil, {{0, "gone"}}} {
		for _, c := range []struct {
			usable []*backend
			want   *backend
		}{{[]*backend{a, b}, b}, {[]*backend{b, a}, b}, {[]*backend{a}, a}} {
			for _, size := range []int{0, 1 << 20} {
				if got := resolve(choices, c.usable).choose(size); got != c.want {
					t.Errorf("%v of %v for %d: %s, want %s", choices, names(c.usable), size, got.name, c.want.name)
				}
			}
		}
	}
}
