package reports

import (
	"cmp"
	"slices"
	"strings"

	"zstdshop/harness/result"
)

// pivot lays cells out with the values of some keys down and of others across: a
// table for each figure asked for (the main one unless told) and for each
// combination of the keys that are in neither.
func pivot(r *result.Result, notes *footnotes, o Options) []table {
	if o.Rows == nil {
		o.Rows = varyingKeys(r, o.Cols)
	}
	rest := splitting(r, o)
	marked := marks(r)
	var all []table
	for _, cells := range result.GroupBy(cellsOf(r), func(c *result.CellResult) string { return joined(c, rest) }) {
		o.sorted(cells)
		var heading []fact
		for _, name := range rest {
			if v := keyOf(cells[0], name); v != "" {
				heading = append(heading, fact{name, keyText(cells[0], name, rest)})
			}
		}
		for _, f := range pivotFigures(cells, o) {
			all = append(all, pivotTable(cells, f, heading, marked, notes, o))
		}
	}
	return all
}

// splitting are the keys that are neither of rows nor of columns. Workers and tasks,
// which follow from the runner where there is but one number of them, are left out
// if no two cells come to stand in one place for it.
func splitting(r *result.Result, o Options) []string {
	rest := slices.DeleteFunc(Keys(), func(name string) bool { return slices.Contains(o.Rows, name) || slices.Contains(o.Cols, name) })
	for _, name := range []string{"workers", "tasks"} {
		fewer := slices.DeleteFunc(slices.Clone(rest), func(n string) bool { return n == name })
		places := map[string]bool{}
		for _, c := range cellsOf(r) {
			places[joined(c, slices.Concat(fewer, o.Rows, o.Cols))] = true
		}
		if len(places) == len(r.Cells) {
			rest = fewer
		}
	}
	return rest
}

// pivotFigures are those asked for that any cell has, or the first one there is.
func pivotFigures(cells []*result.CellResult, o Options) []figure {
	have := slices.DeleteFunc(o.picked(), func(f figure) bool { return f.each(cells) == nil })
	if o.Columns == nil && len(have) > 1 {
		return have[:1]
	}
	return have
}

// joined is a cell's values of some keys, told apart whatever they hold.
func joined(c *result.CellResult, keys []string) string {
	return strings.Join(mapped(keys, func(name string) string { return keyOf(c, name) }), "\x00")
}

// distinct are cells that stand for all those of the same values of some keys, in order
// of first appearance.
func distinct(cells []*result.CellResult, keys []string) []*result.CellResult {
	same := result.GroupBy(cells, func(c *result.CellResult) string { return joined(c, keys) })
	return mapped(same, func(cells []*result.CellResult) *result.CellResult { return cells[0] })
}

func pivotTable(cells []*result.CellResult, f figure, heading []fact, marked map[*result.CellResult]string, notes *footnotes, o Options) table {
	first, heads := distinct(cells, o.Rows), distinct(cells, o.Cols)
	names, shared := headNames(heads, o.Cols)
	t := table{heading: slices.Concat(heading, shared, []fact{{"figure", f.Name}})}
	t.rows = make([]row, len(first))
	for _, name := range used(o.Rows, first) {
		k, _ := result.KeyOf(name)
		t.add(column{name: name, right: k.Number}, first, func(c *result.CellResult) cell { return cell{text: keyText(c, name, o.Rows)} })
	}
	t.keys = len(t.columns)
	places := map[[2]string]*result.CellResult{}
	for _, c := range cells {
		places[[2]string{joined(c, o.Rows), joined(c, o.Cols)}] = c
	}
	at := func(row, head *result.CellResult) *result.CellResult {
		return places[[2]string{joined(row, o.Rows), joined(head, o.Cols)}]
	}
	d := f.drawing(f.each(cells), o.Wide)
	for k, head := range heads {
		col := d.column()
		col.name, col.unit, col.spare, col.speed = cmp.Or(names[k], f.Name), cmp.Or(d.unit.name, f.Name), len(heads)-k, false
		t.add(col, first, func(c *result.CellResult) cell {
			found := at(c, head)
			switch {
			case found == nil:
				return cell{}
			case f.of(found) != nil:
				drawn := d.cell(f.of(found))
				if f.Speed {
					drawn.mark = marked[found]
				}
				return drawn
			case found.Status != result.StatusOK:
				return cell{text: found.Status}
			}
			return cell{text: "-"}
		})
	}
	if slices.Contains(o.Rows, "codec") {
		for i, c := range first {
			t.rows[i].ceiling = ceilingName(c)
		}
	}
	t.addUsed(column{name: "notes"}, first, func(c *result.CellResult) cell {
		var texts []string
		for _, head := range heads {
			if found := at(c, head); found != nil {
				texts = append(texts, notes.about(found, false)...)
			}
		}
		return cell{notes: notes.numbersOf(texts)}
	})
	return t
}

// used are the keys that any of these cells has; all where none has any.
func used(keys []string, cells []*result.CellResult) []string {
	some := slices.DeleteFunc(slices.Clone(keys), func(key string) bool {
		return !slices.ContainsFunc(cells, func(c *result.CellResult) bool { return keyOf(c, key) != "" })
	})
	if len(some) == 0 {
		return keys
	}
	return some
}

// headNames are the values of the keys across, of each head those that it has. A key of which
// there is but one value is said once, in shared. Where that would not tell the heads apart
// each has all of its values, and a - for what it has not.
func headNames(heads []*result.CellResult, keys []string) (names []string, shared []fact) {
	value := func(head *result.CellResult, key string) string { return keyText(head, key, keys) }
	var own []string
	for _, key := range keys {
		values := slices.Compact(slices.Sorted(slices.Values(mapped(heads, func(head *result.CellResult) string { return value(head, key) }))))
		if some := slices.DeleteFunc(values, func(v string) bool { return v == "" }); len(some) == 1 {
			shared = append(shared, fact{key, some[0]})
		} else if len(some) > 1 {
			own = append(own, key)
		}
	}
	names = mapped(heads, func(head *result.CellResult) string {
		return strings.Join(slices.DeleteFunc(mapped(own, func(key string) string { return visible(value(head, key)) }), func(v string) bool { return v == "" }), " ")
	})
	if told := slices.Compact(slices.Sorted(slices.Values(names))); len(told) == len(heads) && told[0] != "" {
		return names, shared
	}
	return mapped(heads, func(head *result.CellResult) string {
		return strings.Join(mapped(keys, func(key string) string { return cmp.Or(visible(value(head, key)), "-") }), " ")
	}), nil
}

// varyingKeys are those inside a table that differ between cells and are not across:
// the rows where nobody said which.
func varyingKeys(r *result.Result, cols []string) []string {
	var keys []string
	for _, k := range keysOfKind(result.Model) {
		values := map[string]bool{}
		for _, c := range r.Cells {
			values[k.Text(c.Cell)] = true
		}
		if len(values) > 1 && !slices.Contains(cols, k.Name) {
			keys = append(keys, k.Name)
		}
	}
	return keys
}
