package history

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
)

// A location is where a history is: a SQLite file, or else a PostgreSQL database.
type location struct {
	path     string
	postgres *pgx.ConnConfig
}

// parseLocation reads what --db and $ZSTDSHOP_HISTORY may hold: the path of a file, a
// URL of PostgreSQL, or its keywords. What looks like one of the last two is never taken
// for a path: it may hold a password, and a run that was saved in a file of that name is
// lost to whoever looks for it in the database. For the same reason no error repeats
// any of the text.
func parseLocation(text string) (location, error) {
	text = strings.TrimSpace(text) // a secret of a CI often ends with its line
	bare := strings.Trim(text, quotes)
	switch {
	case text == "":
		return location{}, errors.New("the location is empty: name a file, or a database as in postgres://user@host/database")
	case plainPath().MatchString(text):
		return location{path: text}, nil
	case strings.ContainsAny(text[:1], quotes) && (urlLike().MatchString(bare) || keywordLike().MatchString(bare)):
		return location{}, errors.New("the location is in quotes of its own: leave them out")
	case postgresURL().MatchString(text):
		scheme, rest, _ := strings.Cut(text, "://")
		return postgresLocation(strings.ToLower(scheme)+"://"+rest, faultOfURL(rest))
	case urlLike().MatchString(text) && !keywordFirst().MatchString(text):
		return location{}, errors.New("the location looks like a URL, but is none of PostgreSQL: a database is " +
			"postgres://user@host/database, and a file whose name looks like that is written with its folder, as in ./name")
	case keywordLike().MatchString(text):
		return postgresLocation(text, faultOfKeywords(text))
	}
	return location{path: text}, nil
}

var (
	// plainPath is what can be nothing but a path: it begins with a folder or a drive.
	plainPath   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(/[^/]|\.{1,2}[/\\]|~|[A-Za-z]:[/\\]|\\\\)`) })
	postgresURL = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)^postgres(ql)?://`) })
	// urlLike has a scheme, or what would be a user and a password before a host.
	urlLike = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`://|^[A-Za-z][A-Za-z0-9+.-]+:|:[^/@]*@|^//.*@`) })
	// keywordLike has a word and an equals sign, at the beginning or after a space.
	keywordLike  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(^|\s)[A-Za-z_]\w*\s*=`) })
	keywordFirst = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z_]\w*\s*=`) })
)

// quotes are those that a shell takes away, and other readers of variables do not.
const quotes = "\"'`"

// postgresLocation is the database that text names, as the driver understands it, and
// what the driver adds from the environment, password and service files. fault is what
// is known to be wrong with text; "" for nothing.
func postgresLocation(text, fault string) (location, error) {
	refuse := func(why string) (location, error) {
		return location{}, fmt.Errorf("the location of the database is not understood: %s (it is not shown, since it may hold a password)", why)
	}
	if fault != "" {
		return refuse(fault)
	}
	config, err := pgx.ParseConfig(text)
	if err != nil {
		return refuse(faultOfDriver(err))
	}
	for _, part := range []string{config.Host, config.Database, config.User} {
		if strings.Contains(part, "://") {
			return refuse("a URL stands where a host, user or database goes: write the URL alone")
		}
	}
	return location{postgres: config}, nil
}

// keywords are those of PostgreSQL's connection strings. Others, which the driver would
// send to the server as settings, are allowed in URLs and refused in keyword strings: a
// word and an equals sign may just as well be a file's name, or a typing error.
var keywords = strings.Fields(`host hostaddr port dbname database user password passfile service servicefile
	connect_timeout client_encoding options application_name fallback_application_name target_session_attrs
	sslmode sslcert sslkey sslpassword sslrootcert sslcrl sslsni sslnegotiation sslcertmode ssl_min_protocol_version ssl_max_protocol_version
	krbsrvname krbspn gssencmode channel_binding require_auth min_protocol_version max_protocol_version
	search_path statement_timeout timezone keepalives keepalives_idle keepalives_interval keepalives_count tcp_user_timeout`)

