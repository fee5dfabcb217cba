package lint

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// imageFile is the recipe of the container image.
const imageFile = "Dockerfile"

// routesFile lists the routes of the server, one of which the health check asks.
const routesFile = "server/routes.go"

func TestImage(t *testing.T) {
	for _, breach := range checkImage(string(read(t, imageFile)), string(read(t, routesFile))) {
		t.Errorf("%s: %s", imageFile, breach)
	}
}

const goodImage = `FROM alpine:3.22
COPY a /usr/bin/a
ENV XDG_STATE_HOME=/tmp/state XDG_CACHE_HOME=/tmp/cache
USER 65534:65534
HEALTHCHECK --interval=10s \
	CMD ["wget", "http://127.0.0.1:8000/healthz"]
ENTRYPOINT ["a"]
CMD ["serve", "--addr", ":8000"]
`

func TestImageRuleSeesBreaches(t *testing.T) {
	const routes = `{get, "/healthz", (*Server).healthz}`
	for _, test := range []struct {
		old, new string
		want     int
	}{
		{"", "", 0},
		{"alpine:3.22", "alpine", 1},
		{"alpine:3.22", "alpine:latest", 1},
		{"alpine:3.22", "alpine@sha256:0123", 0},
		{"USER 65534:65534\n", "", 1},
		{"USER 65534:65534", "USER root", 1},
		{"USER 65534:65534", "USER 0", 1},
		{"USER 65534:65534\n", "USER 65534\nUSER root\n", 1},
		{"/tmp/cache", "/var/cache", 1},
		{" XDG_CACHE_HOME=/tmp/cache", "", 1},
		{"/healthz", "/health", 1},
		{"127.0.0.1:8000", "127.0.0.1:80", 1},
		{`CMD ["wget", "http://127.0.0.1:8000/healthz"]`, "CMD wget http://127.0.0.1:8000/healthz", 1},
		{`ENTRYPOINT ["a"]`, "ENTRYPOINT a", 1},
		{"COPY a", "ADD a", 1},
		{"COPY a", "RUN apk add curl\nCOPY a", 1},
		{"COPY a", "VOLUME /data\nCOPY a", 1},
	} {
		got := checkImage(strings.Replace(goodImage, test.old, test.new, 1), routes)
		if len(got) != test.want {
			t.Errorf("%q instead of %q: %d breaches, want %d: %q", test.new, test.old, len(got), test.want, got)
		}
	}
}

var (
	pinned  = regexp.MustCompile(`^\S+(:\d[\w.-]*|@sha256:[0-9a-f]+)$`)
	nobody  = regexp.MustCompile(`^[1-9]\d*(:[1-9]\d*)?$`)
	healthy = regexp.MustCompile(`http://127\.0\.0\.1(:\d+)(/\w+)"`)
	homes   = regexp.MustCompile(`XDG_(STATE|CACHE)_HOME=(\S+)`)
)

// checkImage returns what a recipe has that the image must not: its base may not change
// by itself, it runs as a number other than root's, without a shell, writes to /tmp
// only, has nothing from the network, and its health check asks a route that there is on
// the port that is served.
func checkImage(recipe, routes string) []string {
	var breaches []string
	breach := func(format string, args ...any) { breaches = append(breaches, fmt.Sprintf(format, args...)) }
	last := map[string]string{} // of each instruction
	for line := range strings.Lines(strings.ReplaceAll(recipe, "\\\n", " ")) {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		rest = strings.TrimSpace(rest)
		switch word {
		case "FROM":
			if !pinned.MatchString(rest) {
				breach("the base is %s: name a version or a digest", rest)
			}
		case "ADD", "RUN", "VOLUME":
			breach("%s: the image is the program and nothing else", word)
		case "ENTRYPOINT", "CMD":
			if json.Unmarshal([]byte(rest), new([]string)) != nil {
				breach("%s %s: a shell would stand between: write a list", word, rest)
			}
		}
		last[word] = rest
	}
	if user := last["USER"]; !nobody.MatchString(user) {
		breach("it runs as %q: want a number other than 0, which Kubernetes can check", user)
	}
	places := homes.FindAllStringSubmatch(last["ENV"], -1)
	if len(places) != 2 {
		breach("ENV has %d of XDG_STATE_HOME and XDG_CACHE_HOME, want both", len(places))
	}
	for _, place := range places {
		if !strings.HasPrefix(place[2], "/tmp/") {
			breach("%s: only /tmp can be written to", place[0])
		}
	}
	_, check, _ := strings.Cut(last["HEALTHCHECK"], "CMD ")
	asked := healthy.FindStringSubmatch(check)
	switch {
	case json.Unmarshal([]byte(check), new([]string)) != nil || asked == nil:
		breach("HEALTHCHECK %s: want a list that asks http://127.0.0.1", last["HEALTHCHECK"])
	case !strings.Contains(routes, `"`+asked[2]+`"`):
		breach("HEALTHCHECK asks %s, which %s has not", asked[2], routesFile)
	case !strings.Contains(last["CMD"], `"`+asked[1]+`"`):
		breach("HEALTHCHECK asks port %s, and CMD serves %s", asked[1], last["CMD"])
	}
	return breaches
}
