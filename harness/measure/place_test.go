package measure

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// The place stays while the machine is calm there and moves on by one when it
// is not.
func TestPlace(t *testing.T) {
	var p place
	for i, c := range []struct {
		sentinel int64 // of the turn that is over
		cpu      int   // of the next
		about    string
	}{
		{0, 0, "no sentinel says nothing"},
		{5000, 0, "the first is the measure"},
		{5300, 0, "6 % slower is calm"},
		{5301, 1, "more is not"},
		{9000, 2, "nor is the next place"},
		{5000, 2, "the third is"},
		{0, 2, "a turn without a sentinel changes nothing"},
		{-1, 2, "nor does nonsense"},
		{4700, 2, "a new measure"},
		{5000, 3, "by which the old one is slow"},
	} {
		p.seen(c.sentinel)
		if p.cpu != c.cpu {
			t.Errorf("turn %d, sentinel %d: the next place is %d, want %d: %s", i, c.sentinel, p.cpu, c.cpu, c.about)
		}
	}
}

// The protocol's page tells workers' authors when places change.
func TestPlaceIsSpecified(t *testing.T) {
	page, err := os.ReadFile("../../docs/protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("over %.2f times what", placeSlack); !strings.Contains(strings.Join(strings.Fields(string(page)), " "), want) {
		t.Errorf("docs/protocol.md does not say %q", want)
	}
}
