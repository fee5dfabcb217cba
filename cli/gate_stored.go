package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"time"

	"zstdshop/harness/analyze"
	"zstdshop/harness/journal"
	"zstdshop/harness/machine"
	"zstdshop/harness/plan"
	"zstdshop/harness/result"
)

// againstStored measures the cells and holds them against a saved result.
func (a *app) againstStored(ctx context.Context, p *plan.Plan, b *base, told *journal.Gate) (*result.Result, error) {
	stored := analyze.Source{Name: b.name, Result: b.result}
	if err := stored.AsBase(p.Cells, p.Digests(), machine.Current()); err != nil {
		return nil, &exitError{exitUnusable, err}
	}
	digest, err := digestOf(b.name)
	if err != nil {
		return nil, err
	}
	told.Stored, told.Limits = &journal.Stored{Path: b.name, Digest: digest}, p.Limits
	p.Seed, p.Seeded = b.result.Plan.Seed, b.result.Plan.Seeded
	q := a.request(p, time.Now()) // of p no more is kept while it runs: corpora are large
	q.Gate = told
	r, err := a.run(ctx, q)
	if err != nil {
		return nil, err
	}
	return heldAgainst(stored, r, told.Limits)
}

// heldAgainst holds a run against a saved result.
func heldAgainst(stored analyze.Source, run *result.Result, limits map[string]result.Limits) (*result.Result, error) {
	r, err := analyze.Compare(stored, analyze.Source{Name: "this run", Result: run})
	if err != nil {
		return nil, &exitError{exitUnusable, err}
	}
	r.Checks = analyze.Checks(r, limits, false)
	return r, nil
}

// digestOf is the SHA-256 of a file in hex.
func digestOf(path string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("%s: %w", path, reason(err))
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}
