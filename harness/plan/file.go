package plan

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"zstdshop/harness"
)

// matrixFile is zstdshop.yaml: what to measure, and in a gate how much worse it
// may become. It is published as cli/schema/matrix-v1.json.
type matrixFile struct {
	Budget        string           `yaml:"budget"`
	MaxRegression string           `yaml:"max_regression"`
	Cells         []map[string]any `yaml:"cells"`
}

// Keys of an entry beside its axes.
const (
	keyExclude = "exclude"
	keyLimits  = "limits"
)

// fileKeys returns all keys of the file: its own, and those of an entry of cells,
// where axes are called as their flags.
func fileKeys() (own, ofCells []string) {
	for _, axis := range Axes() {
		if !axis.FlagOnly {
			ofCells = append(ofCells, axis.Name)
		}
	}
	return []string{"budget", "max_regression", "cells"}, append(ofCells, keyExclude, keyLimits)
}

// asked is what a file asks for.
type asked struct {
	entries       []entry
	budget        time.Duration // 0: none
	maxRegression float64       // 0: none
}

// readFile reads a zstdshop.yaml strictly.
func readFile(path string, reg *harness.Registry) (*asked, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		if e, ok := errors.AsType[*os.PathError](err); ok {
			err = e.Err
		}
		if errors.Is(err, os.ErrNotExist) {
			err = errors.New("no such file: name a zstdshop.yaml (docs/gate.md shows one)")
		}
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	src := YAML{path, text}
	var f matrixFile
	own, ofCells := fileKeys()
	if err := src.Decode(&f, append(own, ofCells...)...); err != nil {
		return nil, err
	}
	if len(f.Cells) == 0 {
		return nil, fmt.Errorf("%s: it names no cells: write `cells:` with at least one `- codec: klauspost@3`", path)
	}
	out := new(asked)
	if f.Budget != "" {
		if out.budget, err = Duration(f.Budget); err != nil {
			return nil, src.At("$.budget", err)
		}
	}
	if f.MaxRegression != "" {
		if out.maxRegression, err = Share(f.MaxRegression); err != nil {
			return nil, src.At("$.max_regression", err)
		}
	}
	for i, keys := range f.Cells {
		e, err := readEntry(src, fmt.Sprintf("$.cells[%d]", i), keys, reg)
		if err != nil {
			return nil, err
		}
		out.entries = append(out.entries, e)
	}
	return out, nil
}

// readEntry reads the values of an entry as flags are read.
func readEntry(src YAML, path string, keys map[string]any, reg *harness.Registry) (entry, error) {
	e := entry{asked: Matrix{}, limits: map[string]string{}}
	e.at = func(key string, err error) error { return src.At(strings.TrimSuffix(path+"."+key, "."), err) }
	_, known := fileKeys()
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if !slices.Contains(known, key) {
			return e, e.at(key, fmt.Errorf("unknown key%s", meant(key, known)))
		}
	}
	for _, axis := range Axes() {
		values, err := texts(keys[axis.Name])
		if err != nil {
			return e, e.at(axis.Name, err)
		}
		for n, text := range values {
			if err := e.asked.Add(reg, axis, text); err != nil {
				place := axis.Name
				if len(values) > 1 {
					place = fmt.Sprintf("%s[%d]", axis.Name, n)
				}
				return e, e.at(place, err)
			}
		}
	}
	var err error
	if e.exclude, err = texts(keys[keyExclude]); err != nil {
		return e, e.at(keyExclude, err)
	}
	limits, ok := keys[keyLimits].(map[string]any)
	if !ok && keys[keyLimits] != nil {
		return e, e.at(keyLimits, errors.New("want names of metrics and their limits, as in {time: 5%}"))
	}
	for metric, limit := range limits {
		e.limits[metric] = fmt.Sprint(limit)
	}
	return e, nil
}

// texts returns a value, or a list of them, as they would be typed.
func texts(v any) ([]string, error) {
	values, isList := v.([]any)
	if !isList && v != nil {
		values = []any{v}
	}
	var out []string
	for _, v := range values {
		switch v.(type) {
		case string, int, int64, uint64, float64:
			out = append(out, fmt.Sprint(v))
		default:
			return nil, fmt.Errorf("want a value or a list of values, not %v", v)
		}
	}
	return out, nil
}
