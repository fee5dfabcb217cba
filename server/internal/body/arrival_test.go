package body_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"zstdshop/server/internal/body"
)

// seen is a Scanner that notes which bytes it is shown: after so many it asks to
// pass over some.
type seen struct {
	want        []byte
	at          int
	every, pass int
	skip        int64
	wrong       bool
	fail        error
}

func (s *seen) Scan(p []byte) error {
	for len(p) > 0 {
		if s.skip > 0 {
			n := min(s.skip, int64(len(p)))
			s.skip, s.at, p = s.skip-n, s.at+int(n), p[n:]
			continue
		}
		n := min(len(p), s.every)
		s.wrong = s.wrong || s.at+n > len(s.want) || !bytes.Equal(s.want[s.at:s.at+n], p[:n])
		s.at, p, s.skip = s.at+n, p[n:], int64(s.pass)
		if s.at > len(s.want)/2 && s.fail != nil {
			return s.fail
		}
	}
	return nil
}

func (s *seen) Skip() int64     { return s.skip }
func (s *seen) Discard(n int64) { s.skip, s.at = s.skip-n, s.at+int(n) }

// TestArrival: however a body is cut, the scanner is shown its content in order.
func TestArrival(t *testing.T) {
	content := []byte(prose(5000))
	errFull := errors.New("enough")
	rnd := rand.New(rand.NewPCG(1, 0))
	for _, n := range []int{0, 1, 2, 3, 71, 72, 73, 5000} {
		b64 := string(body.AppendBase64(nil, content[:n]))
		for _, c := range []struct {
			name, body string
			all        bool // of the content is shown
		}{
			{"plain", `{"b64":"` + b64 + `"}`, true},
			{"spaces", " {\n\t\"b64\" : \r\"" + b64 + `" } `, true},
			{"and another member", `{"b64":"` + b64 + `","x":"YWJj"}`, true},
			{"after another member", `{"x":1,"b64":"` + b64 + `"}`, false},
			{"an array", `["b64":"` + b64 + `"}`, false},
			{"another case", `{"B64":"` + b64 + `"}`, false},
			{"no string", `{"b64":5}`, false},
			{"escapes", `{"b64":"` + strings.ReplaceAll(b64, "Z", `\u005a`) + `"}`, false},
			{"an escaped line break", `{"b64":"` + b64[:len(b64)/2] + `\n` + b64[len(b64)/2:] + `"}`, false},
		} {
			for _, sizes := range []int{1, 2, 7, 100, 100_000} {
				for _, pass := range []int{0, 1, 2, 3, 100, 1000} {
					s := &seen{want: content[:n], every: 5, pass: pass}
					var a body.Arrival
					for rest := []byte(c.body); len(rest) > 0; {
						k := min(len(rest), 1+rnd.IntN(sizes))
						if err := a.Take(rest[:k], s); err != nil {
							t.Fatal(err)
						}
						rest = rest[k:]
					}
					// Up to two bytes of what is passed over are in a group with what is not.
					if s.wrong || c.all && n > 0 && s.at < n-2 {
						t.Errorf("%s, %d bytes, parts of %d, passing %d: shown up to %d, wrong %v", c.name, n, sizes, pass, s.at, s.wrong)
					}
				}
			}
		}
	}
	var a body.Arrival
	err := a.Take(body.AppendBase64([]byte(`{"b64":"`), content), &seen{want: content, every: 1, fail: errFull})
	if !errors.Is(err, errFull) {
		t.Errorf("the scanner's error: %v", err)
	}
}
