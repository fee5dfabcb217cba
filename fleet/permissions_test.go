package fleet

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nkeys"
)

// usersFile declares what controllers and agents may do; docs/fleet.md explains it.
const usersFile = "../deploy/nats/users.conf"

// members is a server whose users are those of usersFile: a controller and agents.
type members struct {
	*world
	controller nkeys.KeyPair
	agents     map[string]nkeys.KeyPair
}

func newMembers(t *testing.T, agents ...string) *members {
	t.Helper()
	m := &members{agents: map[string]nkeys.KeyPair{}}
	m.controller = newKey(t)
	var users []*server.NkeyUser
	for _, name := range agents {
		m.agents[name] = newKey(t)
		// The same controller, and one agent more.
		read := readUsers(t, name, public(t, m.controller), public(t, m.agents[name]))
		if users == nil {
			users = read[:1]
		}
		users = append(users, read[1])
	}
	m.world = newWorld(t, func(o *server.Options) { o.Nkeys = users })
	return m
}

func newKey(t *testing.T) nkeys.KeyPair {
	t.Helper()
	key, err := nkeys.CreateUser()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func public(t *testing.T, key nkeys.KeyPair) string {
	t.Helper()
	text, err := key.PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// readUsers reads usersFile as the server does: a controller and an agent.
func readUsers(t *testing.T, agent, controllerKey, agentKey string) []*server.NkeyUser {
	t.Helper()
	text, err := os.ReadFile(usersFile)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "users.conf")
	filled := strings.NewReplacer("CONTROLLER_KEY", controllerKey, "AGENT_KEY", agentKey, "NAME", agent).Replace(string(text))
	if err := os.WriteFile(path, []byte(filled), 0o600); err != nil {
		t.Fatal(err)
	}
	opts, err := server.ProcessConfigFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(opts.Nkeys) != 2 {
		t.Fatalf("%d users in %s, want a controller and an agent", len(opts.Nkeys), usersFile)
	}
	slices.SortFunc(opts.Nkeys, func(a, _ *server.NkeyUser) int { // the server keeps no order
		if a.Nkey == controllerKey {
			return -1
		}
		return 1
	})
	return opts.Nkeys
}

// as is a connection of a user. What it may not do is logged.
func (m *members) as(key nkeys.KeyPair, inbox string) *nats.Conn {
	m.t.Helper()
	return m.connect(nats.Nkey(public(m.t.(*testing.T), key), key.Sign), nats.CustomInboxPrefix(inbox),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { m.log("%v", err) }))
}

func (m *members) hubAs(key nkeys.KeyPair, inbox string) *Hub {
	m.t.Helper()
	h, err := Open(m.t.Context(), m.as(key, inbox))
	if err != nil {
		m.t.Fatal(err)
	}
	return h
}

// A fleet runs with the permissions that its users are given, from the making of its
// streams to the end of the run, with data that travels. Agents have a user each, or one
// together.
func TestFleetWithPermissions(t *testing.T) {
	own := newMembers(t, "a", "b")
	own.runs(t, own.agents)
	shared := newMembers(t, "*")
	shared.runs(t, map[string]nkeys.KeyPair{"a": shared.agents["*"], "b": shared.agents["*"]})
}

