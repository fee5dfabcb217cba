package analyze

const (
	// DefaultDelta is how far apart two cells may be and still count as
	// equivalent.
	DefaultDelta = 0.02
	// VerdictError is the error allowed per verdict, TableError per table.
	VerdictError = 0.01
	TableError   = 0.05
	// MinPairs is how many fork pairs a verdict takes; below, cells count as not
	// compared.
	MinPairs = 8
)
