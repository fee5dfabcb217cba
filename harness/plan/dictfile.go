package plan

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// DictFile reads the file of a dictionary of at most so many bytes. Its errors do not name
// the file, and say what to do next; one wraps fs.ErrNotExist where there is none.
func DictFile(path string, most int64) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%w: want the file of a dictionary, as `zstdshop dict train -o %s` writes one", reason(err), path)
	case err != nil:
		return nil, reason(err)
	case info.IsDir():
		return nil, errors.New("it is a folder: name the file of a dictionary in it")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, reason(err)
	}
	defer f.Close()
	return ReadDict(f, most)
}

// ReadDict is DictFile for what has been opened. It reads no more than tells that there
// is too much.
func ReadDict(r io.Reader, most int64) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(r, most+1))
	switch {
	case err != nil:
		return nil, reason(err)
	case len(content) == 0:
		return nil, errors.New("it is empty: give a file with content, such as one by `zstdshop dict train`")
	case int64(len(content)) > most:
		return nil, fmt.Errorf("it has more than %d bytes, the most that a dictionary has here: give a part of it, or train a smaller one", most)
	}
	return content, nil
}

// reason takes the operation and the path off an error that is shown with them.
func reason(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}
