package cli

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nkeys"
)

// Each of these makes an option of a file, or says what the file should be. None repeats
// what is in it.

func credsOption(path string) (nats.Option, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, reason(err)
	}
	if _, err = nkeys.ParseDecoratedJWT(text); err == nil {
		_, err = nkeys.ParseDecoratedUserNKey(text)
	}
	if err != nil {
		return nil, errors.New("want the credentials of a user, a token and its seed, as `nsc generate creds` writes them")
	}
	return nats.UserCredentials(path), nil
}

func nkeyOption(path string) (nats.Option, error) {
	option, err := nats.NkeyOptionFromSeed(path)
	if err != nil {
		return nil, errors.New("want the seed of a user, as `nsc generate nkey --user` writes it")
	}
	return option, nil
}

func tokenOption(path string) (nats.Option, error) {
	read := func() (string, error) {
		text, err := os.ReadFile(path)
		return strings.TrimSpace(string(text)), err
	}
	text, err := read()
	if err != nil {
		return nil, reason(err)
	}
	if text == "" {
		return nil, errors.New("the file is empty: want the server's token in it")
	}
	return nats.TokenHandler(func() string {
		text, _ := read() // the server refuses the empty one
		return text
	}), nil
}

func caOption(path string) (nats.Option, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, reason(err)
	}
	if !x509.NewCertPool().AppendCertsFromPEM(text) {
		return nil, errors.New("want certificates in PEM, as -----BEGIN CERTIFICATE----- begins them")
	}
	return nats.RootCAs(path), nil
}

// certOption is of this side's certificate, which wants its key.
func certOption(cert, key string) (nats.Option, error) {
	if cert == "" || key == "" {
		return nil, errors.New("--tls-cert and --tls-key go together: name both")
	}
	for _, f := range []struct{ flag, path string }{{"tls-cert", cert}, {"tls-key", key}} {
		if _, err := os.Stat(f.path); err != nil {
			return nil, fmt.Errorf("--%s: %w: it names a file", f.flag, reason(err))
		}
	}
	if _, err := tls.LoadX509KeyPair(cert, key); err != nil {
		return nil, fmt.Errorf("--tls-cert and --tls-key: want a certificate and its key, both in PEM: %w", reason(err))
	}
	return nats.ClientCert(cert, key), nil
}
