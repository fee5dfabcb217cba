package cli

import (
	"slices"
	"strconv"
	"testing"
)

func TestListFlag(t *testing.T) {
	for _, c := range []struct {
		typed []string
		want  []int
		err   bool
	}{
		{nil, []int{1, 3}, false},
		{[]string{"5"}, []int{5}, false},
		{[]string{"5,6"}, []int{5, 6}, false},
		{[]string{"5", "6"}, []int{5, 6}, false},
		{[]string{"5,5", "6,5"}, []int{5, 6}, false},
		{[]string{"x"}, []int{1, 3}, true},
		{[]string{"5,"}, []int{1, 3}, true},
		{[]string{"5", "x"}, []int{5}, true},
	} {
		f := list[int]{values: []int{1, 3}, parse: strconv.Atoi}
		var err error
		for _, text := range c.typed {
			if err == nil {
				err = f.Set(text)
			}
		}
		if !slices.Equal(f.values, c.want) || (err != nil) != c.err {
			t.Errorf("typed %q: %v, %v; want %v", c.typed, f.values, err, c.want)
		}
	}
}
