package simulator

import (
	"net/url"
	"regexp"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/s3"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

var (
	pointHost  = regexp.MustCompile(`^([a-z0-9-]{3,50})-([0-9]{12})\.s3-accesspoint(?:-fips)?(?:\.dualstack)?\.[a-z0-9-]+\.amazonaws\.com$`)
	pointLabel = regexp.MustCompile(`^([a-z0-9-]{3,50})-([0-9]{12})$`)
	pointARN   = regexp.MustCompile(`^arn:aws:s3:[a-z0-9-]+:([0-9]{12}):accesspoint[/:]([a-z0-9-]{3,50})$`)
)

// aliasEnding is how the alias of an access point ends, and no bucket's name.
const aliasEnding = "-s3alias"

// through finds out whether a request is addressed to an access point: by its own host, by its ARN or its alias in the
// place of a bucket, or, where a client was given an endpoint, by the first label of the host. From there on the request
// is about the point's bucket. A point that is not there keeps the name it was called by in v.Bucket, for locate.
// (s3-wire 3.6)
func (s *Simulator) through(v *visit) *exchange.Fault {
	host := strings.ToLower(hostOf(v.request))
	if i := strings.LastIndexByte(host, ':'); i > 0 && !strings.HasSuffix(host, "]") {
		host = host[:i]
	}
	var account, name string
	if m := pointHost.FindStringSubmatch(host); m != nil {
		key, err := url.PathUnescape(strings.TrimPrefix(v.path, "/"))
		if err != nil {
			return exchange.Err(400, "InvalidURI", "Couldn't parse the specified URI.").With("URI", v.path).Told("The address is not properly encoded.")
		}
		name, account, v.Key = m[1], m[2], key
		v.Bucket = "arn:aws:s3::" + account + ":accesspoint/" + name
	} else if kind, rest, ok := splitPoint(v.Bucket, v.Key); ok {
		name, account, v.Key = kind[0], kind[1], rest
	} else if m := pointLabel.FindStringSubmatch(v.Bucket); m != nil {
		if label, _, refusal := wire.Address(host, "/", v.hosts); refusal == nil && label == v.Bucket {
			name, account = m[1], m[2]
		}
	}
	alias := strings.HasSuffix(v.Bucket, aliasEnding)
	if name == "" && !alias {
		return nil
	}
	s.View(func(w *World) {
		if _, bucket := w.Bucket(v.Bucket); bucket { // a label may be a bucket's name
			return
		}
		p, ok := w.AccessPoint(account, name)
		if alias {
			p, ok = w.AccessPointAlias(v.Bucket)
		}
		if ok {
			v.Point, v.Alias, v.Bucket, v.Trace.Point = &p, alias, p.Bucket, p.ARN()
			v.Note("addressed to access point %s of bucket %s", p.Name, p.Bucket)
		}
	})
	return nil
}

// splitPoint takes an ARN apart that stands in the place of a bucket. Its slash may not be encoded, so that its name is
// where the key begins. found is the point's name and account.
func splitPoint(bucket, key string) (found [2]string, rest string, ok bool) {
	if m := pointARN.FindStringSubmatch(bucket); m != nil {
		return [2]string{m[2], m[1]}, key, true
	}
	name, rest, _ := strings.Cut(key, "/")
	if m := pointARN.FindStringSubmatch(bucket + "/" + name); m != nil && strings.HasSuffix(bucket, ":accesspoint") {
		return [2]string{m[2], m[1]}, rest, true
	}
	return found, key, false
}

// copiedThrough finds the access point that x-amz-copy-source names, and puts its bucket in its place.
func (v *visit) copiedThrough() {
	sent := v.Header.Get("X-Amz-Copy-Source")
	path, version, versioned := strings.Cut(strings.TrimPrefix(sent, "/"), "?")
	plain, err := url.QueryUnescape(path)
	if err != nil || !strings.HasPrefix(plain, "arn:") && !strings.Contains(plain, aliasEnding+"/") {
		return
	}
	bucket, key, _ := strings.Cut(plain, "/")
	p, ok := v.World.AccessPointAlias(bucket)
	if found, rest, is := splitPoint(bucket, key); is {
		p, ok = v.World.AccessPoint(found[1], found[0])
		key = strings.TrimPrefix(rest, "object/")
	}
	if !ok {
		return
	}
	sent = url.PathEscape(p.Bucket) + "/" + url.PathEscape(key)
	if versioned {
		sent += "?" + version
	}
	v.Header = v.Header.Clone()
	v.Header.Set("X-Amz-Copy-Source", sent)
	v.sourcePoint = &p
	v.Note("the source is read through access point %s of bucket %s", p.Name, p.Bucket)
}

// refused is why an access point does not take the request at all: the operation is not for it.
func (v *visit) refusedByPoint(op *exchange.Operation) *exchange.Fault {
	if v.Point == nil || s3.ThroughPoint(op.Name) {
		return nil
	}
	v.Op, v.Trace.Operation = op, op.Name
	v.Note("modelled: what S3 answers to an operation that access points do not pass on was never recorded")
	return exchange.Err(405, "MethodNotAllowed", "The specified method is not allowed against this resource.").
		With("Method", v.Method).With("ResourceType", "ACCESSPOINT").Told("Access points do not pass this operation on.")
}

// pointOf is the access point that an action on a resource goes through; nil when it goes to the bucket itself.
func (v *visit) pointOf(action, resource string) *world.AccessPoint {
	name, ok := strings.CutPrefix(resource, s3ARN)
	if !ok || !strings.HasPrefix(action, "s3:") || v.Trace.Service == s3control {
		return nil
	}
	name, key, _ := strings.Cut(name, "/")
	if source, copies := v.source(); copies && name == source.Bucket && (name != v.Bucket || key == source.Key && strings.HasPrefix(action, "s3:Get")) {
		return v.sourcePoint
	}
	if v.Point != nil && name == v.Point.Bucket {
		return v.Point
	}
	return nil
}

// pointResource is the ARN that a bucket's or object's has through an access point.
func pointResource(p *world.AccessPoint, resource string) string {
	if _, key, object := strings.Cut(strings.TrimPrefix(resource, s3ARN), "/"); object {
		return p.ARN() + "/object/" + key
	}
	return p.ARN()
}

// closedToThis says whether an access point takes requests from one VPC only, and this is none.
func (v *visit) closedToThis() *world.AccessPoint {
	for _, p := range []*world.AccessPoint{v.Point, v.sourcePoint} {
		if p != nil && p.VPC != "" && p.VPC != v.endpoint.VPC {
			return p
		}
	}
	return nil
}

// The condition keys of access points.

func (p *pair) dataPointARN() (string, bool) {
	if p.point != nil {
		return p.point.ARN(), true
	}
	return p.resource, p.createsPoint()
}

func (p *pair) dataPointAccount() (string, bool) {
	if p.point != nil {
		return p.point.Account, true
	}
	return p.account, p.createsPoint()
}

func (p *pair) pointOrigin() (string, bool) {
	vpc := ""
	switch {
	case p.point != nil:
		vpc = p.point.VPC
	case p.createsPoint():
		var doc struct {
			VPC string `xml:"VpcConfiguration>VpcId"`
		}
		p.peek(&doc)
		vpc = doc.VPC
	default:
		return "", false
	}
	if vpc != "" {
		return "VPC", true
	}
	return "Internet", true
}

func (p *pair) createsPoint() bool { return p.action == "s3:CreateAccessPoint" }
