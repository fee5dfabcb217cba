package server

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"sync"
)

// The page at / is written as several files, and works so when it is opened from
// a checkout. It is served as one, which takes one request and can be saved and
// opened from disk anywhere. Comments and indentation stay in the source.

// linked is a file that a page names: a style sheet or a script.
var linked = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`<link rel="stylesheet" href="([^"]+)">|<script src="([^"]+)"></script>`)
})

// selfContained puts the files that the page at name links to into the page. The
// policy allows it these, by their hashes, and to talk to this server: a script
// that gets into the page by a mistake of ours does not run.
func selfContained(files fs.FS, name string) (page []byte, policy string, err error) {
	source, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, "", err
	}
	styles, scripts := []string{"style-src"}, []string{"script-src"}
	page = linked().ReplaceAllFunc(compact(source), func(link []byte) []byte {
		found := linked().FindSubmatch(link)
		tag, sources, path := "style", &styles, string(found[1])
		if path == "" {
			tag, sources, path = "script", &scripts, string(found[2])
		}
		content, readErr := fs.ReadFile(files, path)
		if readErr != nil {
			err = fmt.Errorf("%s: %w", name, readErr)
		} else if strings.Contains(string(content), "</"+tag) {
			err = fmt.Errorf("%s: %s would end its own element", name, path)
		}
		content = append([]byte("\n"), compact(content)...)
		sum := sha256.Sum256(content)
		*sources = append(*sources, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'")
		return fmt.Appendf(nil, "<%s>%s</%s>", tag, content, tag)
	})
	policy = strings.Join([]string{
		"default-src 'none'", strings.Join(scripts, " "), strings.Join(styles, " "), "img-src data:", "connect-src 'self'",
		"base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
	}, "; ")
	return page, policy, err
}

// compact drops comments that have lines of their own, and indentation. The files
// have no text that goes over several lines.
func compact(source []byte) []byte {
	var out []byte
	for line := range strings.Lines(string(source)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "//") {
			out = append(append(out, line...), '\n')
		}
	}
	return out
}
