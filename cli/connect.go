package cli

import (
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
)

// pingEvery is how often a connection is tried; after two that nobody answers it is lost.
const pingEvery = 10 * time.Second

// natsSchemes are those of the addresses of NATS servers.
var natsSchemes = []string{"nats", "tls", "ws", "wss"}

// parseServers checks the address of a server, or several between commas.
func parseServers(text string) (string, error) {
	for address := range strings.SplitSeq(text, ",") {
		u, err := url.Parse(strings.TrimSpace(address))
		switch {
		case err != nil || u.Host == "" || !slices.Contains(natsSchemes, u.Scheme):
			return "", fmt.Errorf("want nats://HOST[:PORT], or several between commas")
		case u.User != nil:
			return "", fmt.Errorf("want no password in it: it would be seen in the list of processes; --creds, --nkey and --token name files")
		}
	}
	return text, nil
}

// connect reaches a server, which sends its answers below inbox. A connection that is lost
// comes back by itself, however long that takes, and log is told.
func (c *connectFlags) connect(servers, inbox string, log func(format string, args ...any)) (*nats.Conn, error) {
	opts, err := c.identity()
	if err != nil {
		return nil, err
	}
	opts = append(opts, c.tells(log)...)
	opts = append(opts, nats.Name("zstdshop"), nats.CustomInboxPrefix(inbox), nats.PingInterval(pingEvery), nats.MaxPingsOutstanding(2),
		// Files are read anew for each connection, so that credentials can be renewed.
		nats.MaxReconnects(-1), nats.IgnoreAuthErrorAbort(), nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}))
	nc, err := nats.Connect(servers, opts...)
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", servers, c.remedy(err))
	}
	return nc, nil
}

// tells has log told of what happens to a connection later.
func (c *connectFlags) tells(log func(format string, args ...any)) []nats.Option {
	last := "" // nats.go has one call of these at a time
	return []nats.Option{
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				log("the connection is lost, and tried again: %v", err)
			}
		}),
		nats.ReconnectErrHandler(func(_ *nats.Conn, err error) {
			if err = c.remedy(err); err.Error() != last {
				last = err.Error()
				log("not connected yet: %v", err)
			}
		}),
		nats.ReconnectHandler(func(nc *nats.Conn) {
			last = ""
			log("connected again, with %s", nc.ConnectedUrlRedacted())
		}),
	}
}

// logErrors has log told of what a server says beside its answers: what a user is not
// allowed, which its requests do not hear of.
func logErrors(nc *nats.Conn, log func(format string, args ...any)) {
	nc.SetErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { log("%v", err) })
}

// identity returns the options by which this side and the server know each other. Its files
// are looked at here, where it is known which flag has named them.
func (c *connectFlags) identity() (opts []nats.Option, err error) {
	for _, one := range []struct {
		flag, path string
		option     func(path string) (nats.Option, error)
	}{
		{"creds", c.creds, credsOption},
		{"nkey", c.nkey, nkeyOption},
		{"token", c.token, tokenOption},
		{"tls-ca", c.ca, caOption},
	} {
		if one.path == "" {
			continue
		}
		// The text is not repeated: it may be the secret itself.
		if _, err := os.Stat(one.path); err != nil {
			return nil, fmt.Errorf("--%s: %w: it names a file", one.flag, reason(err))
		}
		option, err := one.option(one.path)
		if err != nil {
			return nil, fmt.Errorf("--%s: %w", one.flag, err)
		}
		opts = append(opts, option)
	}
	if c.cert == "" && c.key == "" {
		return opts, nil
	}
	option, err := certOption(c.cert, c.key)
	return append(opts, option), err
}
