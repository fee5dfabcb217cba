package fleet

import (
	"errors"
	"fmt"
	"strings"
)

// What is stored, and under which subjects. Permissions of a server are about these
// (docs/fleet.md).
const (
	unitStream    = "ZSTDSHOP_UNITS"
	outcomeStream = "ZSTDSHOP_RESULTS"
	runBucket     = "zstdshop_runs"    // controllers write, agents read
	agentBucket   = "zstdshop_agents"  // each agent writes its own key
	dataBucket    = "zstdshop_data"    // objects of controllers: corpora, dictionaries, plans
	figureBucket  = "zstdshop_figures" // objects of agents: results

	unitSubjects    = "zstdshop.units.>"
	outcomeSubjects = "zstdshop.results.>"
)

// anyQueue is the queue of units that any agent may take; others are named after the one
// agent that may.
const anyQueue = "any"

// A connection hears answers below the prefix that nats.CustomInboxPrefix takes. Each role
// has one of its own, so that permissions can keep others from listening.

// ControllerInbox is the prefix of controllers.
const ControllerInbox = "_INBOX.controller"

// AgentInbox is the prefix of an agent.
func AgentInbox(agent string) string { return "_INBOX.agent." + agent }

// unitSubject is where a unit waits. There is one message at most for each.
func unitSubject(run, queue, unit string) string {
	return "zstdshop.units." + run + "." + queue + "." + unit
}

// outcomeSubject is where an agent says what became of a unit.
func outcomeSubject(agent, run, unit string) string {
	return "zstdshop.results." + agent + "." + run + "." + unit
}

// consumerName is that of the consumer of a queue.
func consumerName(run, queue string) string { return run + "_" + queue }

// objectName is that of an object of a run: of what is in it, so that it is stored once.
func objectName(run, sum string) string { return run + "." + sum }

// wordsOf cuts a subject into the n words behind its first two, and refuses one that is
// none of those above.
func wordsOf(subject string, n int) ([]string, error) {
	words := strings.Split(subject, ".")
	if len(words) != 2+n {
		return nil, fmt.Errorf("subject %q: want %d words behind the second", clip(subject), n)
	}
	for _, w := range words {
		if err := checkToken(w); err != nil {
			return nil, fmt.Errorf("subject %q: %w", clip(subject), err)
		}
	}
	return words[2:], nil
}

// maxToken is the most bytes of a name that is part of a subject.
const maxToken = 64

// checkToken refuses what cannot be one word of a subject and one element of a path.
func checkToken(s string) error {
	if s == "" || len(s) > maxToken {
		return fmt.Errorf("%q: want 1 to %d letters, digits, - or _", clip(s), maxToken)
	}
	for _, r := range s {
		if !tokenRune(r) {
			return fmt.Errorf("%q: want letters, digits, - or _ only", clip(s))
		}
	}
	return nil
}

func tokenRune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_'
}

// ParseName parses the name of an agent.
func ParseName(text string) (string, error) {
	if text == anyQueue {
		return "", fmt.Errorf("%q is no name of one agent", text)
	}
	return text, checkToken(text)
}

// Token makes a word of a subject of a text such as a host's name.
func Token(text string) string {
	text = strings.Map(func(r rune) rune {
		if tokenRune(r) {
			return r
		}
		return '-'
	}, text)
	return text[:min(len(text), maxToken)]
}

// maxText is the most bytes of a text that is only shown.
const maxText = 1024

// errText is wrapped where a text cannot be shown.
var errText = errors.New("want text that prints, of at most 1024 bytes")

// checkText refuses what is too long to be shown, or would act on a terminal.
func checkText(what, s string) error {
	if len(s) > maxText || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\uFFFD' }) {
		return fmt.Errorf("%s %q: %w", what, clip(s), errText)
	}
	return nil
}

// clip is the beginning of a text of somebody else's, for messages.
func clip(s string) string {
	const most = 80
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
}
