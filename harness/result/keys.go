package result

import (
	"cmp"
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
	// Condition is how the value stands among the conditions of a model in a sentence, such
	// as "CPUs %s"; "" where the sentence says it elsewhere, or not at all.
	Condition string
	// Effective is what became of the value in the cell, such as the level that a
	// codec has instead of the one asked for; nil where the value is taken as it is.
	Effective func(*CellResult) *int

	field   func(*Cell) any    // points to the value: *string, *int or *int64
	applies func(*Cell) bool   // nil: where the value is not "" or 0
	named   func(*Cell) bool   // nil: in names wherever it applies
	read    func(*Cell)        // nil, or completes the cell once the value has been read
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
		applies: func(c *Cell) bool { return c.HasLevel() }, read: func(c *Cell) { c.SetLevel(c.Level) },
		Effective: func(c *CellResult) *int { return c.EffectiveLevel }},
	{Name: "dict", Kind: Model, Condition: "dictionary %s", field: func(c *Cell) any { return &c.Dict }, later: true},
	{Name: "runner", Kind: Model, field: func(c *Cell) any { return &c.Runner }, always: true},
	{Name: "workers", Kind: Model, Number: true, field: func(c *Cell) any { return &c.Workers }, always: true},
	{Name: "tasks", Kind: Model, Number: true, field: func(c *Cell) any { return &c.Tasks }, work: true,
		named: func(c *Cell) bool { return c.Tasks != c.Workers }},
	{Name: "block", Kind: Data, Number: true, Unit: Bytes, field: func(c *Cell) any { return &c.Block },
		applies: func(c *Cell) bool { return c.Corpus != "" }, spell: BlockName, csv: "block_bytes"},
	{Name: "stream", Kind: Data, Number: true, Unit: Bytes, field: func(c *Cell) any { return &c.Stream }, later: true, csv: "stream_bytes"},
	{Name: "iters", Kind: Data, Number: true, Unit: Count, field: func(c *Cell) any { return &c.Iters }},
	{Name: "rate", Kind: Data, Number: true, Unit: PerSecond, field: func(c *Cell) any { return &c.Rate }, later: true},
	{Name: "gomaxprocs", Kind: Model, Number: true, Condition: "GOMAXPROCS=%s", field: func(c *Cell) any { return &c.GOMAXPROCS }, json: "gomaxprocs_asked"},
	{Name: "cpus", Kind: Model, Condition: "CPUs %s", field: func(c *Cell) any { return &c.CPUs }},
	{Name: "env", Kind: Model, Condition: "%s", field: func(c *Cell) any { return &c.Env }},
	{Name: "language", Kind: Model, Condition: "%s", field: func(c *Cell) any { return &c.Language }, later: true},
	{Name: "build", Kind: Side, field: func(c *Cell) any { return &c.Build }},
}

// Keys lists all there are, in the order of names and columns.
func Keys() []Key { return slices.Clone(keys) }

// value is the key's value in a cell as text, and as a number where it is one.
func (k Key) value(c Cell) (text string, n int64) {
	switch v := k.field(&c).(type) {
	case *string:
		return *v, 0
	case *int:
		n = int64(*v)
	case *int64:
		n = *v
	}
	return strconv.FormatInt(n, 10), n
}

// Int is the value of a number.
func (k Key) Int(c Cell) int64 {
	_, n := k.value(c)
	return n
}

// Applies reports whether a cell has the key.
func (k Key) Applies(c Cell) bool {
	if k.applies != nil {
		return k.applies(&c)
	}
	text, n := k.value(c)
	return k.always || n != 0 || !k.Number && text != ""
}

// Raw is the value as programs read it, numbers in base units; "" where the key does
// not apply.
func (k Key) Raw(c Cell) string {
	if !k.Applies(c) {
		return ""
	}
	text, _ := k.value(c)
	return text
}

// Text is the value as it stands in names; "" where the key does not apply or says
// nothing that another has not said.
func (k Key) Text(c Cell) string {
	_, n := k.value(c)
	switch {
	case !k.Applies(c) || k.named != nil && !k.named(&c):
		return ""
	case k.spell != nil:
		return k.spell(n)
	case k.Number && n == 0 && k.applies == nil:
		return ""
	}
	return k.Raw(c)
}

// JSONName is the key's member in the JSON of a result.
func (k Key) JSONName() string { return cmp.Or(k.json, k.Name) }

// CSVName is the key's column in CSV.
func (k Key) CSVName() string { return cmp.Or(k.csv, k.JSONName()) }

// KeyOf looks a key up by its name.
func KeyOf(name string) (Key, bool) {
	if i := slices.IndexFunc(keys, func(k Key) bool { return k.Name == name }); i >= 0 {
		return keys[i], true
	}
	return Key{}, false
}

// Name joins the keys that apply: "scenario=compress/corpus=logs/codec=klauspost/
// level=3/runner=pool/workers=2/block=65536". Values keep any byte they have; formats
// escape.
func (c Cell) Name() string {
	return c.nameBy(func(Key) bool { return true })
}

// nameBy joins some of the keys that apply.
func (c Cell) nameBy(wanted func(Key) bool) string {
	var parts []string
	for _, k := range keys {
		if v := k.Text(c); v != "" && wanted(k) {
			parts = append(parts, k.Name+"="+v)
		}
	}
	return strings.Join(parts, "/")
}

// Unsided is the cell's name without its side.
func (c Cell) Unsided() string {
	c.Build = ""
	return c.Name()
}

// Unhosted is the cell's name wherever it was measured.
func (c Cell) Unhosted() string {
	c.Host = ""
	return c.Name()
}

// UnitName is the keys of what the cell works on: "scenario=compress/corpus=logs/
// block=65536". Cells that share it stand in one table and are measured together on one
// machine, since nothing is compared across it.
func (c Cell) UnitName() string {
	return c.nameBy(func(k Key) bool { return k.Kind == Data })
}

// Group is what cells must share to be compared with each other: the work, or
// everything but the build where two programs are compared.
func (c Cell) Group() string {
	if c.Build != "" {
		return c.Unsided()
	}
	var parts []string
	for _, k := range keys {
		if k.Kind == Data || k.work {
			parts = append(parts, k.Raw(c))
		}
	}
	return strings.Join(parts, "\x00")
}

// BlockName prints a block size as it stands in names: bytes, or "whole".
func BlockName(block int64) string {
	if block == 0 {
		return "whole"
	}
	return strconv.FormatInt(block, 10)
}
