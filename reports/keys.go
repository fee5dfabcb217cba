package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"zstdshop/harness/result"
)

// Keys lists what tells cells apart, in the order of names.
func Keys() []string {
	cells := slices.DeleteFunc(result.Keys(), func(k result.Key) bool { return k.Kind == result.Side })
	return mapped(cells, func(k result.Key) string { return k.Name })
}

// keysOfKind are the keys of data, which a table shares, or of models, which may vary in it.
func keysOfKind(kind result.KeyKind) []result.Key {
	return slices.DeleteFunc(result.Keys(), func(k result.Key) bool { return k.Kind != kind })
}

// keyOf is a cell's value of a key; "" where it does not apply.
func keyOf(c *result.CellResult, name string) string {
	k, ok := result.KeyOf(name)
	if !ok {
		return ""
	}
	return k.Text(c.Cell)
}

// drawKey is a cell's value of a key as tables show it, with what became of it where
// that is something else: "9 → 7".
func drawKey(k result.Key, c *result.CellResult) string {
	if !k.Applies(c.Cell) {
		return ""
	}
	text := k.Raw(c.Cell)
	switch k.Unit {
	case result.Bytes:
		return blockText(k.Int(c.Cell))
	case result.Count:
		return grouped(k.Int(c.Cell))
	case result.PerSecond:
		return grouped(k.Int(c.Cell)) + " a second"
	}
	if k.Effective != nil {
		if became := k.Effective(c); became != nil && int64(*became) != k.Int(c.Cell) {
			text += becomes + strconv.Itoa(*became)
		}
	}
	return text
}

// becomes stands between what was asked for and what became of it.
const becomes = " → "

// levelOf is the level asked for and what the codec makes of it; "" without levels.
func levelOf(c *result.CellResult) string {
	k, _ := result.KeyOf("level")
	return drawKey(k, c)
}

// keyText is a cell's value of one of several keys as tables show it. What became of
// a value is told only beside the codec, which makes it.
func keyText(c *result.CellResult, name string, beside []string) string {
	k, _ := result.KeyOf(name)
	if k.Unit == result.Bytes || k.Unit == result.Count || k.Effective != nil && slices.Contains(beside, "codec") {
		return drawKey(k, c)
	}
	return k.Text(c.Cell)
}

// keyTable begins a table with what the cells share and a column for each key
// that varies.
func keyTable(cells []*result.CellResult) table {
	t := table{heading: headingOf(cells), rows: make([]row, len(cells))}
	shared, varying := splitKeys(cells)
	t.heading = append(t.heading, shared...)
	t.heading = append(t.heading, sizeOf(cells)...)
	for _, k := range varying {
		t.add(column{name: k.Name, right: k.Number && k.Effective == nil}, cells, func(c *result.CellResult) cell { return cell{text: drawKey(k, c)} })
	}
	t.keys = len(t.columns)
	return t
}

// splitKeys tells the keys that all cells share from those that vary. A codec
// without levels leaves the level of the others shared. Tasks are a key where
// they are not the workers. One key varies always, so that a row has a name.
func splitKeys(cells []*result.CellResult) (shared []fact, varying []result.Key) {
	var keep []result.Key
	for _, k := range keysOfKind(result.Model) {
		// Of a number that names leave out where another says it, this table says no
		// more than names do.
		if !slices.ContainsFunc(cells, func(c *result.CellResult) bool { return k.Text(c.Cell) != "" }) {
			continue
		}
		values := make(map[string]bool)
		for _, c := range cells {
			if k.Effective != nil && !k.Applies(c.Cell) {
				continue
			}
			values[drawKey(k, c)] = true
		}
		if len(values) > 1 {
			varying = append(varying, k)
			continue
		}
		for text := range values {
			if text != "" {
				shared = append(shared, fact{k.Name, text})
				keep = append(keep, k)
			}
		}
	}
	if len(varying) == 0 && len(keep) > 0 {
		return shared[1:], keep[:1]
	}
	return shared, varying
}

// headingOf is the keys that make the table one.
func headingOf(cells []*result.CellResult) []fact {
	var heading []fact
	for _, k := range keysOfKind(result.Data) {
		if text := drawKey(k, cells[0]); text != "" {
			heading = append(heading, fact{k.Name, text})
		}
	}
	return heading
}

// sizeOf is how much data the cells worked on.
func sizeOf(cells []*result.CellResult) []fact {
	whole, used := dataOf(cells)
	if whole == 0 {
		return nil
	}
	size := bytesText(whole)
	if 0 < used && used < whole {
		size = bytesText(used) + " sampled from " + size
	}
	if mean := meanItem(cells); mean != 0 {
		size += " in items of " + bytesText(mean)
	}
	if short, same := sharedBy(cells, shortText); same && short != "" {
		size += ", speeds of " + short
	}
	return []fact{{"data", size}}
}

// tableRows sorts cells into tables, in order of first appearance.
// Inside a table cells that may be compared stand together, by tasks and
// level, otherwise in their old order, and the ceiling comes last.
func tableRows(cells set) []set {
	tables := result.GroupBy(cells, func(c *result.CellResult) string {
		return strings.Join(mapped(keysOfKind(result.Data), func(k result.Key) string { return k.Raw(c.Cell) }), "\x00")
	})
	for _, rows := range tables {
		slices.SortStableFunc(rows, func(a, b *result.CellResult) int {
			return cmp.Or(cmp.Compare(last(a), last(b)), cmp.Compare(a.Tasks, b.Tasks), cmp.Compare(a.Level, b.Level))
		})
	}
	return tables
}

// last is 1 for a cell that stands behind all others.
func last(c *result.CellResult) int {
	if isCeiling(c) {
		return 1
	}
	return 0
}

// addShort appends how much data a cell worked on where that is less than it should be;
// nothing where no cell did, or where the heading says it of all.
func (t *table) addShort(cells []*result.CellResult) {
	if _, same := sharedBy(cells, shortText); !same || sizeOf(cells) == nil {
		t.addUsed(column{name: "data", right: true}, cells, func(c *result.CellResult) cell { return cell{text: shortText(c)} })
	}
}

// shortText is how much data a cell worked on where that is less than it should be; else "".
func shortText(c *result.CellResult) string {
	if !c.ShortSubset() {
		return ""
	}
	return fmt.Sprintf("only %d of %s", c.Items, plural(c.CorpusItems, "item"))
}
