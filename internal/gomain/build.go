package gomain

import "context"

// Build writes the program to out. The folder is not part of it, nor what git says of
// it, so the same sources make the same bytes wherever they are.
func (m Main) Build(ctx context.Context, out string) error {
	env, err := m.asCompiled(ctx)
	if err != nil {
		return err
	}
	_, err = Main{m.Dir, env}.run(ctx, "build", "-trimpath", "-buildvcs=false", "-o", out, ".")
	return err
}
