package server

import (
	"testing"

	"zstdshop/codecs"
)

// counting is a codec whose contexts are counted.
type counting struct {
	codecs.Codec
	made, closed *int
}

func (c counting) NewContext(level int) (codecs.Context, error) {
	*c.made++
	return countingContext{closed: c.closed}, nil
}

type countingContext struct {
	codecs.Context
	closed *int
}

func (c countingContext) Close() error {
	*c.closed++
	return nil
}

// TestContextPool: contexts are used again, by codec and level; few are kept, and of
// the slow levels one.
func TestContextPool(t *testing.T) {
	var made, closed int
	a := &backend{name: "a", codec: counting{nil, &made, &closed}}
	b := &backend{name: "b", codec: counting{nil, &made, &closed}, foreign: true}
	s := &contextPool{room: 3}
	use := func(be *backend, level int) {
		t.Helper()
		ctx, err := s.take(be, nil, level, level)
		if err != nil {
			t.Fatal(err)
		}
		s.put(be, nil, level, ctx)
	}
	for i, c := range []struct {
		be           *backend
		level        int
		made, closed int
	}{
		{a, 3, 1, 0}, {a, 3, 1, 0}, // again
		{b, 3, 2, 0}, {a, 1, 3, 0}, {a, 3, 3, 0},
		{a, 2, 4, 1}, // b's at 3 is the one used longest ago
		{a, 1, 4, 1}, {a, 3, 4, 1}, {b, 3, 5, 2},
		{a, 19, 6, 3}, {a, 22, 7, 4}, // one slow one drops the other
		{a, 22, 7, 4},
	} {
		if use(c.be, c.level); made != c.made || closed != c.closed {
			t.Errorf("step %d: %d made, %d closed; want %d, %d", i, made, closed, c.made, c.closed)
		}
	}
	s.close()
	if made != closed {
		t.Errorf("at the end %d made, %d closed", made, closed)
	}
}

// TestContextPoolCollects: dropped C memory makes the collector run, which frees it.
func TestContextPoolCollects(t *testing.T) {
	var made, closed int
	b := &backend{name: "b", codec: counting{nil, &made, &closed}, foreign: true}
	s := &contextPool{room: 1}
	for level := 1; level <= 12; level++ {
		ctx, err := s.take(b, nil, level, level)
		if err != nil {
			t.Fatal(err)
		}
		s.put(b, nil, level, ctx)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dropped >= dropLimit {
		t.Errorf("%d bytes dropped without a collection", s.dropped)
	}
}

func TestPrice(t *testing.T) {
	for level := 2; level < len(nominal); level++ {
		if nominal[level] <= nominal[level-1] {
			t.Errorf("level %d costs no more than %d", level, level-1)
		}
	}
	for level := -5; level < 30; level++ {
		n := affordable(DefaultLimits(1).Cost, level)
		if priceOf(n, level) > DefaultLimits(1).Cost || priceOf(n+n/100+1, level) <= DefaultLimits(1).Cost {
			t.Errorf("level %d: %d bytes are not the most for a second", level, n)
		}
	}
	// What the API must always be able to do.
	if l := DefaultLimits(1); priceOf(l.Text, 9) > l.Cost || priceOf(l.Raw, defaultLevel) > l.Cost || decodeCost(int64(l.Raw)) > l.Cost {
		t.Error("a text of the largest size is too expensive at level 9, or a raw body at 3")
	}
}
