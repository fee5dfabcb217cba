//go:build unix

package history_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"zstdshop/history"
)

// A process of the test itself that adds runs until it is killed, and says of each
// when it is saved.
const writerEnv = "HISTORY_TEST_WRITER"

func TestMain(m *testing.M) {
	if path := os.Getenv(writerEnv); path != "" {
		if err := write(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func write(path string) error {
	ctx := context.Background()
	s, err := history.Open(ctx, path)
	if err != nil {
		return err
	}
	for n := 0; ; n++ {
		runs, err := history.FromResult(savedResult(n, fmt.Sprint("m", os.Getpid()), 100+float64(n)), history.Origin{Branch: "main"})
		if err != nil {
			return err
		}
		if _, err := s.Add(ctx, runs[0]); err != nil {
			return err
		}
		if _, err := fmt.Println(runs[0].ID); err != nil {
			return nil // nobody listens any more
		}
	}
}

func runsIn(t *testing.T, path string) map[string]bool {
	t.Helper()
	s, err := history.Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if s.Note != "" {
		t.Errorf("the history was damaged: %s", s.Note)
	}
	runs, err := s.Runs(context.Background(), history.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, r := range runs {
		if len(r.Figures) != 4 {
			t.Errorf("run %s has %d figures, want all 4 or no run", r.ID, len(r.Figures))
		}
		ids[r.ID] = true
	}
	return ids
}

// TestKilled kills writers at random moments. How many is the environment's to
// say: HISTORY_KILLS=200.
func TestKilled(t *testing.T) {
	kills := 10
	if text := os.Getenv("HISTORY_KILLS"); text != "" {
		fmt.Sscan(text, &kills)
	}
	path := filepath.Join(t.TempDir(), "history.db")
	rng := rand.New(rand.NewPCG(1, 2))
	var saved []string
	for range kills {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), writerEnv+"="+path)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		var errs strings.Builder
		cmd.Stderr = &errs
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewReader(out)
		// It is killed some microseconds after one of its first lines.
		after := rng.IntN(6)
		for n := 0; ; n++ {
			if n == after {
				go func(wait time.Duration) {
					time.Sleep(wait)
					cmd.Process.Kill()
				}(time.Duration(rng.IntN(3000)) * time.Microsecond)
			}
			line, err := lines.ReadString('\n')
			if err != nil {
				break // a torn line was not reported
			}
			saved = append(saved, strings.TrimSpace(line))
		}
		cmd.Wait()
		if errs.Len() > 0 {
			t.Fatal(errs.String())
		}
	}
	there := runsIn(t, path)
	for _, id := range saved {
		if !there[id] {
			t.Errorf("run %s was reported as saved and is missing", id)
		}
	}
	t.Logf("%d kills, %d runs reported as saved, %d there", kills, len(saved), len(there))
	if len(saved) < kills {
		t.Errorf("%d runs were saved by %d writers: too few to say anything", len(saved), kills)
	}
}

func TestManyWriters(t *testing.T) {
	const writers, runs = 32, 5
	path := filepath.Join(t.TempDir(), "history.db")
	var group sync.WaitGroup
	errs := make([]error, writers)
	for w := range writers {
		group.Go(func() {
			ctx := context.Background()
			s, err := history.Open(ctx, path)
			if err != nil {
				errs[w] = err
				return
			}
			defer s.Close()
			for n := range runs {
				if _, err := s.Add(ctx, run(t, n, fmt.Sprint("writer", w), 100)); err != nil {
					errs[w] = err
					return
				}
			}
		})
	}
	group.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	if there := runsIn(t, path); len(there) != writers*runs {
		t.Errorf("%d runs of %d writers, want %d", len(there), writers, writers*runs)
	}
}

// A disk that is full refuses the run that does not fit and keeps the others.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := mountSmall(dir); err != nil {
		t.Skipf("no small file system to fill: %v", err)
	}
	t.Cleanup(func() { unmount(dir) })
	path := filepath.Join(dir, "history.db")
	ctx := context.Background()
	s, err := history.Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	var saved []string
	full := false
	for n := 0; n < 20000 && !full; n++ {
		r := run(t, n, "m", 100)
		if _, err := s.Add(ctx, r); err != nil {
			full = true
			t.Log(err)
		} else {
			saved = append(saved, r.ID)
		}
	}
	if !full || len(saved) < 10 {
		t.Fatalf("%d runs saved, full %v", len(saved), full)
	}
	s.Close()
	// Where there is room again, all is there and more can be added.
	grown := filepath.Join(t.TempDir(), "history.db")
	for _, suffix := range []string{"", "-wal"} {
		text, err := os.ReadFile(path + suffix)
		if err != nil && suffix == "" {
			t.Fatal(err)
		}
		if err == nil {
			if err := os.WriteFile(grown+suffix, text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	there := runsIn(t, grown)
	for _, id := range saved {
		if !there[id] {
			t.Errorf("run %s was reported as saved and is missing", id)
		}
	}
}

// A file that is damaged is set aside, and what can be read of it goes on.
func TestDamagedFile(t *testing.T) {
	for _, c := range []struct {
		name   string
		damage func(text []byte) []byte
		least  int // runs that must be saved of 200
	}{
		{"no database", func([]byte) []byte {
			return []byte("hello, this is no database at all, but long enough to be one, is it not?" + strings.Repeat(".", 4096))
		}, 0},
		{"cut in the middle", func(text []byte) []byte { return text[:len(text)/2] }, 0},
		{"a page of it overwritten", func(text []byte) []byte {
			at := len(text) * 3 / 4 / 4096 * 4096
			for i := range 4096 {
				text[at+i] = 0xa5
			}
			return text
		}, 50},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx := context.Background()
			path := filepath.Join(t.TempDir(), "history.db")
			s, err := history.Open(ctx, path)
			if err != nil {
				t.Fatal(err)
			}
			for n := range 200 {
				if _, err := s.Add(ctx, run(t, n, "m", 100)); err != nil {
					t.Fatal(err)
				}
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, c.damage(text), 0o600); err != nil {
				t.Fatal(err)
			}
			s, err = history.Open(ctx, path)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if !strings.Contains(s.Note, "history.db.damaged-") {
				t.Errorf("note %q does not say where the damaged file is", s.Note)
			}
			runs, err := s.Runs(ctx, history.Filter{})
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d of 200 runs are saved", len(runs))
			if len(runs) < c.least {
				t.Errorf("%d runs are saved, want at least %d", len(runs), c.least)
			}
			if _, err := s.Add(ctx, run(t, 500, "m", 100)); err != nil {
				t.Errorf("the new file takes no run: %v", err)
			}
		})
	}
}
