package history

import "context"

// Exec is for tests that need a database of their own.
func (s *Store) Exec(ctx context.Context, query string) error {
	_, err := s.db.ExecContext(ctx, query)
	return err
}
