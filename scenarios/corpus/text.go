package corpus

import "strconv"

// text is a buffer that generators write to. All numbers are integers, because
// floating point may differ between platforms and a corpus must not.
type text []byte

func (t *text) str(s string) { *t = append(*t, s...) }

func (t *text) num(v int) { *t = strconv.AppendInt(*t, int64(v), 10) }

// pad writes v >= 0 with zeros in front, at least width digits.
func (t *text) pad(v, width int) {
	limit := 1
	for range width - 1 {
		limit *= 10
	}
	for ; v < limit && limit > 1; limit /= 10 {
		*t = append(*t, '0')
	}
	t.num(v)
}

// fixed writes v >= 0, given in units of one thousandth, cut to 1..3 decimals.
func (t *text) fixed(v, decimals int) {
	t.num(v / 1000)
	t.str(".")
	t.pad(v%1000, 3)
	*t = (*t)[:len(*t)-3+decimals]
}

// hex writes the lowest digits of v, four bits each.
func (t *text) hex(v uint64, digits int) {
	for shift := 4 * (digits - 1); shift >= 0; shift -= 4 {
		*t = append(*t, "0123456789abcdef"[v>>shift&15])
	}
}

// json writes s as the inside of a JSON string; s is printable ASCII or a
// newline.
func (t *text) json(s string) {
	for i := range len(s) {
		switch c := s[i]; c {
		case '\n':
			*t = append(*t, '\\', 'n')
		case '"', '\\':
			*t = append(*t, '\\', c)
		default:
			*t = append(*t, c)
		}
	}
}
