package cli

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zstdshop/codecs/klauspost"
	"zstdshop/codecs/memcpy"
	"zstdshop/harness"
)

func packing(t *testing.T) *harness.Registry {
	t.Helper()
	reg := new(harness.Registry)
	reg.AddCodec("copies", memcpy.New())
	reg.AddCodec("packs", klauspost.New())
	if err := reg.Err(); err != nil {
		t.Fatal(err)
	}
	return reg
}

// What is written under a name is read again from a file and from a pipe, by what it
// begins with and not by its name.
func TestPacked(t *testing.T) {
	a := &app{reg: packing(t)}
	for path, compressed := range map[string]bool{"r.json": false, "r.json.zst": true, "r.csv.ZST": true, "zst": false} {
		for _, text := range []string{"", "{}", strings.Repeat("figures of a run ", 1e5)} {
			data, err := packed(a.reg, path, []byte(text))
			if err != nil || bytes.HasPrefix(data, packedMagic) != compressed {
				t.Fatalf("%s: %v, begins with %x", path, err, data[:min(4, len(data))])
			}
			file := filepath.Join(t.TempDir(), "anything")
			if err := os.WriteFile(file, data, 0o600); err != nil {
				t.Fatal(err)
			}
			f, err := os.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, in := range []io.Reader{f, bytes.NewReader(data)} {
				got, done, err := a.unpacked(in)
				if err != nil {
					t.Fatal(err)
				}
				if back, err := io.ReadAll(got); err != nil || string(back) != text {
					t.Errorf("%s: %d bytes of %d, %v", path, len(back), len(text), err)
				}
				done()
			}
			f.Close()
		}
	}
}

func TestUnpackedRefuses(t *testing.T) {
	a := &app{reg: packing(t)}
	whole, err := packed(a.reg, "r.zst", []byte(strings.Repeat("figures of a run ", 1e5)))
	if err != nil {
		t.Fatal(err)
	}
	bomb, err := packed(a.reg, "r.zst", make([]byte, 64<<20))
	if err != nil {
		t.Fatal(err)
	}
	for want, data := range map[string][]byte{
		"damaged or cut":     whole[:len(whole)/2],
		"more than 200 time": bomb,
	} {
		got, done, err := a.unpacked(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		n, err := io.Copy(io.Discard, got)
		if err == nil || !strings.Contains(err.Error(), want) || n > unpackedFree+unpackedTimes*int64(len(data)) {
			t.Errorf("%d bytes, %v; want %q", n, err, want)
		}
		done()
	}
	without := &app{reg: new(harness.Registry)}
	if _, _, err := without.unpacked(bytes.NewReader(whole)); err == nil || !strings.Contains(err.Error(), "no codec") {
		t.Errorf("without a codec: %v", err)
	}
	if _, err := packed(without.reg, "r.json.zst", nil); err == nil {
		t.Error("written without a codec")
	}
}
