package reports

import (
	"strings"
	"testing"
)

// Many levels are one answer, which says who leads at which.
func TestAnswersOverLevels(t *testing.T) {
	r := readRun(t, "levels.json.zst")
	want := "On a sample of 524.3 kB of source in 64 KiB blocks, compressing: datadog in a single goroutine is fastest at levels 1, 3 and 11 " +
		"(273 to 19.2 MB/s); klauspost in a single goroutine is fastest at levels 5, 9 and 13 to 19 (119 to 14.6 MB/s); " +
		"datadog in a single goroutine and klauspost in a single goroutine cannot be told apart at level 7 (66.6 MB/s, at most 1.76x)."
	if all, _ := answers(r); len(all) != 1 || all[0] != want {
		t.Errorf("of ten levels: %q", all)
	}
	left, err := Select(r, "level:(1 OR 3 OR 5)")
	if err != nil {
		t.Fatal(err)
	}
	if all, _ := answers(left); len(all) != 3 || !strings.HasPrefix(all[1], "At level 3: ") {
		t.Errorf("of three levels: %q", all)
	}
	alone, err := Select(r, "codec:datadog")
	if err != nil {
		t.Fatal(err)
	}
	want = ", compressing: alone, and so not compared: datadog in a single goroutine at levels 1 to 19 (273 to 2.77 MB/s)."
	if all, _ := answers(alone); len(all) != 1 || !strings.HasSuffix(all[0], want) {
		t.Errorf("of one codec: %q", all)
	}
}

func TestLevelsOf(t *testing.T) {
	all := strings.Fields("1 3 5 7 9 11")
	for some, want := range map[string]string{
		"3": "level 3", "1 3": "levels 1 and 3", "1 3 5": "levels 1 to 5", "1 3 5 9 11": "levels 1 to 5, 9 and 11",
		"3 7 9 11": "levels 3 and 7 to 11", "1 3 5 7 9 11": "levels 1 to 11", "1 5 9": "levels 1, 5 and 9",
	} {
		if got := levelsOf(strings.Fields(some), all); got != want {
			t.Errorf("%s of %v: %q, want %q", some, all, got, want)
		}
	}
}
