package worker

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// ErrNonsense is wrapped where a line is not a message of the protocol.
var ErrNonsense = errors.New("not a message of the worker protocol")

// Conn reads and writes messages, one JSON object a line. One goroutine may
// read while another writes.
type Conn struct {
	in  *bufio.Reader
	out io.Writer
}

// NewConn speaks over in and out. Both stay the caller's to close.
func NewConn(in io.Reader, out io.Writer) *Conn {
	return &Conn{in: bufio.NewReaderSize(in, 64<<10), out: out}
}

// Send writes one message in one Write.
func (c *Conn) Send(m Message) error {
	line, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("encode %s message: %w", m.Type, err)
	}
	if len(line)+1 > MaxLine {
		return fmt.Errorf("send %s message: %d bytes is over the limit of %d", m.Type, len(line)+1, MaxLine)
	}
	_, err = c.out.Write(append(line, '\n'))
	return err
}

// Receive reads the next message. It returns io.EOF at a clean end and an error
// that wraps ErrNonsense, with the start of the line, for anything else that is
// no message.
func (c *Conn) Receive() (Message, error) {
	var line []byte
	for {
		part, err := c.in.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > MaxLine {
			return Message{}, fmt.Errorf("%w: line longer than %d bytes: %.60q", ErrNonsense, MaxLine, line[:60])
		}
		if err == nil {
			break
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if errors.Is(err, io.EOF) && len(line) > 0 {
			return Message{}, fmt.Errorf("%w: stream ends inside a line: %.60q", ErrNonsense, line)
		}
		return Message{}, err
	}
	return Parse(line)
}

// Parse reads one line. Unknown fields are ignored, so that a later minor
// revision can add some; a missing or unknown type is an error.
func Parse(line []byte) (Message, error) {
	var m Message
	if err := json.Unmarshal(line, &m); err != nil {
		return Message{}, fmt.Errorf("%w: %.60q", ErrNonsense, line)
	}
	if !m.complete() {
		return Message{}, fmt.Errorf("%w: type %q without its fields: %.60q", ErrNonsense, m.Type, line)
	}
	return m, nil
}

// complete reports whether the part that Type names is there.
func (m *Message) complete() bool {
	if m.Type == TypeBye && m.Bye == nil {
		m.Bye = &Bye{}
	}
	return m.Type == TypeHello && m.Hello != nil ||
		m.Type == TypePrepare && m.Prepare != nil ||
		m.Type == TypeProgress && m.Progress != nil ||
		m.Type == TypeReady && m.Ready != nil ||
		m.Type == TypeSlice && m.Slice != nil ||
		m.Type == TypeSample && m.Sample != nil ||
		m.Type == TypeIdle && m.Idle != nil ||
		m.Type == TypeBye ||
		m.Type == TypeError && m.Failure != nil
}
