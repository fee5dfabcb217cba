package corpus

import (
	"bytes"
	"context"
	"path/filepath"
	"strconv"
	"testing"
)

// FuzzIndex checks that an index is accepted only if Spool.Index would write
// exactly the same for its items, and that no item lies outside the data.
func FuzzIndex(f *testing.F) {
	for _, seed := range []string{"", "0 1\n", "0 5\n5 5\n", "3 4\n0 10\n", "10 1\n", "00 1\n", "0 1", "9223372036854775807 1\n", "-1 5\n", "0 5\r\n"} {
		f.Add([]byte(seed))
	}
	data := []byte("0123456789")
	f.Fuzz(func(t *testing.T, index []byte) {
		ranges, err := readIndex(bytes.NewReader(index))
		if err != nil {
			return
		}
		var written []byte
		inside := true
		for _, r := range ranges {
			written = strconv.AppendInt(written, r.Offset, 10)
			written = append(written, ' ')
			written = strconv.AppendInt(written, r.Length, 10)
			written = append(written, '\n')
			inside = inside && r.check(int64(len(data))) == nil
		}
		if !bytes.Equal(written, index) {
			t.Fatalf("%q was read as %q", index, written)
		}
		if !inside {
			return
		}
		items, err := readRanges(bytes.NewReader(data), ranges)
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range ranges {
			if !bytes.Equal(items[i], data[r.Offset:r.Offset+r.Length]) {
				t.Fatalf("item %d of %q is %q", i, index, items[i])
			}
		}
	})
}

// FuzzArchive checks that no .zip, however broken, yields more than the limit,
// a name that could be a path out of the folder, or a crash.
func FuzzArchive(f *testing.F) {
	f.Add([]byte(zipOf(f, "a", "content", "d/", "", "d/b", "more content")))
	f.Add([]byte(zipOf(f, "../../up", "x")))
	f.Add([]byte(zipOf(f)))
	f.Add([]byte("PK\x05\x06"))
	f.Add([]byte(bomb(f, 4096)))
	path := filepath.Join(tree(f, map[string]string{"fuzz.zip": "to be found; the bytes come from memory"}), "fuzz.zip")
	f.Fuzz(func(t *testing.T, archive []byte) {
		l := smallLoader()
		l.open = func(string) (file, error) {
			return &fakeFile{size: int64(len(archive)), content: string(archive)}, nil
		}
		c, err := l.load(context.Background(), path, nil)
		if err != nil {
			checkError(t, "fuzz.zip", err)
			return
		}
		if size := c.Size(); size == 0 || size > 1000 {
			t.Fatalf("%d bytes", size)
		}
		for _, m := range c.Members {
			if m.Name != label(m.Name) || !filepath.IsLocal(m.Name) {
				t.Fatalf("member name %q", m.Name)
			}
		}
	})
}

// FuzzRecords checks that any data is cut into records that are in it, in order, or is
// refused, and that nothing is lost of records of one length.
func FuzzRecords(f *testing.F) {
	for _, seed := range []string{"", "a\nb\n", "a\r\n\r\nb", "1,\"x\ny\"\n2", "\x01a\x02bc", "\x00\x00\x00\x01a", "\x01\x00\x00\x00a", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, how := range []string{"lines", "csv", "varint", "u32be", "u32le", "16"} {
			r, err := ParseRecords(how)
			if err != nil {
				t.Fatal(err)
			}
			c, err := r.Of(&Corpus{Name: "c", Members: []Member{{"m", data}}})
			if err != nil {
				continue
			}
			rest := data
			var joined []byte
			for _, m := range c.Members {
				at := bytes.Index(rest, m.Data)
				if at < 0 || len(m.Data) == 0 {
					t.Fatalf("%s of %q: record %q is not in what is left, %q", how, data, m.Data, rest)
				}
				rest = rest[at+len(m.Data):]
				joined = append(joined, m.Data...)
			}
			if how == "16" && !bytes.Equal(joined, data) {
				t.Fatalf("%s of %q: only %q", how, data, joined)
			}
		}
	})
}
