package cli

import (
	"regexp"
	"sync"
)

// What passes for a password in text that somebody typed where another thing was meant:
// the user and password of a URL, and the value of a word such as password. history
// knows exactly what is secret about a database; this is for the same text as a file, a
// base, a corpus or a command.
var secrets = sync.OnceValue(func() []secret {
	return []secret{
		{regexp.MustCompile(`(://[^\s:@]*:).*@`), "$1***@"},
		{regexp.MustCompile(`([^\s:/@"']:)[^\s/@][^\s@]*@`), "$1***@"},
		// What stands before the host of a NATS server alone is its token.
		{regexp.MustCompile(`(\b(?:nats|tls|wss?)://)[^\s:@/,"]+@`), "$1***@"},
		// A URL that was cut before its host, as at an @ of a codec and its level; a port is
		// a number, and a bracket before it begins an IPv6 address or an optional part.
		{regexp.MustCompile(`(://[^\s:@/"[]*:)[^\s@"/:,;)\]]*[^\s@"/:,;)\]0-9][^\s@"/:,;)\]]*`), "$1***"},
		{regexp.MustCompile(`(?i)((?:password|passwd|passwort|pwd|secret|token|sslkey)(?:=|%3D| += *))('(?:\\.|[^'\\])*'?|\S+)`), "$1***"},
	}
})

// secret is how a password stands in text, and what is shown of that.
type secret struct {
	pattern *regexp.Regexp
	shown   string
}

// withoutSecrets replaces what passes for a password in a message.
func withoutSecrets(text string) string {
	for _, s := range secrets() {
		text = s.pattern.ReplaceAllString(text, s.shown)
	}
	return text
}
