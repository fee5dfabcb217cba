package measure

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"zstdshop/harness/journal"
)

var (
	someKey   = wholeKey{Program: "p", Library: "lib v1", Corpus: "c", Block: 1 << 16, Codec: "fast", Level: 3}
	someWhole = journal.Whole{Items: 12, BytesIn: 700_000, BytesOut: 90_000}
)

func remembers(c wholeCache, k wholeKey) bool {
	w, ok := c.load(k, someWhole.BytesIn)
	return ok && w.Items == someWhole.Items && w.BytesIn == someWhole.BytesIn && w.BytesOut == someWhole.BytesOut
}

func TestWholeCache(t *testing.T) {
	c := wholeCache{filepath.Join(t.TempDir(), "not", "there", "yet")}
	if remembers(c, someKey) {
		t.Error("remembered before it was stored")
	}
	c.store(someKey, someWhole)
	if !remembers(c, someKey) {
		t.Error("not remembered")
	}
	if _, ok := c.load(someKey, someWhole.BytesIn+1); ok {
		t.Error("remembered of a corpus of another size")
	}
	for i, other := range []wholeKey{
		{Program: "q", Library: "lib v1", Corpus: "c", Block: 1 << 16, Codec: "fast", Level: 3},
		{Program: "p", Library: "lib v2", Corpus: "c", Block: 1 << 16, Codec: "fast", Level: 3},
		{Program: "p", Library: "lib v1", Corpus: "d", Block: 1 << 16, Codec: "fast", Level: 3},
		{Program: "p", Library: "lib v1", Corpus: "c", Block: 1 << 17, Codec: "fast", Level: 3},
		{Program: "p", Library: "lib v1", Corpus: "c", Block: 1 << 16, Codec: "slow", Level: 3},
		{Program: "p", Library: "lib v1", Corpus: "c", Block: 1 << 16, Codec: "fast", Level: 4},
	} {
		if _, ok := c.load(other, someWhole.BytesIn); ok {
			t.Errorf("key %d is remembered for another", i)
		}
	}
}

// Without a folder, a program or a digest of the data nothing is remembered; and a
// folder that cannot be made costs nothing but that.
func TestWholeCacheNowhere(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]wholeCache{"none": {}, "a file": {file}, "below a file": {filepath.Join(file, "dir")}} {
		c.store(someKey, someWhole)
		if remembers(c, someKey) {
			t.Errorf("%s: remembered", name)
		}
	}
	c := wholeCache{t.TempDir()}
	for _, k := range []wholeKey{{Corpus: "c", Codec: "fast"}, {Program: "p", Codec: "fast"}} {
		c.store(k, someWhole)
		if remembers(c, k) {
			t.Errorf("%+v: remembered", k)
		}
	}
}

// A file that is cut or changed at any byte is not believed, and is mended by the next
// that is stored.
func TestWholeCacheDamaged(t *testing.T) {
	c := wholeCache{t.TempDir()}
	c.store(someKey, someWhole)
	path, _ := c.path(someKey)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	damage := func(name string, text []byte) {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, ok := c.load(someKey, someWhole.BytesIn); ok {
			t.Errorf("%s: is believed", name)
		}
	}
	for i := range whole {
		damage(fmt.Sprint("cut at ", i), whole[:i])
		changed := bytes.Clone(whole)
		changed[i] ^= 1
		damage(fmt.Sprint("changed at ", i), changed)
	}
	damage("with more behind it", append(bytes.Clone(whole), "more\n"...))
	damage("much too long", bytes.Repeat([]byte("x"), 10*wholeMost))
	// whole and of its own digest, but of something else
	for _, line := range []string{`{"schema":"zstdshop/whole/v9"}`, `{}`, `null`, `[]`} {
		damage(line, []byte(line+"\n"+digestLine([]byte(line))))
	}
	foreign := wholeCache{t.TempDir()}
	other := someKey
	other.Level = 9
	foreign.store(other, someWhole)
	from, _ := foreign.path(other)
	text, _ := os.ReadFile(from)
	damage("of another key", text)

	c.store(someKey, someWhole)
	if !remembers(c, someKey) {
		t.Error("not mended")
	}
}

// Programs that run at the same time see all of a file or none.
func TestWholeCacheAtOnce(t *testing.T) {
	c := wholeCache{t.TempDir()}
	c.store(someKey, someWhole)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 50 {
				c.store(someKey, someWhole)
			}
		})
		group.Go(func() {
			for range 200 {
				if !remembers(c, someKey) {
					t.Error("lost while others write")
					return
				}
			}
		})
	}
	group.Wait()
	if entries, _ := os.ReadDir(c.dir); len(entries) != 1 {
		t.Errorf("%d files are left, want 1", len(entries))
	}
}

func TestWholeCacheIsPruned(t *testing.T) {
	c := wholeCache{t.TempDir()}
	const most = 20
	now := time.Unix(1e9, 0)
	write := func(name string, age time.Duration) {
		path := filepath.Join(c.dir, name)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, now.Add(-age), now.Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	there := func(name string) bool {
		_, err := os.Stat(filepath.Join(c.dir, name))
		return err == nil
	}
	write(wholeStaging+"left", 2*wholeStale)
	write(wholeStaging+"at work", time.Second)
	write("another's", 1000*time.Hour)
	for i := range most + 1 {
		write(fmt.Sprint(i, wholeSuffix), time.Duration(i)*time.Minute)
	}
	c.prune(now, most)
	for name, want := range map[string]bool{
		wholeStaging + "left": false, wholeStaging + "at work": true, "another's": true, "0" + wholeSuffix: true,
		fmt.Sprint(most*9/10-1, wholeSuffix): true, fmt.Sprint(most*9/10, wholeSuffix): false, fmt.Sprint(most, wholeSuffix): false,
	} {
		if there(name) != want {
			t.Errorf("%s is there: %v, want %v", name, !want, want)
		}
	}
}
