package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// The story of SSE-C with the real aws CLI and boto3. `make clients` tells the others too, which take minutes.
func TestRealClients(t *testing.T) {
	need(t, "clients", missingProgram("aws"))
	need(t, "clients", missingPython("boto3"))
	binary := filepath.Join(t.TempDir(), "keyhole")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	cmd := exec.Command("bash", filepath.Join("..", "..", ".ci", "clients"))
	cmd.Env = append(os.Environ(), "BINARY="+binary, "BRIEF=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func missingProgram(name string) string {
	if _, err := exec.LookPath(name); err != nil {
		return name + " is not on the PATH"
	}
	return ""
}

func missingPython(module string) string {
	if err := exec.Command("python3", "-c", "import "+module).Run(); err != nil {
		return "python3 with " + module + " is not here"
	}
	return ""
}
