package simulator

import (
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

// pair is one action on one resource, with what the world knows of the resource.
type pair struct {
	*visit
	action   string
	resource string // ARN, or "*"
	account  string // who owns it

	bucket  *world.Bucket  // of an S3 resource that exists
	key     string         // "" for a bucket
	version *world.Version // the version an object's ARN means in this request; nil when there is none
	named   string         // version id, of an entry of a list

	point   *world.AccessPoint // the access point it goes through, or is about
	atPoint bool               // it is about the access point's own ARN and policy
}

const s3ARN = "arn:aws:s3:::"

// pairOf looks up what a pair is about.
func (v *visit) pairOf(action, resource string) *pair {
	p := &pair{visit: v, action: action, resource: resource, account: v.Caller.Account}
	if owner := v.Header.Get(accountHeader); resource == "*" && v.Trace.Service == s3control && accountID(owner) {
		p.account = owner
	}
	name, ok := strings.CutPrefix(resource, s3ARN)
	if !ok {
		if parts := strings.SplitN(resource, ":", 6); len(parts) == 6 && accountID(parts[4]) {
			p.account = parts[4]
			if name, ok := strings.CutPrefix(parts[5], "accesspoint/"); ok && parts[2] == "s3" {
				if point, ok := v.World.AccessPoint(p.account, name); ok {
					p.point = &point
				}
			}
		}
		return p
	}
	name, p.key, _ = strings.Cut(name, "/")
	if v.Op.Name == "CreateBucket" { // what is yet to be made belongs to who makes it
		return p
	}
	if p.bucket, ok = v.World.Bucket(name); ok {
		p.account = p.bucket.Account
		p.version = v.versionOf(p.bucket, p.key)
	}
	return p
}

// versionOf is the version of a key that the request means: the one it names for its object or for its source, else the
// current one. A delete marker is none.
func (v *visit) versionOf(b *world.Bucket, key string) *world.Version {
	id := ""
	if b.Name == v.Bucket && key == v.Key {
		id = v.Query.Get("versionId")
	}
	if source, ok := v.source(); ok && source.Bucket == b.Name && source.Key == key && v.Query.Get("versionId") == "" {
		id = source.VersionID
	}
	found, ok := b.Current(key)
	if id != "" {
		found, ok = b.Version(key, id)
	}
	if !ok || found.DeleteMarker {
		return nil
	}
	return found
}

// source is what x-amz-copy-source names, of the operations that take one.
func (v *visit) source() (wire.Source, bool) {
	if v.Op == nil || v.Op.Header != "X-Amz-Copy-Source" {
		return wire.Source{}, false
	}
	source, refusal := wire.ParseCopySource(v.Header.Get("X-Amz-Copy-Source"))
	return source, refusal == nil
}

// resourceOf is the ARN a need is checked on.
func (v *visit) resourceOf(need exchange.Need) string {
	if need.Resource != nil {
		return need.Resource(v.Exchange)
	}
	iam := func(kind, path, name string) string {
		if path == "" {
			path = "/"
		}
		return "arn:aws:iam::" + v.Caller.Account + ":" + kind + path + name
	}
	switch need.On {
	case exchange.TheBucket:
		return v.BucketARN()
	case exchange.TheObject:
		return v.ObjectARN()
	case exchange.TheSource:
		source, _ := v.source()
		return s3ARN + source.Bucket + "/" + source.Key
	case exchange.TheKey:
		return v.KeyARN(v.Header.Get("X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id"))
	case exchange.TheRole:
		if arn := v.Form.Get("RoleArn"); arn != "" {
			return arn
		}
		name := v.Form.Get("RoleName")
		if p, ok := v.World.Principal(v.Caller.Account, "role", name); ok {
			return p.ARN
		}
		return iam("role", v.Form.Get("Path"), name)
	case exchange.TheUser:
		name := v.Form.Get("UserName")
		if name == "" && v.Caller.Kind == "user" {
			name = v.Caller.Name
		}
		if p, ok := v.World.Principal(v.Caller.Account, "user", name); ok {
			return p.ARN
		}
		return iam("user", v.Form.Get("Path"), name)
	case exchange.TheGroup:
		name := v.Form.Get("GroupName")
		if g, ok := v.World.Group(v.Caller.Account, name); ok {
			return g.ARN
		}
		return iam("group", v.Form.Get("Path"), name)
	case exchange.ThePolicy:
		if arn := v.Form.Get("PolicyArn"); arn != "" {
			return arn
		}
		return iam("policy", v.Form.Get("Path"), v.Form.Get("PolicyName"))
	case exchange.TheMFA:
		if serial := v.Form.Get("SerialNumber"); serial != "" {
			return serial
		}
		return iam("mfa", "", v.Form.Get("VirtualMFADeviceName"))
	}
	return "*"
}

// accountHeader names the account an operation of S3 Control is about.
const accountHeader = "X-Amz-Account-Id"
