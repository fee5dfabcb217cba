package corpus

import (
	"encoding/binary"
	"fmt"
	"strconv"
)

// embeddedSeed is the seed of the embedded corpora. It is fixed, so that the
// same name is the same data in every run and results can be compared.
const embeddedSeed = 1

// Info describes an embedded corpus.
type Info struct {
	Name    string
	Summary string // one line, without the name
}

// embedded is one corpus made by this package.
type embedded struct {
	Info
	members func() ([]Member, error)
}

// catalogue lists the embedded corpora, in the order in which they are shown.
// In the corpora whose names end in "-records" each record is a member of its
// own, as in a cache, a queue or a database with compressed values.
func catalogue() []embedded {
	return []embedded{
		{Info{"logs", "JSON log lines of a web shop, 1 MiB"},
			func() ([]Member, error) { return one("logs.jsonl", newLogs(embeddedSeed).record) }},
		{Info{"logs-records", "the same log lines, each by itself"},
			func() ([]Member, error) { return records("line", newLogs(embeddedSeed).record) }},
		{Info{"html", "web pages, 1 MiB"},
			func() ([]Member, error) { return one("pages.html", newHTML(embeddedSeed).page) }},
		{Info{"html-records", "fragments of web pages, each by itself, 1 MiB in all"},
			func() ([]Member, error) { return records("fragment", newHTML(embeddedSeed).fragment) }},
		{Info{"metrics", "CSV of a fleet's metrics, 1 MiB"},
			func() ([]Member, error) { return one("metrics.csv", newMetrics(embeddedSeed).file) }},
		{Info{"metrics-records", "batches of 1 to 12 CSV rows, each by itself, 1 MiB in all"},
			func() ([]Member, error) { return records("batch", newMetrics(embeddedSeed).batch) }},
		{Info{"source", "Go source of this program, up to 1 MiB"}, source},
		{Info{"random", "random bytes that nothing can compress, 1 MiB"}, random},
		{Info{"zeros", "zero bytes, 1 MiB: the most a codec can do"}, zeros},
	}
}

// List returns the embedded corpora in a fixed order.
func List() []Info {
	var infos []Info
	for _, e := range catalogue() {
		infos = append(infos, e.Info)
	}
	return infos
}

// loadEmbedded returns the corpus called name; ok is false where there is none.
func loadEmbedded(name string) (c *Corpus, ok bool, err error) {
	for _, e := range catalogue() {
		if e.Name == name {
			members, err := e.members()
			if err != nil {
				return nil, true, fmt.Errorf("unpack the embedded data: %w", err)
			}
			return &Corpus{Name: name, Source: "embedded", Members: members}, true, nil
		}
	}
	return nil, false, nil
}

// longest is more than any record has, so that a buffer need not grow.
const longest = 16 << 10

// one returns a single member of size bytes, made of records one after the
// other; the last one is cut.
func one(name string, record func(*text)) ([]Member, error) {
	t := make(text, 0, embeddedSize+longest)
	for len(t) < embeddedSize {
		record(&t)
	}
	return []Member{{name, t[:embeddedSize:embeddedSize]}}, nil
}

// records returns every record as a member, as many whole ones as size holds.
func records(name string, record func(*text)) ([]Member, error) {
	t := make(text, 0, embeddedSize+longest)
	var members []Member
	for {
		start := len(t)
		record(&t)
		if len(t) > embeddedSize {
			return members, nil
		}
		label := name + "-" + strconv.Itoa(len(members))
		members = append(members, Member{label, t[start:len(t):len(t)]})
	}
}

func random() ([]Member, error) {
	r := rng(embeddedSeed)
	data := make([]byte, 0, embeddedSize)
	for len(data) < embeddedSize {
		data = binary.LittleEndian.AppendUint64(data, r.next())
	}
	return []Member{{"random.bin", data}}, nil
}

func zeros() ([]Member, error) {
	return []Member{{"zeros.bin", make([]byte, embeddedSize)}}, nil
}
