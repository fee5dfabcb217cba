package cli

import "github.com/spf13/cobra"

// connectFlags are the flags that say how to reach a NATS server. Each names a file, so
// that no secret is in the list of processes.
type connectFlags struct {
	creds, nkey, token, ca, cert, key string
}

// connectFlagNames are their names.
var connectFlagNames = []string{"creds", "nkey", "token", "tls-ca", "tls-cert", "tls-key"}

func (c *connectFlags) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&c.creds, "creds", "", "`FILE` with the credentials of a user of the NATS server")
	f.StringVar(&c.nkey, "nkey", "", "`FILE` with the nkey seed of a user of the NATS server")
	f.StringVar(&c.token, "token", "", "`FILE` with the token of the NATS server")
	f.StringVar(&c.ca, "tls-ca", "", "`FILE` with the certificates that sign the server's")
	f.StringVar(&c.cert, "tls-cert", "", "`FILE` with this side's certificate")
	f.StringVar(&c.key, "tls-key", "", "`FILE` with the key of this side's certificate")
	for _, name := range connectFlagNames {
		cmd.MarkFlagFilename(name)
	}
}
