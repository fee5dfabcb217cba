package measure

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"zstdshop/harness/analyze"
	"zstdshop/harness/journal"
	"zstdshop/harness/result"
)

// keepPrograms copies the programs into dir, so that a build meanwhile does not mix
// two programs in one side, and says what they are.
func (q *Request) keepPrograms(dir string) ([]journal.Arm, *result.TwoSides, []result.Warning, error) {
	if len(q.Programs) == 0 {
		return []journal.Arm{}, nil, nil, nil
	}
	var arms []journal.Arm
	var builds []result.Build
	for i, p := range q.Programs {
		arm := journal.Arm{Name: []string{result.SideOld, result.SideNew}[i], Redo: p.Redo}
		build := CurrentBuild(q.Registry, codecsOf(q.Cells))
		if p.Path != "" {
			copied := filepath.Join(dir, arm.Name, filepath.Base(p.Path))
			digest, err := copyProgram(p.Path, copied)
			if err != nil {
				return nil, nil, nil, fmt.Errorf("copy %s: %w", p.Name, err)
			}
			if mountedNoexec(copied) {
				return nil, nil, nil, fmt.Errorf("copy %s: %w", p.Name, NotRunnable(copied, fs.ErrPermission))
			}
			build = ReadBuild(copied, q.Registry, codecsOf(q.Cells))
			build.Binary, arm.Digest = digest, digest
			arm.Argv = []string{copied, WorkerCommand}
		}
		arms, builds = append(arms, arm), append(builds, build)
	}
	sides, about := analyze.AboutPrograms(q.Programs[0].Name, builds[0], q.Programs[1].Name, builds[1])
	return arms, &sides, []result.Warning{about}, nil
}

// copyProgram makes to an executable copy of from and returns its SHA-256 in
// hex.
func copyProgram(from, to string) (digest string, err error) {
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return "", err
	}
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o700)
	if err != nil {
		return "", err
	}
	digest, err = digestTo(out, from)
	return digest, errors.Join(err, out.Close())
}
