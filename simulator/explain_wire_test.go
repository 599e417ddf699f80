package simulator

import (
	"os"
	"strings"
	"testing"

	"keyhole/simulator/policy"
)

// explained is a script in the world of explain.json.
func explained(t *testing.T) *script {
	t.Helper()
	file, err := os.ReadFile("testdata/explain.json")
	if err != nil {
		t.Fatal(err)
	}
	w, err := ParseWorld(file, WorldOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return &script{t: t, simulator: New(Options{World: w}), vars: map[string]string{}, seen: map[string]string{}}
}

// told is an explanation as a row: + helps, ! with caution, x tempts.
func told(e Explanation) string {
	var out []string
	for _, one := range e.Edits {
		mark := "+"
		switch {
		case one.Tempting:
			mark = "x"
		case one.Weakens:
			mark = "!"
		case !one.Helps:
			mark = "-"
		}
		out = append(out, mark+" "+one.Say)
	}
	return strings.Join(out, "\n")
}

func TestARequestIsExplained(t *testing.T) {
	for _, row := range []struct{ name, request, want string }{
		{"the header has another value than the policy wants", "PUT /ledger/a\nx-amz-tagging: team=red\n\nx\n",
			// Two obstacles: the header, and the permission to tag. No single edit removes both but another caller.
			"x Leave x-amz-tagging out"},
		{"the header is missing", "PUT /ledger/a\n\nx\n",
			"+ Send x-amz-server-side-encryption: AES256\nx Do it as the root user of 111122223333\n! Remove SaysHow from the bucket policy"},
		{"a permission is missing for a header", "PUT /ledger/a\nx-amz-server-side-encryption: AES256\nx-amz-tagging: team=red\n\nx\n",
			"+ Leave x-amz-tagging out\n+ Do it as the role auditor\n! Do it as the root user of 111122223333\n+ Add s3:PutObjectTagging to the policies of alice\n+ Add s3:PutObjectTagging for alice to the bucket policy"},
		{"the endpoint is the only way", "GET /ledger/inside/a\n",
			"+ Send it through the endpoint vpce-1a2b3c4d\nx Do it as the root user of 111122223333\n! Remove FromInside from the bucket policy"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := explained(t)
			s.run("-- request: one --\n" + row.request)
			e, ok := s.simulator.Explain(s.last().Number)
			if got := told(e); !ok || got != row.want {
				t.Errorf("%s: got\n%s\nwant\n%s", s.answer.Status, got, row.want)
			}
			if s.last().Shadow == nil {
				t.Error("no shadow run")
			}
		})
	}
	if _, ok := explained(t).simulator.Explain(7); ok {
		t.Error("a request that is not kept was explained")
	}
}

func TestWhoCan(t *testing.T) {
	s := explained(t)
	table := s.simulator.WhoCan("ledger", "", UsualActions)
	var got []string
	for _, r := range table.Rows {
		line := r.Principal + ":"
		for _, c := range r.Cells {
			line += " " + map[policy.Verdict]string{policy.Allowed: "yes", policy.ExplicitlyDenied: "DENY", policy.ImplicitlyDenied: "no"}[c.Verdict]
			if c.Where == "" {
				t.Errorf("%s: nothing decided it", r.Principal)
			}
		}
		got = append(got, line)
	}
	want := []string{
		"root: yes yes DENY yes yes",
		"alice: no yes DENY no no",
		"carol: no no DENY no no",
		"role auditor: yes yes DENY yes yes",
		"root: no no DENY no no",
		"bob: no no DENY no no",
		"anonymous: no no DENY no no",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if table.Key != someKey || table.Rows[1].Cells[2].Where != "SaysHow, line 4 of the bucket policy" {
		t.Errorf("key %q, %q", table.Key, table.Rows[1].Cells[2].Where)
	}
	if none := s.simulator.WhoCan("nothing", "", UsualActions); len(none.Rows) != 0 {
		t.Error("a table of no bucket has rows")
	}
}

// What the table says is what a request gets.
func TestTheTableIsWhatTheWireSays(t *testing.T) {
	s := explained(t)
	s.run("-- request: one --\nPUT /ledger/a\nx-amz-server-side-encryption: AES256\n\nx\n-- want --\n200\n")
	requests := map[string]string{"s3:ListBucket": "GET /ledger?list-type=2", "s3:GetObject": "GET /ledger/a", "s3:PutObject": "PUT /ledger/a", "s3:DeleteObject": "DELETE /ledger/a"}
	for _, row := range s.simulator.WhoCan("ledger", "a", UsualActions).Rows {
		who := map[string]string{"alice": "alice", "bob": "bob", "anonymous": "nobody"}[row.Principal]
		if who == "" {
			continue
		}
		for i, action := range UsualActions[:4] {
			s.run("-- request: it --\n" + requests[action] + "\n@as " + who + "\n")
			if refused := s.answer.StatusCode == 403; refused != (row.Cells[i].Verdict != policy.Allowed) {
				t.Errorf("%s %s: %s on the wire, %s in the table", who, action, s.answer.Status, row.Cells[i].Verdict)
			}
		}
	}
}
