package main

import (
	"context"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// rigVariable makes the test binary be the program: scripts and rigs run the real thing as a process of its own.
const rigVariable = "KEYHOLE_TEST_IS_PROGRAM"

func program() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	m := &machine{stdout: os.Stdout, stderr: os.Stderr, env: os.Getenv, now: time.Now, openBrowser: func(string) error { return nil }}
	os.Exit(m.dispatch(ctx, os.Args[1:]))
}

func TestMain(m *testing.M) {
	if os.Getenv(rigVariable) != "" {
		program()
	}
	testscript.Main(m, map[string]func(){"keyhole": program})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata"})
}

// need skips a test by name when something it needs is not on this machine; KEYHOLE_REQUIRE turns the skip into a failure.
func need(t *testing.T, what string, missing string) {
	t.Helper()
	if missing == "" {
		return
	}
	for _, required := range strings.Split(os.Getenv("KEYHOLE_REQUIRE"), ",") {
		if required == what {
			t.Fatalf("KEYHOLE_REQUIRE wants %s, and %s", what, missing)
		}
	}
	t.Skipf("needs %s: %s", what, missing)
}
