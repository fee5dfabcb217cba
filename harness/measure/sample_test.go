package measure

import (
	"testing"
	"time"

	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/scenarios/corpus"
)

// folderData is a corpus of 400 files of 1 to 40 kB, spooled.
func folderData(t *testing.T, cells ...result.Cell) map[string]Data {
	t.Helper()
	c := &corpus.Corpus{Name: "data"}
	for i := range 400 {
		data := make([]byte, 1000*(1+i%40))
		for k := range data {
			data[k] = byte(i + k/100)
		}
		c.Members = append(c.Members, corpus.Member{Name: "f", Data: data})
	}
	data, err := Spool(t.Context(), []*corpus.Corpus{c}, cells, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// What a run works on follows from the data and the block, or from the seed where one
// was asked for.
func TestDraw(t *testing.T) {
	cell := result.Cell{Scenario: "compress", Codec: "fast", Level: 3, Runner: "single", Workers: 1, Corpus: "data", Block: 64 << 10}
	other := cell
	other.Block = 16 << 10
	data := folderData(t, cell, other)
	seed := func(n uint64) *uint64 { return &n }
	drawn := func(asked *uint64, c result.Cell) (full, small journal.Subset) {
		t.Helper()
		f, s, err := draw{data, asked}.of([]result.Cell{c, c})
		if err != nil || len(f) != 1 || len(s) != 1 {
			t.Fatalf("%v, %v, %v", f, s, err)
		}
		return f[0], s[0]
	}
	first, pilot := drawn(nil, cell)
	if again, _ := drawn(nil, cell); again.Digest != first.Digest {
		t.Error("the same data give another subset")
	}
	if first.Bytes < result.SubsetBytes || first.Bytes > result.SubsetBytes+64<<10 || first.WholeItems != 400 {
		t.Errorf("%d bytes of %d items, want %d or a little more, of 400", first.Bytes, first.WholeItems, result.SubsetBytes)
	}
	if pilot.Bytes < pilotBytes || pilot.Bytes > pilotBytes+64<<10 {
		t.Errorf("%d bytes in the pilot run, want about %d", pilot.Bytes, pilotBytes)
	}
	byOne, _ := drawn(seed(1), cell)
	if again, _ := drawn(seed(1), cell); again.Digest != byOne.Digest {
		t.Error("the same seed gives another subset")
	}
	if byTwo, _ := drawn(seed(2), cell); byTwo.Digest == byOne.Digest || byOne.Digest == first.Digest {
		t.Error("another seed, or none, gives the same subset")
	}
	if subsetSeed("a", 1, nil) == subsetSeed("a", 2, nil) || subsetSeed("a", 1, nil) == subsetSeed("b", 1, nil) {
		t.Error("other data or blocks are drawn alike")
	}
	if few, err := (draw{data, nil}).least("data", 16<<10, 16, 0); err != nil || few.Items != 16 {
		t.Errorf("%d items, %v; want 16", few.Items, err)
	}
	if _, err := (draw{data, nil}).least("gone", 16<<10, 16, 0); err == nil {
		t.Error("no error for a corpus that is not loaded")
	}
}

// How fast the pilot run was has no say in which items a run works on, as long as the
// budget allows them; where it does not they are halved, down to one.
func TestSubsetDoesNotDependOnSpeed(t *testing.T) {
	cell := result.Cell{Scenario: "compress", Codec: "fast", Level: 3, Runner: "single", Workers: 1, Corpus: "data", Block: 64 << 10}
	data := folderData(t, cell)
	full, small, err := draw{data, nil}.of([]result.Cell{cell})
	if err != nil {
		t.Fatal(err)
	}
	at := func(perByte time.Duration) journal.Subset {
		t.Helper()
		pass := perByte * time.Duration(small[0].Bytes)
		cells := []costed{{cell: cell, bytes: small[0].Bytes, cost: cost{pass: pass, prepare: pass, items: small[0].Items, lanes: 1}}}
		schedule, err := fit(cells, full, time.Minute, draw{data, nil}.halved)
		if err != nil {
			t.Fatal(err)
		}
		return schedule.Subsets[0]
	}
	for _, perByte := range []time.Duration{1, 5, 30, 100} {
		if got := at(perByte); got.Digest != full[0].Digest {
			t.Errorf("at %v a byte: %d items, want %d", perByte, got.Items, full[0].Items)
		}
	}
	if got := at(2 * time.Microsecond); got.Items >= full[0].Items || got.Items < 1 {
		t.Errorf("a pass of 2 s: %d items, want less than %d", got.Items, full[0].Items)
	}
}

// Parts are all items, each once, in order.
func TestParts(t *testing.T) {
	cell := result.Cell{Corpus: "data", Block: 64 << 10}
	data := folderData(t, cell)["data"]
	for _, parts := range []int{1, 2, 7, 1000} {
		got, err := data.Parts(cell.Block, parts)
		if err != nil {
			t.Fatal(err)
		}
		items, bytes, largest := 0, int64(0), int64(0)
		for _, p := range got {
			read, err := corpus.ReadItems(p.Data.Path, p.Data.Index)
			if err != nil || len(read) != p.Items {
				t.Fatalf("%d items, %v; want %d", len(read), err, p.Items)
			}
			items, bytes, largest = items+p.Items, bytes+p.Bytes, max(largest, p.Bytes)
		}
		whole := data.Info().Bytes
		if items != 400 || bytes != whole || len(got) > parts {
			t.Errorf("%d parts: %d items, %d bytes in %d, want 400 of %d", parts, items, bytes, len(got), whole)
		}
		if largest > whole/int64(parts)+40_000 {
			t.Errorf("%d parts: the largest has %d of %d bytes", parts, largest, whole)
		}
	}
}
