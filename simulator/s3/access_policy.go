package s3

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/policy"
	"keyhole/simulator/policy/review"
	"keyhole/simulator/world"
)

func getBucketPolicy(x *exchange.Exchange) *exchange.Fault {
	if len(x.At.Policy) == 0 {
		return noBucketPolicy(x)
	}
	body, err := serialized(x.At.Policy)
	if err != nil {
		x.Note("the stored policy cannot be read: %v", err)
		return exchange.Internal()
	}
	x.Answer.Body = body
	x.Set("Content-Type", "application/json")
	return nil
}

func getBucketPolicyStatus(x *exchange.Exchange) *exchange.Fault {
	attached := x.World.BucketPolicy(x.At)
	if attached == nil {
		return noBucketPolicy(x)
	}
	public, by := policy.IsPublic(attached.Document)
	if public {
		x.Note("%s makes the policy public", named(by))
	}
	x.Document("PolicyStatus", struct {
		IsPublic bool `xml:"IsPublic"`
	}{public})
	return nil
}

func noBucketPolicy(x *exchange.Exchange) *exchange.Fault {
	return exchange.Err(404, "NoSuchBucketPolicy", "The bucket policy does not exist").With("BucketName", x.Bucket).
		Told("The bucket has no policy.")
}

func putBucketPolicy(x *exchange.Exchange) *exchange.Fault {
	body, fault := intact(x)
	if fault != nil {
		return fault
	}
	text := normalized(body.Data)
	doc, err := policy.Decode(text)
	var bad *policy.Malformed
	if errors.As(err, &bad) {
		return malformedPolicy(x, bad)
	}
	if bad = review.BucketPolicy(doc, x.Bucket, func(p string) bool { return known(x.World, p) }); bad != nil {
		return malformedPolicy(x, bad)
	}
	if public, by := policy.IsPublic(doc); public {
		x.Note("%s makes the policy public", named(by))
		if x.World.PublicAccess(x.At).BlockPublicPolicy {
			return prevented(x, "s3:PutBucketPolicy", x.BucketARN(), "public policies", "BlockPublicPolicy").
				Told("Block Public Access refuses public policies.")
		}
	}
	raw := json.RawMessage(slices.Clone(text))
	if err := x.World.Apply(world.BucketSet(x.Bucket, world.Settings{Policy: &raw})); err != nil {
		return x.Failed(err)
	}
	x.Did("bucket %s has a policy of %d statements", x.Bucket, len(doc.Statements))
	warnLockOut(x)
	x.Answer.Status = http.StatusNoContent
	return nil
}

// normalized is a document without the spaces between its elements when it is too long with them: S3 counts it so.
// A shorter one stays as it was sent, so that places in it are those its writer sees.
func normalized(text []byte) []byte {
	var short bytes.Buffer
	if len(text) <= policy.MaxDocumentBytes || json.Compact(&short, text) != nil {
		return text
	}
	return short.Bytes()
}

// malformedPolicy answers in AWS's words; where in the document it is and what was expected there is ours.
func malformedPolicy(x *exchange.Exchange, m *policy.Malformed) *exchange.Fault {
	f := exchange.Err(400, "MalformedPolicy", m.Message).Told("The policy is refused.")
	if m.Line > 0 {
		f.Say = fmt.Sprintf("The policy is refused at line %d, column %d.", m.Line, m.Column)
	}
	if m.Say != "" {
		x.Note("line %d, column %d of the policy: %s", m.Line, m.Column, m.Say)
	}
	return f
}

// named is a statement in words.
func named(s *policy.Statement) string {
	if s == nil {
		return "a statement"
	}
	if s.Sid != "" {
		return fmt.Sprintf("statement %q (line %d)", s.Sid, s.From.Line)
	}
	return fmt.Sprintf("statement %d (line %d)", s.Index+1, s.From.Line)
}

// known says whether a principal of a bucket policy exists in this world: an account by its root, a user, a role, a
// session of a role. What a federated user is called is decided when it signs in, so any name will do.
func known(w *world.World, principal string) bool {
	if slices.ContainsFunc(w.Accounts(), func(a world.Account) bool { return a.CanonicalID == principal }) {
		return true
	}
	parts := strings.SplitN(principal, ":", 6)
	if len(parts) != 6 {
		return false
	}
	account, what := parts[4], parts[5]
	if _, ok := w.Account(account); !ok {
		return false
	}
	kind, name, _ := strings.Cut(what, "/")
	switch {
	case parts[2] == "iam" && what == "root":
		return true
	case parts[2] == "iam":
		return slices.ContainsFunc(w.Principals(), func(p world.Principal) bool { return p.ARN == principal })
	case parts[2] == "sts" && kind == "assumed-role":
		role, session, _ := strings.Cut(name, "/")
		_, ok := w.Principal(account, "role", role)
		return ok && session != ""
	}
	return parts[2] == "sts" && kind == "federated-user" && name != ""
}

// warnLockOut says when the policy that was just put keeps its writer from changing it again. Only the root user of the
// account can then: no bucket policy takes that from it.
func warnLockOut(x *exchange.Exchange) {
	if x.Caller.Kind == "root" {
		return
	}
	x.At = mustBucket(x)
	before := len(x.Trace.Authorization)
	if x.Ask("s3:PutBucketPolicy", x.BucketARN(), "to see whether the new policy locks its writer out").Allowed {
		x.Trace.Authorization = x.Trace.Authorization[:before]
		return
	}
	x.Note("the new policy keeps %s from changing it again; the root user of the account still can", x.Caller.ARN)
	if !strings.EqualFold(x.Header.Get("X-Amz-Confirm-Remove-Self-Bucket-Access"), "true") {
		x.Note("modelled: the policy is taken without x-amz-confirm-remove-self-bucket-access too; when S3 insists on it was never recorded")
	}
}

func deleteBucketPolicy(x *exchange.Exchange) *exchange.Fault {
	if len(x.At.Policy) > 0 {
		var none json.RawMessage
		if err := x.World.Apply(world.BucketSet(x.Bucket, world.Settings{Policy: &none})); err != nil {
			return x.Failed(err)
		}
		x.Did("removed the policy of bucket %s", x.Bucket)
	}
	x.Answer.Status = http.StatusNoContent
	return nil
}
