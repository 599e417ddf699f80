package web

import (
	"slices"
	"strings"

	"keyhole/simulator/policy"
	"keyhole/simulator/policy/review"
	"keyhole/web/view"
)

// documents are the policies of a situation, decoded; faults are those that AWS would refuse, by kind.
type documents struct {
	by     map[string]*policy.Document
	faults map[string]*policy.Malformed
}

// decodeAll decodes every document and asks of each what AWS asks when it is put.
func decodeAll(q view.PolicyQuestion, resource string) documents {
	out := documents{map[string]*policy.Document{}, map[string]*policy.Malformed{}}
	for _, k := range view.PolicyKinds {
		text := q.Documents[k.ID]
		if strings.TrimSpace(text) == "" || len(text) > maxPolicyBytes {
			continue
		}
		doc, err := policy.Decode([]byte(text))
		if m, ok := err.(*policy.Malformed); ok { //nolint:errorlint // Decode returns nothing else
			out.faults[k.ID] = m
			continue
		}
		if m := putTime(k, doc, resource); m != nil {
			out.faults[k.ID] = m
			continue
		}
		out.by[k.ID] = doc
	}
	return out
}

// putTime is why a document could not be attached where it stands; nil when it could.
func putTime(k view.PolicyKind, doc *policy.Document, resource string) *policy.Malformed {
	switch k.ID {
	case "bucket":
		if bucket := bucketOf(resource); bucket != "" {
			return review.BucketPolicy(doc, bucket, nil)
		}
	case "identity", "boundary", "session":
		return review.IdentityPolicy(doc)
	case "vpce":
		return review.EndpointPolicy(doc)
	case "key":
		if strings.HasPrefix(resource, "arn:aws:iam:") {
			return review.TrustPolicy(doc)
		}
	}
	return nil
}

// bucketOf is the bucket an ARN names; "" when it names none.
func bucketOf(resource string) string {
	name, ok := strings.CutPrefix(resource, "arn:aws:s3:::")
	if !ok {
		return ""
	}
	name, _, _ = strings.Cut(name, "/")
	return name
}

// pair is one need of the request.
type pair struct {
	action, resource string
	why              string
	document         string // the kind of the document that stands as the resource policy
}

// pairsOf are the needs of a question: its own, and what KMS is asked for the caller.
func pairsOf(a asked) []pair {
	own := pair{action: a.Action, resource: a.resource, document: "bucket"}
	if service, _, _ := strings.Cut(strings.ToLower(a.Action), ":"); service == "kms" || service == "sts" || service == "iam" {
		own.document = "key"
		return []pair{own}
	}
	if strings.TrimSpace(a.Documents["key"]) == "" || a.principal.Kind == policy.Service {
		return []pair{own}
	}
	key := keyARN(a.Owner)
	if named, ok := a.context.Get("s3:x-amz-server-side-encryption-aws-kms-key-id"); ok && len(named.List) == 1 && strings.HasPrefix(named.List[0], "arn:") {
		key = named.List[0]
	}
	switch action := strings.ToLower(a.Action); {
	case action == "s3:putobject" && strings.HasPrefix(a.Sending, "aws:kms"):
		return []pair{own, {"kms:GenerateDataKey", key, "because the object is to be encrypted with that key", "key"}}
	case action == "s3:getobject":
		return []pair{own, {"kms:Decrypt", key, "because the object is encrypted with that key", "key"}}
	}
	return []pair{own}
}

// layersOf are the documents as they have a say in one pair.
func layersOf(a asked, docs documents, p pair) policy.Layers {
	named := func(id string) *policy.Attached {
		doc := docs.by[id]
		if doc == nil {
			return nil
		}
		return &policy.Attached{Name: view.PolicyKindOf(id).Title, Document: doc}
	}
	l := policy.Layers{
		Resource: named(p.document), Boundary: named("boundary"), Session: named("session"),
		RestrictPublicBuckets: a.Restrict && p.document == "bucket",
	}
	if own := named("identity"); own != nil {
		l.Identity = []policy.Attached{*own}
	}
	if a.From == "vpce" {
		l.Endpoint = named("vpce")
	}
	if scp := named("scp"); scp != nil {
		level := []policy.Attached{*scp}
		if !slices.ContainsFunc(scp.Document.Statements, func(s policy.Statement) bool { return s.Allow }) {
			level = append(level, policy.Attached{Name: "FullAWSAccess", Document: fullAccess})
		}
		l.SCPs = [][]policy.Attached{level}
	}
	if rcp := named("rcp"); rcp != nil {
		l.RCPs = [][]policy.Attached{{*rcp}}
	}
	return l
}

// fullAccess is FullAWSAccess, which AWS attaches wherever nothing else is.
var fullAccess = func() *policy.Document {
	doc, err := policy.Decode([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`))
	if err != nil {
		panic("web: FullAWSAccess: " + err.Error())
	}
	return doc
}()

// judged is a question with its answer.
type judged struct {
	asked
	docs  documents
	needs []pair
	all   []policy.Decision
	at    int // the pair that settles it
}

// judge evaluates every pair. All must be allowed; the one that settles it is the first explicit denial, else the first
// denial, else the first.
func judge(a asked, docs documents) judged {
	j := judged{asked: a, docs: docs, needs: pairsOf(a)}
	verdict := policy.Allowed
	for i, need := range j.needs {
		context := a.context
		if i > 0 {
			context = kmsContext(a)
		}
		d := policy.Evaluate(policy.Request{
			Principal: a.principal, Action: need.action, Resource: need.resource, ResourceAccount: accountOf(need.resource, a.Owner), Context: context,
		}, layersOf(a, docs, need))
		j.all = append(j.all, d)
		if d.Verdict == policy.ExplicitlyDenied && verdict != policy.ExplicitlyDenied || d.Verdict == policy.ImplicitlyDenied && verdict == policy.Allowed {
			verdict, j.at = d.Verdict, i
		}
	}
	return j
}

// kmsContext is the context of what S3 asks of KMS for its caller. (facts/policy.md, KMS rows)
func kmsContext(a asked) policy.Context {
	c := a.context.Clone()
	for _, v := range c.Keys() {
		if strings.HasPrefix(strings.ToLower(v.Name), "s3:") {
			c.Drop(v.Name)
		}
	}
	c.Set("kms:ViaService", "s3.us-east-1.amazonaws.com")
	c.Set("kms:CallerAccount", a.principal.Account)
	c.Set("kms:EncryptionContext:aws:s3:arn", a.resource)
	c.SetList("kms:EncryptionContextKeys", []string{"aws:s3:arn"})
	return c
}

// accountOf is who owns a resource: the account its ARN names, else the one the question names.
func accountOf(resource, owner string) string {
	if parts := strings.SplitN(resource, ":", 6); len(parts) == 6 && accountForm.MatchString(parts[4]) {
		return parts[4]
	}
	return owner
}

// decision is the one that settles the question.
func (j *judged) decision() *policy.Decision { return &j.all[j.at] }

// kindAt is the document in which a layer of the deciding pair stands; "" when it is none of the form's.
func (j *judged) kindAt(pair int, layer policy.Layer) string {
	switch layer {
	case policy.Resource:
		return j.needs[pair].document
	case policy.Identity:
		return "identity"
	case policy.Boundary:
		return "boundary"
	case policy.Session:
		return "session"
	case policy.SCP:
		return "scp"
	case policy.RCP:
		return "rcp"
	case policy.Endpoint:
		return "vpce"
	}
	return ""
}
