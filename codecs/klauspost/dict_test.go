package klauspost

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"testing"
)

// TestTrainedID: it is in the range that the format leaves free, and of the
// samples, though the dictionary varies.
func TestTrainedID(t *testing.T) {
	var samples [][]byte
	for i := range 300 {
		samples = append(samples, fmt.Appendf(nil, "record %d of a kind, with a value of %d and some more text that is the same", i, i*i))
	}
	var ids []uint32
	for range 2 {
		dict, err := codec{}.Train(samples, 4<<10)
		if err != nil {
			t.Fatal(err)
		}
		id, err := codec{}.DictID(dict)
		if err != nil || id != binary.LittleEndian.Uint32(dict[4:]) || id < 1<<15 || id >= 1<<31 {
			t.Errorf("ID is %d, %v; the dictionary begins %x", id, err, dict[:8])
		}
		ids = append(ids, id)
	}
	if ids[0] != ids[1] {
		t.Errorf("the same samples have the IDs %v", ids)
	}
	samples[0] = bytes.ToUpper(samples[0])
	dict, err := codec{}.Train(samples, 4<<10)
	if err != nil {
		t.Fatal(err)
	}
	if id, err := (codec{}).DictID(dict); id == ids[0] || err != nil {
		t.Errorf("other samples have the same ID %d, %v", id, err)
	}
}
