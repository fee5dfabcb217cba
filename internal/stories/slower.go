package stories

import (
	"context"

	"zstdshop/harness"
	"zstdshop/runners"
	"zstdshop/scenarios"
)

// Slower is a program that has cpuburn alone and does each of its tasks twice.
func Slower() *harness.Registry {
	reg := new(harness.Registry)
	reg.AddRunner("single", runners.Single())
	reg.AddScenario("cpuburn", twice{scenarios.CPUBurn()})
	return reg
}

type twice struct{ scenarios.Scenario }

func (t twice) Prepare(ctx context.Context, in scenarios.Input) (scenarios.Job, error) {
	job, err := t.Scenario.Prepare(ctx, in)
	return twiceJob{job}, err
}

type twiceJob struct{ scenarios.Job }

func (j twiceJob) Do(worker, item int) error {
	if err := j.Job.Do(worker, item); err != nil {
		return err
	}
	return j.Job.Do(worker, item)
}
