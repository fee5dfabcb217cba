package corpus_test

import (
	"context"
	"fmt"
	"os"

	"zstdshop/scenarios/corpus"
)

// From a --corpus value to the items of a worker.
func Example() {
	ctx := context.Background()
	logs, err := corpus.Load(ctx, "logs", os.Stdin)
	if err != nil {
		fmt.Println(err)
		return
	}
	blocks := corpus.Blocks(logs.Members, 64<<10)

	folder, err := os.MkdirTemp("", "corpus")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(folder)
	spool, err := logs.Spool(ctx, folder)
	if err != nil {
		fmt.Println(err)
		return
	}

	sample := corpus.Sample(blocks, 1, 4, 0) // as for a slow level
	index, err := spool.Index(sample)
	if err != nil {
		fmt.Println(err)
		return
	}
	items, err := corpus.ReadItems(spool.Data, index)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d of %d blocks, the first of %d bytes\n", len(items), len(blocks), len(items[0]))
	// Output: 4 of 16 blocks, the first of 65536 bytes
}

func ExampleLoad_unknown() {
	_, err := corpus.Load(context.Background(), "metric", nil)
	fmt.Println(err)
	// Output: corpus "metric": no embedded corpus, file or folder has this name: did you mean metrics? embedded are logs, logs-records, html, html-records, metrics, metrics-records, source, random, zeros
}

func ExampleParseBlock() {
	for _, s := range []string{"64KiB", "whole", "64K"} {
		bytes, err := corpus.ParseBlock(s)
		fmt.Println(bytes, err)
	}
	// Output:
	// 65536 <nil>
	// 0 <nil>
	// 0 block "64K": K may be 1000 or 1024 based: write KB or KiB
}
