package fleet

import (
	"strings"
	"testing"
)

// other is an agent of the same name elsewhere, that has said that it is there.
func (w *world) other(name string) *announcer {
	w.t.Helper()
	a := w.agent(name)
	a.Instance = "elsewhere"
	said := newAnnouncer(w.hub(), w.log, a.presence())
	if err := said.begin(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	return said
}

// Of two agents of one name the second is refused as soon as the first is heard of again.
func TestTwoAgentsOfOneName(t *testing.T) {
	w := newWorld(t)
	other := w.other("a")
	second := w.agent("a")
	second.Hub = w.hub()
	second.Log = func(string, ...any) {
		if err := other.say(t.Context()); err != nil {
			t.Error(err)
		}
	}
	err := second.Serve(t.Context())
	if err == nil || !strings.Contains(err.Error(), "another agent named a, on a.example, is there: end it, or give this one another --name") {
		t.Errorf("got %v", err)
	}
}

// A name is free again once the agent that had it is gone.
func TestAgentOfANameThatIsGone(t *testing.T) {
	w := newWorld(t)
	other := w.other("a")
	second := w.agent("a")
	looked := false
	second.Log = func(string, ...any) {
		looked = true
		if err := other.hub.agents.Delete(t.Context(), "a"); err != nil {
			t.Error(err)
		}
	}
	w.start(second)
	if !looked {
		t.Error("took the name of another agent at once")
	}
}

// An agent that was killed and is started again does not wait for itself.
func TestAgentStartedAgain(t *testing.T) {
	w := newWorld(t)
	a := w.agent("a")
	if err := newAnnouncer(w.hub(), w.log, a.presence()).begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.start(a)
	if said := w.heard(); said != "" {
		t.Errorf("logged: %s", said)
	}
}

func TestParseName(t *testing.T) {
	for text, ok := range map[string]bool{"a": true, "host-1_x": true, "": false, "any": false, "a.b": false, "a b": false, "*": false, strings.Repeat("a", 65): false} {
		if _, err := ParseName(text); (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		}
	}
}
