package history

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// withoutPG takes what the machine says of databases out of the environment.
func withoutPG(t *testing.T) {
	t.Helper()
	for _, v := range os.Environ() {
		if name, _, _ := strings.Cut(v, "="); strings.HasPrefix(name, "PG") {
			t.Setenv(name, "")
			os.Unsetenv(name)
		}
	}
	t.Setenv("HOME", t.TempDir())
}

// What is a database is read as the driver reads it, and what is a file is a file.
func TestLocations(t *testing.T) {
	withoutPG(t)
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	pass := write("pass", "db:5432:bench:ci:s3cret\n")
	services := write("services", "[shared]\nhost=db\nport=5433\nuser=ci\ndbname=bench\npassword=s3cret\n")
	whole := "ci s3cret db 5432 bench"
	for _, c := range []struct {
		text string
		env  string // NAME=VALUE, several joined by spaces
		want string // user password host port database, or a path
	}{
		{"postgres://ci:s3cret@db/bench", "", whole},
		{"postgresql://ci:s3cret@db:5432/bench", "", whole},
		{"POSTGRES://ci:s3cret@db/bench", "", whole},
		{"PostgreSQL://ci:s3cret@db/bench", "", whole},
		{" postgres://ci:s3cret@db/bench\n", "", whole},
		{"postgres://ci:s%40c%2Fr%3Aet@db/bench", "", "ci s@c/r:et db 5432 bench"},
		{"postgres://ci:12?s3cret@db/bench", "", "ci 12?s3cret db 5432 bench"},
		{"postgres://db/bench?user=ci&password=s3cret", "", whole},
		{"postgres://db/bench?user=ci%40corp&password=s3c@ret&sslmode=disable", "", "ci@corp s3c@ret db 5432 bench"},
		{"postgres:///bench?host=/tmp&user=ci&password=s3cret", "", "ci s3cret /tmp 5432 bench"},
		{"postgres://ci:s3cret@db,other:5433/bench", "", whole},
		{"postgres://ci:s3cret@[::1]:5433/bench", "", "ci s3cret ::1 5433 bench"},
		{"postgres://ci@db/bench?passfile=" + pass, "", whole},
		{"postgres://ci@db/bench", "PGPASSFILE=" + pass, whole},
		{"postgres://ci@db/bench", "PGPASSWORD=s3cret", whole},
		{"postgres://", "PGHOST=db PGUSER=ci PGPASSWORD=s3cret PGDATABASE=bench", whole},
		{"postgres://", "PGHOST=db PGPORT=5433 PGUSER=ci PGPASSWORD=s3cret PGDATABASE=bench", "ci s3cret db 5433 bench"},
		{"postgres://?service=shared", "PGSERVICEFILE=" + services, "ci s3cret db 5433 bench"},
		{"service=shared", "PGSERVICEFILE=" + services, "ci s3cret db 5433 bench"},
		{"service=shared port=5432", "PGSERVICEFILE=" + services, whole},
		{"host=db user=ci password=s3cret dbname=bench", "", whole},
		{"host = db user = ci password = 's3cret' dbname = 'bench' ", "", whole},
		{`host=db user=ci password='s3\'c\\ ret' dbname=bench`, "", `ci s3'c\ ret db 5432 bench`},
		{"host=db user=ci password=s:3@cret dbname=bench", "", "ci s:3@cret db 5432 bench"},
		{"dbname=bench user=ci host=db", "PGPASSWORD=s3cret", whole},
		{"password=s3cret host=db user=ci dbname=bench port=5433", "", "ci s3cret db 5433 bench"},

		{"history.db", "", "history.db"},
		{"runs/history.db", "", "runs/history.db"},
		{"/srv/a=b c=d:e@f/history.db", "", "/srv/a=b c=d:e@f/history.db"},
		{"./postgres://name", "", "./postgres://name"},
		{"./password=of a file", "", "./password=of a file"},
		{`C:\runs\history.db`, "", `C:\runs\history.db`},
		{"a b.db", "", "a b.db"},
	} {
		t.Run(c.text+" "+c.env, func(t *testing.T) {
			for pair := range strings.FieldsSeq(c.env) {
				name, value, _ := strings.Cut(pair, "=")
				t.Setenv(name, value)
			}
			l, err := parseLocation(c.text)
			if err != nil {
				t.Fatal(err)
			}
			got := l.path
			if p := l.postgres; p != nil {
				got = fmt.Sprintln(p.User, p.Password, p.Host, p.Port, p.Database)
				if p.Password != "" && strings.Contains(l.String(), p.Password) {
					t.Errorf("its name has the password: %s", l)
				}
			}
			if strings.TrimSpace(got) != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

// What looks like a database and is none is refused, with the way out and without the
// text.
func TestLocationsRefused(t *testing.T) {
	withoutPG(t)
	for text, why := range map[string]string{
		"":                           "name a file, or a database",
		"  \n":                       "name a file, or a database",
		"mysql://ci:s3cret@db/bench": "none of PostgreSQL",
		"sqlite://s3cret.db":         "as in ./name",
		"file:s3cret.db":             "as in ./name",
		"jdbc:postgresql://db/bench?password=s3cret":                       "none of PostgreSQL",
		"postgres:ci:s3cret@db/bench":                                      "none of PostgreSQL",
		"postgres:/ci:s3cret@db/bench":                                     "none of PostgreSQL",
		"://ci:s3cret@db/bench":                                            "none of PostgreSQL",
		"ci:s3cret@db/bench":                                               "none of PostgreSQL",
		"//ci:s3cret@db/bench":                                             "none of PostgreSQL",
		`"postgres://ci:s3cret@db/bench"`:                                  "quotes of its own",
		"'host=db password=s3cret'":                                        "quotes of its own",
		"postgres://ci:p/s3cret@db/bench":                                  "write %40 for @, %2F for /",
		"postgres://ci:12/s3cret@db/bench":                                 "write %40 for @, %2F for /",
		"postgres://ci:p@s3cret@db/bench":                                  "write %40 for @",
		"postgres://ci:p@s3cret/x@db/bench":                                "write %40 for @",
		"postgres://s3cret/x@db/bench":                                     "write %40 for @",
		"postgres://ci:p@s?x=s3cret@db/bench":                              "write %40 for @",
		"postgres://ci:s3cret%zz@db/bench":                                 "write %25 for %",
		"postgres://ci:s3cret%00@db/bench":                                 "a zero byte",
		"postgres://ci:s3 cret@db/bench":                                   "write %20",
		"postgres://db/bench?s3cret":                                       "must be name=value",
		"postgres://db/bench?password=s3=cret":                             "must be name=value",
		"postgres://s3:cret@db:x/bench":                                    "no number from 1 to 65535",
		"postgres://ci:s3cret@[::1/bench":                                  "not closed",
		"postgres://ci:s3cret@db/bench?sslmode=on":                         "sslmode is none of",
		"postgres://ci:s3cret@db/bench?connect_timeout=s3cret":             "no number of seconds",
		"postgres://ci:s3cret@db/bench?target_session_attrs=s3cret":        "an unknown value",
		"postgres://ci:s3cret@db/bench?sslrootcert=s3cret&sslmode=require": "sslrootcert",
		"host=db password=s3 cret user=ci":                                 "no equals sign",
		"host=db password='s3cret user=ci":                                 "a quote is not closed",
		"host=db password=s3cret user":                                     "no equals sign",
		"service=s3cret":                                                   "no such service",
		"passwort=s3cret host=db":                                          "check its spelling",
		"runs=s3cret.db":                                                   "as in ./name",
		"db password=s3cret":                                               "check its spelling",
		"dbname=postgres://ci:s3cret@db/bench":                             "write the URL alone",
		"host=postgres://ci:s3cret@db/bench":                               "write the URL alone",
	} {
		l, err := parseLocation(text)
		if err == nil {
			t.Errorf("%q is taken for %v", text, l)
			continue
		}
		if !strings.Contains(err.Error(), why) {
			t.Errorf("%q: %v, want %q", text, err, why)
		}
		if strings.Contains(err.Error(), "s3") || strings.Contains(err.Error(), "cret") {
			t.Errorf("%q: the text is in the error %v", text, err)
		}
	}
}

// A password of any bytes, quoted as the notation asks for, is the one that the driver
// has, and is in no text.
func TestLocationPasswords(t *testing.T) {
	withoutPG(t)
	rapid.Check(t, func(t *rapid.T) {
		password := "~" + rapid.StringMatching(`[ -~éß€]{6,20}`).Draw(t, "password")
		var encoded strings.Builder
		for _, b := range []byte(password) {
			fmt.Fprintf(&encoded, "%%%02X", b)
		}
		quoted := "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(password) + "'"
		for _, text := range []string{
			"postgres://ci:" + encoded.String() + "@db/bench",
			"postgresql://db/bench?user=ci&password=" + encoded.String(),
			"host=db user=ci password=" + quoted + " dbname=bench",
		} {
			l, err := parseLocation(text)
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			if l.postgres == nil || l.postgres.Password != password {
				t.Fatalf("%s: read as %+v", text, l)
			}
			failed := l.hide(fmt.Errorf("the server says %s", password))
			if strings.Contains(l.String()+failed.Error(), password) {
				t.Errorf("%s: the password is in %s or %v", text, l, failed)
			}
		}
		// As it is, it may be taken for something else, but never for a file, and an error
		// has none of it.
		for _, text := range []string{
			"postgres://ci:" + password + "@db/bench",
			"postgres://db/bench?user=ci&password=" + password,
			"host=db user=ci password=" + password + " dbname=bench",
		} {
			l, err := parseLocation(text)
			if err != nil && strings.Contains(err.Error(), password) || err == nil && l.postgres == nil {
				t.Errorf("%s: %+v, error %v", text, l, err)
			}
		}
	})
}

// FuzzLocation reads any text: it is a path, a database or an error that does not hold
// what was written.
func FuzzLocation(f *testing.F) {
	for _, seed := range []string{"history.db", "postgres://ci:s3cret@db:5432/bench?sslmode=disable", "host=db user=ci password='s3cret' dbname=bench",
		"POSTGRES://?user=ci&password=s3cret", "mysql://ci:s3cret@db", "//ci:s3cret@db", "'host=db password=s3cret'"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		l, err := parseLocation(text)
		switch {
		case err != nil:
			if strings.Contains(err.Error(), "s3cret") {
				t.Errorf("%q: %v", text, err)
			}
		case l.postgres == nil:
			if l.path == "" || strings.Contains(l.path, "://") && !plainPath().MatchString(l.path) {
				t.Errorf("%q is taken for the file %q", text, l.path)
			}
		case strings.Contains(l.String(), "s3cret") && !strings.Contains(l.postgres.Host+l.postgres.Database+l.postgres.User, "s3cret"):
			t.Errorf("%q: %v", text, l)
		}
	})
}
