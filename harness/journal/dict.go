package journal

import (
	"os"
	"slices"

	"zstdshop/harness/result"
	"zstdshop/harness/worker"
)

// Dict is a dictionary of a run, in a file beside its journal.
type Dict struct {
	Name   string `json:"name"`             // the key of cells
	Codec  string `json:"codec"`            // whose it is
	Corpus string `json:"corpus,omitempty"` // that it learnt from; "" where nothing was trained
	Path   string `json:"path"`
	result.Dictionary
}

// Dicts are those of a run.
type Dicts []Dict

// Of is the dictionary of a cell; nil where it has none.
func (d Dicts) Of(c result.Cell) *Dict {
	i := slices.IndexFunc(d, func(d Dict) bool {
		return c.Dict != "" && d.Name == c.Dict && d.Codec == c.Codec && (d.Corpus == "" || d.Corpus == c.Corpus)
	})
	if i < 0 {
		return nil
	}
	return &d[i]
}

// Digest is that of a cell's dictionary; "" where it has none.
func (d Dicts) Digest(c result.Cell) string {
	if own := d.Of(c); own != nil {
		return own.Digest
	}
	return ""
}

// Worker is the dictionary of a cell as its worker process is told; nil where it has
// none.
func (d Dicts) Worker(c result.Cell) *worker.Dict {
	if own := d.Of(c); own != nil {
		return &worker.Dict{Path: own.Path, Digest: own.Digest}
	}
	return nil
}

// Exist reports whether the files are still there.
func (d Dicts) Exist() bool {
	return !slices.ContainsFunc(d, func(d Dict) bool {
		_, err := os.Stat(d.Path)
		return err != nil
	})
}
