package cli

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nkeys"
)

// operator is who vouches for the users of a server by signed tokens.
type operator struct {
	t       *testing.T
	account nkeys.KeyPair
}

// newOperator returns an operator, and what its servers have.
func newOperator(t *testing.T) (*operator, func(*server.Options)) {
	t.Helper()
	key, err := nkeys.CreateOperator()
	if err != nil {
		t.Fatal(err)
	}
	o := &operator{t: t}
	if o.account, err = nkeys.CreateAccount(); err != nil {
		t.Fatal(err)
	}
	self := jwt.NewOperatorClaims(o.public(key))
	account := jwt.NewAccountClaims(o.public(o.account))
	account.Limits.JetStreamLimits = jwt.JetStreamLimits{MemoryStorage: -1, DiskStorage: -1, Streams: -1, Consumer: -1}
	signed, err := account.Encode(key)
	if err != nil {
		t.Fatal(err)
	}
	systemKey, err := nkeys.CreateAccount()
	if err != nil {
		t.Fatal(err)
	}
	system, err := jwt.NewAccountClaims(o.public(systemKey)).Encode(key) // JetStream wants one
	if err != nil {
		t.Fatal(err)
	}
	if _, err := self.Encode(key); err != nil {
		t.Fatal(err)
	}
	return o, func(opts *server.Options) {
		accounts := &server.MemAccResolver{}
		if err := errors.Join(accounts.Store(o.public(o.account), signed), accounts.Store(o.public(systemKey), system)); err != nil {
			t.Fatal(err)
		}
		opts.TrustedOperators, opts.AccountResolver, opts.SystemAccount = []*jwt.OperatorClaims{self}, accounts, o.public(systemKey)
	}
}

func (o *operator) public(key nkeys.KeyPair) string {
	o.t.Helper()
	text, err := key.PublicKey()
	if err != nil {
		o.t.Fatal(err)
	}
	return text
}

// creds writes the credentials of a new user, which end in so long, and returns where, and
// the secret part of them.
func (o *operator) creds(name string, ends time.Duration) (path, seed string) {
	o.t.Helper()
	key, err := nkeys.CreateUser()
	if err != nil {
		o.t.Fatal(err)
	}
	user := jwt.NewUserClaims(o.public(key))
	user.Expires = time.Now().Add(ends).Unix()
	signed, err := user.Encode(o.account)
	if err != nil {
		o.t.Fatal(err)
	}
	raw, err := key.Seed()
	if err != nil {
		o.t.Fatal(err)
	}
	text, err := jwt.FormatUserConfig(signed, raw)
	if err != nil {
		o.t.Fatal(err)
	}
	path = filepath.Join(o.t.TempDir(), name)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		o.t.Fatal(err)
	}
	return path, string(raw)
}
