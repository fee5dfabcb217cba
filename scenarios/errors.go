package scenarios

import "errors"

// ErrCorrupt is wrapped by Prepare and Do where the result of decompression is
// not the original item.
var ErrCorrupt = errors.New("data corrupted by codec")
