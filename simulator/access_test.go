package simulator

import (
	"slices"
	"strings"
	"testing"
)

// TestAccess plays bucket policies, Block Public Access, object ownership and ACLs as a client meets them.
func TestAccess(t *testing.T) { playAll(t, "access", 9) }

// What is ours about a policy that is put stands in the trace and not in the answer.
func TestWhatATraceSaysOfAPolicy(t *testing.T) {
	const (
		bucket = "-- request: a bucket --\nPUT /vault\n-- request: --\nDELETE /vault?publicAccessBlock\n"
		open   = `{"Version": "2012-10-17",` + "\n" + ` "Statement": [{"Sid": "Open", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::vault/*"}]}`
		closed = `{"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ["arn:aws:s3:::vault", "arn:aws:s3:::vault/*"]}]}`
	)
	for _, row := range []struct {
		name, request string
		status        int
		say           string // the headline
		notes         []string
		silent        string // no note says this
		asked         int    // pairs that were evaluated besides those needed
	}{
		{"what is wrong with it, and where", "PUT /vault?policy\n\n{\"Version\": \"2012-10-17\",\n \"Statement\": [{\"Effect\": \"allow\"}]}", 400,
			"The policy is refused at line 2, column 27.", []string{"line 2, column 27 of the policy: "}, "", 0},
		{"who makes it public", "PUT /vault?policy\n\n" + open, 204, "", []string{`statement "Open" (line 2) makes the policy public`}, "locks", 0},
		{"whom it locks out", "PUT /vault?policy\n\n" + closed, 204, "",
			[]string{"the new policy keeps arn:aws:iam::111122223333:user/alice from changing it again", "modelled: the policy is taken without x-amz-confirm-remove-self-bucket-access"}, "", 1},
		{"that this was meant", "PUT /vault?policy\nx-amz-confirm-remove-self-bucket-access: true\n\n" + closed, 204, "",
			[]string{"the new policy keeps arn:aws:iam::111122223333:user/alice from changing it again"}, "modelled", 1},
		{"the root user is never locked out", "PUT /vault?policy\n@as root\n\n" + closed, 204, "", nil, "keeps", 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := newScript(t, "2026")
			s.run(bucket + "-- request: it --\n" + row.request + "\n")
			trace := s.last()
			if trace.Response.Status != row.status || row.say != "" && trace.Fault.Say != row.say {
				t.Errorf("%d %+v", trace.Response.Status, trace.Fault)
			}
			for _, want := range row.notes {
				if !slices.ContainsFunc(trace.Notes, func(n string) bool { return strings.HasPrefix(n, want) }) {
					t.Errorf("no note begins %q: %q", want, trace.Notes)
				}
			}
			if row.silent != "" && strings.Contains(strings.Join(trace.Notes, "\n"), row.silent) {
				t.Errorf("notes %q say %q", trace.Notes, row.silent)
			}
			asked := 0
			for _, a := range trace.Authorization {
				if a.Asked {
					asked++
				}
			}
			if asked != row.asked {
				t.Errorf("%d further pairs, want %d: %+v", asked, row.asked, trace.Authorization)
			}
			if strings.Contains(string(s.body), "line 2") {
				t.Errorf("the answer has what is ours: %s", s.body)
			}
		})
	}
}
