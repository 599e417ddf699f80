package simulator

import (
	"regexp"
	"strings"
	"time"

	"keyhole/simulator/exchange"
	"keyhole/simulator/world"
)

// regional is the S3 endpoint of a region, alone or below a bucket's label.
var regional = regexp.MustCompile(`(?:^|\.)(s3(?:\.dualstack)?[.-]([a-z]{2}(?:-[a-z]+)+-[0-9])\.amazonaws\.com)$`)

// globalHost is the endpoint without a region: us-east-1 in path style, the bucket's own region in virtual-host style.
const globalHost = "s3.amazonaws.com"

// freshFor is how long the global endpoint does not yet know the region of a new bucket.
const freshFor = 24 * time.Hour

// bareHost is a host without its port, in small letters.
func bareHost(host string) string {
	if i := strings.LastIndexByte(host, ':'); i > strings.LastIndexByte(host, ']') {
		host = host[:i]
	}
	return strings.ToLower(host)
}

// basesOf are the names below which a label is a bucket, with the endpoint of whatever region the host belongs to.
func basesOf(host string, bases []string) []string {
	if m := regional.FindStringSubmatch(bareHost(host)); m != nil {
		return append(append([]string{}, bases...), m[1])
	}
	return bases
}

// regionOfHost is the region of an S3 endpoint; "" when the host names none, as a local address does.
func regionOfHost(host string) string {
	host = bareHost(host)
	if m := regional.FindStringSubmatch(host); m != nil {
		return m[2]
	}
	if host == globalHost {
		return globalRegion
	}
	return ""
}

// atGlobal says whether a request names its bucket below the endpoint without a region.
func (v *visit) atGlobal() bool {
	return strings.HasSuffix(bareHost(hostOf(v.request)), "."+globalHost)
}

// regionFor is the region a request must be signed for. A local address stands for the endpoints of the world's region and
// of the bucket's.
func (v *visit) regionFor(w *World, signature string) string {
	host := regionOfHost(hostOf(v.request))
	b, there := w.Bucket(v.Bucket)
	switch {
	case there && v.atGlobal() && !v.fresh(w, b):
		return b.Region // where DNS leads
	case v.atGlobal():
		return globalRegion
	case host != "" && host != globalRegion:
		return host
	case there && strings.Contains(signature, b.Region):
		return b.Region // a bucket of another region also takes signatures for its own
	case host != "" && strings.Contains(signature, host):
		return host
	}
	return w.Region()
}

func (v *visit) fresh(w *World, b *world.Bucket) bool {
	return b.Region != globalRegion && w.Now().Sub(b.Created) < freshFor
}

// misdirected sends a request away that came to another region's endpoint than its bucket's. Where a bucket is may be
// asked everywhere. (s3-wire 3.6)
func (v *visit) misdirected(b *world.Bucket) *exchange.Fault {
	here := regionOfHost(hostOf(v.request))
	if v.atGlobal() {
		if !v.fresh(v.World, b) {
			return nil
		}
		here = globalRegion
	}
	if signed := v.Trace.Authentication.Region; signed != "" && !v.atGlobal() && (here == "" || here == globalRegion) {
		here = signed
	}
	if here == "" || here == b.Region || v.Op.Name == "GetBucketLocation" || v.Point != nil {
		return nil
	}
	endpoint := b.Name + ".s3." + b.Region + ".amazonaws.com"
	if b.Region == globalRegion {
		endpoint = b.Name + ".s3.amazonaws.com"
	}
	v.Note("modelled: which of the answers to a request in the wrong region comes (%s instead of %s) is documented, not recorded", here, b.Region)
	f := exchange.Err(301, "PermanentRedirect",
		"The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.").
		Told("The bucket is in another Region.")
	if v.atGlobal() {
		f = exchange.Err(307, "TemporaryRedirect",
			"Please re-send this request to the specified temporary endpoint. Continue to use the original request endpoint for future requests.").
			Told("The bucket is new, and in another Region.").
			Carry("Location", schemeOf(v)+"://"+endpoint+v.request.URL.RequestURI())
	}
	return f.With("Endpoint", endpoint).With("Bucket", b.Name).Carry("X-Amz-Bucket-Region", b.Region)
}

func schemeOf(v *visit) string {
	if v.Transport.Secure {
		return "https"
	}
	return "http"
}
