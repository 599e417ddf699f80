package store

import (
	"path/filepath"

	"golang.org/x/sys/windows"
)

// networkKind names the network drive a folder lies on, "" for a local one: the database's log needs memory shared
// between processes of one machine.
func networkKind(dir string) string {
	volume, err := windows.UTF16PtrFromString(filepath.VolumeName(dir) + `\`)
	if err == nil && windows.GetDriveType(volume) == windows.DRIVE_REMOTE {
		return "SMB"
	}
	return ""
}
