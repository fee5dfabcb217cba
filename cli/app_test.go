package cli

import (
	"errors"
	"fmt"
	"testing"
)

func TestOneLine(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{errors.New("a"), "a"},
		{errors.New("\n a  b\r\n\n"), "a b"},
		{errors.Join(errors.New("a"), errors.New("b")), "a; b"},
		{fmt.Errorf("c: %w", errors.Join(errors.New("a"), errors.Join(errors.New("b"), nil))), "c: a; b"},
		{errors.New("failed to connect:\n\t127.0.0.1: refused\n\t[::1]: refused"), "failed to connect: 127.0.0.1: refused [::1]: refused"},
		{errors.New("an \x1b[31m escape"), "an ?[31m escape"},
		{errors.New(`unknown codec "postgres://me:s3cret"; known: a`), `unknown codec "postgres://me:***"; known: a`},
		{errors.New("http://127.0.0.1:8000/x, http://[::1]:8000: refused, http://h:80"), "http://127.0.0.1:8000/x, http://[::1]:8000: refused, http://h:80"},
		{errors.New("want nats://HOST[:PORT], or http://[2001:db8::1]:80"), "want nats://HOST[:PORT], or http://[2001:db8::1]:80"},
		{errors.Join(errors.New("a"), errors.New("postgres://me:s3cret@h/db")), "a; postgres://me:***@h/db"},
	} {
		if got := oneLine(c.err); got != c.want {
			t.Errorf("%q: %q, want %q", c.err, got, c.want)
		}
	}
}
