package fleet

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"zstdshop/harness/machine"
)

const presenceSchema = "zstdshop/agent/v1"

// Presence is what an agent says of itself, now and then and whenever it changes.
type Presence struct {
	Schema string `json:"schema"`
	Agent  string `json:"agent"`
	// Instance tells apart agents of one name; it stays the same where one is started
	// again.
	Instance string            `json:"instance"`
	Labels   map[string]string `json:"labels"`
	Machine  machine.Info      `json:"machine"`
	Program  Program           `json:"program"`
	Since    time.Time         `json:"since"` // of the agent's start
	Work     Work              `json:"work"`
}

// Work is what an agent does. The zero value is waiting for work.
type Work struct {
	Run     string `json:"run,omitempty"`
	Unit    string `json:"unit,omitempty"`
	Name    string `json:"name,omitempty"` // of the unit
	Elapsed int64  `json:"elapsed_ns,omitempty"`
	Total   int64  `json:"total_ns,omitempty"`
}

const (
	// presenceEvery is how often an agent says that it is there, and goneAfter after how
	// long a silence it is not.
	presenceEvery = 5 * time.Second
	goneAfter     = 20 * time.Second
	maxLabels     = 50
)

// readPresence reads the value of a key of the agents' bucket.
func readPresence(key string, data []byte) (*Presence, error) {
	var p Presence
	if err := decode(data, presenceSchema, &p); err != nil {
		return nil, err
	}
	if err := p.check(); err != nil {
		return nil, refused("%w", err)
	}
	if key != p.Agent {
		return nil, refused("it is of agent %s, and came as %s", p.Agent, clip(key))
	}
	return &p, nil
}

func (p *Presence) check() error {
	if _, err := ParseName(p.Agent); err != nil {
		return err
	}
	if err := checkToken(p.Instance); err != nil {
		return fmt.Errorf("instance %w", err)
	}
	if len(p.Labels) > maxLabels {
		return fmt.Errorf("%d labels: want at most %d", len(p.Labels), maxLabels)
	}
	m := p.Machine
	texts := []string{m.Host, m.OS, m.Arch, m.CPU, m.Fingerprint, m.Kernel, p.Work.Run, p.Work.Unit, p.Work.Name}
	for _, key := range slices.Sorted(maps.Keys(p.Labels)) {
		texts = append(texts, key, p.Labels[key])
	}
	for _, text := range texts {
		if err := checkText("agent", text); err != nil {
			return err
		}
	}
	return p.Program.check()
}

// label is a label of the agent's, or what the machine says of itself.
func (p *Presence) label(key string) string {
	switch key {
	case "agent":
		return p.Agent
	case "host":
		return p.Machine.Host
	case "os":
		return p.Machine.OS
	case "arch":
		return p.Machine.Arch
	case "fingerprint":
		return p.Machine.Fingerprint
	}
	return p.Labels[key]
}

// OwnLabels are the labels that every agent has and none may set.
func OwnLabels() []string { return []string{"agent", "host", "os", "arch", "fingerprint"} }

// ParseLabels parses "arch=arm64,pool=ci".
func ParseLabels(text string) (map[string]string, error) {
	labels := map[string]string{}
	for part := range strings.SplitSeq(text, ",") {
		key, value, ok := strings.Cut(strings.TrimSpace(part), "=")
		if !ok || key == "" || value == "" || labels[key] != "" {
			return nil, fmt.Errorf("want NAME=VALUE[,NAME=VALUE...], each name once, such as arch=arm64,pool=ci")
		}
		if err := checkText("label", part); err != nil {
			return nil, err
		}
		labels[key] = value
	}
	return labels, nil
}
