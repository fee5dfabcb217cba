package measure

import (
	"context"
	"errors"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"zstdshop/harness/worker"
)

func TestSilence(t *testing.T) {
	const s = time.Second
	for _, test := range []struct {
		name  string
		looks []time.Duration // after one another
		want  int             // the look at which it is over, from 1; 0 never
	}{
		{"beat by beat", []time.Duration{s / 4, s / 4, s / 4, s / 4}, 4},
		{"late looks count", []time.Duration{s / 2, s / 2}, 2},
		{"a stop counts as two beats", []time.Duration{31 * s, s / 4}, 0},
		{"and so does each", []time.Duration{31 * s, 31 * s}, 2},
		{"after a stop it goes on", []time.Duration{s / 4, 31 * s, s / 4}, 3},
	} {
		now := time.Unix(0, 0)
		quiet := newSilence(s, now)
		got := 0
		for i, after := range test.looks {
			now = now.Add(after)
			if quiet.over(now) && got == 0 {
				got = i + 1
			}
		}
		if got != test.want {
			t.Errorf("%s: over at look %d, want %d", test.name, got, test.want)
		}
	}
	quiet := newSilence(s, time.Unix(0, 0))
	quiet.over(time.Unix(0, 9e8))
	quiet.broken(time.Unix(1, 0))
	if quiet.over(time.Unix(1, 6e8)) {
		t.Error("a silence that was broken went on")
	}
}

// A worker that is silent is given up after the timeout: neither sooner nor much later.
func TestSilentWorker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, mute := io.Pipe()
		defer mute.Close()
		begin := time.Now()
		_, err := converse(in, io.Discard, 30*time.Second).expect(context.Background(), worker.TypeHello)
		if took := time.Since(begin); !errors.Is(err, ErrHung) || took < 30*time.Second || took > 31*time.Second {
			t.Errorf("got %v after %v, want a worker that hangs after 30 s", err, took)
		}
	})
}
