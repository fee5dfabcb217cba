// Command validate holds saved results against the published schema.
//
//	go run ./.ci/validate result.json ...
package main

import (
	"bytes"
	"fmt"
	"os"
	"zstdshop/harness/result"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "validate:", err)
		os.Exit(1)
	}
}

func run(paths []string) error {
	if len(paths) == 0 {
		return fmt.Errorf("name the result files")
	}
	schema, err := compile()
	if err != nil {
		return fmt.Errorf("compile schema: %w", err)
	}
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		value, err := jsonschema.UnmarshalJSON(f)
		f.Close()
		if err == nil {
			err = schema.Validate(value)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return nil
}

func compile() (*jsonschema.Schema, error) {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(result.ResultSchema()))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("result.json", document); err != nil {
		return nil, err
	}
	return c.Compile("result.json")
}
