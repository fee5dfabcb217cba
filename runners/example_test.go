package runners_test

import (
	"context"
	"fmt"

	"zstdshop/runners"
)

// Tasks of one worker never overlap, so the memory of a worker needs no lock.
func ExampleRunner() {
	const items, workers = 100, 4
	var sums [workers]int
	task := func(worker, item int) error {
		sums[worker] += item
		return nil
	}
	if err := runners.Pool().Run(context.Background(), items, workers, task); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(sums[0] + sums[1] + sums[2] + sums[3])
	// Output: 4950
}
