package body_test

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"

	"zstdshop/server/internal/body"
)

func TestDecodeBase64(t *testing.T) {
	long := strings.Repeat("zstd", 100) // in base64, also a text in it
	for _, c := range []struct {
		name, in string
		at       int64 // of the error, -1 if there is none
	}{
		{"nothing", "", -1},
		{"no padding needed", "YWJj", -1},
		{"one", "YWI=", -1},
		{"two", "YQ==", -1},
		{"every character", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", -1},
		{"long", long, -1},
		{"long and padding", long + "YQ==", -1},

		{"one character", "Y", 1},
		{"two characters", "YQ", 2},
		{"three characters", "YWI", 3},
		{"one too many", "YWJjY", 5},
		{"padding missing", "YQ=", 2},
		{"padding missing, long", long + "YQ", 402},
		{"too much padding", "YQ===", 2},
		{"padding without need", "YWJj=", 4},
		{"a quantum of padding", "YWJj====", 4},
		{"padding only", "====", 0},
		{"one = only", "=", 0},
		{"three =", "Y===", 1},
		{"padding inside", "YQ==YQ==", 2},
		{"padding before the end", "YQ=Y", 2},
		{"two frames of base64, long", long + "YQ==" + long, 402},
		{"loose bits, one =", "YWJ=", 2},
		{"loose bits, two =", "YR==", 1},
		{"last loose bit", "Yf==", 1},
		{"loose bits, long", long + "YWJ=", 402},
		{"URL alphabet", "YW-_", 2},
		{"URL alphabet, _", "_w==", 0},
		{"space", "YW Jj", 2},
		{"space in front", " YWJj", 0},
		{"space behind", "YWJj ", 4},
		{"newline behind", "YWJj\n", 4},
		{"newlines that make a multiple of 4", "YWJj\r\n\r\n", 4},
		{"newline inside", "YW\nJj", 2},
		{"newlines inside that make a multiple of 4", "YW\n\n\n\nJj", 2},
		{"newline in padding", "YQ=\n=", 2},
		{"newlines in padding that make a multiple of 4", "YQ=\n\n\n\n=", 2},
		{"newlines only", "\n\n\n\n", 0},
		{"lines of 76", strings.Repeat("zstd", 19) + "\n" + strings.Repeat("zstd", 19) + "\n", 76},
		{"lines that make a multiple of 4", strings.Repeat("zstd", 19) + "\r\n\r\n" + strings.Repeat("zstd", 19), 76},
		{"tab", "YWJ\t", 3},
		{"NUL", "YWJ\x00", 3},
		{"high byte", "YWJ\xff", 3},
		{"non-ASCII", "YWé=", 2},
		{"data URL", "data:;base64,YWJj", 4},
		{"quotes", `"YWJj"`, 0},
		{"percent", "YWJj%3D%3D", 4},
		{"comma", "YWJ,", 3},
		{"far inside", long + "Y*Jj" + long, 401},
		{"far inside, NUL", long + "Y\x00Jj" + long, 401},
		{"first byte of a long one", "*" + long + "YWJ", 0},
	} {
		for _, room := range []int{0, 3, 1000} {
			got, err := body.DecodeBase64(append(make([]byte, 0, room), "old"...)[:min(3, room)], []byte(c.in))
			if c.at >= 0 {
				if err == nil {
					t.Errorf("%s: %q, want an error at %d", c.name, got, c.at)
					continue
				}
				if e := fault(t, err); e.Status != 422 || e.Type != "base64_invalid" || e.Loc != "b64" || e.Offset != c.at || len(got) != 0 || cap(got) < room {
					t.Errorf("%s: %+v along with %q, want it at %d", c.name, e, got, c.at)
				}
				continue
			}
			if want, _ := base64.StdEncoding.DecodeString(c.in); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s: %q, %v; want %q", c.name, got, err, want)
			}
		}
	}
}

