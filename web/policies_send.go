package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"keyhole/labs/call"
	"keyhole/simulator"
	"keyhole/simulator/policy"
	"keyhole/simulator/sse"
	"keyhole/simulator/world"
	"keyhole/web/view"
)

// scope is what an action acts on.
type scope int

const (
	onNothing scope = iota
	onBucket
	onObject
)

// sendable is an action with the request that asks for it.
type sendable struct {
	action, operation string
	scope             scope
	in                func(j *judged) map[string]any // parameters beside Bucket and Key; nil: none
}

// sendables are the actions that a request of S3 asks for as its own. What a request needs besides shows on the wire.
var sendables = []sendable{
	{"s3:PutObject", "PutObject", onObject, func(*judged) map[string]any { return map[string]any{"Body": []byte("quarter,total\n1,4200\n")} }},
	{"s3:GetObject", "GetObject", onObject, nil},
	{"s3:DeleteObject", "DeleteObject", onObject, nil},
	{"s3:ListBucket", "ListObjectsV2", onBucket, nil},
	{"s3:ListBucketVersions", "ListObjectVersions", onBucket, nil},
	{"s3:ListAllMyBuckets", "ListBuckets", onNothing, nil},
	{"s3:GetObjectTagging", "GetObjectTagging", onObject, nil},
	{"s3:GetObjectAcl", "GetObjectAcl", onObject, nil},
	{"s3:ListBucketMultipartUploads", "ListMultipartUploads", onBucket, nil},
	{"s3:GetBucketLocation", "GetBucketLocation", onBucket, nil},
	{"s3:GetBucketVersioning", "GetBucketVersioning", onBucket, nil},
	{"s3:GetBucketAcl", "GetBucketAcl", onBucket, nil},
	{"s3:GetEncryptionConfiguration", "GetBucketEncryption", onBucket, nil},
	{"s3:GetBucketPublicAccessBlock", "GetPublicAccessBlock", onBucket, nil},
	{"s3:GetBucketOwnershipControls", "GetBucketOwnershipControls", onBucket, nil},
	{"s3:GetBucketPolicy", "GetBucketPolicy", onBucket, nil},
	{"s3:GetBucketPolicyStatus", "GetBucketPolicyStatus", onBucket, nil},
	{"s3:PutBucketPolicy", "PutBucketPolicy", onBucket, func(j *judged) map[string]any {
		text := j.Documents["bucket"]
		if text == "" {
			text = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + j.Owner + `"},"Action":"s3:GetObject","Resource":"` + "arn:aws:s3:::" + bucketOf(j.resource) + `/*"}]}`
		}
		return map[string]any{"Policy": text}
	}},
	{"s3:DeleteBucketPolicy", "DeleteBucketPolicy", onBucket, nil},
	{"s3:DeleteBucket", "DeleteBucket", onBucket, nil},
}

func sendRow(action string) (sendable, bool) {
	i := slices.IndexFunc(sendables, func(s sendable) bool { return strings.EqualFold(s.action, action) })
	if i < 0 {
		return sendable{}, false
	}
	return sendables[i], true
}

// imitated are the operations of S3 that the simulator answers.
var imitated = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for _, o := range simulator.Operations() {
		if o.Service == "s3" && o.Handle != nil {
			out[o.Name] = true
		}
	}
	return out
})

// policyActions are the actions to choose from.
var policyActions = sync.OnceValue(func() []string {
	seen := map[string]bool{"kms:Decrypt": true, "kms:GenerateDataKey": true, "sts:AssumeRole": true}
	for _, o := range simulator.Operations() {
		if o.Service != "s3" {
			continue
		}
		for _, n := range o.Needs {
			seen[n.Action] = true
		}
	}
	var out []string
	for action := range seen {
		out = append(out, action)
	}
	slices.Sort(out)
	return out
})

// sending is a request that is being put together.
type sending struct {
	row       sendable
	transport simulator.Transport
	clock     time.Time
	header    map[string]string
	params    map[string]any
	tags      map[string]string // of the principal
	existing  map[string]string // of the object
	endpoint  [2]string         // id and VPC
}

