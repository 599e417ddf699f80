package situation

import (
	"slices"
	"strings"
	"time"

	"keyhole/simulator"
	"keyhole/simulator/policy"
	"keyhole/simulator/world"
)

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

// prepare makes the request, or says why there is none.
func (s *Situation) prepare() (sending, string) {
	in := sending{
		clock: s.Clock, header: map[string]string{}, params: map[string]any{}, tags: map[string]string{}, existing: map[string]string{},
		endpoint:  [2]string{EndpointID, EndpointVPC},
		transport: simulator.Transport{Secure: s.Secure, Network: "internet", SourceIP: InternetAddress},
	}
	if in.transport.Secure {
		in.transport.TLS = "1.3"
	}
	service, _, _ := strings.Cut(strings.ToLower(s.Action), ":")
	row, known := sendRow(s.Action)
	switch {
	case service != "s3":
		return in, "this simulator answers no `" + service + ":` request of its own that asks this. S3 asks KMS for its callers, unseen."
	case !known || !imitated()[row.operation]:
		return in, "the simulator imitates no operation whose own action is `" + s.Action + "`."
	case s.Principal.Kind == policy.Service:
		return in, "a service such as `" + cut(s.Principal.ARN) + "` acts inside AWS; nobody else has its credentials."
	case s.Principal.Kind == policy.FederatedUser:
		return in, "federated sessions come from `sts:GetFederationToken`, which a situation has no caller for."
	case s.Documents["session"] != "" && s.Principal.Kind != policy.RoleSession:
		return in, "a session policy goes with a session, and this caller has none."
	case strings.Contains(s.Resource, ":accesspoint/"):
		return in, "an access point has to be made first, which a situation does not do."
	case s.Pairs > 1:
		return in, "a situation brings no KMS key along, so the key policy would have no say on the wire."
	}
	bucket, key, _ := strings.Cut(strings.TrimPrefix(s.Resource, "arn:aws:s3:::"), "/")
	switch {
	case row.scope != onNothing && s.bucket() == "":
		return in, "`" + row.action + "` needs the name of a bucket."
	case row.scope != onNothing && world.ValidBucketName(bucket) != nil:
		return in, "`" + cut(bucket) + "` cannot be the name of a bucket."
	case row.scope == onObject && (key == "" || strings.ContainsAny(key, "*?")):
		return in, "`" + row.action + "` needs the key of one object."
	}
	in.row = row
	if row.in != nil {
		in.params = row.in(s)
	}
	if row.scope != onNothing {
		in.params["Bucket"] = bucket
	}
	if row.scope == onObject {
		in.params["Key"] = key
	}
	if s.Encryption != "" && row.operation == "PutObject" {
		in.header["X-Amz-Server-Side-Encryption"] = s.Encryption
	}
	for _, l := range s.Lines {
		if why := in.carry(s, l); why != "" {
			return in, why
		}
	}
	if s.Private {
		in.transport.Network, in.transport.SourceIP = in.endpoint[0], EndpointAddress
	}
	return in, ""
}

// carry lets the request carry one line of the context, or says why no request can.
func (in *sending) carry(s *Situation, l Line) string {
	usual, there := s.Usual.Get(l.Key)
	key := strings.ToLower(l.Key)
	if l.Drop {
		if there {
			return "every request like this carries `" + l.Key + "`."
		}
		return ""
	}
	if there && slices.Equal(usual.List, l.List) {
		return ""
	}
	value := ""
	if len(l.List) > 0 {
		value = l.List[0]
	}
	name, tag := "", ""
	if i := strings.IndexByte(l.Key, '/'); i > 0 {
		key, tag = key[:i], l.Key[i+1:]
	}
	switch {
	case key == "aws:sourceip" && !s.Private:
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
	case key == "aws:sourcevpce" && s.Private:
		in.endpoint[0] = value
	case key == "aws:sourcevpc" && s.Private:
		in.endpoint[1] = value
	case key == "aws:principaltag":
		in.tags[tag] = value
	case key == "s3:existingobjecttag" && in.row.scope == onObject:
		in.existing[tag] = value
	case strings.HasPrefix(key, "s3:x-amz-") && tag == "" && len(l.List) == 1:
		name = l.Key[len("s3:"):]
		in.header[name] = value
	case in.row.operation == "ListObjectsV2" && (key == "s3:prefix" || key == "s3:delimiter" || key == "s3:max-keys"):
		in.params[map[string]string{"s3:prefix": "Prefix", "s3:delimiter": "Delimiter", "s3:max-keys": "MaxKeys"}[key]] = value
	default:
		return "no request that can be sent here carries `" + l.Key + "` as it is written."
	}
	return ""
}
