package corpus

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestReadItemsErrors(t *testing.T) {
	const data = "0123456789"
	for _, tt := range []struct{ name, index, want string }{
		{"empty", "", "no items"},
		{"blank line", "\n", "line 1"},
		{"blank last line", "0 5\n\n", "line 2"},
		{"no newline", "0 5", "line 1"},
		{"cut in the second line", "0 5\n5 ", "line 2"},
		{"one number", "5\n", "line 1"},
		{"three numbers", "0 5 5\n", "line 1"},
		{"two spaces", "0  5\n", "line 1"},
		{"tab", "0\t5\n", "line 1"},
		{"leading space", " 0 5\n", "line 1"},
		{"trailing space", "0 5 \n", "line 1"},
		{"carriage return", "0 5\r\n", "line 1"},
		{"plus", "+0 5\n", "line 1"},
		{"minus", "0 -5\n", "line 1"},
		{"minus zero", "-0 5\n", "line 1"},
		{"leading zero", "00 5\n", "line 1"},
		{"hexadecimal", "0x0 5\n", "line 1"},
		{"underscore", "0 1_0\n", "line 1"},
		{"fraction", "0 5.0\n", "line 1"},
		{"words", "offset length\n", "line 1"},
		{"more than 63 bits", "0 9223372036854775808\n", "line 1"},
		{"a line without end", strings.Repeat("1", 1<<20), "line 1"},
		{"empty item", "0 5\n5 0\n", "line 2"},
		{"past the end", "0 10\n6 5\n", "line 2: 5 bytes at 6 is outside the data of 10 bytes"},
		{"begins past the end", "11 1\n", "outside the data"},
		{"sum overflows", "9223372036854775807 9223372036854775807\n", "outside the data"},
		{"length overflows", "1 9223372036854775807\n", "outside the data"},
	} {
		dataPath, indexPath := spooled(t, data, tt.index)
		items, err := ReadItems(dataPath, indexPath)
		if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "index") {
			t.Errorf("%s: %d items, %v; want an error with %q", tt.name, len(items), err, tt.want)
		}
	}

	dataPath, indexPath := spooled(t, data, "0 5\n")
	folder := filepath.Dir(dataPath)
	for _, tt := range []struct{ name, data, index string }{
		{"no data file", dataPath + "x", indexPath},
		{"no index file", dataPath, indexPath + "x"},
		{"data is a folder", folder, indexPath},
		{"index is a folder", dataPath, folder},
	} {
		if _, err := ReadItems(tt.data, tt.index); err == nil {
			t.Errorf("%s: no error", tt.name)
		}
	}
}

func TestParseDecimal(t *testing.T) {
	for _, tt := range []struct {
		digits string
		want   int64
		ok     bool
	}{
		{"0", 0, true},
		{"7", 7, true},
		{"9223372036854775807", 1<<63 - 1, true},
		{"9223372036854775808", 0, false},
		{"18446744073709551616", 0, false},
		{"", 0, false},
		{"07", 0, false},
		{"+7", 0, false},
	} {
		got, ok := parseDecimal([]byte(tt.digits))
		if ok != tt.ok || ok && got != tt.want {
			t.Errorf("parseDecimal(%q) = %d, %v; want %d, %v", tt.digits, got, ok, tt.want, tt.ok)
		}
	}
}

func TestReadItems(t *testing.T) {
	for _, tt := range []struct {
		name, index string
		want        []string
	}{
		{"all", "0 10\n", []string{"0123456789"}},
		{"adjacent", "0 4\n4 4\n8 2\n", []string{"0123", "4567", "89"}},
		{"with gaps", "1 2\n5 1\n", []string{"12", "5"}},
		{"not in order", "8 2\n0 4\n", []string{"89", "0123"}},
		{"overlapping", "2 5\n0 4\n3 1\n", []string{"23456", "0123", "3"}},
		{"the same twice", "3 2\n3 2\n", []string{"34", "34"}},
		{"same start", "3 4\n3 2\n3 3\n", []string{"3456", "34", "345"}},
		{"last byte", "9 1\n", []string{"9"}},
	} {
		dataPath, indexPath := spooled(t, "0123456789", tt.index)
		items, err := ReadItems(dataPath, indexPath)
		if err != nil || len(items) != len(tt.want) {
			t.Errorf("%s: %q, %v", tt.name, items, err)
			continue
		}
		for i, item := range items {
			if string(item) != tt.want[i] || cap(item) != len(item) {
				t.Errorf("%s: item %d is %q with room for %d, want %q", tt.name, i, item, cap(item), tt.want[i])
			}
		}
	}
}

// TestReadRangesReadsOnce checks the reads themselves: a small subset of much
// data must cost a small read.
func TestReadRangesReadsOnce(t *testing.T) {
	data := members(5000)[0].Data
	rapid.Check(t, func(t *rapid.T) {
		ranges := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Range {
			offset := rapid.Int64Range(0, 4999).Draw(t, "offset")
			return Range{offset, rapid.Int64Range(1, min(300, 5000-offset)).Draw(t, "length")}
		}), 1, 20).Draw(t, "ranges")
		listed := make([]bool, len(data)+1)
		var union, pieces int
		for _, r := range ranges {
			for i := range r.Length {
				listed[r.Offset+i] = true
			}
		}
		for i := range data {
			if listed[i] {
				union++
				if !listed[i+1] {
					pieces++
				}
			}
		}
		counted := &countingReader{ReaderAt: bytes.NewReader(data)}
		items, err := readRanges(counted, ranges)
		if err != nil {
			t.Fatal(err)
		}
		if counted.bytes != union || counted.calls > pieces {
			t.Fatalf("%d bytes in %d reads, want %d in %d", counted.bytes, counted.calls, union, pieces)
		}
		for i, r := range ranges {
			if !bytes.Equal(items[i], data[r.Offset:r.Offset+r.Length]) {
				t.Fatalf("item %d is not the bytes of %v", i, r)
			}
		}
	})
}

func TestReadRangesOfFileThatShrinks(t *testing.T) {
	_, err := readRanges(strings.NewReader("short"), []Range{{0, 10}})
	if err == nil || !strings.Contains(err.Error(), "became shorter") {
		t.Errorf("error is %v", err)
	}
}

type countingReader struct {
	io.ReaderAt
	calls, bytes int
}

func (c *countingReader) ReadAt(p []byte, offset int64) (int, error) {
	c.calls++
	c.bytes += len(p)
	return c.ReaderAt.ReadAt(p, offset)
}

// spooled writes a data and an index file.
func spooled(t testing.TB, data, index string) (dataPath, indexPath string) {
	t.Helper()
	folder := t.TempDir()
	dataPath, indexPath = filepath.Join(folder, "data"), filepath.Join(folder, "index")
	for path, content := range map[string]string{dataPath: data, indexPath: index} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dataPath, indexPath
}
