package cli

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/nats-io/nats.go"
)

// remedy adds to what went wrong with a connection what to do next.
func (c *connectFlags) remedy(err error) error {
	then := "is a NATS server with JetStream there (nats-server -js)?"
	said := "" // by the server about this side's certificate, which package tls gives as text alone
	if e, ok := errors.AsType[*net.OpError](err); ok && e.Op == "remote error" {
		said = e.Err.Error()
	}
	invalid, isInvalid := errors.AsType[x509.CertificateInvalidError](err)
	_, unknown := errors.AsType[x509.UnknownAuthorityError](err)
	_, misnamed := errors.AsType[x509.HostnameError](err)
	switch {
	case unknown && c.ca == "":
		then = "nobody known here has signed the server's certificate: name the file of who did with --tls-ca"
	case unknown:
		then = "none of the certificates of --tls-ca has signed the server's: name the file of the one that did"
	case isInvalid && invalid.Reason == x509.Expired:
		then = "the server needs a new certificate, or one of the two clocks is wrong"
	case misnamed:
		then = "connect by a name that the server's certificate has"
	case errors.Is(err, nats.ErrSecureConnWanted):
		then = "the server has no TLS: switch it on there, or drop tls:// and --tls-*, where everybody on the network may listen"
	case (said != "" || errors.Is(err, nats.ErrTLS)) && c.cert == "":
		then = "the server wants a certificate of this side: name it with --tls-cert and --tls-key"
	case strings.Contains(said, "expired"):
		then = "the certificate of --tls-cert needs to be renewed"
	case said != "" || errors.Is(err, nats.ErrTLS):
		then = "the server does not take the certificate of --tls-cert: use one that its own CA has signed, and that has not expired"
	case errors.Is(err, nats.ErrAuthExpired), errors.Is(err, nats.ErrAuthRevoked), errors.Is(err, nats.ErrAccountAuthExpired):
		then = "new credentials are needed"
	case errors.Is(err, nats.ErrAuthorization) && c.creds+c.nkey+c.token+c.cert == "":
		then = "the server wants to know who this is: --creds, --nkey or --token name the file that says it"
	case errors.Is(err, nats.ErrAuthorization):
		then = "the server does not know this user: is the file of --creds, --nkey or --token one of this server's, and not out of date?"
	}
	return fmt.Errorf("%w: %s", err, then)
}
