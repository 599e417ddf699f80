package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// defaultDataDir is where a person's data belongs on this system:
// $XDG_DATA_HOME or ~/.local/share, ~/Library/Application Support, or %LocalAppData%.
func defaultDataDir(env func(string) string) string {
	home, _ := os.UserHomeDir()
	switch runtime.GOOS {
	case "windows":
		if dir := env("LocalAppData"); dir != "" {
			return filepath.Join(dir, "Keyhole")
		}
		return filepath.Join(home, "AppData", "Local", "Keyhole")
	case "darwin":
		return filepath.Join(home, "Library", "Application Support", "Keyhole")
	}
	if dir := env("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "keyhole")
	}
	return filepath.Join(home, ".local", "share", "keyhole")
}

// prepareDataDir makes the folder and proves that it can be written to, in one sentence when it cannot.
func prepareDataDir(dir string) error {
	if dir == "" {
		return fmt.Errorf("no data folder: give one with --data")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("the data folder %s cannot be made: %w", dir, rootCause(err))
	}
	probe, err := os.CreateTemp(dir, ".writable-*")
	if err != nil {
		return fmt.Errorf("the data folder %s cannot be written to: %w", dir, rootCause(err))
	}
	name := probe.Name()
	_ = probe.Close()
	return os.Remove(name)
}

// rootCause drops the path that our own sentence already names.
func rootCause(err error) error {
	var pe *os.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}
