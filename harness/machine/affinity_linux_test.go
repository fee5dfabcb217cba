package machine

import (
	"runtime"
	"slices"
	"testing"
)

func TestOnCPU(t *testing.T) {
	runtime.LockOSThread() // so that the thread looked at afterwards is the one that was bound
	defer runtime.UnlockOSThread()
	before := allowedCPUs()
	last := before[len(before)-1]
	var inside []int
	if !onCPU(last, func() { inside = allowedCPUs() }) {
		t.Fatalf("binding to CPU %d was refused", last)
	}
	if !slices.Equal(inside, []int{last}) {
		t.Errorf("bound to %v, want CPU %d", inside, last)
	}
	if after := allowedCPUs(); !slices.Equal(after, before) {
		t.Errorf("allowed CPUs %v afterwards, %v before", after, before)
	}
}

func TestOnCPUThatIsNotThere(t *testing.T) {
	ran := false
	if onCPU(1<<20, func() { ran = true }) || !ran {
		t.Errorf("a CPU that no machine has must be refused, and f run all the same (ran: %v)", ran)
	}
}
