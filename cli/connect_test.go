package cli

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nkeys"

	"zstdshop/harness"
)

// authority signs certificates, which it writes into dir.
type authority struct {
	t    *testing.T
	dir  string
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T, name string) *authority {
	t.Helper()
	a := &authority{t: t, dir: t.TempDir()}
	a.cert, a.key = a.write(name, &x509.Certificate{IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
		Subject: pkix.Name{CommonName: name}}, time.Hour)
	return a
}

// write makes a certificate, of the authority itself where it has none yet, and writes it
// and its key to NAME.pem and NAME.key. It ends in so long, which may be before now.
func (a *authority) write(name string, c *x509.Certificate, ends time.Duration) (*x509.Certificate, *ecdsa.PrivateKey) {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	c.SerialNumber, c.NotBefore, c.NotAfter = big.NewInt(time.Now().UnixNano()), time.Now().Add(-48*time.Hour), time.Now().Add(ends)
	parent, signer := a.cert, a.key
	if parent == nil {
		parent, signer = c, key
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, &key.PublicKey, signer)
	if err != nil {
		a.t.Fatal(err)
	}
	made, err := x509.ParseCertificate(der)
	if err != nil {
		a.t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		a.t.Fatal(err)
	}
	for ending, block := range map[string]*pem.Block{".pem": {Type: "CERTIFICATE", Bytes: der}, ".key": {Type: "PRIVATE KEY", Bytes: raw}} {
		if err := os.WriteFile(a.file(name+ending), pem.EncodeToMemory(block), 0o600); err != nil {
			a.t.Fatal(err)
		}
	}
	return made, key
}

func (a *authority) file(name string) string { return filepath.Join(a.dir, name) }

// server writes the certificate of a server, and client that of a client.
func (a *authority) server(name string, ends time.Duration, address net.IP) {
	a.write(name, &x509.Certificate{Subject: pkix.Name{CommonName: name}, IPAddresses: []net.IP{address},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}, ends)
}

func (a *authority) client(name string, ends time.Duration) {
	a.write(name, &x509.Certificate{Subject: pkix.Name{CommonName: name}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}, ends)
}

// tls is what a server with that certificate has; with it clients must have one of the
// authority's, too, where mutual is set.
func (a *authority) tls(name string, mutual bool) *tls.Config {
	a.t.Helper()
	cert, err := tls.LoadX509KeyPair(a.file(name+".pem"), a.file(name+".key"))
	if err != nil {
		a.t.Fatal(err)
	}
	cfg := &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	if mutual {
		cfg.ClientAuth, cfg.ClientCAs = tls.RequireAndVerifyClientCert, x509.NewCertPool()
		cfg.ClientCAs.AddCert(a.cert)
	}
	return cfg
}

// natsServer starts a server on a port of this machine and returns where, without a scheme.
func natsServer(t *testing.T, change func(*server.Options)) string {
	t.Helper()
	opts := &server.Options{Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, StoreDir: t.TempDir(), NoLog: true, NoSigs: true}
	change(opts)
	if opts.TLSConfig != nil {
		opts.TLS, opts.TLSTimeout = true, 10
	}
	s, err := server.NewServer(opts)
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() {
		s.Shutdown()
		s.WaitForShutdown()
	})
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("the server does not start")
	}
	return s.Addr().String()
}

