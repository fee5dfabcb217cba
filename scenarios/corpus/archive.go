package corpus

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// archive reads the files of a .zip, in the order in which it lists them. It
// does not trust the sizes in the .zip: all that is unpacked counts against the
// limit, and no more memory is reserved for a member than its packed bytes can
// become.
func (l *loader) archive(ctx context.Context, path string) ([]Member, error) {
	f, size, err := l.openRegular(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := zip.NewReader(f, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // names are only labels here
		return nil, fmt.Errorf("not a zip that can be read (%w): pack it again, or measure its bytes as they are with --corpus - < FILE", explain(err))
	}
	// Refused before a gigabyte is unpacked.
	var total uint64
	entries := slices.DeleteFunc(z.File, func(entry *zip.File) bool {
		return !entry.Mode().IsRegular() || isLitter(strings.ReplaceAll(entry.Name, `\`, "/"))
	})
	for _, entry := range entries {
		total += min(entry.UncompressedSize64, uint64(l.limit)+1)
		if total > uint64(l.limit) {
			return nil, limitError(l.limit)
		}
	}
	room := l.limit
	var members []Member
	for _, entry := range entries {
		data, err := l.unpack(ctx, entry, room)
		if err != nil {
			return nil, fmt.Errorf("member %q %w", label(entry.Name), err)
		}
		if isAppleDouble(label(entry.Name), data) {
			continue
		}
		room -= int64(len(data))
		members = append(members, Member{label(entry.Name), data})
	}
	return members, nil
}

// deflateMost is the number of bytes that one byte of DEFLATE can become: 258
// for two bits, less a little.
const deflateMost = 1032

// unpack reads one member of at most room bytes.
func (l *loader) unpack(ctx context.Context, entry *zip.File, room int64) ([]byte, error) {
	const encrypted = 1 // bit 0 of the flags, APPNOTE.TXT section 4.4.4
	if entry.Flags&encrypted != 0 {
		return nil, errors.New("is encrypted: unpack the archive and name the folder")
	}
	r, err := entry.Open()
	if errors.Is(err, zip.ErrAlgorithm) {
		return nil, fmt.Errorf("is packed with method %d, which is not known here: unpack the archive and name the folder", entry.Method)
	}
	if err != nil {
		return nil, broken(err)
	}
	defer r.Close()
	packed := min(entry.CompressedSize64, uint64(room))
	data, err := l.readAll(ctx, r, int64(min(entry.UncompressedSize64, packed*deflateMost)), room)
	switch {
	case err == nil:
		return data, nil
	case ctx.Err() != nil:
		return nil, fmt.Errorf("was not read: %w", context.Cause(ctx))
	}
	return nil, broken(err) // also where it is larger than it says, and so than room
}

func broken(err error) error {
	return fmt.Errorf("is broken (%w): pack the archive again", explain(err))
}
