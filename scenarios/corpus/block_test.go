package corpus

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// members makes members of the given sizes, no two bytes near each other alike.
func members(sizes ...int) []Member {
	r := rng(99)
	var list []Member
	for _, n := range sizes {
		data := make([]byte, n)
		for i := range data {
			data[i] = byte(r.next())
		}
		list = append(list, Member{"m", data})
	}
	return list
}

func TestBlocks(t *testing.T) {
	for _, tt := range []struct {
		name  string
		sizes []int
		block int64
		want  []Range
	}{
		{"no members", nil, 4, nil},
		{"only empty members", []int{0, 0}, 4, nil},
		{"even", []int{8}, 4, []Range{{0, 4}, {4, 4}}},
		{"rest", []int{9}, 4, []Range{{0, 4}, {4, 4}, {8, 1}}},
		{"smaller than a block", []int{3}, 4, []Range{{0, 3}}},
		{"never across members", []int{3, 5, 2}, 4, []Range{{0, 3}, {3, 4}, {7, 1}, {8, 2}}},
		{"empty between", []int{2, 0, 2}, 4, []Range{{0, 2}, {2, 2}}},
		{"whole", []int{3, 0, 5}, 0, []Range{{0, 3}, {3, 5}}},
	} {
		if got := Blocks(members(tt.sizes...), tt.block); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestBlocksCoverEveryByteOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sizes := rapid.SliceOfN(rapid.IntRange(0, 3000), 0, 8).Draw(t, "sizes")
		block := rapid.Int64Range(0, 2000).Draw(t, "block")
		blocks := Blocks(members(sizes...), block)
		for _, size := range sizes {
			left := int64(size)
			for left > 0 { // the blocks of one member, which are all full but the last
				want := left
				if block > 0 {
					want = min(left, block)
				}
				if len(blocks) == 0 || blocks[0].Length != want {
					t.Fatalf("with %d bytes of a member left, next are %v", left, blocks)
				}
				left -= want
				blocks = blocks[1:]
			}
		}
		if len(blocks) > 0 {
			t.Fatalf("%v are past the end", blocks)
		}
		var end int64
		for _, b := range Blocks(members(sizes...), block) {
			if b.Offset != end {
				t.Fatalf("%v does not begin at %d", b, end)
			}
			end += b.Length
		}
	})
}

func TestParseBlock(t *testing.T) {
	const inputs = "write bytes such as 65536"
	for _, tt := range []struct {
		in   string
		want int64
		err  string // part of the error; "" where there is none
	}{
		{"whole", 0, ""},
		{"Whole", 0, ""},
		{"65536", 65536, ""},
		{"65536B", 65536, ""},
		{"64KiB", 65536, ""},
		{"64kib", 65536, ""},
		{"64 KiB", 65536, ""},
		{"64KB", 64000, ""},
		{"1MiB", 1 << 20, ""},
		{"1MB", 1_000_000, ""},
		{"1GiB", 1 << 30, ""},
		{"1GB", 1_000_000_000, ""},
		{"1.5KiB", 1536, ""},
		{"1.50KiB", 1536, ""},
		{"1KiB", 1024, ""},
		{"1024", 1024, ""},
		{"0001024", 1024, ""},
		{"1023", 0, "write 1KiB to 1GiB"},
		{"0", 0, "write 1KiB to 1GiB, or whole"},
		{"0KiB", 0, "write 1KiB to 1GiB"},
		{"1KB", 0, "write 1KiB to 1GiB"},
		{"1073741825", 0, "write 1KiB to 1GiB"},
		{"1.1GiB", 0, "write 1KiB to 1GiB"},
		{"99999999999999999999999999GiB", 0, "write 1KiB to 1GiB"},
		{"1.0001KiB", 0, "not a whole number of bytes"},
		{"1024.5", 0, "not a whole number of bytes"},
		{"64K", 0, "write KB or KiB"},
		{"1m", 0, "write MB or MiB"},
		{"-64KiB", 0, inputs},
		{"+64KiB", 0, inputs},
		{"", 0, inputs},
		{"KiB", 0, inputs},
		{".", 0, inputs},
		{"1.2.3KiB", 0, inputs},
		{"64TiB", 0, inputs},
		{"64KiBs", 0, inputs},
		{"1e6", 0, inputs},
		{"0x1000", 0, inputs},
		{"1/2MiB", 0, inputs},
		{"6_5536", 0, inputs},
		{" 64KiB", 0, inputs},
		{"all", 0, inputs},
		{"\n", 0, inputs},
	} {
		got, err := ParseBlock(tt.in)
		if tt.err == "" {
			if err != nil || got != tt.want {
				t.Errorf("ParseBlock(%q) = %d, %v; want %d", tt.in, got, err, tt.want)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), tt.err) || !strings.HasPrefix(err.Error(), "block ") || strings.Contains(err.Error(), "\n") {
			t.Errorf("ParseBlock(%q) = %d, %v; want an error with %q", tt.in, got, err, tt.err)
		}
	}
}
