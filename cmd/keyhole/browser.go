package main

import (
	"os/exec"
	"runtime"
)

// openBrowser asks the system to show a page; the product works without it.
func openBrowser(url string) error {
	name, args := "xdg-open", []string{url}
	switch runtime.GOOS {
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", url}
	case "darwin":
		name = "open"
	}
	return exec.Command(name, args...).Start() //nolint:gosec // the address is our own
}
