//go:build unix

package history_test

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"zstdshop/history"
)

// TestPostgres runs the suite against a server of its own, which listens on a
// socket in a folder of its own only.
func TestPostgres(t *testing.T) {
	dir := postgres(t)
	location := func(database string) string {
		return "postgres://bench:" + postgresEncoded + "@/" + database + "?host=" + url.QueryEscape(dir)
	}
	n := 0
	suite(t, func(t *testing.T) *history.Store {
		n++
		ctx := context.Background()
		admin, err := history.Open(ctx, location("postgres"))
		if err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprint("suite", n)
		if err := admin.Exec(ctx, "CREATE DATABASE "+name); err != nil {
			t.Fatal(err)
		}
		admin.Close()
		s, err := history.Open(ctx, location(name))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return s
	})
}

// TestPostgresNotations opens a database by each of PostgreSQL's own notations, and
// keeps the password out of what is said of one that cannot be opened.
func TestPostgresNotations(t *testing.T) {
	dir := postgres(t)
	write := func(name, text string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	quoted := strings.ReplaceAll(postgresPassword, "'", `\'`)
	pass := write("pass", "*:*:*:bench:"+strings.ReplaceAll(postgresPassword, ":", `\:`)+"\n")
	services := write("services", "[shared]\nhost="+dir+"\nuser=bench\ndbname=postgres\npassword="+postgresPassword+"\n")
	for _, c := range []struct {
		location string
		env      map[string]string
	}{
		{"postgres://bench:" + postgresEncoded + "@/postgres?host=" + dir, nil},
		{"POSTGRESQL://bench:" + postgresEncoded + "@/postgres?host=" + dir, nil},
		{"postgres://" + url.QueryEscape(dir) + "/postgres?user=bench&password=" + postgresEncoded, nil},
		{"host=" + dir + " user=bench dbname=postgres password='" + quoted + "'", nil},
		{"dbname=postgres user = bench password = '" + quoted + "' host = '" + dir + "'", nil},
		{"postgres://", map[string]string{"PGHOST": dir, "PGUSER": "bench", "PGDATABASE": "postgres", "PGPASSWORD": postgresPassword}},
		{"dbname=postgres", map[string]string{"PGHOST": dir, "PGUSER": "bench", "PGPASSFILE": pass}},
		{"host=" + dir + " user=bench dbname=postgres passfile=" + pass, nil},
		{"service=shared", map[string]string{"PGSERVICEFILE": services}},
		{"postgres:///?service=shared", map[string]string{"PGSERVICEFILE": services}},
		{"postgres://", map[string]string{"PGSERVICEFILE": services, "PGSERVICE": "shared"}},
	} {
		t.Run(c.location, func(t *testing.T) {
			for name, value := range c.env {
				t.Setenv(name, value)
			}
			s, err := history.Open(t.Context(), c.location)
			if err != nil {
				t.Fatal(err)
			}
			s.Close()
		})
	}
	_, err := history.Open(t.Context(), "host="+dir+" user=nobody dbname=postgres password='"+quoted+"'")
	if err == nil || !strings.Contains(err.Error(), "of the database postgres of nobody at "+dir) || strings.Contains(err.Error(), postgresPassword) {
		t.Errorf("a user that does not exist: %v", err)
	}
}

// postgresPassword has what each notation must quote.
const postgresPassword = `s3cret@/?:#%&= it's`

var postgresEncoded = strings.ReplaceAll(url.QueryEscape(postgresPassword), "+", "%20")

// postgres starts a server with a database of user bench, and returns the folder of its
// socket.
func postgres(t *testing.T) (dir string) {
	t.Helper()
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	slices.Sort(found)
	if len(found) == 0 {
		t.Skip("PostgreSQL is not installed (Debian: postgresql)")
	}
	bin := filepath.Dir(found[len(found)-1])
	dir, err := os.MkdirTemp("/tmp", "pg-") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	var as *syscall.Credential
	if os.Getuid() == 0 { // which the server refuses to be
		u, err := user.Lookup("postgres")
		if err != nil {
			t.Skipf("PostgreSQL must not run as root, and there is no user postgres: %v", err)
		}
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		as = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		if err := os.Chown(dir, uid, gid); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(dir+"/password", []byte(postgresPassword+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	command := func(name string, args ...string) *exec.Cmd {
		cmd := exec.Command(filepath.Join(bin, name), args...)
		cmd.Dir = dir
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as}
		return cmd
	}
	if out, err := command("initdb", "-D", dir+"/data", "-A", "scram-sha-256", "--pwfile", dir+"/password", "-U", "bench", "--no-sync", "-E", "UTF8", "--locale=C").CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v: %s", err, out)
	}
	var log bytes.Buffer
	server := command("postgres", "-D", dir+"/data", "-k", dir, "-c", "listen_addresses=")
	server.Stdout, server.Stderr = &log, &log
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		server.Process.Signal(syscall.SIGINT)
		server.Wait()
	})
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for {
		s, err := history.Open(ctx, "postgres://bench:"+postgresEncoded+"@/postgres?host="+dir)
		if err == nil {
			s.Close()
			return dir
		}
		if ctx.Err() != nil {
			t.Fatalf("the server does not start: %v: %s", err, log.String())
		}
	}
}
