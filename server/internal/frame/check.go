package frame

// Check returns what src holds: one or more frames, skippable ones among them,
// and nothing else. src is only read. Errors are *Error; without one nothing is
// allocated.
func Check(src []byte, lim Limits) (Info, error) {
	s := Scanner{limits: lim}
	return s.whole(src)
}

// whole takes all of the input at once.
func (s *Scanner) whole(src []byte) (Info, error) {
	if err := s.Scan(src); err != nil {
		return Info{}, err
	}
	return s.End()
}
