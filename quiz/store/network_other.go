//go:build !linux && !darwin && !windows

package store

// networkKind cannot tell here.
func networkKind(string) string { return "" }
