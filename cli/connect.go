package cli

import (
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/spf13/cobra"
)

// connectFlags are the flags that say how to reach a NATS server.
type connectFlags struct {
	creds, token, ca, cert, key string
}

func (c *connectFlags) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&c.creds, "creds", "", "`FILE` with the credentials of a user of the NATS server")
	f.StringVar(&c.token, "token", "", "`FILE` with the token of the NATS server")
	f.StringVar(&c.ca, "tls-ca", "", "`FILE` with the certificates that sign the server's")
	f.StringVar(&c.cert, "tls-cert", "", "`FILE` with this side's certificate")
	f.StringVar(&c.key, "tls-key", "", "`FILE` with the key of this side's certificate")
	for _, name := range []string{"creds", "token", "tls-ca", "tls-cert", "tls-key"} {
		cmd.MarkFlagFilename(name)
	}
}

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
			return "", fmt.Errorf("want no password in it: it would be seen in the list of processes; --creds and --token name files")
		}
	}
	return text, nil
}

// connect reaches a server. A connection that is lost comes back by itself, however long
// that takes.
func (c *connectFlags) connect(servers string) (*nats.Conn, error) {
	opts := []nats.Option{nats.Name("zstdshop"), nats.MaxReconnects(-1), nats.PingInterval(pingEvery), nats.MaxPingsOutstanding(2)}
	if c.creds != "" {
		opts = append(opts, nats.UserCredentials(c.creds))
	}
	if c.token != "" {
		text, err := os.ReadFile(c.token)
		if err != nil {
			return nil, fmt.Errorf("--token %w", err)
		}
		opts = append(opts, nats.Token(strings.TrimSpace(string(text))))
	}
	if c.ca != "" {
		opts = append(opts, nats.RootCAs(c.ca))
	}
	if c.cert != "" || c.key != "" {
		opts = append(opts, nats.ClientCert(c.cert, c.key))
	}
	nc, err := nats.Connect(servers, opts...)
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w: is a NATS server with JetStream there (nats-server -js)?", servers, err)
	}
	return nc, nil
}
