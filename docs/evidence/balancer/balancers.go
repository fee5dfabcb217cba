//go:build linux

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// configurations are what docs/server.md says that a balancer must be told: %[1]d is the
// port that clients come to, %[2]d and %[3]d are those of the shops, %[4]s is a folder.
var configurations = map[string]string{
	"haproxy": `global
    maxconn 1000
defaults
    mode http
    timeout connect 2s
    timeout client 30s
    timeout server 30s
    timeout check 2s
    retries 3
    option redispatch 1
frontend clients
    bind 127.0.0.1:%[1]d
    default_backend shops
backend shops
    balance roundrobin
    option httpchk GET /healthz
    default-server check inter 200ms fall 3 rise 1 pool-purge-delay 500ms
    server a 127.0.0.1:%[2]d
    server b 127.0.0.1:%[3]d
`,
	"nginx": `daemon off;
worker_processes 1;
pid %[4]s/nginx.pid;
error_log %[4]s/error.log;
events { worker_connections 1000; }
http {
    access_log off;
    client_body_temp_path %[4]s/body;
    proxy_temp_path %[4]s/proxy;
    fastcgi_temp_path %[4]s/fastcgi;
    uwsgi_temp_path %[4]s/uwsgi;
    scgi_temp_path %[4]s/scgi;
    upstream shops {
        server 127.0.0.1:%[2]d max_fails=0;
        server 127.0.0.1:%[3]d max_fails=0;
        keepalive 64;
        keepalive_timeout 500ms;
    }
    server {
        listen 127.0.0.1:%[1]d;
        client_max_body_size 8m;
        keepalive_requests 1000000;
        location / {
            proxy_pass http://shops;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            proxy_next_upstream error timeout;
        }
    }
}
`,
}

// balance starts a balancer on a port, before two shops. It ends with ctx.
func balance(ctx context.Context, name, folder string, port, a, b int) (*exec.Cmd, error) {
	text, ok := configurations[name]
	if !ok {
		return nil, fmt.Errorf("%q is no balancer that is tried here: haproxy or nginx", name)
	}
	path := filepath.Join(folder, name+".conf")
	if err := os.WriteFile(path, fmt.Appendf(nil, text, port, a, b, folder), 0o600); err != nil {
		return nil, err
	}
	args := map[string][]string{"haproxy": {"-db", "-f", path}, "nginx": {"-e", folder + "/error.log", "-c", path, "-p", folder}}[name]
	program, err := exec.LookPath(name)
	if err != nil { // where they are no one's to run by hand
		program = filepath.Join("/usr/sbin", name)
	}
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Stderr = os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	return cmd, cmd.Start()
}
