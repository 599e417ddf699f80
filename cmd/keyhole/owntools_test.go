package main

import (
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The lab passes the same way when the commands come from the real aws CLI, with the profile that the page shows.
func TestTheLabWithTheRealCLI(t *testing.T) {
	need(t, "clients", missingProgram("aws"))
	t.Setenv(rigVariable, "1") // credential_process runs this test binary as the program
	a := startApp(t, t.TempDir())
	post(t, a.url()+"/labs/sse-c-by-hand/start", nil)
	run, err := a.runs.Open(context.Background(), soloLearner, "lg05")
	if err != nil {
		t.Fatal(err)
	}
	state, err := run.State(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	write(t, filepath.Join(home, "keyhole.config"), []byte(state.Tools.Config))
	for _, f := range state.Files {
		write(t, filepath.Join(home, f.Name), download(t, a.url()+"/labs/sse-c-by-hand/run/file?name="+f.Name))
	}
	solution, err := filepath.Abs(filepath.Join("..", "..", "content", "labs", "lg05", "solution.sh"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("bash", solution)
	cmd.Dir = home
	cmd.Env = append(withoutAWS(os.Environ()), "AWS_CONFIG_FILE="+filepath.Join(home, "keyhole.config"),
		"AWS_SHARED_CREDENTIALS_FILE="+filepath.Join(home, "none"), "AWS_EC2_METADATA_DISABLED=true")
	out, _ := cmd.CombinedOutput() // some of its commands are refused, as they should be
	report, err := run.Check(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if !report.Passed {
		t.Errorf("the lab did not pass: %+v\n%s", report, out)
	}
	if _, body := get(t, a.url()+"/progress"); !strings.Contains(body, "SSE-C by hand") {
		t.Error("the progress page does not know of the lab")
	}
}

// withoutAWS is an environment in which no key or proxy of the machine can reach the CLI.
func withoutAWS(env []string) (out []string) {
	for _, one := range env {
		if name, _, _ := strings.Cut(one, "="); !strings.HasPrefix(name, "AWS_") && !strings.HasSuffix(strings.ToUpper(name), "_PROXY") {
			out = append(out, one)
		}
	}
	return out
}

func write(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func download(t *testing.T, url string) []byte {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	data, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %s %v", url, r.Status, err)
	}
	return data
}
