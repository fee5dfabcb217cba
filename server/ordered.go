package server

import (
	"bytes"
	"encoding/json"
)

// ordered is a JSON object whose members come out in the order they have here.
type ordered []member

type member struct {
	name  string
	value any
}

// MarshalJSON makes ordered a json.Marshaler.
func (o ordered) MarshalJSON() ([]byte, error) {
	out := []byte{'{'}
	for _, m := range o {
		name, err := json.Marshal(m.name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(m.value)
		if err != nil {
			return nil, err
		}
		out = append(append(append(append(out, name...), ':'), value...), ',')
	}
	return append(bytes.TrimSuffix(out, []byte{','}), '}'), nil
}
