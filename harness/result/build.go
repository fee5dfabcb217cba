package result

// Build says which program measured.
type Build struct {
	Version   string            `json:"version"` // of the main module; "(devel)" from source
	Commit    string            `json:"commit"`  // "" where the build does not say
	Dirty     bool              `json:"dirty"`
	Go        string            `json:"go"`
	OS        string            `json:"os"`
	Arch      string            `json:"arch"`
	CGO       bool              `json:"cgo"`
	Settings  map[string]string `json:"settings"`  // CGO_CFLAGS, GOAMD64, -tags ... where set
	Libraries map[string]string `json:"libraries"` // codec name -> "library version"
	Binary    string            `json:"binary"`    // SHA-256 of the executable, hex
}
