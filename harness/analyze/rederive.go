package analyze

import (
	"cmp"
	"errors"
	"slices"

	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
)

// ErrFrozen is wrapped where a saved result is shown with the figures that it was saved
// with, because they cannot be derived again.
var ErrFrozen = errors.New("its figures are shown as they were recorded")

// Rederive computes the figures and comparisons of a saved result anew, from its raw
// samples, so that it is shown as this program derives. It returns r itself and an error
// that wraps ErrFrozen where r does not hold all that this takes: where another method
// measured it, where it is of several runs, or has the checks of a gate, which are what
// was said then.
func Rederive(r *result.Result, known result.Catalogue) (*result.Result, error) {
	return RederiveAgainst(r, r.Plan.Reference, known)
}

// RederiveAgainst is Rederive with another reference, which is the name of a cell: the
// comparisons and figures that are relative to it are those that a run would have had
// that was told so.
func RederiveAgainst(r *result.Result, reference string, known result.Catalogue) (*result.Result, error) {
	frozen := func(why string) (*result.Result, error) { return r, errors.Join(ErrFrozen, errors.New(why)) }
	switch {
	case r.Plan.Method != result.Method:
		return frozen("they were measured by method " + cmp.Or(r.Plan.Method, "none") + ", this program's is " + result.Method)
	case r.Plan.Delta == 0:
		return frozen("an earlier program wrote it, without what it takes to derive them again")
	case len(r.Plan.Others) > 0 || r.Plan.Runs > 1:
		return frozen("it is of several runs")
	case r.Checks != nil:
		return frozen("the checks of a gate are what was said then")
	case slices.ContainsFunc(r.Cells, func(c result.CellResult) bool { return c.Status == result.StatusOK && c.Lanes == 0 }):
		return frozen("a cell does not say how many tasks could run at once")
	}
	log := LogOf(r)
	log.Header.Plan.Reference = reference
	again := Derive(log, known)
	again.Recommendations, again.Answers, again.Hosts, again.Shard = r.Recommendations, r.Answers, r.Hosts, r.Shard
	return again, nil
}

// LogOf is the log that a result was derived from, as far as Derive reads it.
func LogOf(r *result.Result) *journal.Log {
	log := &journal.Log{Elapsed: r.Plan.Elapsed, End: &journal.End{Complete: r.Plan.Complete}, Schedule: &journal.Schedule{}}
	log.Header = journal.Header{Machine: r.Machine, Build: r.Build, Plan: r.Plan, Delta: r.Plan.Delta, Sides: r.Sides}
	for _, w := range r.Warnings {
		if !slices.Contains(derivedCodes, w.Code) {
			log.Header.Warnings = append(log.Header.Warnings, w)
		}
	}
	for i := range r.Cells {
		c := &r.Cells[i]
		log.Header.Corpora = append(log.Header.Corpora, journal.CorpusInfo{Name: c.Corpus, Bytes: c.CorpusBytes, Digest: c.CorpusDigest})
		log.Schedule.Subsets = append(log.Schedule.Subsets, journal.Subset{Corpus: c.Corpus, Block: c.ItemBytes(), Digest: c.ItemsDigest, WholeItems: c.CorpusItems})
		one := journal.CellLog{Cell: c.Cell, Forks: c.Samples, Checksum: result.Value(c.Checksum)}
		if c.Items > 0 {
			one.Facts = &worker.Ready{Items: c.Items, BytesIn: c.BytesIn, BytesOut: c.BytesOut, Digest: c.Digest,
				EffectiveLevel: result.Value(c.EffectiveLevel), GOMAXPROCS: c.EffectiveGOMAXPROCS, Lanes: c.Lanes,
				StreamWindow: result.Value(c.StreamWindowBytes), StreamMemory: result.Value(c.StreamMemoryBytes),
				StreamSetup: result.Value(c.StreamSetupNS), Flushes: c.Flushes}
			if len(c.Samples) > 0 {
				one.Facts.PassNS = c.Samples[0].PassNS // 0 where slices have a fixed length
			}
			if s := c.ItemSums; s != nil {
				one.Whole = &journal.Whole{Items: s.Items, BytesIn: s.In, BytesOut: s.Out, SumInIn: s.InIn, SumInOut: s.InOut, SumOutOut: s.OutOut}
			} else if c.CorpusBytesOut > 0 {
				one.Whole = &journal.Whole{Items: c.CorpusItems, BytesIn: c.CorpusBytes, BytesOut: c.CorpusBytesOut}
			}
		}
		if c.Dictionary != nil {
			d := journal.Dict{Name: c.Dict, Codec: c.Codec, Dictionary: *c.Dictionary}
			if d.Trainer != "" {
				d.Corpus = c.Corpus
			}
			log.Header.Dicts = append(log.Header.Dicts, d)
			if one.Facts != nil {
				one.Facts.ContextNS = d.ContextNS
			}
		}
		if c.GILEnabled != nil {
			one.Hello = &worker.Hello{Implementation: result.Value(c.Implementation), GILEnabled: *c.GILEnabled}
		}
		if c.Status == result.StatusFailed || c.Status == result.StatusUnavailable {
			one.Failed = &journal.Failure{Status: c.Status, Error: result.Value(c.Error), Stderr: result.Value(c.Stderr)}
		}
		log.Cells = append(log.Cells, one)
	}
	return log
}

// derivedCodes are those of the warnings that Derive makes; others were known before.
var derivedCodes = []string{"unmeasured", "sampled", "starved", "few_forks", "noisy", "disagree", codeOtherWork, codeTrained, "effective_level", "gomaxprocs"}
