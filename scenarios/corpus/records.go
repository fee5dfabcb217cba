package corpus

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"zstdshop/internal/nearest"
)

// MaxRecords is the most records that a corpus is cut into: beyond it the list of
// them takes more memory than the data.
const MaxRecords = 1 << 22

// minRecord is the fewest bytes of records of one length.
const minRecord = 16

// Records is how the files of a corpus become records, each of which is an item of
// its own: a line, a row, a message. The zero value leaves files as they are.
type Records struct {
	cut  *recordKind
	size int64 // of every record; 0 where cut is set
}

// recordKind is one way to find records. next returns the record that data begins
// with and how many bytes it takes there. A record may be empty, and is then passed
// over: it is no work.
type recordKind struct {
	name, about string
	next        func(data []byte) (record []byte, taken int, err error)
}

// recordKinds lists them in the order in which they are shown.
func recordKinds() []recordKind {
	return []recordKind{
		{"lines", "each line, as in JSON lines and logs; blank ones are passed over", nextLine},
		{"csv", "each row of CSV: a line, or several where a quoted field has ends of lines", nextRow},
		{"varint", "each message behind its length as a varint, as Protocol Buffers are written to files",
			prefixed("varint", binary.Uvarint)},
		{"u32be", "each message behind its length in 4 bytes, the highest first",
			prefixed("4 byte", fixed32(binary.BigEndian))},
		{"u32le", "each message behind its length in 4 bytes, the lowest first",
			prefixed("4 byte", fixed32(binary.LittleEndian))},
	}
}

// noRecords is what leaves files as they are.
const noRecords = "none"

// ListRecords returns the ways to find records, by their names; a size is one more.
func ListRecords() []Info {
	infos := []Info{{noRecords, "files as they are"}}
	for _, k := range recordKinds() {
		infos = append(infos, Info{k.name, k.about})
	}
	return infos
}

// ParseRecords parses the name of a way to find records, or a size such as 256 or
// 1KiB for records of one length. The text of the result parses to the same.
func ParseRecords(text string) (Records, error) {
	if text == noRecords {
		return Records{}, nil
	}
	kinds := recordKinds()
	if i := slices.IndexFunc(kinds, func(k recordKind) bool { return k.name == text }); i >= 0 {
		return Records{cut: &kinds[i]}, nil
	}
	var names []string
	for _, info := range ListRecords() {
		names = append(names, info.Name)
	}
	if text == "" || text[0] < '0' || text[0] > '9' {
		hint := ""
		if near := nearest.Name(text, names); near != "" {
			hint = "did you mean " + near + "? "
		}
		return Records{}, fmt.Errorf("records %q: unknown: %swrite one of %s, or a size such as 256",
			text, hint, strings.Join(names, ", "))
	}
	size, err := ParseSize(text, minRecord, MaxBlock)
	if err != nil {
		return Records{}, fmt.Errorf("records %q: %w", text, err)
	}
	return Records{size: size}, nil
}

// String is the name, or the size in bytes.
func (r Records) String() string {
	switch {
	case r.cut != nil:
		return r.cut.name
	case r.size > 0:
		return strconv.FormatInt(r.size, 10)
	}
	return noRecords
}

// Of returns the corpus whose members are the records of c, which keeps the data:
// nothing is copied. Its name says how the records were found. Errors name the member
// and the place.
func (r Records) Of(c *Corpus) (*Corpus, error) {
	if r == (Records{}) {
		return c, nil
	}
	out := &Corpus{Name: c.Name + "-" + r.String(), Source: c.Source, Records: r.String()}
	for _, m := range c.Members {
		for at := 0; at < len(m.Data); {
			record, taken, err := r.next(m.Data[at:])
			if err != nil {
				return nil, fmt.Errorf("records %s of %q: at byte %d: %w", r, m.Name, at, err)
			}
			if at += taken; len(record) > 0 {
				out.Members = append(out.Members, Member{m.Name, slices.Clip(record)})
			}
			if len(out.Members) > MaxRecords {
				return nil, fmt.Errorf("records %s: more than %d: name a part of the data", r, MaxRecords)
			}
		}
	}
	if len(out.Members) == 0 {
		return nil, fmt.Errorf("records %s: there are none in it: leave --records out", r)
	}
	return out, nil
}

func (r Records) next(data []byte) (record []byte, taken int, err error) {
	if r.cut != nil {
		return r.cut.next(data)
	}
	n := int(min(r.size, int64(len(data))))
	return data[:n], n, nil
}

// nextLine returns a line with its end, which a log or a queue keeps with it.
func nextLine(data []byte) (record []byte, taken int, err error) {
	taken = len(data)
	if i := bytes.IndexByte(data, '\n'); i >= 0 {
		taken = i + 1
	}
	return notBlank(data[:taken]), taken, nil
}

// nextRow is nextLine where an end of line between double quotes ends nothing. A quote
// inside a field is written twice, so quotes are open where their count is odd.
func nextRow(data []byte) (record []byte, taken int, err error) {
	quoted := false
	for i, c := range data {
		switch {
		case c == '"':
			quoted = !quoted
		case c == '\n' && !quoted:
			return notBlank(data[:i+1]), i + 1, nil
		}
	}
	if quoted {
		return nil, 0, errors.New("a quote is not closed: is it CSV? write --records lines for any text")
	}
	return notBlank(data), len(data), nil
}

// notBlank returns a line, or nothing for one of its end alone.
func notBlank(line []byte) []byte {
	if len(bytes.TrimRight(line, "\r\n")) == 0 {
		return nil
	}
	return line
}

// prefixed returns what finds messages behind their lengths. length returns a length
// and how many bytes it takes, which is below 1 where it is cut off or too large, as
// binary.Uvarint has it. The length itself is no part of a record.
func prefixed(kind string, length func([]byte) (uint64, int)) func([]byte) ([]byte, int, error) {
	return func(data []byte) (record []byte, taken int, err error) {
		n, head := length(data)
		if head <= 0 {
			return nil, 0, fmt.Errorf("no whole %s length: is the file of this kind?", kind)
		}
		if rest := data[head:]; n > uint64(len(rest)) {
			return nil, 0, fmt.Errorf("a length of %d where %d bytes are left: is the file of this kind?", n, len(rest))
		}
		taken = head + int(n)
		return data[head:taken], taken, nil
	}
}

// fixed32 reads a length of 4 bytes.
func fixed32(order binary.ByteOrder) func([]byte) (uint64, int) {
	return func(data []byte) (uint64, int) {
		if len(data) < 4 {
			return 0, 0
		}
		return uint64(order.Uint32(data)), 4
	}
}
