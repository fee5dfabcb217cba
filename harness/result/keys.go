package result

import (
	"slices"
	"strconv"
	"strings"
)

// A Key is one condition of a cell. What is known of keys is declared in the table
// below, and names, tables, filters, views and formats go by it: a new key is a field
// of Cell and a row here.
type Key struct {
	Name string // in a cell's name, in filters and views
	Kind KeyKind
	Unit Unit // of a number
	// Number is set where values are whole numbers, which sort by size and stand at
	// the right of a column.
	Number bool
	// Effective is what became of the value in the cell, such as the level that a
	// codec has instead of the one asked for; nil where the value is taken as it is.
	Effective func(*CellResult) *int

	field   func(*Cell) any    // points to the value: *string, *int or *int64
	applies func(*Cell) bool   // nil: where the value is not "" or 0
	named   func(*Cell) bool   // nil: in names wherever it applies
	spell   func(int64) string // a number in names; nil: its digits

	work   bool   // cells that are compared share it, though it is no Data
	always bool   // every cell has it: never null in JSON
	later  bool   // younger than v1: absent from JSON where it does not apply, never null
	json   string // member in JSON where that is not Name
	csv    string // column in CSV where that is not the member in JSON
}

// KeyKind says what a key is about.
type KeyKind int

const (
	// Data is what is worked on. Cells of other data stand in tables of their own.
	Data KeyKind = iota
	// Model is how it is done, by what and where: a column where it varies.
	Model
	// Side tells two programs or two runs of one cell apart.
	Side
)

// keys are in the order of names and columns.
var keys = []Key{
	{Name: "host", Kind: Model, field: func(c *Cell) any { return &c.Host }, later: true, work: true},
	{Name: "scenario", Kind: Data, field: func(c *Cell) any { return &c.Scenario }, always: true},
	{Name: "endpoint", Kind: Data, field: func(c *Cell) any { return &c.Endpoint }, later: true},
	{Name: "corpus", Kind: Data, field: func(c *Cell) any { return &c.Corpus }},
	{Name: "codec", Kind: Model, field: func(c *Cell) any { return &c.Codec }},
	{Name: "level", Kind: Model, Number: true, field: func(c *Cell) any { return &c.Level }, work: true,
		Effective: func(c *CellResult) *int { return c.EffectiveLevel }},
	{Name: "runner", Kind: Model, field: func(c *Cell) any { return &c.Runner }, always: true},
	{Name: "workers", Kind: Model, Number: true, field: func(c *Cell) any { return &c.Workers }, always: true},
	{Name: "tasks", Kind: Model, Number: true, field: func(c *Cell) any { return &c.Tasks }, work: true,
		named: func(c *Cell) bool { return c.Tasks != c.Workers }},
	{Name: "block", Kind: Data, Number: true, Unit: Bytes, field: func(c *Cell) any { return &c.Block },
		applies: func(c *Cell) bool { return c.Corpus != "" }, spell: BlockName, csv: "block_bytes"},
	{Name: "iters", Kind: Data, Number: true, Unit: Count, field: func(c *Cell) any { return &c.Iters }},
	{Name: "rate", Kind: Data, Number: true, Unit: PerSecond, field: func(c *Cell) any { return &c.Rate }, later: true},
	{Name: "gomaxprocs", Kind: Model, Number: true, field: func(c *Cell) any { return &c.GOMAXPROCS }, json: "gomaxprocs_asked"},
	{Name: "cpus", Kind: Model, field: func(c *Cell) any { return &c.CPUs }},
	{Name: "env", Kind: Model, field: func(c *Cell) any { return &c.Env }},
	{Name: "language", Kind: Model, field: func(c *Cell) any { return &c.Language }, later: true},
	{Name: "build", Kind: Side, field: func(c *Cell) any { return &c.Build }},
}

// Keys lists all there are, in the order of names and columns.
func Keys() []Key { return slices.Clone(keys) }

// Applies reports whether a cell has the key.
func (k Key) Applies(c Cell) bool {
	switch v := k.field(&c).(type) {
	case *string:
		return k.always || *v != ""
	case *int:
		return k.always || *v != 0
	}
	return k.applies(&c)
}

// Raw is the value as programs read it, numbers in base units; "" where the key does
// not apply.
func (k Key) Raw(c Cell) string {
	if !k.Applies(c) {
		return ""
	}
	switch v := k.field(&c).(type) {
	case *string:
		return *v
	case *int:
		return strconv.Itoa(*v)
	case *int64:
		return strconv.FormatInt(*v, 10)
	}
	return ""
}

// Text is the value as it stands in names; "" where the key does not apply or says
// nothing that another has not said.
func (k Key) Text(c Cell) string {
	if !k.Applies(c) || k.named != nil && !k.named(&c) {
		return ""
	}
	switch v := k.field(&c).(type) {
	case *int:
		if *v == 0 {
			return ""
		}
	case *int64:
		if k.spell != nil {
			return k.spell(*v)
		}
	}
	return k.Raw(c)
}

// Int is the value of a number.
func (k Key) Int(c Cell) int64 {
	switch v := k.field(&c).(type) {
	case *int:
		return int64(*v)
	case *int64:
		return *v
	}
	return 0
}

// JSONName is the key's member in the JSON of a result.
func (k Key) JSONName() string { return orElse(k.json, k.Name) }

// CSVName is the key's column in CSV.
func (k Key) CSVName() string { return orElse(k.csv, k.JSONName()) }

// KeyOf looks a key up by its name.
func KeyOf(name string) (Key, bool) {
	i := slices.IndexFunc(keys, func(k Key) bool { return k.Name == name })
	if i < 0 {
		return Key{}, false
	}
	return keys[i], true
}

// Name joins the keys that apply: "scenario=compress/corpus=logs/codec=klauspost/
// level=3/runner=pool/workers=2/block=65536". Values keep any byte they have; formats
// escape.
func (c Cell) Name() string {
	var parts []string
	for _, k := range keys {
		if v := k.Text(c); v != "" {
			parts = append(parts, k.Name+"="+v)
		}
	}
	return strings.Join(parts, "/")
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
