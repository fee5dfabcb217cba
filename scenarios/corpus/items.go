package corpus

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
)

// ReadItems reads the items that an index file lists from a data file, in the
// order of the index. Only the bytes that are listed are read, each once, into
// one buffer that the items share. Where ranges overlap, callers must not write
// to items; appending to one never touches another.
//
// The index is parsed strictly, because nobody would notice a worker that
// measured something else than the others: every line is two decimal numbers
// without sign or leading zero, one space between them and a newline after;
// every range lies in the data and is not empty; there is at least one.
func ReadItems(dataPath, indexPath string) ([][]byte, error) {
	index, err := os.Open(indexPath)
	if err != nil {
		return nil, fmt.Errorf("read index: %w", err)
	}
	defer index.Close()
	ranges, err := readIndex(index)
	if err != nil {
		return nil, fmt.Errorf("read index %q: %w", indexPath, err)
	}
	data, err := os.Open(dataPath)
	if err != nil {
		return nil, fmt.Errorf("read data: %w", err)
	}
	defer data.Close()
	info, err := data.Stat()
	if err != nil {
		return nil, fmt.Errorf("read data: %w", err)
	}
	for i, r := range ranges {
		if err := r.check(info.Size()); err != nil {
			return nil, fmt.Errorf("index %q line %d: %w", indexPath, i+1, err)
		}
	}
	items, err := readRanges(data, ranges)
	if err != nil {
		return nil, fmt.Errorf("read data %q: %w", dataPath, err)
	}
	return items, nil
}

// readIndex parses an index. It does not know the data, so ranges may still lie
// outside.
func readIndex(r io.Reader) ([]Range, error) {
	var ranges []Range
	lines := bufio.NewReaderSize(r, 64<<10)
	for {
		line, err := lines.ReadSlice('\n')
		if err == io.EOF && len(line) == 0 {
			break
		}
		if err != nil && err != io.EOF && err != bufio.ErrBufferFull {
			return nil, err
		}
		item, ok := parseRange(line)
		if !ok {
			return nil, fmt.Errorf("line %d: want \"offset length\" and a newline, found %q", len(ranges)+1, line[:min(len(line), 60)])
		}
		ranges = append(ranges, item)
	}
	if len(ranges) == 0 {
		return nil, errors.New("no items")
	}
	return ranges, nil
}

// parseRange parses one line, newline included.
func parseRange(line []byte) (Range, bool) {
	line, newline := bytes.CutSuffix(line, []byte("\n"))
	first, second, space := bytes.Cut(line, []byte(" "))
	offset, ok1 := parseDecimal(first)
	length, ok2 := parseDecimal(second)
	return Range{offset, length}, newline && space && ok1 && ok2
}

// parseDecimal accepts what strconv.AppendInt writes for v >= 0 and nothing
// else.
func parseDecimal(digits []byte) (int64, bool) {
	v, err := strconv.ParseUint(string(digits), 10, 63)
	return int64(v), err == nil && (digits[0] != '0' || len(digits) == 1)
}

// readRanges reads ranges that lie inside data.
func readRanges(data io.ReaderAt, ranges []Range) ([][]byte, error) {
	pieces := merge(ranges)
	var total int64
	for _, p := range pieces {
		total += p.Length
	}
	if total > math.MaxInt {
		return nil, fmt.Errorf("%d bytes do not fit into this process: use a smaller sample", total)
	}
	buffer := make([]byte, total)
	starts := make([]int64, len(pieces)) // of the pieces in buffer
	var start int64
	for i, p := range pieces {
		starts[i] = start
		start += p.Length
		n, err := data.ReadAt(buffer[starts[i]:start], p.Offset)
		if int64(n) < p.Length { // at the end of the file io.EOF may come with all bytes
			if err == io.EOF {
				err = errors.New("the file became shorter while it was read")
			}
			return nil, err
		}
	}
	items := make([][]byte, len(ranges))
	for i, r := range ranges {
		at, found := slices.BinarySearchFunc(pieces, r.Offset, func(p Range, offset int64) int {
			return cmp.Compare(p.Offset, offset)
		})
		if !found {
			at-- // the piece that begins before it
		}
		from := starts[at] + r.Offset - pieces[at].Offset
		items[i] = buffer[from : from+r.Length : from+r.Length]
	}
	return items, nil
}

// merge returns the union of ranges, sorted, with touching and overlapping ones
// joined.
func merge(ranges []Range) []Range {
	sorted := slices.Clone(ranges)
	slices.SortFunc(sorted, func(a, b Range) int { return cmp.Compare(a.Offset, b.Offset) })
	var merged []Range
	for _, r := range sorted {
		if last := len(merged) - 1; last >= 0 && r.Offset <= merged[last].Offset+merged[last].Length {
			end := max(merged[last].Offset+merged[last].Length, r.Offset+r.Length)
			merged[last].Length = end - merged[last].Offset
			continue
		}
		merged = append(merged, r)
	}
	return merged
}
