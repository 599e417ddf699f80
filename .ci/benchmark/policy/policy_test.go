// Package policy measures the engine beside cedar-go on policies that mean the same. It is a module of its own, so that
// the product does not depend on cedar-go.
package policy

import (
	"net/netip"
	"os"
	"testing"

	"github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/types"

	"keyhole/simulator/policy"
)

// text is the five statements of testdata/bucket.json and of testdata/bucket.cedar.
func text(tb testing.TB, name string) []byte {
	tb.Helper()
	t, err := os.ReadFile("testdata/" + name)
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

// ask is one request in both languages.
type ask struct {
	name, who, action, key string
	secure                 bool
	ip, sse, prefix        string // "": absent
	allowed                bool
}

// asks differ in one thing each from the first, which passes every denial and is allowed by the fourth statement.
var asks = []ask{
	{"alice uploads", "alice", "PutObject", "home/alice/notes.txt", true, "203.0.113.10", "aws:kms", "", true},
	{"over plain HTTP", "alice", "PutObject", "home/alice/notes.txt", false, "203.0.113.10", "aws:kms", "", false},
	{"from elsewhere", "alice", "PutObject", "home/alice/notes.txt", true, "192.0.2.1", "aws:kms", "", false},
	{"without the header", "alice", "PutObject", "home/alice/notes.txt", true, "203.0.113.10", "", "", false},
	{"bob uploads", "bob", "PutObject", "home/alice/notes.txt", true, "203.0.113.10", "aws:kms", "", false},
	{"somewhere else", "alice", "PutObject", "home/bob/notes.txt", true, "203.0.113.10", "aws:kms", "", false},
	{"alice reads", "alice", "GetObject", "home/alice/notes.txt", true, "203.0.113.10", "", "", true},
	{"alice lists her own", "alice", "ListBucket", "", true, "198.51.100.3", "", "home/alice/x", true},
	{"alice lists all", "alice", "ListBucket", "", true, "198.51.100.3", "", "", false},
}

func (a ask) ours(tb testing.TB) (policy.Request, policy.Layers) {
	tb.Helper()
	document, err := policy.Decode(text(tb, "bucket.json"))
	if err != nil {
		tb.Fatal(err)
	}
	p, err := policy.ParsePrincipal("arn:aws:iam::111122223333:user/" + a.who)
	if err != nil {
		tb.Fatal(err)
	}
	r := policy.Request{Principal: p, Action: "s3:" + a.action, Resource: "arn:aws:s3:::vault", ResourceAccount: "111122223333"}
	if a.key != "" {
		r.Resource += "/" + a.key
	}
	r.Context.Set("aws:SecureTransport", map[bool]string{true: "true", false: "false"}[a.secure])
	r.Context.Set("aws:SourceIp", a.ip)
	if a.sse != "" {
		r.Context.Set("s3:x-amz-server-side-encryption", a.sse)
	}
	if a.prefix != "" {
		r.Context.Set("s3:prefix", a.prefix)
	}
	return r, policy.Layers{Resource: &policy.Attached{Name: "bucket", Document: document}}
}

func (a ask) cedars(tb testing.TB) (*cedar.PolicySet, cedar.EntityMap, cedar.Request) {
	tb.Helper()
	set, err := cedar.NewPolicySetFromBytes("bucket.cedar", text(tb, "bucket.cedar"))
	if err != nil {
		tb.Fatal(err)
	}
	resource := cedar.NewEntityUID("Object", cedar.String("vault/"+a.key))
	attributes := cedar.RecordMap{"key": cedar.String(a.key)}
	if a.key == "" {
		resource = cedar.NewEntityUID("Bucket", "vault")
	}
	bucket := cedar.NewEntityUID("Bucket", "vault")
	context := cedar.RecordMap{"secureTransport": cedar.Boolean(a.secure), "sourceIp": types.IPAddr(netip.PrefixFrom(netip.MustParseAddr(a.ip), 32))}
	if a.sse != "" {
		context["sse"] = cedar.String(a.sse)
	}
	if a.prefix != "" {
		context["prefix"] = cedar.String(a.prefix)
	}
	entities := cedar.EntityMap{
		resource: {UID: resource, Attributes: cedar.NewRecord(attributes), Parents: cedar.NewEntityUIDSet(bucket)},
	}
	if a.key == "" {
		entities = cedar.EntityMap{bucket: {UID: bucket}}
	}
	return set, entities, cedar.Request{
		Principal: cedar.NewEntityUID("User", cedar.String(a.who)), Action: cedar.NewEntityUID("Action", cedar.String(a.action)),
		Resource: resource, Context: cedar.NewRecord(context),
	}
}

func TestBothSayTheSame(t *testing.T) {
	for _, a := range asks {
		r, l := a.ours(t)
		if got := policy.Decide(&r, &l); (got == policy.Allowed) != a.allowed {
			t.Errorf("%s: Keyhole says %s", a.name, got)
		}
		set, entities, request := a.cedars(t)
		got, diagnostic := cedar.Authorize(set, entities, request)
		if len(diagnostic.Errors) > 0 || (got == cedar.Allow) != a.allowed {
			t.Errorf("%s: cedar-go says %s, %v", a.name, got, diagnostic.Errors)
		}
	}
}

func BenchmarkKeyholeDecide(b *testing.B) {
	r, l := asks[0].ours(b)
	b.ReportAllocs()
	for b.Loop() {
		policy.Decide(&r, &l)
	}
}

func BenchmarkKeyholeTrace(b *testing.B) {
	r, l := asks[0].ours(b)
	b.ReportAllocs()
	for b.Loop() {
		policy.Evaluate(r, l)
	}
}

func BenchmarkCedar(b *testing.B) {
	set, entities, request := asks[0].cedars(b)
	b.ReportAllocs()
	for b.Loop() {
		cedar.Authorize(set, entities, request)
	}
}
