package store

import "golang.org/x/sys/unix"

// networkKind names the network file system a folder lies on, "" for a local one: the database's log needs memory
// shared between processes of one machine.
func networkKind(dir string) string {
	var s unix.Statfs_t
	if unix.Statfs(dir, &s) != nil {
		return "" // not known to be one
	}
	switch uint32(s.Type) { //nolint:gosec // the magic numbers are 32 bits; some systems sign-extend them
	case unix.NFS_SUPER_MAGIC:
		return "NFS"
	case unix.SMB_SUPER_MAGIC, unix.SMB2_SUPER_MAGIC, unix.CIFS_SUPER_MAGIC:
		return "SMB"
	case unix.AFS_SUPER_MAGIC, unix.AFS_FS_MAGIC:
		return "AFS"
	}
	return ""
}
