package corpus

import (
	"bytes"
	"path"
	"slices"
	"strings"
)

// Systems and tools leave files of their own in folders and archives, which nobody who
// names a folder means by its data. They are passed over in both alike.
var (
	litterFolders = []string{
		".git", ".hg", ".svn", ".bzr", ".jj", // repositories; the first is a file in a worktree
		"__macosx", ".spotlight-v100", ".trashes", ".fseventsd", ".temporaryitems", ".documentrevisions-v100", ".appledouble", // macOS
		"$recycle.bin", "system volume information", // Windows
	}
	litterFiles = []string{".ds_store", ".localized", "icon\r", "thumbs.db", "ehthumbs.db", "desktop.ini"}
)

// isLitterFolder reports whether a folder, or the file of a worktree, is named like one
// that holds no data.
func isLitterFolder(name string) bool {
	return slices.Contains(litterFolders, strings.ToLower(name))
}

// isLitter reports whether a path, with slashes, is of a file that holds no data.
func isLitter(name string) bool {
	for folder := range strings.SplitSeq(name, "/") {
		if isLitterFolder(folder) {
			return true
		}
	}
	return slices.Contains(litterFiles, strings.ToLower(path.Base(name)))
}

// isAppleDouble reports whether a file has what macOS knows of the file beside it, such
// as its icon: ._NAME with a head that says so. Others may be called like that.
func isAppleDouble(name string, data []byte) bool {
	return strings.HasPrefix(path.Base(name), "._") && bytes.HasPrefix(data, []byte{0, 5, 0x16, 7})
}