// faultOfKeywords says what is wrong with a keyword string, as far as it can be said
// without its values; "" for nothing.
func faultOfKeywords(text string) string {
	word, _, _ := strings.Cut(text, "=")
	if !slices.Contains(keywords, strings.ToLower(strings.TrimSpace(word))) {
		return "it has a word and an equals sign, but begins with none of PostgreSQL's keywords, such as host=: " +
			"check its spelling, and write a file of that name with its folder, as in ./name"
	}
	return ""
}

// faultOfURL says what is wrong with a URL after its scheme where the driver would read
// a part of the password as something else; "" for nothing. There an @ can only end the
// user and password, or be in the value of a parameter that is known. The driver ends
// them at the first @ before any slash, so this does.
func faultOfURL(rest string) string {
	if at := strings.IndexAny(rest, "@/"); at >= 0 && rest[at] == '@' {
		rest = rest[at+1:]
	}
	hosts, query, _ := strings.Cut(rest, "?")
	stray := strings.Contains(hosts, "@")
	for pair := range strings.SplitSeq(query, "&") {
		key, _, _ := strings.Cut(pair, "=")
		stray = stray || strings.Contains(pair, "@") && !slices.Contains(keywords, key)
	}
	if stray {
		return "there is an @ after the host begins: in a password and in names write %40 for @, %2F for /, %3F for ? and %3A for :"
	}
	return ""
}

// faultOfDriver says in words of our own what the driver did not understand: its errors
// quote, and what it takes for a harmless part may be one of a password.
func faultOfDriver(err error) string {
	text := err.Error()
	for _, known := range []struct{ phrase, why string }{
		{"percent-encoded token", "a % in it is not followed by two hexadecimal digits: write %25 for %"},
		{"%00", "it has a zero byte"},
		{"NUL byte", "it has a zero byte"},
		{"unexpected spaces", "a part of it has a space: write %20"},
		{"key/value separator", "what follows the ? must be name=value, joined by &: write %3D for = and %26 for & in a value, %3F for ? in a password"},
		{"IPv6", "the address in [ ] is not closed or is empty"},
		{"unexpected character", "something other than :port or /database follows the ]"},
		{"unterminated quoted string", "a quote is not closed: write \\' for a quote in a value"},
		{`missing "="`, "a word has no equals sign: put a value with spaces in single quotes"},
		{"invalid keyword/value", "a word has no equals sign: put a value with spaces in single quotes"},
		{"port numbers to", "there are neither one port nor as many as hosts"},
		{"invalid port", "a port is no number from 1 to 65535: in a password write %3A for : and %2F for /"},
		{"invalid connect_timeout", "connect_timeout is no number of seconds"},
		{"failed to read service", "there is no such service: check service, and $PGSERVICEFILE or ~/.pg_service.conf"},
		{"sslmode is invalid", "sslmode is none of disable, allow, prefer, require, verify-ca, verify-full"},
		{"failed to configure TLS", "a file of sslrootcert, sslcert or sslkey cannot be used, or sslpassword does not fit"},
		{"target_session_attrs", "target_session_attrs has an unknown value"},
		{"protocol_version", "min_protocol_version or max_protocol_version is wrong"},
		{"channel_binding", "channel_binding has an unknown value"},
		{"require_auth", "require_auth has an unknown value"},
	} {
		if strings.Contains(text, known.phrase) {
			return known.why
		}
	}
	return "the driver refuses it: see PostgreSQL's page on connection strings"
}

// String names the location for messages, without anything that is secret.
func (l location) String() string {
	if l.postgres == nil {
		return l.path
	}
	c := l.postgres
	host := net.JoinHostPort(c.Host, strconv.Itoa(int(c.Port)))
	if filepath.IsAbs(c.Host) {
		host = c.Host // the folder of a socket
	}
	return fmt.Sprintf("of the database %s of %s at %s", cmp.Or(c.Database, c.User), c.User, host)
}

// hidden is an error whose text has no secret of a location.
type hidden struct {
	text string
	err  error
}

func (e *hidden) Error() string { return e.text }
func (e *hidden) Unwrap() error { return e.err }

// hide keeps the password of l out of the text of an error: servers and the driver say
// what they were told.
func (l location) hide(err error) error {
	if err == nil || l.postgres == nil || l.postgres.Password == "" || !strings.Contains(err.Error(), l.postgres.Password) {
		return err
	}
	return &hidden{strings.ReplaceAll(err.Error(), l.postgres.Password, "***"), err}
}
