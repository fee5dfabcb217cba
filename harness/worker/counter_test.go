package worker

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
)

// Members that map one file each take every task once, slice after slice, whoever
// does more of them.
func TestSharedCounter(t *testing.T) {
	path := filepath.Join(t.TempDir(), "counter")
	if err := os.WriteFile(path, make([]byte, SharedCounterBytes), 0o600); err != nil {
		t.Fatal(err)
	}
	const members = 3
	var all [members]*sharedCounter
	for i := range all {
		b, err := openSharedCounter(path)
		if err != nil {
			t.Fatal(err)
		}
		all[i] = b
		t.Cleanup(func() { _ = b.close() })
	}
	for slice, count := range []int{1, 100, 7} {
		taken := make([][]int, members)
		errs := make([]error, members)
		var group sync.WaitGroup
		for i, b := range all {
			group.Go(func() {
				if errs[i] = b.meet(members); errs[i] != nil {
					return
				}
				for {
					task, err := b.take(count)
					if err != nil {
						break
					}
					taken[i] = append(taken[i], task)
				}
				b.end(count, members)
			})
		}
		group.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		times := make([]int, count)
		for _, tasks := range taken {
			for _, task := range tasks {
				times[task]++
			}
		}
		for task, n := range times {
			if n != 1 {
				t.Errorf("slice %d: task %d taken %d times", slice, task, n)
			}
		}
	}
	if _, err := openSharedCounter(path + "-missing"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a counter that is not there: %v", err)
	}
}

// A message is one flat object, and a name that two of its parts have would be in
// neither.
func TestMessageNames(t *testing.T) {
	of := map[string]string{}
	for part, typ := range parts(reflect.TypeFor[Message]()) {
		if typ == reflect.TypeFor[CellSpec]() || typ == reflect.TypeFor[Data]() {
			continue // objects of their own
		}
		for i := range typ.NumField() {
			name, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
			if other, taken := of[name]; taken {
				t.Errorf("%s is in %s and in %s", name, part, other)
			}
			of[name] = part
		}
	}
}
