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
	"syscall"
	"testing"
	"time"

	"zstdshop/history"
)

// TestPostgres runs the suite against a server of its own, which listens on a
// socket in a folder of its own only.
func TestPostgres(t *testing.T) {
	location := postgres(t)
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

// postgres starts a server and returns the URL of each of its databases.
func postgres(t *testing.T) func(database string) string {
	t.Helper()
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	slices.Sort(found)
	if len(found) == 0 {
		t.Skip("PostgreSQL is not installed (Debian: postgresql)")
	}
	bin := filepath.Dir(found[len(found)-1])
	dir, err := os.MkdirTemp("", "pg-")
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
	command := func(name string, args ...string) *exec.Cmd {
		cmd := exec.Command(filepath.Join(bin, name), args...)
		cmd.Dir = dir
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as}
		return cmd
	}
	if out, err := command("initdb", "-D", dir+"/data", "-A", "trust", "-U", "bench", "--no-sync", "-E", "UTF8", "--locale=C").CombinedOutput(); err != nil {
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
	location := func(database string) string {
		return "postgres://bench@/" + database + "?host=" + url.QueryEscape(dir)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for {
		s, err := history.Open(ctx, location("postgres"))
		if err == nil {
			s.Close()
			return location
		}
		if ctx.Err() != nil {
			t.Fatalf("the server does not start: %v: %s", err, log.String())
		}
	}
}
