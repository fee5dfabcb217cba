package gomain

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"zstdshop/internal/tool"
)

// A Mirror is a copy of some folders of this machine below another one, at the same
// paths: what is /src/repo stands at Root/src/repo. Paths from one folder of it to
// another are those of the originals.
type Mirror struct{ Root string }

// Of returns where the copy of an absolute path stands.
func (m Mirror) Of(path string) string {
	return filepath.Join(m.Root, strings.TrimPrefix(path, filepath.VolumeName(path)))
}

// AddOutside completes a mirror that has the repository with the given root, so that the
// main package in dir builds there as it does here: it links the folders outside of the
// repository that go.mod and go.work name by relative paths, and copies a go.work that
// is not of the repository's commits. It returns the package in the mirror.
func (m Mirror) AddOutside(ctx context.Context, root, dir string, isTracked func(path string) bool) (Main, error) {
	out := Main{Dir: m.Of(dir)}
	b := outside{Mirror: m, root: root}
	work, err := Main{Dir: dir}.env(ctx, "GOWORK")
	if err != nil {
		return out, err
	}
	later := false // it came after the commit, which was built without
	if within(work, root) && isTracked(work) {
		_, err := os.Stat(m.Of(work))
		later = errors.Is(err, fs.ErrNotExist)
	} else if work != "" && work != "off" {
		if err := b.copyWork(ctx, work); err != nil {
			return out, err
		}
	}
	if work == "" || work == "off" || later {
		mod, err := out.env(ctx, "GOMOD")
		if err != nil || mod == "" || mod == os.DevNull {
			return out, err
		}
		rel, err := filepath.Rel(m.Root, filepath.Dir(mod))
		if err != nil {
			return out, fmt.Errorf("find %s: %w", mod, err)
		}
		return out, b.module(ctx, filepath.Join(string(filepath.Separator), rel))
	}
	out.Env = []string{"GOWORK=" + m.Of(work)}
	return out, b.workspace(ctx, work)
}

// outside links what is outside of the repository.
type outside struct {
	Mirror
	root string
}

// copyWork copies a go.work that is the user's own, with its sums. Absolute paths into
// the repository become those of the mirror, and modules that the mirror does not have
// yet are left out.
func (o outside) copyWork(ctx context.Context, work string) error {
	for _, path := range []string{work, work + ".sum"} {
		text, err := os.ReadFile(path)
		if path != work && errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = os.MkdirAll(filepath.Dir(o.Of(path)), 0o700)
		}
		if err == nil {
			err = os.WriteFile(o.Of(path), text, 0o600)
		}
		if err != nil {
			return fmt.Errorf("copy %s: %w", filepath.Base(path), err)
		}
	}
	uses, _, err := o.read(ctx, "work", o.Of(work))
	if err != nil {
		return err
	}
	for _, use := range uses {
		folder := use
		if !filepath.IsAbs(use) {
			folder = filepath.Join(filepath.Dir(work), use)
		}
		if !within(folder, o.root) {
			continue
		}
		args := []string{"work", "edit", "-json=false", "-dropuse=" + use, o.Of(work)}
		if _, err := os.Stat(filepath.Join(o.Of(folder), "go.mod")); err == nil {
			if !filepath.IsAbs(use) {
				continue
			}
			args = []string{"work", "edit", "-json=false", "-dropuse=" + use, "-use=" + o.Of(folder), o.Of(work)}
		}
		if _, err := goAt(ctx, o.Root, args...); err != nil {
			return err
		}
	}
	return nil
}

// workspace links what a go.work names, whose original is at path.
func (o outside) workspace(ctx context.Context, path string) error {
	uses, replaced, err := o.read(ctx, "work", o.Of(path))
	if err != nil {
		return err
	}
	for _, use := range uses {
		folder := use
		if !filepath.IsAbs(use) {
			folder = filepath.Join(filepath.Dir(path), use)
			if err := o.link(folder); err != nil {
				return err
			}
		} else if rel, err := filepath.Rel(o.Root, use); err == nil && within(use, o.Root) {
			folder = filepath.Join(string(filepath.Separator), rel)
		}
		if err := o.module(ctx, folder); err != nil {
			return err
		}
	}
	return o.linkAll(filepath.Dir(path), replaced)
}

// module links what the go.mod of a folder names. It is read from the mirror where that
// has one.
func (o outside) module(ctx context.Context, folder string) error {
	path := filepath.Join(o.Of(folder), "go.mod")
	if _, err := os.Stat(path); err != nil {
		return nil // go says it better
	}
	_, replaced, err := o.read(ctx, "mod", path)
	if err != nil {
		return err
	}
	return o.linkAll(folder, replaced)
}

// linkAll links those of the paths that are relative, from folder.
func (o outside) linkAll(folder string, paths []string) error {
	for _, path := range paths {
		if filepath.IsAbs(path) {
			continue
		}
		if err := o.link(filepath.Join(folder, path)); err != nil {
			return err
		}
	}
	return nil
}

// link makes an original outside of the repository visible in the mirror.
func (o outside) link(folder string) error {
	if within(folder, o.root) || within(o.root, folder) {
		return nil
	}
	at := o.Of(folder)
	if _, err := os.Lstat(at); err == nil {
		return nil
	}
	err := os.MkdirAll(filepath.Dir(at), 0o700)
	if err == nil {
		err = os.Symlink(folder, at)
	}
	if err != nil {
		return fmt.Errorf("make %s visible to the base: %w", folder, err)
	}
	return nil
}

// read returns the folders that a go.mod or go.work names: those used, and those in
// the place of modules.
func (o outside) read(ctx context.Context, kind, path string) (used, replaced []string, err error) {
	text, err := goAt(ctx, o.Root, kind, "edit", "-json", path)
	if err != nil {
		return nil, nil, err
	}
	var f struct {
		Use     []struct{ DiskPath string }
		Replace []struct {
			New struct{ Path, Version string }
		}
	}
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		return nil, nil, fmt.Errorf("read %s: %w", path, err)
	}
	for _, u := range f.Use {
		used = append(used, filepath.FromSlash(u.DiskPath))
	}
	for _, r := range f.Replace {
		if r.New.Version == "" { // a folder
			replaced = append(replaced, filepath.FromSlash(r.New.Path))
		}
	}
	return used, replaced, nil
}

// goAt runs go outside of any workspace.
func goAt(ctx context.Context, dir string, args ...string) (string, error) {
	return tool.Command{Argv: append([]string{"go"}, args...), Dir: dir, Env: []string{"GOWORK=off"}}.Output(ctx)
}