func (m *members) runs(t *testing.T, agents map[string]nkeys.KeyPair) {
	c := &Controller{Hub: m.hubAs(m.controller, ControllerInbox), Dir: t.TempDir(), Log: m.log, Wait: goneAfter}
	var stops []func()
	for name, key := range agents {
		a := m.agent(name)
		a.Hub = m.hubAs(key, AgentInbox(name))
		stops = append(stops, m.start(a))
	}
	own := filepath.Join(t.TempDir(), "own.log")
	if err := os.WriteFile(own, []byte(strings.Repeat("a line\n", 100_000)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, each := range []bool{false, true} {
		job := m.job("scenario=compress", "corpus="+own, "block=1KiB,2KiB,4KiB")
		job.Each = each
		begun, err := c.Begin(t.Context(), job)
		if err != nil {
			t.Fatal(err)
		}
		s, err := c.Resume(t.Context(), begun.Run.ID)
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.Collect(t.Context())
		if want := 3 * max(1, len(begun.Run.Agents)); err != nil || len(got.Files) != want || len(got.Missing) > 0 {
			t.Fatalf("%+v, %v, want %d results", got, err, want)
		}
		if err := s.End(t.Context(), got); err != nil {
			t.Fatal(err)
		}
	}
	for _, stop := range stops {
		stop()
	}
	if said := m.heard(); said != "" {
		t.Errorf("logged: %s", said)
	}
}

// An agent that is there before the streams says who makes them.
func TestAgentBeforeTheStreams(t *testing.T) {
	m := newMembers(t, "a")
	_, err := Open(t.Context(), m.as(m.agents["a"], AgentInbox("a")))
	if !errors.Is(err, nats.ErrPermissionViolation) || !strings.Contains(err.Error(), "`zstdshop fleet` with those of a controller") {
		t.Errorf("got %v", err)
	}
}

// What a user is not allowed, the server refuses.
func TestPermissionsRefuse(t *testing.T) {
	m := newMembers(t, "a", "b")
	m.hubAs(m.controller, ControllerInbox)
	var both []string // that nobody may do
	for _, stream := range []string{unitStream, outcomeStream, "KV_" + runBucket, "KV_" + agentBucket, "OBJ_" + dataBucket, "OBJ_" + figureBucket} {
		for _, api := range []string{"STREAM.DELETE.", "STREAM.UPDATE.", "STREAM.MSG.DELETE.", "STREAM.SNAPSHOT.", "CONSUMER.LIST.", "CONSUMER.NAMES."} {
			both = append(both, "$JS.API."+api+stream)
		}
	}
	// What the server would send on as it is, wherever it is told to.
	for _, subject := range []string{"KV_" + agentBucket + ".$KV." + agentBucket + ".a", "KV_" + runBucket + ".$KV." + runBucket + ".r1",
		"OBJ_" + figureBucket + ".$O." + figureBucket + ".M.x", "OBJ_" + dataBucket + ".$O." + dataBucket + ".M.x"} {
		both = append(both, "$JS.API.DIRECT.GET."+subject)
	}
	both = append(both, "$JS.API.INFO", "$JS.API.STREAM.LIST", "$JS.API.STREAM.NAMES", "$JS.API.STREAM.CREATE.OTHER", "$SYS.REQ.SERVER.PING",
		"$KV."+agentBucket+".b", outcomeSubject("b", "r1", "u1"), "_INBOX.agent.b.x", "_INBOX.x", "other")
	for _, role := range []struct {
		name, inbox    string
		key            nkeys.KeyPair
		publish, hears []string // that it may not
	}{
		{"agent", AgentInbox("a"), m.agents["a"], append([]string{
			unitSubject("r1", anyQueue, "u1"), // put units into the queue
			"$KV." + runBucket + ".r1",        // begin or end a run
			"$O." + dataBucket + ".C.x", "$O." + dataBucket + ".M.x",
			"_INBOX.controller.x",
			"$JS.API.STREAM.PURGE." + unitStream, "$JS.API.STREAM.PURGE." + outcomeStream, "$JS.API.STREAM.PURGE.OBJ_" + dataBucket,
			"$JS.API.STREAM.CREATE." + unitStream,
			"$JS.API.CONSUMER.CREATE." + unitStream + ".x", "$JS.API.CONSUMER.DURABLE.CREATE." + unitStream + ".x",
			"$JS.API.CONSUMER.DELETE." + unitStream + ".r1_any", "$JS.API.CONSUMER.PAUSE." + unitStream + ".r1_any",
			"$JS.API.CONSUMER.CREATE." + outcomeStream + ".x", // read what others found
			"$JS.API.CONSUMER.CREATE.OBJ_" + figureBucket + ".x", "$JS.API.CONSUMER.CREATE.OBJ_" + dataBucket + ".x",
			"$JS.API.STREAM.MSG.GET." + outcomeStream, "$JS.API.DIRECT.GET." + outcomeStream,
		}, both...), []string{"_INBOX.>", "_INBOX.agent.>", "_INBOX.agent.b.>", "_INBOX.controller.>", "zstdshop.>", "$KV.>", "$O.>", "$JS.>", ">"}},
		{"controller", ControllerInbox, m.controller, append([]string{
			"$KV." + agentBucket + ".a", outcomeSubject("a", "r1", "u1"), // speak for an agent
			"$O." + figureBucket + ".C.x",
			"$JS.API.CONSUMER.MSG.NEXT." + unitStream + ".r1_any", // take units
			"$JS.ACK." + unitStream + ".r1_any.1.1.1.1.1",
			"$JS.API.STREAM.PURGE.KV_" + agentBucket,
			"_INBOX.agent.a.x",
		}, both...), []string{"_INBOX.>", "_INBOX.agent.>", "_INBOX.agent.a.>", "zstdshop.>", "$KV.>", "$O.>", "$JS.>", ">"}},
	} {
		refuses := func(what, subject string, do func(nc *nats.Conn) error) {
			nc := m.as(role.key, role.inbox)
			defer nc.Close()
			err := do(nc)
			if err == nil {
				err = nc.Flush()
			}
			if err != nil {
				t.Fatalf("%s: %s %s: %v", role.name, what, subject, err)
			}
			if err := nc.LastError(); !errors.Is(err, nats.ErrPermissionViolation) {
				t.Errorf("the %s may %s %s: %v", role.name, what, subject, err)
			}
		}
		for _, subject := range role.publish {
			refuses("publish", subject, func(nc *nats.Conn) error { return nc.Publish(subject, nil) })
		}
		for _, subject := range role.hears {
			refuses("subscribe to", subject, func(nc *nats.Conn) error {
				_, err := nc.SubscribeSync(subject)
				return err
			})
		}
	}
}

// docs/fleet.md has each subject of usersFile, under the role that it is for, and no other.
func TestPermissionsAreDocumented(t *testing.T) {
	text, err := os.ReadFile("../docs/fleet.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## Permissions\n")
	agentPart, controllerPart, found := strings.Cut(section, "\nA controller needs:\n")
	if !found {
		t.Fatal("no tables of an agent and a controller")
	}
	users := readUsers(t, "NAME", public(t, newKey(t)), public(t, newKey(t)))
	row := regexp.MustCompile(`(?m)^\| (` + "`.*`" + `) \|`)
	subject := regexp.MustCompile("`([^`]+)`")
	for role, part := range map[string]string{"controller": controllerPart, "agent": agentPart} {
		var told []string
		for _, cell := range row.FindAllStringSubmatch(part, -1) {
			for _, s := range subject.FindAllStringSubmatch(cell[1], -1) {
				told = append(told, s[1])
			}
		}
		user := users[0]
		if role == "agent" {
			user = users[1]
		}
		want := slices.Concat(user.Permissions.Publish.Allow, user.Permissions.Subscribe.Allow)
		slices.Sort(told)
		slices.Sort(want)
		if !slices.Equal(told, want) {
			t.Errorf("docs/fleet.md tells of the %s\n%s\n%s has\n%s", role, strings.Join(told, "\n"), usersFile, strings.Join(want, "\n"))
		}
	}
}

// What an agent may ask for comes as an answer, wherever it has it sent: a unit that it has
// written as something else becomes none.
func TestAnswersAreNoUnits(t *testing.T) {
	m := newMembers(t, "a")
	c := m.hubAs(m.controller, ControllerInbox)
	for _, name := range []string{unitStream, outcomeStream, "KV_" + runBucket, "KV_" + agentBucket, "OBJ_" + dataBucket, "OBJ_" + figureBucket} {
		if s, err := c.js.Stream(t.Context(), name); err != nil || s.CachedInfo().Config.AllowDirect {
			t.Errorf("%s: %v, and its messages can be had as they are", name, err)
		}
	}
	u := m.unit()
	subject := unitSubject(u.Run, u.Queue, u.ID)
	if err := (&Controller{Hub: c}).consumer(t.Context(), &Run{ID: u.Run}, anyQueue); err != nil {
		t.Fatal(err)
	}
	data, err := encode("unit", u)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := readUnit(subject, data); err != nil {
		t.Fatal(err) // it would show nothing
	}
	a := m.hubAs(m.agents["a"], AgentInbox("a"))
	if _, err := a.agents.Put(t.Context(), "a", data); err != nil {
		t.Fatal(err)
	}
	ask := []byte(`{"last_by_subj":"$KV.` + agentBucket + `.a"}`)
	if err := a.js.Conn().PublishRequest("$JS.API.STREAM.MSG.GET.KV_"+agentBucket, subject, ask); err != nil {
		t.Fatal(err)
	}
	queue, err := a.js.Consumer(t.Context(), unitStream, consumerName(u.Run, anyQueue))
	if err != nil {
		t.Fatal(err)
	}
	msg, err := queue.Next()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := readUnit(msg.Subject(), msg.Data()); !errors.Is(err, errRefused) {
		t.Errorf("taken for a unit: %v: %s", err, msg.Data())
	}
}
