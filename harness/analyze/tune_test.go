package analyze

import (
	"errors"
	"reflect"
	"testing"

	"zstdshop/harness/result"
)

// measured is a cell of a result.
func measured(scenario, codec string, level int, block int64, speed float64) result.CellResult {
	return result.CellResult{Cell: result.Cell{Scenario: scenario, Corpus: "logs", Codec: codec, Level: level, Block: block, Workers: 1}, Status: result.StatusOK, MBPerS: &result.Interval{Est: speed}}
}

func TestTune(t *testing.T) {
	known := []string{"klauspost", "datadog"}
	base := []result.CellResult{
		measured("compress", "klauspost", 3, 1<<10, 100), measured("compress", "datadog", 3, 1<<10, 80),
		measured("compress", "klauspost", 3, 1<<14, 100), measured("compress", "datadog", 3, 1<<14, 101),
		measured("compress", "klauspost", 3, 1<<18, 100), measured("compress", "datadog", 3, 1<<18, 200),
		measured("decompress", "datadog", 3, 1<<10, 100),
	}
	want := result.Tuning{
		Compress:   []result.Choice{{From: 0, Codec: "klauspost"}, {From: 4096, Codec: "datadog"}}, // 4 KiB is half-way from 1 to 16 KiB
		Decompress: []result.Choice{{From: 0, Codec: "datadog"}},
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
		got, err := Tune(&result.Result{Cells: append(more, base...)}, "compress", "decompress", known)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v; want %+v", name, got, err, want)
		}
	}
	if _, err := Tune(&result.Result{Cells: base[:6]}, "compress", "decompress", known); !errors.Is(err, ErrTune) {
		t.Errorf("without decompress: %v", err)
	}
	if _, err := Tune(&result.Result{}, "compress", "decompress", known); !errors.Is(err, ErrTune) {
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
	want := result.Tuning{Compress: []result.Choice{{From: 0, Codec: "klauspost"}, {From: 4096, Codec: "datadog"}}, Decompress: []result.Choice{{From: 0, Codec: "datadog"}}}
	if got, err := Tune(r, "compress", "decompress", known); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
	r.Cells = nil
	want.Decompress = want.Compress
	if got, err := Tune(r, "compress", "decompress", known); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("compress alone: %+v, %v; want %+v", got, err, want)
	}
}
