// Package shell is the learner's console: command lines as people write them in a tutorial, over a virtual home folder
// and the calls of labs/call. It never touches the host: files, variables, time and random bytes are those of a Session.
package shell

import (
	"context"
	"time"

	"keyhole/labs/call"

	"mvdan.cc/sh/v3/syntax"
)

// Session is one learner's console. A Session is used by one goroutine at a time.
type Session struct {
	Home    *Home             // files; kept with the run
	Env     map[string]string // variables, kept between lines
	Profile string            // principal of commands without --profile, see also AWS_PROFILE
	Dir     string            // current folder, "" is the home folder

	// Open returns a client that signs as a profile. An unknown profile is an error whose text the console prints.
	Open func(profile string, o Connect) (*call.Client, error)

	// Verbs are commands that the workspace adds (clock, as, xray).
	Verbs map[string]Verb

	Now  func() time.Time   // the sandbox's clock
	Rand func(n int) []byte // random bytes of openssl rand

	functions map[string]*syntax.Stmt // kept between lines
}

// Connect is how a command asked to reach the service.
type Connect struct {
	Plain    bool   // http instead of https
	Endpoint string // --endpoint-url as typed, "" for the sandbox's own
	Region   string
	Unsigned bool // --no-sign-request
}

// Verb is a command of the workspace. code is the exit code.
type Verb func(ctx context.Context, s *Session, args []string, stdin []byte) (stdout, stderr string, code int)

// Output is what a line printed.
type Output struct {
	Stdout, Stderr string
	Code           int
}
