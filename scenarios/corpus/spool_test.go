package corpus

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestSpoolRoundTrip(t *testing.T) {
	folder := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		sizes := rapid.SliceOfN(rapid.IntRange(0, 2000), 1, 8).Draw(t, "sizes")
		c := &Corpus{Name: "round trip", Members: append(members(sizes...), Member{"last", []byte("never empty")})}
		var all []byte
		for _, m := range c.Members {
			all = append(all, m.Data...)
		}
		items := Blocks(c.Members, rapid.Int64Range(0, 700).Draw(t, "block"))
		items = Sample(items, rapid.Uint64().Draw(t, "seed"), 1, rapid.Int64Range(0, 8000).Draw(t, "bytes"))

		spool, err := c.Spool(context.Background(), folder)
		if err != nil {
			t.Fatal(err)
		}
		index, err := spool.Index(items)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ReadItems(spool.Data, index)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != len(items) {
			t.Fatalf("%d items, want %d", len(got), len(items))
		}
		for i, r := range items {
			if !bytes.Equal(got[i], all[r.Offset:r.Offset+r.Length]) {
				t.Fatalf("item %d is not the bytes of %v", i, r)
			}
		}
	})
}

// TestSpoolFormat pins the two files as other languages read them.
func TestSpoolFormat(t *testing.T) {
	folder := t.TempDir()
	c := &Corpus{Name: "pair", Members: []Member{{"a", []byte("hello ")}, {"b", nil}, {"c", []byte("world")}}}
	spool, err := c.Spool(context.Background(), folder)
	if err != nil {
		t.Fatal(err)
	}
	index, err := spool.Index([]Range{{6, 5}, {0, 6}})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ path, name, want string }{
		{spool.Data, "pair.data", "hello world"},
		{index, "pair.index", "6 5\n0 6\n"},
	} {
		got, err := os.ReadFile(tt.path)
		if err != nil || string(got) != tt.want {
			t.Errorf("%s holds %q, %v; want %q", tt.path, got, err, tt.want)
		}
		if want := filepath.Join(folder, tt.name); tt.path != want {
			t.Errorf("path is %s, want %s", tt.path, want)
		}
		info, err := os.Stat(tt.path)
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode != 0o600 && runtime.GOOS != "windows" {
			t.Errorf("%s has mode %o, want 600", tt.name, mode)
		}
	}
}

func TestSpoolNeverOverwrites(t *testing.T) {
	folder := t.TempDir()
	c := &Corpus{Name: "x", Members: []Member{{"a", []byte("data")}}}
	for _, want := range []string{"x.data", "x-2.data", "x-3.data"} {
		spool, err := c.Spool(context.Background(), folder)
		if err != nil || filepath.Base(spool.Data) != want {
			t.Errorf("spooled to %v, %v; want %s", spool, err, want)
		}
	}
	spool := &Spool{folder: folder, name: "x", size: 4}
	for _, want := range []string{"x.index", "x-2.index"} {
		index, err := spool.Index([]Range{{0, 4}})
		if err != nil || filepath.Base(index) != want {
			t.Errorf("index in %s, %v; want %s", index, err, want)
		}
	}
}

func TestSpoolErrors(t *testing.T) {
	ended, end := context.WithCancelCause(context.Background())
	stop := errors.New("stop it")
	end(stop)
	c := &Corpus{Name: "x", Members: []Member{{"a", []byte("data")}}}

	folder := t.TempDir()
	if _, err := c.Spool(ended, folder); !errors.Is(err, stop) {
		t.Errorf("with ctx ended: %v, want its cause", err)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("a failed spool left %v, %v", left, err)
	}
	missing := filepath.Join(folder, "missing")
	if _, err := c.Spool(context.Background(), missing); err == nil || !strings.Contains(err.Error(), missing) {
		t.Errorf("into a folder that is not there: %v", err)
	}

	spool := &Spool{folder: folder, name: "x", size: 100}
	for _, tt := range []struct {
		name  string
		items []Range
	}{
		{"no items", nil},
		{"empty item", []Range{{0, 0}}},
		{"negative length", []Range{{5, -1}}},
		{"negative offset", []Range{{-1, 5}}},
		{"past the end", []Range{{0, 100}, {96, 5}}},
		{"begins past the end", []Range{{101, 1}}},
		{"overflow", []Range{{1, 1<<63 - 1}}},
	} {
		if _, err := spool.Index(tt.items); err == nil {
			t.Errorf("%s: no error", tt.name)
		}
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("a failed index left %v, %v", left, err)
	}
}

// TestWriteChunks writes more data than goes into one write, and interrupts
// between two.
func TestWriteChunks(t *testing.T) {
	data := make([]byte, 2*chunk+5)
	for i := 0; i < len(data); i += 1021 {
		data[i] = byte(i >> 10)
	}
	var written bytes.Buffer
	written.Grow(len(data))
	if err := writeChunks(context.Background(), &written, data); err != nil || !bytes.Equal(written.Bytes(), data) {
		t.Errorf("%d bytes written, not the %d that were given, or %v", written.Len(), len(data), err)
	}

	stop := errors.New("stop it")
	ctx, end := context.WithCancelCause(context.Background())
	var writes int
	err := writeChunks(ctx, writerFunc(func(p []byte) (int, error) {
		writes++
		end(stop)
		return len(p), nil
	}), data)
	if !errors.Is(err, stop) || writes != 1 {
		t.Errorf("interrupted in the first write: %v after %d writes", err, writes)
	}

	full := errors.New("disk full")
	err = writeChunks(context.Background(), writerFunc(func([]byte) (int, error) { return 0, full }), data)
	if !errors.Is(err, full) {
		t.Errorf("to a full disk: %v", err)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

func TestFileName(t *testing.T) {
	for _, tt := range []struct{ name, want string }{
		{"dickens", "dickens"},
		{"Silesia_v1.2-x", "Silesia_v1.2-x"},
		{"a b/c\\d:e", "a_b_c_d_e"},
		{"über", "_ber"},
		{"..", "_."},
		{".hidden", "_hidden"},
		{strings.Repeat("long", 100), strings.Repeat("long", 16)},
	} {
		if got := fileName(tt.name); got != tt.want {
			t.Errorf("fileName(%q) = %q, want %q", tt.name, got, tt.want)
		}
	}
}