// What keeps this side from a server is said in one line, with what to do next and without
// what is secret.
func TestConnectRefusals(t *testing.T) {
	const secret, day = "s3cret", 24 * time.Hour
	here := net.IPv4(127, 0, 0, 1)
	own, foreign := newAuthority(t, "own"), newAuthority(t, "foreign")
	own.server("good", day, here)
	own.server("expired", -day, here)
	own.server("elsewhere", day, net.IPv4(192, 0, 2, 1))
	own.client("member", day)
	own.client("late", -day)
	foreign.client("stranger", day)
	user, err := nkeys.CreateUser()
	if err != nil {
		t.Fatal(err)
	}
	public, err := user.PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	seed, err := user.Seed()
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := nkeys.CreateUser()
	if err != nil {
		t.Fatal(err)
	}
	strangerSeed, err := stranger.Seed()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	token, wrongToken := file("token", secret+"\n"), file("wrong.token", secret+"-too\n")
	seedFile, strangerFile, junk := file("user.nk", string(seed)), file("stranger.nk", string(strangerSeed)), file("junk", secret+" is no such thing")
	missing := filepath.Join(dir, "missing")

	vouching, theirs := newOperator(t)
	creds, credsSeed := vouching.creds("user.creds", day)
	late, lateSeed := vouching.creds("late.creds", -day)
	others, _ := newOperator(t)
	foreignCreds, foreignSeed := others.creds("foreign.creds", day)

	signed := natsServer(t, theirs)
	plain := natsServer(t, func(*server.Options) {})
	bare := natsServer(t, func(o *server.Options) { o.JetStream = false })
	tokens := natsServer(t, func(o *server.Options) { o.Authorization = secret })
	keys := natsServer(t, func(o *server.Options) { o.Nkeys = []*server.NkeyUser{{Nkey: public}} })
	mutual := natsServer(t, func(o *server.Options) { o.TLSConfig = own.tls("good", true) })
	expired := natsServer(t, func(o *server.Options) { o.TLSConfig = own.tls("expired", false) })
	elsewhere := natsServer(t, func(o *server.Options) { o.TLSConfig = own.tls("elsewhere", false) })

	ca := []string{"--tls-ca", own.file("own.pem")}
	as := func(a *authority, name string) []string {
		return append(ca, "--tls-cert", a.file(name+".pem"), "--tls-key", a.file(name+".key"))
	}
	for _, test := range []struct {
		name, server string
		flags        []string
		want         string // in the line; "" connects
	}{
		{"no user", "nats://" + plain, nil, ""},
		{"a token", "nats://" + tokens, []string{"--token", token}, ""},
		{"an nkey", "nats://" + keys, []string{"--nkey", seedFile}, ""},
		{"creds", "nats://" + signed, []string{"--creds", creds}, ""},
		{"both certificates", "tls://" + mutual, as(own, "member"), ""},
		{"TLS that the server asks for", "nats://" + mutual, as(own, "member"), ""},

		{"no JetStream", "nats://" + bare, nil, "the server has no JetStream: switch it on there (nats-server -js)"},
		{"no TLS there", "tls://" + plain, nil, "the server has no TLS: switch it on there, or drop tls://"},
		{"no CA", "tls://" + mutual, nil, "signed the server's certificate: name the file of who did with --tls-ca"},
		{"wrong CA", "tls://" + mutual, []string{"--tls-ca", foreign.file("foreign.pem")}, "none of the certificates of --tls-ca has signed the server's"},
		{"expired server", "tls://" + expired, ca, "the server needs a new certificate"},
		{"another name", "tls://" + elsewhere, ca, "connect by a name that the server's certificate has"},
		{"no certificate", "tls://" + mutual, ca, "wants a certificate of this side: name it with --tls-cert and --tls-key"},
		{"a stranger's certificate", "tls://" + mutual, as(foreign, "stranger"), "does not take the certificate of --tls-cert"},
		{"an expired certificate", "tls://" + mutual, as(own, "late"), "--tls-cert"},
		{"no token", "nats://" + tokens, nil, "--creds, --nkey or --token name the file that says it"},
		{"wrong token", "nats://" + tokens, []string{"--token", wrongToken}, "the server does not know this user"},
		{"a stranger's nkey", "nats://" + keys, []string{"--nkey", strangerFile}, "the server does not know this user"},
		{"a token for an nkey", "nats://" + keys, []string{"--token", token}, "the server does not know this user"},

		{"no creds", "nats://" + signed, nil, "--creds, --nkey or --token name the file that says it"},
		{"expired creds", "nats://" + signed, []string{"--creds", late}, "and not out of date?"},
		{"another operator's creds", "nats://" + signed, []string{"--creds", foreignCreds}, "the server does not know this user"},

		{"missing creds", "nats://" + plain, []string{"--creds", missing}, "--creds: no such file or directory: it names a file"},
		{"missing nkey", "nats://" + plain, []string{"--nkey", missing}, "--nkey: no such file"},
		{"missing token", "nats://" + plain, []string{"--token", missing}, "--token: no such file"},
		{"missing CA", "nats://" + plain, []string{"--tls-ca", missing}, "--tls-ca: no such file"},
		{"missing certificate", "nats://" + plain, []string{"--tls-cert", missing, "--tls-key", missing}, "--tls-cert: no such file"},
		{"missing key", "nats://" + plain, []string{"--tls-cert", own.file("member.pem"), "--tls-key", missing}, "--tls-key: no such file"},
		{"half a certificate", "nats://" + plain, []string{"--tls-cert", own.file("member.pem")}, "name both"},
		{"another's key", "nats://" + plain, []string{"--tls-cert", own.file("member.pem"), "--tls-key", own.file("late.key")}, "want a certificate and its key"},
		{"no creds in it", "nats://" + plain, []string{"--creds", junk}, "--creds: want the credentials of a user"},
		{"no seed in it", "nats://" + plain, []string{"--nkey", junk}, "--nkey: want the seed of a user"},
		{"no CA in it", "nats://" + plain, []string{"--tls-ca", junk}, "--tls-ca: want certificates in PEM"},
		{"an empty token", "nats://" + plain, []string{"--token", file("empty", " \n")}, "--token: the file is empty"},
		{"the token itself", "nats://" + plain, []string{"--token", secret}, "--token: no such file"},
		{"the seed itself", "nats://" + plain, []string{"--nkey", string(seed)}, "--nkey: no such file"},
	} {
		t.Run(strings.ReplaceAll(test.name, " ", "_"), func(t *testing.T) {
			var out, said bytes.Buffer
			args := append([]string{"fleet", "--connect", test.server}, test.flags...)
			status := Main(t.Context(), args, strings.NewReader(""), &out, &said, new(harness.Registry))
			line := said.String()
			for _, hidden := range []string{secret, string(seed), string(strangerSeed), credsSeed, lateSeed, foreignSeed} {
				if strings.Contains(line+out.String(), hidden) {
					t.Errorf("a secret is in %q", line)
				}
			}
			switch {
			case test.want == "" && status != exitOK:
				t.Errorf("status %d: %s", status, line)
			case test.want != "" && (status != exitUsage || strings.Count(line, "\n") != 1 || !strings.Contains(line, test.want) || out.Len() > 0):
				t.Errorf("status %d, stdout %q, stderr %q: want one line with %q", status, out.String(), line, test.want)
			}
		})
	}
}
