package main

import (
	"context"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"keyhole/simulator/policy"
)

func TestTheCaseFilesComeOutAsExpected(t *testing.T) {
	for file, want := range map[string]string{
		"cases-textbook.jsonl": "172 of 172 as expected\n", "cases-dev.jsonl": "1500 of 1500 as expected\n", "cases-more.jsonl": "87 of 87 as expected\n",
	} {
		var out, errs strings.Builder
		m := testMachine()
		m.stdout, m.stderr = &out, &errs
		code := m.dispatch(context.Background(), []string{"explain", "--cases", filepath.Join("..", "..", "simulator", "policy", "testdata", file)})
		if code != 0 || errs.String() != want {
			t.Errorf("%s: exit %d, %s", file, code, errs.String())
		}
		if n := strings.Count(out.String(), "\n"); !strings.HasPrefix(want, strconv.Itoa(n)+" ") {
			t.Errorf("%s: %d lines on standard output", file, n)
		}
	}
}

func TestAnExcerptMarksTheColumnOfALongLineAndKeepsTheTerminalQuiet(t *testing.T) {
	text := `{"Statement": [` + strings.Repeat(`{"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::other/*"},`, 40) +
		`{"Sid": "\u001b[31mred", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::vault/*"}]}`
	document, err := policy.Decode([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	d := policy.Evaluate(policy.Request{Principal: policy.Principal{Kind: policy.Anonymous}, Action: "s3:GetObject", Resource: "arn:aws:s3:::vault/a"},
		policy.Layers{Resource: &policy.Attached{Name: "b\x1b[2Jucket", Source: "resource", Document: document}})
	var out strings.Builder
	inWords(&out, &d)
	if strings.ContainsRune(out.String(), '\x1b') {
		t.Errorf("an escape sequence reaches the terminal: %q", out.String())
	}
	lines := strings.Split(out.String(), "\n")
	for i, line := range lines {
		if !strings.HasPrefix(line, ">") {
			continue
		}
		if len([]rune(line)) > shownColumns+10 {
			t.Errorf("%d columns", len([]rune(line)))
		}
		if at := strings.Index(lines[i+1], "^"); at < 0 || !strings.HasPrefix(line[at:], `"s3:GetObject"`) {
			t.Errorf("the mark does not stand under the action:\n%s\n%s", line, lines[i+1])
		}
		return
	}
	t.Errorf("no line is marked:\n%s", out.String())
}
