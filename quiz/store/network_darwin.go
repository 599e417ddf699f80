package store

import "golang.org/x/sys/unix"

// networkKind names the network file system a folder lies on, "" for a local one: the database's log needs memory
// shared between processes of one machine.
func networkKind(dir string) string {
	var s unix.Statfs_t
	if unix.Statfs(dir, &s) != nil {
		return "" // not known to be one
	}
	switch kind := unix.ByteSliceToString(s.Fstypename[:]); kind {
	case "nfs", "smbfs", "afpfs", "webdav":
		return kind
	}
	return ""
}
