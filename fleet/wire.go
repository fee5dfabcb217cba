package fleet

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"
)

// maxMessage is the most bytes of a message: below the default of a server, which is
// 1 MiB with its header. What may be larger is an object.
const maxMessage = 768 << 10

// errRefused is wrapped where a message is not taken for what it says.
var errRefused = errors.New("refused")

func refused(format string, args ...any) error {
	return fmt.Errorf("%w: %w", errRefused, fmt.Errorf(format, args...))
}

// encode writes a message.
func encode(what string, v any) ([]byte, error) {
	data, err := json.Marshal(v, json.Deterministic(true))
	if err == nil && len(data) > maxMessage {
		err = fmt.Errorf("%d bytes are more than the %d of a message", len(data), maxMessage)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return data, nil
}

// decode reads a message of a schema: one value, whole, with no member that is unknown or
// there twice.
func decode(data []byte, schema string, v any) error {
	if len(data) > maxMessage {
		return refused("it has %d bytes, more than %d", len(data), maxMessage)
	}
	return decodeObject(data, schema, v)
}

// decodeObject is decode of what its digest and size have been checked of.
func decodeObject(data []byte, schema string, v any) error {
	var head struct {
		Schema string `json:"schema"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return refused("it is no JSON object: %w", err)
	}
	if head.Schema != schema {
		return refused("its schema is %q, this program reads %s", clip(head.Schema), schema)
	}
	if err := json.Unmarshal(data, v, json.RejectUnknownMembers(true)); err != nil {
		return refused("it does not have the members of %s: %w", schema, err)
	}
	return nil
}

// sumOf is the digest by which objects are known: SHA-256 in hex.
func sumOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// checkSum refuses what is no digest.
func checkSum(s string) error {
	if raw, err := hex.DecodeString(s); err != nil || len(raw) != sha256.Size || s != hex.EncodeToString(raw) {
		return fmt.Errorf("%q is no SHA-256 in hex", clip(s))
	}
	return nil
}
