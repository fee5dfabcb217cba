package server

// Where dictionaries are. Each has a place of its own, so that a path which is not
// exactly one's leads nowhere.
const (
	dictsPath = "/v1/dict"
	dictPath  = dictsPath + "/{name}"
)

// dictKey is the parameter that names a dictionary.
const dictKey = "dict"
