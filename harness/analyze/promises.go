package analyze

const (
	// DefaultDelta is how far apart two sides may be and still count as equivalent,
	// LeadDelta two cells of a bench: who asks which one leads chooses between codecs and
	// models, and where they are that near something else decides.
	DefaultDelta = 0.02
	LeadDelta    = 0.05
	// VerdictError is the error allowed per verdict, FamilyError per family: which of its
	// cells leads a group, or all that two programs are compared by.
	VerdictError = 0.01
	FamilyError  = 0.05
	// MinPairs is how many fork pairs it takes to call cells equivalent, or different by
	// what their turns say of them.
	MinPairs = 8
)