// TestDecodeBase64InPlace: decoding over what is decoded gives the same, and the
// same fault, also where either is beyond the first block.
func TestDecodeBase64InPlace(t *testing.T) {
	src := []byte(prose(20_000))
	for _, n := range []int{1, 2, 3, 24, 100, 3071, 3072, 3073, 6144, 6145, 20_000} {
		b64 := body.AppendBase64(nil, src[:n])
		if got, err := body.DecodeBase64(b64[:0], b64); err != nil || !bytes.Equal(got, src[:n]) {
			t.Errorf("%d bytes come back as %d, %v", n, len(got), err)
		}
		for _, at := range []int{0, 1, 4095, 4096, 4097, 8191, 8192, 20_000} {
			for _, c := range []byte("*=\n") {
				bad := body.AppendBase64(nil, src[:n])
				if at >= len(bad)-2 {
					continue
				}
				bad[at] = c
				_, err := body.DecodeBase64(bad[:0], bad)
				if err == nil {
					t.Fatalf("%d bytes, %q at %d: no error", n, c, at)
				}
				if e := fault(t, err); e.Offset != int64(at) {
					t.Errorf("%d bytes, %q at %d: %v", n, c, at, e)
				}
			}
		}
	}
}

// TestBase64: every length up to some, and every byte at every place of a long
// one that is not in the alphabet.
func TestBase64(t *testing.T) {
	src := []byte(prose(300))
	src[100], src[101], src[102], src[200] = 0xff, 0xfe, 0, 0x80
	for n := range src {
		got := body.AppendBase64([]byte("is:"), src[:n])
		if want := "is:" + base64.StdEncoding.EncodeToString(src[:n]); string(got) != want {
			t.Fatalf("%d bytes: %q, want %q", n, got, want)
		}
		if back, err := body.DecodeBase64(nil, got[3:]); err != nil || !bytes.Equal(back, src[:n]) {
			t.Fatalf("%d bytes come back as %q, %v", n, back, err)
		}
	}
	b64 := body.AppendBase64(nil, src[:150])
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=" // padding has its rows above
	for at := range b64 {
		for c := range 256 {
			if strings.IndexByte(alphabet, byte(c)) >= 0 {
				continue
			}
			bad := bytes.Clone(b64)
			bad[at] = byte(c)
			got, err := body.DecodeBase64(nil, bad)
			if err == nil {
				t.Fatalf("%q: %q", bad, got)
			}
			if e := fault(t, err); e.Offset != int64(at) {
				t.Fatalf("%q: %v, want it at %d", bad, e, at)
			}
		}
	}
}

func TestBase64Allocates(t *testing.T) {
	src := []byte(prose(1000))
	b64, back := make([]byte, 0, 1336), make([]byte, 0, 1002)
	if n := testing.AllocsPerRun(10, func() {
		out := body.AppendBase64(b64, src)
		if _, err := body.DecodeBase64(back, out); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// FuzzDecodeBase64: what passes is what an encoder made of the result.
func FuzzDecodeBase64(f *testing.F) {
	f.Add([]byte("YWJj"))
	f.Add([]byte("YQ==\r\n\r\n"))
	f.Add([]byte(strings.Repeat("zstd", 30) + "YR=="))
	f.Fuzz(func(t *testing.T, src []byte) {
		before := bytes.Clone(src)
		got, err := body.DecodeBase64(nil, src)
		if !bytes.Equal(src, before) {
			t.Fatalf("%q has changed to %q", before, src)
		}
		want, wantErr := base64.StdEncoding.Strict().DecodeString(string(src))
		if bytes.ContainsAny(src, "\r\n") {
			wantErr = base64.CorruptInputError(bytes.IndexAny(src, "\r\n"))
		}
		if (err == nil) != (wantErr == nil) || err == nil && !bytes.Equal(got, want) {
			t.Fatalf("%q: %q, %v; the standard library has %q, %v", src, got, err, want, wantErr)
		}
		if err != nil {
			if e := fault(t, err); e.Offset < 0 || e.Offset > int64(len(src)) {
				t.Errorf("%q: error at %d", src, e.Offset)
			}
			return
		}
		if again := body.AppendBase64(nil, got); !bytes.Equal(again, src) {
			t.Errorf("%q: encoded again %q", src, again)
		}
	})
}
