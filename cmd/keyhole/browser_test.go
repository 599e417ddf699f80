package main

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// browserTime is how long one browser program may take on two cores.
const browserTime = 3 * time.Minute

// needBrowser skips without Chromium, node and the packages of .ci/browser's lock file.
func needBrowser(t *testing.T) {
	t.Helper()
	need(t, "browser", missingProgram("chromium"))
	need(t, "browser", missingProgram("node"))
	modules := filepath.Join("..", "..", ".ci", "browser", "node_modules", "playwright-core")
	if _, err := os.Stat(modules); err != nil {
		need(t, "browser", "the packages are not installed (cd .ci/browser && npm ci)")
	}
}

func node(t *testing.T, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), browserTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", args...)
	cmd.Dir = filepath.Join("..", "..", ".ci", "browser")
	cmd.Env = append(os.Environ(), "NODE_MODULES="+filepath.Join(".", "node_modules"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("node %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// The journey of a newcomer in real Chromium: note, question, proof, lab, progress, kill -9, progress again.
func TestTheJourneyInABrowser(t *testing.T) {
	needBrowser(t)
	node(t, "journey.mjs", testBinary(t))
}

func TestTheJourneyWithoutJavaScript(t *testing.T) {
	needBrowser(t)
	node(t, "journey.mjs", testBinary(t), "--no-js")
}

func TestAWalkWithTheKeyboardAlone(t *testing.T) {
	needBrowser(t)
	node(t, "keyboard.mjs", startApp(t, t.TempDir()).url())
}

// The policy explainer: with the keyboard alone, without JavaScript, and every state of it clean in both themes and sizes.
func TestThePoliciesInABrowser(t *testing.T) {
	needBrowser(t)
	node(t, "policies.mjs", startApp(t, t.TempDir()).url(), t.TempDir())
}

// testBinary is this test binary, which is the program when the journey starts it.
func testBinary(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// Every page, light and dark, wide and narrow: no axe violation, no CSP or console error, nothing wider than the window.
// Each page is seen in both themes and both sizes; every pair of them (twice the time) with KEYHOLE_SCREENS=all.
func TestEveryPageIsCleanInABrowser(t *testing.T) {
	needBrowser(t)
	a := startApp(t, t.TempDir())
	args := append([]string{"shoot.mjs", a.url(), t.TempDir()}, visit(t, a)...)
	if os.Getenv("KEYHOLE_SCREENS") != "all" {
		args = append(args, "--diagonal")
	}
	node(t, args...)
}

// visit makes a learner with an answer and a lab under way and returns the pages there are then.
func visit(t *testing.T, a *app) []string {
	t.Helper()
	pages := []string{"/", "/notes", "/notes/sse-c", "/notes/default-encryption", "/practice/ssec-three-headers", "/labs", "/labs/sse-c-by-hand"}
	answer := post(t, a.url()+"/practice/ssec-key-per-version", url.Values{"option": {"key-b"}, "key": {"browser-test-key-1"}, "sure": {"certain"}})
	pages = append(pages, answer, answer+"?proof=ssec-key-per-version.own-key&control=1")
	post(t, a.url()+"/labs/sse-c-by-hand/start", nil)
	for _, line := range []string{
		"aws s3api put-object --bucket vault --key secret.txt --body one.txt --sse-customer-algorithm AES256 --sse-customer-key fileb://k1.bin --profile app",
		"aws s3api put-object --bucket vault --key open.txt --body one.txt --profile app",
		"aws s3api delete-object --bucket vault --key open.txt --profile app",
	} {
		post(t, a.url()+"/labs/sse-c-by-hand/run/exec", url.Values{"line": {line}})
	}
	post(t, a.url()+"/labs/sse-c-by-hand/run/check", nil)
	run := "/labs/sse-c-by-hand/run"
	return append(pages, run, run+"?request=1&show=xray", run+"?request=1&tab=wire", run+"?request=1&tab=encryption&shelf=settings", run+"?pane=log", run+"?pane=tools", "/progress")
}

// post sends a form and returns where it leads, without the host.
func post(t *testing.T, address string, form url.Values) string {
	t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := client.PostForm(address, form)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusSeeOther {
		t.Fatalf("POST %s: %s", address, r.Status)
	}
	return strings.TrimPrefix(r.Header.Get("Location"), strings.TrimSuffix(address, "/"))
}
