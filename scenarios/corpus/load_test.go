package corpus

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// tree makes files under a new folder; a path that ends in a slash is a folder.
func tree(t testing.TB, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, content := range files {
		path := filepath.Join(root, filepath.FromSlash(name))
		if strings.HasSuffix(name, "/") {
			if err := os.MkdirAll(path, 0o700); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// zipOf packs name, content pairs, in order.
func zipOf(t testing.TB, pairs ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for pair := range slices.Chunk(pairs, 2) {
		f, err := w.Create(pair[0])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, pair[1]); err != nil && pair[1] != "" {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// show writes a corpus as "name: member=data ...".
func show(c *Corpus) string {
	var b strings.Builder
	b.WriteString(c.Name + ":")
	for _, m := range c.Members {
		b.WriteString(" " + m.Name + "=" + string(m.Data))
	}
	return b.String()
}

func TestLoad(t *testing.T) {
	root := tree(t, map[string]string{
		"prose.txt":        "once",
		"packed.gz":        "as it is",
		"packed.zst":       "as it is too",
		"noext":            "n",
		"logs":             "not the embedded ones",
		"pair.zip":         zipOf(t, "b.txt", "two", "a.txt", "one"),
		"LOUD.ZIP":         zipOf(t, "a", "1"),
		".zip":             zipOf(t, "a", "1"),
		"climb.zip":        zipOf(t, "../../etc/passwd", "x", "/abs", "y", `C:\win\x`, "z", "tab\tnew\nline", "w"),
		"folders.zip":      zipOf(t, "d/", "", "d/e/", "", "d/e/f", "1", "empty", ""),
		"dir/b":            "3",
		"dir/a.txt":        "1",
		"dir/a/z":          "2",
		"dir/.hidden":      "0",
		"dir/inner.zip":    "not a zip",
		"dir/.git/config":  "skipped",
		"dir/c/.git":       "skipped: a worktree has a file of that name",
		"dir/c/.gitignore": "c",
		"dir/empty":        "",
	})
	t.Chdir(root)
	for _, tt := range []struct{ spec, source, want string }{
		{"prose.txt", "prose.txt", "prose.txt: prose.txt=once"},
		{"./prose.txt", "./prose.txt", "prose.txt: prose.txt=once"},
		{filepath.Join(root, "noext"), filepath.Join(root, "noext"), "noext: noext=n"},
		{"packed.gz", "packed.gz", "packed.gz: packed.gz=as it is"},
		{"packed.zst", "packed.zst", "packed.zst: packed.zst=as it is too"},
		{"./logs", "./logs", "logs: logs=not the embedded ones"},
		{"pair.zip", "pair.zip", "pair: b.txt=two a.txt=one"},
		{"LOUD.ZIP", "LOUD.ZIP", "LOUD: a=1"},
		{".zip", ".zip", ".zip: a=1"},
		{"climb.zip", "climb.zip", "climb: etc/passwd=x abs=y C:/win/x=z tab_new_line=w"},
		{"folders.zip", "folders.zip", "folders: d/e/f=1 empty="},
		{"dir", "dir", "dir: .hidden=0 a.txt=1 a/z=2 b=3 c/.gitignore=c empty= inner.zip=not a zip"},
		{"dir/", "dir/", "dir: .hidden=0 a.txt=1 a/z=2 b=3 c/.gitignore=c empty= inner.zip=not a zip"},
		{"dir/a/.", "dir/a/.", "a: z=2"},
		{"dir/a/../a", "dir/a/../a", "a: z=2"},
		{"-", "standard input", "stdin: stdin=piped"},
	} {
		c, err := Load(context.Background(), tt.spec, strings.NewReader("piped"))
		if err != nil {
			t.Errorf("%s: %v", tt.spec, err)
			continue
		}
		if got := show(c); got != tt.want || c.Source != tt.source {
			t.Errorf("%s: %q from %q, want %q from %q", tt.spec, got, c.Source, tt.want, tt.source)
		}
	}
	// Embedded first, also where a file has the name.
	if c := load(t, "logs"); c.Source != "embedded" {
		t.Errorf("logs is from %q", c.Source)
	}
	t.Chdir("dir/a")
	if got := show(load(t, ".")); got != "a: z=2" {
		t.Errorf(". is %q", got)
	}
}

func TestLoadErrors(t *testing.T) {
	whole := zipOf(t, "a", strings.Repeat("content ", 100))
	root := tree(t, map[string]string{
		"empty":          "",
		"nothing/":       "",
		"nested/a/b/":    "",
		"hollow/a":       "",
		"hollow/b":       "",
		"onlygit/.git/x": "x",
		"text.zip":       "this is text",
		"empty.zip":      "",
		"cut.zip":        whole[:len(whole)/2],
		"flipped.zip":    flip(whole, 40),
		"none.zip":       zipOf(t),
		"folders.zip":    zipOf(t, "d/", ""),
		"hollow.zip":     zipOf(t, "a", "", "b", ""),
		"encrypted.zip":  rawZip(t, "\x01\x02\x03\x04", &zip.FileHeader{Name: "secret", Flags: 1, Method: zip.Deflate, UncompressedSize64: 4}),
		"method.zip":     rawZip(t, "\x01\x02\x03\x04", &zip.FileHeader{Name: "odd", Method: 93, UncompressedSize64: 4}),
		"short.zip":      rawZip(t, "abc", &zip.FileHeader{Name: "short", Method: zip.Store, UncompressedSize64: 100, CRC32: 1}),
		"checksum.zip":   rawZip(t, "abc", &zip.FileHeader{Name: "sum", Method: zip.Store, UncompressedSize64: 3, CRC32: 1}),
		"file/in/the":    "way",
		"big":            strings.Repeat("x", 1001),
		"full":           strings.Repeat("x", 1000),
		"bigdir/a":       strings.Repeat("x", 600),
		"bigdir/b":       strings.Repeat("x", 600),
		"big.zip":        zipOf(t, "a", strings.Repeat("x", 600), "b", strings.Repeat("x", 600)),
		"bomb.zip":       bomb(t, 1<<20),
		"exabytes.zip":   rawZip(t, "abc", &zip.FileHeader{Name: "exa", Method: zip.Store, UncompressedSize64: 1 << 63}),
		"overflow.zip":   rawZip(t, "abc", &zip.FileHeader{Name: "a", UncompressedSize64: 1000}, &zip.FileHeader{Name: "exa", UncompressedSize64: 1<<64 - 1}),
	})
	t.Chdir(root)
	for _, tt := range []struct {
		spec string
		want []string // parts of the error
	}{
		{"", []string{"no name", "logs, ", "for standard input"}},
		{"lgos", []string{"did you mean logs?", "embedded are logs, logs-records, html,"}},
		{"Logs", []string{"did you mean logs?"}},
		{"dickens", []string{"no embedded corpus, file or folder has this name: embedded are logs,"}},
		{"dickens.zip", []string{"no embedded corpus, file or folder", "embedded are logs,"}},
		{"./logs", []string{"no such file or folder", "check the path"}},
		{"nowhere/file", []string{"no such file or folder"}},
		{"nul\x00byte", []string{"invalid argument"}},
		{"empty", []string{"the file is empty"}},
		{"nothing", []string{"no files in it"}},
		{"nested", []string{"no files in it"}},
		{"onlygit", []string{"no files in it"}},
		{"hollow", []string{"all files in it are empty (2)"}},
		{"text.zip", []string{"not a zip that can be read", "--corpus - <"}},
		{"empty.zip", []string{"not a zip that can be read"}},
		{"cut.zip", []string{"not a zip that can be read"}},
		{"flipped.zip", []string{`member "a" is broken`, "pack the archive again"}},
		{"none.zip", []string{"no files in it"}},
		{"folders.zip", []string{"no files in it"}},
		{"hollow.zip", []string{"all files in it are empty (2)"}},
		{"encrypted.zip", []string{`member "secret" is encrypted`, "unpack the archive"}},
		{"method.zip", []string{`member "odd" is packed with method 93`, "unpack the archive"}},
		{"short.zip", []string{`member "short" is broken`}},
		{"checksum.zip", []string{`member "sum" is broken`}},
		{"big", []string{"larger than the limit of 1000 bytes", "--corpus -"}},
		{"bigdir", []string{"larger than the limit of 1000 bytes"}},
		{"big.zip", []string{"larger than the limit of 1000 bytes"}},
		{"bomb.zip", []string{`member "bomb" is broken`}},
		{"exabytes.zip", []string{"larger than the limit of 1000 bytes"}},
		{"overflow.zip", []string{"larger than the limit of 1000 bytes"}},
	} {
		c, err := smallLoader().load(context.Background(), tt.spec, nil)
		if err == nil {
			t.Errorf("%q: no error but %s", tt.spec, show(c))
			continue
		}
		checkError(t, tt.spec, err, tt.want...)
	}
	if _, err := smallLoader().load(context.Background(), "full", nil); err != nil {
		t.Errorf("a file of exactly the limit: %v", err)
	}
}

// TestArchiveThatLiesSetsNothingAside loads a member of four bytes that claims
// to be nearly a gigabyte.
func TestArchiveThatLiesSetsNothingAside(t *testing.T) {
	header := &zip.FileHeader{Name: "liar", Method: zip.Deflate, UncompressedSize64: MaxBytes - 1}
	root := tree(t, map[string]string{"liar.zip": rawZip(t, "\x01\x00\x00\xff", header)})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := Load(context.Background(), filepath.Join(root, "liar.zip"), nil)
	runtime.ReadMemStats(&after)
	if err == nil {
		t.Error("no error")
	}
	if bytes := after.TotalAlloc - before.TotalAlloc; bytes > 16<<20 {
		t.Errorf("%d bytes were allocated", bytes)
	}
}

func TestLoadStdinErrors(t *testing.T) {
	for _, tt := range []struct {
		name  string
		stdin io.Reader
		want  string
	}{
		{"none", nil, "no standard input"},
		{"empty", strings.NewReader(""), "standard input is empty"},
		{"too much", strings.NewReader(strings.Repeat("x", 1001)), "larger than the limit of 1000 bytes"},
		{"endless", endless{}, "larger than the limit of 1000 bytes"},
		{"broken", iotest.ErrReader(errors.New("cable pulled")), "cable pulled"},
		{"breaks", io.MultiReader(strings.NewReader("x"), iotest.ErrReader(errors.New("cable pulled"))), "cable pulled"},
	} {
		_, err := smallLoader().load(context.Background(), "-", tt.stdin)
		if err == nil {
			t.Errorf("%s: no error", tt.name)
			continue
		}
		checkError(t, tt.name, err, tt.want, `corpus "-": `)
	}
	for _, stdin := range []io.Reader{iotest.OneByteReader(strings.NewReader("abc")), iotest.DataErrReader(strings.NewReader("abc"))} {
		if c, err := smallLoader().load(context.Background(), "-", stdin); err != nil || show(c) != "stdin: stdin=abc" {
			t.Errorf("in pieces: %v, %v", c, err)
		}
	}
}

// TestLoadEnds checks that an interrupt ends a load, even one that waits for
// input that never comes.
func TestLoadEnds(t *testing.T) {
	stop := errors.New("stop it")
	ended, end := context.WithCancelCause(context.Background())
	end(stop)
	root := tree(t, map[string]string{"d/a": "x", "z.zip": zipOf(t, "a", "x")})
	silent, hold := io.Pipe()
	defer hold.Close()
	for _, spec := range []string{"-", filepath.Join(root, "d"), filepath.Join(root, "d", "a"), filepath.Join(root, "z.zip")} {
		_, err := Load(ended, spec, silent)
		if !errors.Is(err, stop) || strings.Contains(err.Error(), "broken") {
			t.Errorf("%s: %v, want the cause", spec, err)
		}
	}

	waiting := make(chan struct{})
	late, end := context.WithCancelCause(context.Background())
	go func() {
		<-waiting
		end(stop)
	}()
	_, err := Load(late, "-", io.MultiReader(readerFunc(func([]byte) (int, error) {
		close(waiting)
		return 0, io.EOF
	}), silent))
	if !errors.Is(err, stop) {
		t.Errorf("while waiting for input: %v, want the cause", err)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// TestLoadRefusesEarly checks that a corpus that is too large is refused by its
// size, before a gigabyte of it has been read.
func TestLoadRefusesEarly(t *testing.T) {
	root := tree(t, map[string]string{"d/a": strings.Repeat("x", 600), "d/b": strings.Repeat("x", 600)})
	l := smallLoader()
	l.open = func(path string) (file, error) {
		t.Errorf("%s was opened", path)
		return os.Open(path)
	}
	if _, err := l.load(context.Background(), filepath.Join(root, "d"), nil); err == nil {
		t.Error("no error")
	}
}

// TestLoadClimbingNames sets the option that makes archive/zip refuse names
// with "..": here they are only labels.
func TestLoadClimbingNames(t *testing.T) {
	t.Setenv("GODEBUG", "zipinsecurepath=0")
	root := tree(t, map[string]string{"climb.zip": zipOf(t, "../../etc/passwd", "x")})
	if got := show(load(t, filepath.Join(root, "climb.zip"))); got != "climb: etc/passwd=x" {
		t.Errorf("loaded %q", got)
	}
}

// TestLoadChanges uses files that behave as real ones do while something else
// writes to them, or as those on a failing disk do.
func TestLoadChanges(t *testing.T) {
	root := tree(t, map[string]string{"d/a": "first", "d/b": "seen when listed", "z.zip": "not read"})
	for _, tt := range []struct {
		name string
		file fakeFile // replaces d/b and z.zip
		err  error    // of opening it
		want string   // data, or part of the error
	}{
		{"as listed", fakeFile{size: 4, content: "data"}, nil, "data"},
		{"shrank", fakeFile{size: 400, content: "data"}, nil, "data"},
		{"grew", fakeFile{size: 2, content: "more data"}, nil, "more data"},
		{"grew from nothing", fakeFile{size: 0, content: "more data"}, nil, "more data"},
		{"grew over the limit", fakeFile{size: 4, content: strings.Repeat("x", 1001)}, nil, "larger than the limit"},
		{"became large", fakeFile{size: 1 << 40}, nil, "larger than the limit"},
		{"became a folder", fakeFile{mode: fs.ModeDir}, nil, "is a folder now, not a regular file"},
		{"became a pipe", fakeFile{mode: fs.ModeNamedPipe}, nil, "is a named pipe, not a regular file"},
		{"unreadable sector", fakeFile{size: 4, content: "da", fails: errors.New("input/output error")}, nil, "input/output error"},
		{"cannot be looked at", fakeFile{statFails: errors.New("stale file handle")}, nil, "stale file handle"},
		{"vanished", fakeFile{}, &fs.PathError{Op: "open", Path: "b", Err: fs.ErrNotExist}, "vanished while the corpus was read"},
		{"forbidden", fakeFile{}, &fs.PathError{Op: "open", Path: "b", Err: fs.ErrPermission}, "permission denied: make it readable"},
	} {
		l := smallLoader()
		open := l.open
		l.open = func(path string) (file, error) {
			if filepath.Base(path) == "a" {
				return open(path)
			}
			f := tt.file
			f.Reader = io.MultiReader(strings.NewReader(f.content), iotest.ErrReader(f.fails))
			if f.fails == nil {
				f.Reader = strings.NewReader(f.content)
			}
			return &f, tt.err
		}
		c, err := l.load(context.Background(), filepath.Join(root, "d"), nil)
		if err == nil {
			if got := show(c); got != "d: a=first b="+tt.want {
				t.Errorf("%s: %q", tt.name, got)
			}
		} else {
			checkError(t, tt.name, err, tt.want, `"b"`)
		}

		// The same as a corpus of one file, and as an archive.
		if c, err := l.load(context.Background(), filepath.Join(root, "d", "b"), nil); err == nil {
			if got := show(c); got != "b: b="+tt.want {
				t.Errorf("%s: %q", tt.name, got)
			}
		} else {
			checkError(t, tt.name, err, tt.want)
		}
		if _, err := l.load(context.Background(), filepath.Join(root, "z.zip"), nil); err == nil {
			t.Errorf("%s: an archive was read from it", tt.name)
		}
	}

	// The members before it count too: 5 bytes and 996.
	l := smallLoader()
	open := l.open
	l.open = func(path string) (file, error) {
		if filepath.Base(path) == "a" {
			return open(path)
		}
		return &fakeFile{size: 4, Reader: strings.NewReader(strings.Repeat("x", 996))}, nil
	}
	if _, err := l.load(context.Background(), filepath.Join(root, "d"), nil); err == nil {
		t.Error("a folder that grew over the limit is no error")
	}

	// All gone between the first look and the read.
	l.open = func(string) (file, error) { return &fakeFile{size: 5, Reader: strings.NewReader("")}, nil }
	_, err := l.load(context.Background(), filepath.Join(root, "d", "a"), nil)
	if err == nil {
		t.Fatal("a file that was emptied is no error")
	}
	checkError(t, "emptied", err, "the file is empty")
}

// TestLoadUnlistable has a folder below the corpus that cannot be listed.
func TestLoadUnlistable(t *testing.T) {
	root := tree(t, map[string]string{"a": "x", "locked/b": "x"})
	l := smallLoader()
	l.walk = func(root string, visit fs.WalkDirFunc) error {
		return filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if filepath.Base(path) == "locked" {
				err = &fs.PathError{Op: "open", Path: path, Err: fs.ErrPermission}
			}
			return visit(path, entry, err)
		})
	}
	_, err := l.load(context.Background(), root, nil)
	if err == nil {
		t.Fatal("no error")
	}
	checkError(t, "unlistable", err, `"locked": permission denied: make it readable`)
}

func TestLabel(t *testing.T) {
	for _, tt := range []struct{ name, want string }{
		{"a/b.txt", "a/b.txt"},
		{"../../a", "a"},
		{"/a", "a"},
		{"a/../../../b", "b"},
		{`..\..\a`, "a"},
		{"a//b/./c/", "a/b/c"},
		{"", "_"},
		{"..", "_"},
		{"/", "_"},
		{"bell\a", "bell_"},
		{"\xff\xfe", "__"},
		{"rtl\u202egnp.exe", "rtl_gnp.exe"},
		{"grüße 世界", "grüße 世界"},
	} {
		if got := label(tt.name); got != tt.want {
			t.Errorf("label(%q) = %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestCorpusName(t *testing.T) {
	for _, tt := range []struct{ spec, want string }{
		{"a/dickens.zip", "dickens"},
		{"a/dickens.ZIP", "dickens"},
		{"a/dickens.txt", "dickens.txt"},
		{"a/dickens.zip.gz", "dickens.zip.gz"},
		{"a/.zip", ".zip"},
		{"a/two\nlines", "two_lines"},
		{"a/b/..", "a"},
	} {
		if got := corpusName(tt.spec); got != tt.want {
			t.Errorf("corpusName(%q) = %q, want %q", tt.spec, got, tt.want)
		}
	}
}

// smallLoader is a real loader with a limit that tests can exceed.
func smallLoader() *loader {
	return &loader{
		limit: 1000,
		open:  func(path string) (file, error) { return os.Open(path) },
		walk:  filepath.WalkDir,
	}
}

// checkError fails unless err is one line that begins with the corpus and
// contains all parts.
func checkError(t *testing.T, name string, err error, parts ...string) {
	t.Helper()
	text := err.Error()
	if !strings.HasPrefix(text, `corpus "`) || strings.Contains(text, "\n") {
		t.Errorf("%s: not one line about a corpus: %q", name, text)
	}
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%s: %q, want %q in it", name, text, part)
		}
	}
}

// fakeFile is a file whose content is not what its size says.
type fakeFile struct {
	io.Reader
	size      int64
	mode      fs.FileMode
	content   string
	fails     error // what reading ends with; nil for the end of the file
	statFails error
}

func (f *fakeFile) Stat() (fs.FileInfo, error) { return fakeInfo{f}, f.statFails }
func (f *fakeFile) Close() error               { return nil }
func (f *fakeFile) ReadAt(p []byte, offset int64) (int, error) {
	n, err := strings.NewReader(f.content).ReadAt(p, offset)
	if f.fails != nil && err == io.EOF {
		err = f.fails
	}
	return n, err
}

type fakeInfo struct{ f *fakeFile }

func (i fakeInfo) Name() string       { return "fake" }
func (i fakeInfo) Size() int64        { return i.f.size }
func (i fakeInfo) Mode() fs.FileMode  { return i.f.mode }
func (i fakeInfo) ModTime() time.Time { return time.Time{} }
func (i fakeInfo) IsDir() bool        { return i.f.mode.IsDir() }
func (i fakeInfo) Sys() any           { return nil }

// endless never ends.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// flip inverts one byte.
func flip(s string, at int) string {
	b := []byte(s)
	b[at] ^= 0xff
	return string(b)
}

// rawZip stores the same packed bytes under headers that may lie.
func rawZip(t testing.TB, packed string, headers ...*zip.FileHeader) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, header := range headers {
		header.CompressedSize64 = uint64(len(packed))
		f, err := w.CreateRaw(header)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, packed); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// bomb packs size zero bytes and says that they are ten.
func bomb(t testing.TB, size int) string {
	t.Helper()
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	w.Write(make([]byte, size))
	w.Close()
	return rawZip(t, packed.String(), &zip.FileHeader{Name: "bomb", Method: zip.Deflate, UncompressedSize64: 10})
}
