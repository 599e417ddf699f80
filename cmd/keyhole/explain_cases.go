package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"keyhole/simulator/policy"
)

// maxCaseLine is the longest line of a case file, bytes: every layer may hold a document of 20 KB.
const maxCaseLine = 1 << 20

// answer is one line of `keyhole explain --cases`; what stands after Decision only with --why.
type answer struct {
	ID       string         `json:"id"`
	Decision policy.Verdict `json:"decision"`

	By        policy.Layer `json:"by,omitempty"`
	Rule      policy.Rule  `json:"rule,omitempty"`
	Pair      string       `json:"pair,omitempty"` // of several: the action and resource that decided
	Policy    string       `json:"policy,omitempty"`
	Statement int          `json:"statement,omitempty"` // from 1
	Sid       string       `json:"sid,omitempty"`
	Line      int          `json:"line,omitempty"`
	Column    int          `json:"column,omitempty"`
}

// explainCases answers every line of a file. Differences and lines that cannot be read go to standard error.
func explainCases(m *machine, name string, why bool) error {
	in := io.ReadCloser(os.Stdin)
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return fmt.Errorf("%s cannot be read: %w", name, rootCause(err))
		}
		in = f
	}
	defer in.Close()
	out := bufio.NewWriter(m.stdout)
	write := json.NewEncoder(out)
	write.SetEscapeHTML(false)
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxCaseLine)
	number, answered, expected, right, wrong := 0, 0, 0, 0, 0
	for lines.Scan() {
		number++
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		c, err := policy.ParseCase(line)
		if err != nil {
			wrong++
			fmt.Fprintf(m.stderr, "%s:%d: %v\n", name, number, err)
			continue
		}
		verdict, at, all := c.Evaluate()
		answered++
		if err := write.Encode(answerOf(c, verdict, &all[at], why)); err != nil {
			return fmt.Errorf("explain: %w", err)
		}
		switch c.Expected {
		case "":
		case verdict:
			expected, right = expected+1, right+1
		default:
			expected++
			fmt.Fprintf(m.stderr, "%s:%d: %s is %s, expected %s: %s\n", name, number, c.ID, verdict, c.Expected, c.Title)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("explain: %w", err)
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		wrong++
		fmt.Fprintf(m.stderr, "%s:%d: the line is longer than %d KiB, which is the limit\n", name, number+1, maxCaseLine>>10)
	} else if err != nil {
		return fmt.Errorf("%s cannot be read: %w", name, rootCause(err))
	}
	fmt.Fprintf(m.stderr, "%d of %d as expected", right, expected)
	if n := answered - expected; n > 0 {
		fmt.Fprintf(m.stderr, ", %d without an expectation", n)
	}
	if wrong > 0 {
		fmt.Fprintf(m.stderr, ", %d not read", wrong)
	}
	fmt.Fprintln(m.stderr)
	if right != expected || wrong > 0 {
		return errSilent
	}
	return nil
}

func answerOf(c *policy.Case, verdict policy.Verdict, d *policy.Decision, why bool) answer {
	a := answer{ID: c.ID, Decision: verdict}
	if !why {
		return a
	}
	a.By, a.Rule = d.By, d.Rule
	if len(c.Pairs) > 1 {
		a.Pair = d.Request.Action + " on " + d.Request.Resource
	}
	if s := d.Deciding(); s != nil {
		a.Policy, a.Statement, a.Sid = d.DecidingPolicy().Name, s.Statement.Index+1, s.Statement.Sid
		a.Line, a.Column = s.Statement.From.Line, s.Statement.From.Column
	}
	return a
}
