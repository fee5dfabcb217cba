package scenarios

import "errors"

// ErrCorrupt is wrapped by Prepare and Do where a codec did not give back what
// went in.
var ErrCorrupt = errors.New("data corrupted by codec")
