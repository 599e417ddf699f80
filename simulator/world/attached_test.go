package world

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"keyhole/simulator/policy"
)

const prod = "444455556666"

// company is the world of testdata/organization.json.
func company(t testing.TB) *World {
	t.Helper()
	text, err := os.ReadFile("testdata/organization.json")
	if err != nil {
		t.Fatal(err)
	}
	w, err := Parse(text, Options{Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// told is "source: name, name" of a list of documents.
func told(list []policy.Attached) []string {
	var out []string
	for _, a := range list {
		if a.Document == nil || len(a.Document.Statements) == 0 {
			out = append(out, a.Source+": "+a.Name+" is empty")
			continue
		}
		out = append(out, a.Source+": "+a.Name)
	}
	return out
}

func name(a *policy.Attached) string {
	if a == nil {
		return ""
	}
	return fmt.Sprintf("%s: %s (%d)", a.Source, a.Name, len(a.Document.Statements))
}

func TestWhatAppliesToWhom(t *testing.T) {
	one := json.RawMessage(`{"Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::${aws:username}/*"}}`)
	readLogs := "arn:aws:iam::444455556666:policy/ReadLogs"
	tests := []struct {
		name, key         string
		ask               *SessionAsk
		identity          []string
		boundary, session string
	}{
		{"root has no policies", "", nil, nil, "", ""},
		{"a user: its own, inline first, then each group's", "alice", nil, []string{
			"user alice: a", "user alice: b", "user alice: IAMUserChangePassword",
			"group devs: deny", "group devs: ReadLogs", "group devs: AmazonS3ReadOnlyAccess"},
			"user alice: PowerUserAccess (2)", ""},
		{"a user without anything", "bob", nil, nil, "", ""},
		{"a role session: its role's", "", &SessionAsk{Kind: "role", Name: "app", Session: "job"},
			[]string{"role app: ReadLogs"}, "role app: role-app-boundary (1)", ""},
		{"a role session with a policy", "", &SessionAsk{Kind: "role", Name: "app", Session: "job", Policy: one},
			[]string{"role app: ReadLogs"}, "role app: role-app-boundary (1)", "session job: session policy (1)"},
		{"a role session with a managed policy", "", &SessionAsk{Kind: "role", Name: "app", Session: "job", PolicyARNs: []string{readLogs}},
			[]string{"role app: ReadLogs"}, "role app: role-app-boundary (1)", "session job: ReadLogs (1)"},
		{"several session policies are one", "", &SessionAsk{Kind: "role", Name: "app", Session: "job", Policy: one, PolicyARNs: []string{readLogs, "arn:aws:iam::aws:policy/PowerUserAccess"}},
			[]string{"role app: ReadLogs"}, "role app: role-app-boundary (1)", "session job: session policy and ReadLogs and PowerUserAccess (4)"},
		{"a session of a user", "", &SessionAsk{Kind: "user", Name: "bob"}, nil, "", ""},
		{"a federated user: the policies of who asked", "", &SessionAsk{Kind: "federated-user", Name: "alice", Session: "guest", Policy: one}, []string{
			"user alice: a", "user alice: b", "user alice: IAMUserChangePassword",
			"group devs: deny", "group devs: ReadLogs", "group devs: AmazonS3ReadOnlyAccess"},
			"user alice: PowerUserAccess (2)", "session guest: session policy (1)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := company(t)
			k, _ := w.KeyOf(prod, tt.key)
			id, err := w.Identity(k.ID, "", BaseReal)
			if tt.ask != nil {
				tt.ask.Account, tt.ask.Duration, tt.ask.Base = prod, time.Hour, BaseReal
				s, mintErr := w.MintSession(*tt.ask)
				if mintErr != nil {
					t.Fatal(mintErr)
				}
				id, err = w.Identity(s.AccessKey, s.Token, BaseReal)
			}
			if err != nil {
				t.Fatal(err)
			}
			identity, boundary, session := w.PoliciesOf(id)
			if got := told(identity); !slices.Equal(got, tt.identity) {
				t.Errorf("identity policies\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.identity, "\n"))
			}
			if name(boundary) != tt.boundary || name(session) != tt.session {
				t.Errorf("boundary %q, session %q; want %q, %q", name(boundary), name(session), tt.boundary, tt.session)
			}
		})
	}
}

func TestAVariableOfAnOldDocumentStaysTextInAUnion(t *testing.T) {
	w := company(t)
	d, err := w.union([]json.RawMessage{
		json.RawMessage(`{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::${aws:username}/*"}}`),
		json.RawMessage(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::${aws:username}/*"}]}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range d.Statements {
		got = append(got, s.Resource.Entries[0].Text)
	}
	if want := []string{"arn:aws:s3:::${$}{aws:username}/*", "arn:aws:s3:::${aws:username}/*"}; !slices.Equal(got, want) {
		t.Errorf("resources %q, want %q", got, want)
	}
}

func TestControlPoliciesByLevel(t *testing.T) {
	w := company(t)
	tests := []struct {
		account, path string
		scps, rcps    [][]string
	}{
		{"111122223333", "o-a1b2c3d4e5/r-%s/", nil, nil}, // the management account is bound by neither
		{prod, "o-a1b2c3d4e5/r-%[1]s/ou-%[1]s-", [][]string{
			{"root: FullAWSAccess"}, {"ou Prod: FullAWSAccess", "ou Prod: Region"}, {"account 444455556666: OnlyS3"},
		}, [][]string{{"root: OnlyOurs"}, nil, nil}},
		{"777788889999", "", nil, nil}, // in no organization
	}
	for _, tt := range tests {
		t.Run(tt.account, func(t *testing.T) {
			for what, levels := range map[string]struct {
				got  [][]policy.Attached
				want [][]string
			}{"SCPs": {w.SCPs(tt.account), tt.scps}, "RCPs": {w.RCPs(tt.account), tt.rcps}} {
				if len(levels.got) != len(levels.want) || (levels.got == nil) != (levels.want == nil) {
					t.Fatalf("%d levels of %s, want %d", len(levels.got), what, len(levels.want))
				}
				for i, l := range levels.got {
					if !slices.Equal(told(l), levels.want[i]) {
						t.Errorf("%s of level %d: %q, want %q", what, i, told(l), levels.want[i])
					}
				}
			}
			_, path, ok := w.OrgOf(tt.account)
			if tt.path == "" {
				if ok {
					t.Errorf("in the organization at %q", path)
				}
				return
			}
			if want := fmt.Sprintf(tt.path, w.Organization().Root.ID[2:]); !strings.HasPrefix(path, want) || !strings.HasSuffix(path, "/") {
				t.Errorf("path %q, want %q", path, want)
			}
		})
	}
}

func TestWhatElseIsInTheFile(t *testing.T) {
	w := company(t)
	if w.SourceIP() != "203.0.113.10" {
		t.Errorf("source address %q", w.SourceIP())
	}
	list := w.Endpoints()
	if len(list) != 2 || list[0].HTTP != "127.0.0.1:0" || list[0].TLS != "" || !endpointID.MatchString(list[1].ID) || !vpcID.MatchString(list[1].VPC) {
		t.Errorf("endpoints %+v", list)
	}
	if a := w.EndpointPolicy("vpce-1a2b3c4d"); name(a) != "endpoint vpce-1a2b3c4d: endpoint policy (1)" {
		t.Errorf("endpoint policy %s", name(a))
	}
	if a := w.EndpointPolicy(list[1].ID); a != nil {
		t.Errorf("the default endpoint policy is %s", name(a))
	}
	app, _ := w.Principal(prod, "role", "app")
	if app.MaxSession != 2*time.Hour || name(w.TrustPolicy(app)) != "role app: trust policy (1)" {
		t.Errorf("role %+v", app)
	}
	alice, _ := w.Principal(prod, "user", "alice")
	if alice.ARN != "arn:aws:iam::444455556666:user/team/alice" || alice.Path != "/team/" || alice.Tags["team"] != "blue" {
		t.Errorf("user %+v", alice)
	}
	account, _ := w.Account(prod)
	if p := account.Public; p == nil || *p != (PublicBlock{BlockPublicACLs: true, RestrictPublicBuckets: true}) {
		t.Errorf("Block Public Access of the account is %+v", p)
	}
	logs, _ := w.Bucket("logs")
	if logs.PublicSet || logs.Public != (PublicBlock{}) || !logs.OwnershipSet || logs.Ownership != ObjectWriter || len(logs.Grants) != 2 || logs.Grants[1].URI != AllUsers {
		t.Errorf("bucket %+v", logs)
	}
	// The document stands as it was written, less the indentation of the file, so that its lines can be pointed at.
	bp := w.BucketPolicy(logs)
	if want := "{\n  \"Statement\": [\n    {\"Effect\""; !strings.HasPrefix(bp.Document.Text, want) {
		t.Errorf("the bucket policy is %s", bp.Document.Text)
	}
	if at := bp.Document.Statements[0].From; at != (policy.Position{Line: 3, Column: 5}) {
		t.Errorf("its statement is at %+v", at)
	}
	if w.BucketPolicy(&Bucket{Name: "none"}) != nil {
		t.Error("a bucket without a policy has one")
	}
	back := shelve(t, w).restore(t, w.now)
	if back.Hash() != w.Hash() || back.Organization() == nil || len(back.Endpoints()) != 2 {
		t.Error("it does not read back")
	}
}

func TestBuiltInPolicies(t *testing.T) {
	w := New(Options{})
	for _, p := range w.ManagedPolicies(AWS) {
		d, err := w.Compile(p.Document())
		if err != nil || len(d.Statements) == 0 {
			t.Errorf("%s: %v", p.Name, err)
		}
		if p.ARN != "arn:aws:iam::aws:policy/"+p.Name || !uniqueID.MatchString(p.ID) || p.Created.IsZero() || p.Description == "" {
			t.Errorf("policy %+v", p)
		}
	}
	admin, _ := w.Principal(DefaultAccount, "user", "admin")
	if identity, _ := w.PrincipalPolicies(admin); len(identity) != 1 || identity[0].Name != "AdministratorAccess" {
		t.Errorf("admin of a new world has %q", told(identity))
	}
}

func TestADocumentIsCompiledOnce(t *testing.T) {
	w := company(t)
	logs, _ := w.Bucket("logs")
	if w.BucketPolicy(logs).Document != w.Clone().BucketPolicy(logs).Document {
		t.Error("a clone compiles again")
	}
	if n := testing.AllocsPerRun(100, func() { _, _ = w.Compile(logs.Policy) }); n > 0 {
		t.Errorf("finding a compiled document allocates %.0f times", n)
	}
	if _, err := w.Compile(json.RawMessage(`{"Statement":[]}`)); err == nil {
		t.Error("an impossible document compiles")
	}
	for i := range compiledDocuments + 1 {
		if _, err := w.Compile(fmt.Appendf(nil, `{"Statement":{"Sid":"s%d","Effect":"Allow","Action":"*","Resource":"*"}}`, i)); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(w.compiled.docs); n > compiledDocuments {
		t.Errorf("%d documents are kept", n)
	}
}
