package measure

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"zstdshop/harness/journal"
)

// A wholeCache remembers what whole corpora came to, between runs and between programs
// that run at the same time: a file for each key in a folder. A file is written beside
// its place and renamed, so nobody reads half of one, and carries its own digest. What
// cannot be read, is damaged or is of another key counts as not remembered and is
// written anew; that a cache cannot be written costs time and nothing else, so it is no
// error.
type wholeCache struct {
	dir string // "" remembers nothing
}

// A wholeKey is all that the compressed size of a corpus depends on.
type wholeKey struct {
	Program    string `json:"program"` // SHA-256 of the executable; "" unknown: not remembered
	Library    string `json:"library"` // of the codec, with its version
	Corpus     string `json:"corpus"`  // digest
	Block      int64  `json:"block"`
	Stream     int64  `json:"stream,omitempty"`
	Subset     string `json:"subset,omitempty"`   // digest of the items, where it is not all
	Scenario   string `json:"scenario,omitempty"` // "" where one call of the codec is all
	Endpoint   string `json:"endpoint,omitempty"`
	Codec      string `json:"codec"`
	Level      int    `json:"level,omitempty"`
	Dict       string `json:"dict,omitempty"`       // digest
	Env        string `json:"env,omitempty"`        // of a codec with threads of its own,
	GOMAXPROCS int    `json:"gomaxprocs,omitempty"` // which may cut data by how many
}

const (
	wholeSchema  = "zstdshop/whole/v1"
	wholeSuffix  = ".whole"
	wholeMost    = 4 << 10        // bytes of a file
	wholeKept    = 10_000         // files
	wholeStaging = ".new-"        // begins the name of a file under way
	wholeStale   = 24 * time.Hour // after which one under way is left over
)

// wholeFile is the first line of a file; the second is its SHA-256 in hex.
type wholeFile struct {
	Schema   string   `json:"schema"`
	Key      wholeKey `json:"key"`
	Items    int      `json:"items"`
	BytesIn  int64    `json:"bytes_in"`
	BytesOut int64    `json:"bytes_out"`
	InIn     int64    `json:"sum_in_in"`
	InOut    int64    `json:"sum_in_out"`
	OutOut   int64    `json:"sum_out_out"`
}

// path is where a key's file is.
func (c wholeCache) path(k wholeKey) (path string, ok bool) {
	name, err := json.Marshal(k)
	if err != nil || c.dir == "" || k.Program == "" || k.Corpus == "" {
		return "", false
	}
	sum := sha256.Sum256(name)
	return filepath.Join(c.dir, hex.EncodeToString(sum[:16])+wholeSuffix), true
}

// load returns what is remembered of a key whose data have so many bytes.
func (c wholeCache) load(k wholeKey, size int64) (journal.Whole, bool) {
	path, ok := c.path(k)
	if !ok {
		return journal.Whole{}, false
	}
	f, err := os.Open(path)
	if err != nil {
		return journal.Whole{}, false
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, wholeMost))
	if err != nil {
		return journal.Whole{}, false
	}
	line, sum, _ := bytes.Cut(data, []byte("\n"))
	var w wholeFile
	if string(sum) != digestLine(line) || json.Unmarshal(line, &w) != nil {
		return journal.Whole{}, false
	}
	if w.Schema != wholeSchema || w.Key != k || w.BytesIn != size || w.Items < 1 || w.BytesOut < 1 {
		return journal.Whole{}, false
	}
	return journal.Whole{Items: w.Items, BytesIn: w.BytesIn, BytesOut: w.BytesOut, SumInIn: w.InIn, SumInOut: w.InOut, SumOutOut: w.OutOut}, true
}

// digestLine is the second line of a file whose first is line.
func digestLine(line []byte) string {
	sum := sha256.Sum256(line)
	return hex.EncodeToString(sum[:]) + "\n"
}

// store remembers what a key came to.
func (c wholeCache) store(k wholeKey, w journal.Whole) {
	path, ok := c.path(k)
	if !ok {
		return
	}
	line, err := json.Marshal(wholeFile{wholeSchema, k, w.Items, w.BytesIn, w.BytesOut, w.SumInIn, w.SumInOut, w.SumOutOut})
	if err != nil {
		return
	}
	replaceFile(path, []byte(string(line)+"\n"+digestLine(line)))
	c.prune(time.Now(), wholeKept)
}

// replaceFile writes a file that nobody reads half of: beside its place, and renamed. What
// is remembered so is no loss where it cannot be written.
func replaceFile(path string, data []byte) {
	dir := filepath.Dir(path)
	if os.MkdirAll(dir, 0o700) != nil {
		return
	}
	f, err := os.CreateTemp(dir, wholeStaging+"*")
	if err != nil {
		return
	}
	_, err = f.Write(data)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
	}
}

// prune removes the oldest files where there are more than most, a tenth of them at
// once, and what writers that were killed have left over.
func (c wholeCache) prune(now time.Time, most int) {
	entries, err := os.ReadDir(c.dir)
	if err != nil {
		return
	}
	type aged struct {
		path string
		time time.Time
	}
	var kept []aged
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			continue // another program has removed it
		}
		path := filepath.Join(c.dir, e.Name())
		switch {
		case strings.HasPrefix(e.Name(), wholeStaging) && now.Sub(info.ModTime()) > wholeStale:
			os.Remove(path)
		case strings.HasSuffix(e.Name(), wholeSuffix):
			kept = append(kept, aged{path, info.ModTime()})
		}
	}
	if len(kept) <= most {
		return
	}
	slices.SortFunc(kept, func(a, b aged) int { return a.time.Compare(b.time) })
	for _, f := range kept[:len(kept)-most*9/10] {
		os.Remove(f.path)
	}
}
