package corpus

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// recordsOf cuts one file.
func recordsOf(t testing.TB, how, data string) ([]string, error) {
	t.Helper()
	r, err := ParseRecords(how)
	if err != nil {
		t.Fatal(err)
	}
	c, err := r.Of(&Corpus{Name: "app.log", Members: []Member{{"app.log", []byte(data)}}})
	if err != nil {
		return nil, err
	}
	var out []string
	for _, m := range c.Members {
		out = append(out, string(m.Data))
	}
	return out, nil
}

func TestRecords(t *testing.T) {
	for _, tt := range []struct {
		how, data string
		want      []string
	}{
		{"none", "a\nb\n", []string{"a\nb\n"}},
		{"lines", "a\nb\n", []string{"a\n", "b\n"}},
		{"lines", "a\r\n\r\n\nb", []string{"a\r\n", "b"}},
		{"lines", "\"a\nb\"\n", []string{"\"a\n", "b\"\n"}},
		{"csv", "h,i\n1,\"two\nlines, \"\"said\"\" he\"\n3,4", []string{"h,i\n", "1,\"two\nlines, \"\"said\"\" he\"\n", "3,4"}},
		{"csv", "a\n\r\n\nb\n", []string{"a\n", "b\n"}},
		{"varint", "\x01a\x00\x02bc", []string{"a", "bc"}},
		{"varint", "\x80\x01" + strings.Repeat("x", 128), []string{strings.Repeat("x", 128)}},
		{"u32be", "\x00\x00\x00\x01a\x00\x00\x00\x02bc", []string{"a", "bc"}},
		{"u32le", "\x01\x00\x00\x00a\x02\x00\x00\x00bc", []string{"a", "bc"}},
		{"16", "0123456789abcdefgh", []string{"0123456789abcdef", "gh"}},
	} {
		got, err := recordsOf(t, tt.how, tt.data)
		if err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("%s of %q: %q, %v; want %q", tt.how, tt.data, got, err, tt.want)
		}
	}
}

func TestRecordsErrors(t *testing.T) {
	for _, tt := range []struct{ how, data, want string }{
		{"lines", "\n\r\n", "there are none"},
		{"csv", "a\n\"b\n", "at byte 2: a quote is not closed"},
		{"varint", "\x01a\x05bc", "at byte 2: a length of 5 where 2 bytes are left"},
		{"varint", "\x80", "no whole varint length"},
		{"varint", strings.Repeat("\xff", 12), "no whole varint length"},
		{"u32be", "\x01\x00\x00\x00a", "a length of 16777216 where 1 bytes are left"},
		{"u32le", "\x00\x00\x00", "no whole 4 byte length"},
	} {
		got, err := recordsOf(t, tt.how, tt.data)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s of %q: %q, %v; want an error with %q", tt.how, tt.data, got, err, tt.want)
		}
	}
}

func TestParseRecords(t *testing.T) {
	for _, tt := range []struct{ in, want, err string }{
		{"none", "none", ""}, {"lines", "lines", ""}, {"256", "256", ""}, {"1KiB", "1024", ""}, {"1.5KiB", "1536", ""},
		{"line", "", "did you mean lines?"}, {"", "", "write one of none, lines, csv"}, {"15", "", "out of range"},
		{"2GiB", "", "out of range"}, {"16.5", "", "out of range"}, {"64K", "", "write KB or KiB"},
	} {
		r, err := ParseRecords(tt.in)
		if tt.err != "" {
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("%q: %v, want an error with %q", tt.in, err, tt.err)
			}
			continue
		}
		if err != nil || r.String() != tt.want {
			t.Errorf("%q: %s, %v; want %s", tt.in, r, err, tt.want)
		}
		if again, err := ParseRecords(r.String()); err != nil || again.String() != tt.want {
			t.Errorf("%q does not parse back: %s, %v", r, again, err)
		}
	}
}

// The data in records is other work, and so has another digest and another name.
func TestRecordsAreOtherData(t *testing.T) {
	file := &Corpus{Name: "app.log", Members: []Member{{"app.log", []byte("0123456789abcde\nfghijklmnop\n")}}}
	names, digests := map[string]bool{}, map[string]bool{}
	for _, how := range []string{"none", "lines", "16", "17"} {
		r, _ := ParseRecords(how)
		c, err := r.Of(file)
		if err != nil {
			t.Fatal(err)
		}
		names[c.Name] = true
		digests[c.Digest()] = how != "16" // lines are cut there, too
	}
	if len(names) != 4 || len(digests) != 3 {
		t.Errorf("%d names and %d digests, want 4 and 3", len(names), len(digests))
	}
}

// What was written as messages is read as the same messages, in order.
func TestPrefixedRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		messages := rapid.SliceOfN(rapid.SliceOfN(rapid.Byte(), 1, 300), 1, 20).Draw(t, "messages")
		for how, head := range map[string]func([]byte, int) []byte{
			"varint": func(b []byte, n int) []byte { return binary.AppendUvarint(b, uint64(n)) },
			"u32be":  func(b []byte, n int) []byte { return binary.BigEndian.AppendUint32(b, uint32(n)) },
			"u32le":  func(b []byte, n int) []byte { return binary.LittleEndian.AppendUint32(b, uint32(n)) },
		} {
			var data []byte
			for _, m := range messages {
				data = append(head(data, len(m)), m...)
			}
			r, _ := ParseRecords(how)
			c, err := r.Of(&Corpus{Members: []Member{{"file", data}}})
			if err != nil || len(c.Members) != len(messages) {
				t.Fatalf("%s: %v", how, err)
			}
			for i, m := range messages {
				if !bytes.Equal(c.Members[i].Data, m) {
					t.Fatalf("%s: message %d is %q, want %q", how, i, c.Members[i].Data, m)
				}
			}
		}
	})
}
