package result

import "errors"

// ErrUnusable is wrapped where two sides cannot be held against each other
// because of where they come from: another machine, another protocol.
var ErrUnusable = errors.New("foreign")

// ErrNothingInCommon is wrapped where no cell of one result is in the other.
var ErrNothingInCommon = errors.New("no cell in common")

// ErrPlan is wrapped by every error of a plan that cannot be carried out as
// asked: the user's to mend.
var ErrPlan = errors.New("plan")