// sendReal builds a world from the situation and sends the request that asks the question.
func (s *Server) sendReal(ctx context.Context, j *judged) (*view.PolicySent, error) {
	ctx, cancel := context.WithTimeout(ctx, proofTime)
	defer cancel()
	select {
	case s.proofs <- struct{}{}:
		defer func() { <-s.proofs }()
	case <-time.After(proofWait):
		return nil, errBusy
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	in, why := prepareSending(j)
	if why != "" {
		return &view.PolicySent{Refused: why}, nil
	}
	sim, keys, why := situationWorld(j, in)
	if why != "" {
		return &view.PolicySent{Refused: why}, nil
	}
	endpoint := "https://localhost:9443"
	if !in.transport.Secure {
		endpoint = "http://localhost:9000"
	}
	client := call.Client{
		Transport: sim.Client(in.transport), Endpoint: endpoint, Region: "us-east-1", Credentials: keys,
		Now: func() (t time.Time) {
			sim.View(func(w *simulator.World) { t = w.Now() })
			return t
		},
		Edit: func(r *http.Request) {
			for name, value := range in.header {
				r.Header.Set(name, value)
			}
		},
	}
	_, err := client.Do(ctx, in.row.operation, in.params)
	traces := sim.Traces()
	if wrong, ok := errors.AsType[*call.ParamError](err); ok {
		return &view.PolicySent{Refused: "the SDK refuses to send it: " + strings.Join(wrong.Problems, "; ") + "."}, nil
	}
	if len(traces) == 0 {
		if err == nil {
			err = errors.New("policies: nothing was sent")
		}
		return nil, err
	}
	t := traces[len(traces)-1]
	out := &view.PolicySent{Trace: t}
	out.Say, out.Agrees = compare(j, t)
	return out, nil
}

// compare says in one line how the wire and the question agree.
func compare(j *judged, t *simulator.Trace) (string, bool) {
	allowed := j.decision().Verdict == policy.Allowed
	refused := view.Refused(t)
	switch {
	case allowed && !refused:
		return "The wire says the same: " + view.Outcome(t) + ".", true
	case !allowed && t.Stopped == "authorize":
		return "The wire says the same: " + view.Outcome(t) + ", and nothing was done.", true
	case allowed && t.Stopped == "authorize":
		for _, a := range t.Authorization {
			if !a.Allowed && !a.Asked {
				return "The question is answered with yes, but the real request needs " + a.Action + " too, and that is refused.", false
			}
		}
		return "The question is answered with yes, but the real request was refused for another reason.", false
	case allowed:
		return "The policies let it pass; what stopped it comes after them: " + view.Headline(t), false
	case !refused:
		return "The wire let it pass, because the real request does not carry all that the question says.", false
	}
	return "The policies refuse it, but the request ended before they were asked: " + view.Headline(t), false
}

// prepareSending makes the request, or says why there is none.
func prepareSending(j *judged) (sending, string) {
	in := sending{
		clock: contentClock, header: map[string]string{}, params: map[string]any{}, tags: map[string]string{}, existing: map[string]string{},
		endpoint:  [2]string{endpointID, endpointVPC},
		transport: simulator.Transport{Secure: j.Over == "https", Network: "internet", SourceIP: internetAddress},
	}
	if in.transport.Secure {
		in.transport.TLS = "1.3"
	}
	service, _, _ := strings.Cut(strings.ToLower(j.Action), ":")
	row, known := sendRow(j.Action)
	switch {
	case service != "s3":
		return in, "this simulator answers no `" + service + ":` request of its own that asks this. S3 asks KMS for its callers, unseen."
	case !known || !imitated()[row.operation]:
		return in, "the simulator imitates no operation whose own action is `" + j.Action + "`."
	case j.principal.Kind == policy.Service:
		return in, "a service such as `" + cut(j.principal.ARN) + "` acts inside AWS; nobody else has its credentials."
	case j.principal.Kind == policy.FederatedUser:
		return in, "federated sessions come from `sts:GetFederationToken`, which a situation has no caller for."
	case j.Documents["session"] != "" && j.principal.Kind != policy.RoleSession:
		return in, "a session policy goes with a session, and this caller has none."
	case strings.Contains(j.resource, ":accesspoint/"):
		return in, "access points are not imitated."
	case len(j.needs) > 1:
		return in, "KMS keys are not imitated, so the key policy would have no say on the wire."
	}
	bucket, key, _ := strings.Cut(strings.TrimPrefix(j.resource, "arn:aws:s3:::"), "/")
	switch {
	case row.scope != onNothing && bucketOf(j.resource) == "":
		return in, "`" + row.action + "` needs the name of a bucket."
	case row.scope != onNothing && world.ValidBucketName(bucket) != nil:
		return in, "`" + cut(bucket) + "` cannot be the name of a bucket."
	case row.scope == onObject && (key == "" || strings.ContainsAny(key, "*?")):
		return in, "`" + row.action + "` needs the key of one object."
	}
	in.row = row
	if row.in != nil {
		in.params = row.in(j)
	}
	if row.scope != onNothing {
		in.params["Bucket"] = bucket
	}
	if row.scope == onObject {
		in.params["Key"] = key
	}
	if j.Sending != "" && row.operation == "PutObject" {
		in.header["X-Amz-Server-Side-Encryption"] = j.Sending
	}
	for _, l := range j.lines {
		if why := in.carry(j, l); why != "" {
			return in, why
		}
	}
	if j.From == "vpce" {
		in.transport.Network, in.transport.SourceIP = in.endpoint[0], endpointAddress
	}
	return in, ""
}

// carry lets the request carry one line of the context, or says why no request can.
func (in *sending) carry(j *judged, l contextLine) string {
	plain := j.asked
	plain.lines = nil
	usual, there := contextOf(plain).Get(l.key)
	key := strings.ToLower(l.key)
	if l.drop {
		if there {
			return "every request like this carries `" + l.key + "`."
		}
		return ""
	}
	if there && slices.Equal(usual.List, l.list) {
		return ""
	}
	value := ""
	if len(l.list) > 0 {
		value = l.list[0]
	}
	name, tag := "", ""
	if i := strings.IndexByte(l.key, '/'); i > 0 {
		key, tag = key[:i], l.key[i+1:]
	}
	switch {
	case key == "aws:sourceip" && j.From == "internet":
		in.transport.SourceIP = value
	case key == "aws:currenttime":
		at, err := time.Parse(time.RFC3339, value)
		if err != nil {
			return "`" + cut(value) + "` is no time such as 2026-06-01T00:00:00Z."
		}
		in.clock = at
	case key == "aws:useragent":
		in.header["User-Agent"] = value
	case key == "aws:referer":
		in.header["Referer"] = value
	case key == "aws:sourcevpce" && j.From == "vpce":
		in.endpoint[0] = value
	case key == "aws:sourcevpc" && j.From == "vpce":
		in.endpoint[1] = value
	case key == "aws:principaltag":
		in.tags[tag] = value
	case key == "s3:existingobjecttag" && in.row.scope == onObject:
		in.existing[tag] = value
	case strings.HasPrefix(key, "s3:x-amz-") && tag == "" && len(l.list) == 1:
		name = l.key[len("s3:"):]
		in.header[name] = value
	case in.row.operation == "ListObjectsV2" && (key == "s3:prefix" || key == "s3:delimiter" || key == "s3:max-keys"):
		in.params[map[string]string{"s3:prefix": "Prefix", "s3:delimiter": "Delimiter", "s3:max-keys": "MaxKeys"}[key]] = value
	default:
		return "no request that can be sent here carries `" + l.key + "` as it is written."
	}
	return ""
}

// situationWorld is a world with nothing in it but the situation, and the caller's credentials.
func situationWorld(j *judged, in sending) (*simulator.Simulator, call.Credentials, string) {
	file, err := situationFile(j, in)
	if err != nil {
		return nil, call.Credentials{}, "its world cannot be written down."
	}
	w, err := simulator.ParseWorld(file, simulator.WorldOptions{Now: func() time.Time { return in.clock }})
	if err != nil {
		why := err.Error()
		if f, ok := errors.AsType[*world.FileError](err); ok && len(f.Problems) > 0 {
			why = f.Problems[0].Text
		}
		return nil, call.Credentials{}, "a world with this situation is refused: " + strings.ReplaceAll(why, "`", "'") + "."
	}
	if in.row.scope == onObject && in.row.operation != "PutObject" {
		if err := seed(w, in, j.Owner); err != nil {
			return nil, call.Credentials{}, "the object cannot be made: " + strings.ReplaceAll(err.Error(), "`", "'") + "."
		}
	}
	keys, why := credentialsOf(w, j)
	if why != "" {
		return nil, call.Credentials{}, why
	}
	return simulator.New(simulator.Options{World: w}), keys, ""
}

// seed stores the object that the request is about, without asking anybody.
func seed(w *simulator.World, in sending, owner string) error {
	bucket, _ := in.params["Bucket"].(string)
	key, _ := in.params["Key"].(string)
	plain := []byte("quarter,total\n1,4200\n")
	sealed, ciphertext := sse.Encrypt(plain, sse.SSES3, w.Master(), sse.CustomerSecret{}, w.Random)
	sealed.Ciphertext = w.PutBlob(ciphertext)
	v := world.Version{
		Key: key, ETag: sse.ETag(sse.SSES3, plain, w.Random), Size: int64(len(plain)), ContentType: "text/csv", Sealed: sealed, Owner: owner,
	}
	if len(in.existing) > 0 {
		v.Tags = in.existing
	}
	_, _, err := w.StoreVersion(bucket, v)
	return err
}

// sessionTime is how long the caller's session lasts.
const sessionTime = time.Hour

// credentialsOf are those with which the caller signs; the zero value of an anonymous one.
func credentialsOf(w *simulator.World, j *judged) (call.Credentials, string) {
	p := j.principal
	switch p.Kind {
	case policy.Anonymous:
		return call.Credentials{}, ""
	case policy.RoleSession:
		ask := world.SessionAsk{Kind: "role", Account: p.Account, Name: p.Name, Session: p.Session, Duration: sessionTime, Base: world.BaseSimulated}
		if text := strings.TrimSpace(j.Documents["session"]); text != "" {
			ask.Policy = []byte(text)
		}
		session, err := w.MintSession(ask)
		if err != nil {
			return call.Credentials{}, "STS refuses the session: " + strings.ReplaceAll(err.Error(), "`", "'") + "."
		}
		return call.Credentials{AccessKey: session.AccessKey, Secret: session.Secret, Token: session.Token}, ""
	}
	key, ok := w.KeyOf(p.Account, p.Name)
	if !ok {
		return call.Credentials{}, fmt.Sprintf("`%s` has no access key in its world.", cut(p.ARN))
	}
	return call.Credentials{AccessKey: key.ID, Secret: key.Secret}, ""
}
